package consent

import (
	"testing"
	"time"
)

func TestNothingIsGrantedByDefault(t *testing.T) {
	if a := (Terms{}).Any(); a != 0 {
		t.Errorf("zero terms allow %v", a)
	}
	if s := (Terms{}).String(); s != "nothing" {
		t.Errorf("zero terms are %q", s)
	}
	if New(0, Everything, 0).Any() != 0 || New(Light|Display|Record, 0, 0).Any() != 0 {
		t.Error("a purpose without a modality, or the other way round, allows something")
	}
}

func TestEachPurposeStandsAlone(t *testing.T) {
	for _, p := range purposes {
		for _, m := range modalities {
			got := New(p.p, m.m, 0)
			for _, q := range purposes {
				want := Modality(0)
				if q.p == p.p {
					want = m.m
				}
				if got.of(q.p) != want {
					t.Errorf("%s for %s allows %v for %s", m.name, p.name, got.of(q.p), q.name)
				}
			}
			if want := p.name + ": " + m.name; got.String() != want {
				t.Errorf("%q, want %q", got.String(), want)
			}
		}
	}
}

func TestTermsEnd(t *testing.T) {
	u := New(Light, Heart, time.Minute)
	if u.Ended(59*time.Second) || !u.Ended(time.Minute) || New(Light, Heart, 0).Ended(time.Hour) {
		t.Error("terms do not end when they say")
	}
}

func TestWords(t *testing.T) {
	var p Purpose
	var m Modality
	for _, w := range append(Purposes(), Modalities()...) {
		if !Parse(w, &p, &m) {
			t.Errorf("%q is not known", w)
		}
	}
	if p != Light|Display|Record || m != Everything || Parse("sell", &p, &m) {
		t.Errorf("the words give %v and %v", p, m)
	}
}

func TestPseudonyms(t *testing.T) {
	seen := map[string]bool{}
	for i := range uint64(10000) {
		seen[Pseudonym(i*0x9e3779b97f4a7c15)] = true
	}
	if len(seen) != 10000 {
		t.Errorf("of 10000 pseudonyms %d differ", len(seen))
	}
}
