// Package sun says where the sun stands, and when it rises and sets at a
// place: for curfews, which are part of what light may go out, and for the
// hours of recordings.
//
// It reads no clock, and its answers are the same to the last bit on every
// machine. The one idea it owns: a moment of the day is found by looking for
// when the sun passes a height, so that it is right at any latitude, through
// polar days and nights.
package sun

import (
	"math"
	"time"
)

// Position gives the sine of the elevation of the sun's middle over the horizon,
// without refraction, and the sine of its hour angle times the cosine of its
// declination: negative before its upper transit, positive after.
//
// The position is Meeus, Astronomical Algorithms, 2nd ed., chapter 25, lower
// accuracy: 0.01°, between the years 1900 and 2100. Every step is an IEEE
// operation in a fixed order, so that all machines find the same instant.
func Position(t time.Time, latitude, longitude float64) (sinElevation, west float64) {
	// Days since J2000.0. Terrestrial time, a minute ahead of ours, moves the
	// sun by 0.0008°: left out.
	d := float64(t.Unix()-946728000)/86400 + float64(t.Nanosecond())/864e11
	c := d / 36525
	l0 := 280.46646 + float64(c*(36000.76983+float64(0.0003032*c)))
	m := 357.52911 + float64(c*(35999.05029-float64(0.0001537*c)))
	centre := float64((1.914602-float64(c*(0.004817+float64(0.000014*c))))*Sine(m)) +
		float64((0.019993-float64(0.000101*c))*Sine(2*m)) + float64(0.000289*Sine(3*m))
	node := 125.04 - float64(1934.136*c)
	lambda := l0 + centre - 0.00569 - float64(0.00478*Sine(node))
	epsilon := 23.439291 - float64(0.0130042*c) + float64(0.00256*cos(node))
	// Apparent sidereal time at the place, chapter 12.
	theta := 280.46061837 + float64(360.98564736629*d) + float64(0.000387933*float64(c*c)) + longitude

	sl, cl := Sine(lambda), cos(lambda)
	sinDec := float64(Sine(epsilon) * sl)
	// cos(δ) times cosine and sine of the right ascension.
	x, y := cl, float64(cos(epsilon)*sl)
	st, ct := Sine(theta), cos(theta)
	towards := float64(ct*x) + float64(st*y) // cos δ cos H
	west = float64(st*x) - float64(ct*y)     // cos δ sin H
	return float64(Sine(latitude)*sinDec) + float64(cos(latitude)*towards), west
}

// Sine is the sine of an angle in degrees, by its Taylor series on ±45°, to
// 4·10⁻¹⁵.
func Sine(deg float64) float64 {
	deg -= 360 * math.Floor(deg/360)
	switch {
	case deg < 45:
		return sine(deg)
	case deg < 135:
		return cosine(deg - 90)
	case deg < 225:
		return -sine(deg - 180)
	case deg < 315:
		return -cosine(deg - 270)
	}
	return sine(deg - 360)
}

func cos(deg float64) float64 { return Sine(deg + 90) }

const radian = math.Pi / 180

func sine(deg float64) float64 {
	x := deg * radian
	z := float64(x * x)
	s := 1.0
	for n := 17.0; n > 1; n -= 2 {
		s = 1 - float64(float64(z/float64(n*(n-1)))*s)
	}
	return float64(x * s)
}

func cosine(deg float64) float64 {
	x := deg * radian
	z := float64(x * x)
	s := 1.0
	for n := 18.0; n > 0; n -= 2 {
		s = 1 - float64(float64(z/float64(n*(n-1)))*s)
	}
	return s
}

// Kind says whether the sun crosses a height at all.
type Kind int

// The kinds of day.
const (
	Crosses   Kind = iota
	StaysDown      // it never comes up to it: polar night, for that height
	StaysUp        // it never goes down to it: polar day
)

// Horizon is the height of the sun's middle in degrees at which it is said to
// rise and set: 34 minutes of arc of refraction and 16 of its radius below the
// level (NOAA and almanacs).
const Horizon = -0.833

// Noon is the sun's upper transit on a day of the calendar.
func Noon(year int, month time.Month, day int, longitude float64) time.Time {
	mean := time.Date(year, month, day, 12, 0, 0, 0, time.UTC).Add(-time.Duration(longitude * 240 * float64(time.Second)))
	// The equation of time is within 17 minutes.
	return bisect(mean.Add(-time.Hour), mean.Add(time.Hour), func(t time.Time) bool {
		_, west := Position(t, 0, longitude)
		return west >= 0
	})
}

// Crossing is when the sun's middle passes a height, given by its sine,
// before the noon of a day if rising, else after it. Where it does not, polar
// night lets sunrise and sunset fall together at noon, and polar day at
// midnight: what they do as the days grow short, and as the nights do.
func Crossing(midday time.Time, rising bool, sinHeight, latitude, longitude float64) (time.Time, Kind) {
	over := func(t time.Time) bool {
		s, _ := Position(t, latitude, longitude)
		return s >= sinHeight
	}
	midnight := midday.Add(12 * time.Hour)
	if rising {
		midnight = midday.Add(-12 * time.Hour)
	}
	switch {
	case !over(midday):
		return midday, StaysDown
	case over(midnight):
		return midnight, StaysUp
	case rising:
		return bisect(midnight, midday, over), Crosses
	}
	return bisect(midday, midnight, func(t time.Time) bool { return !over(t) }), Crosses
}

// bisect finds, to a tenth of a second, from when on a condition holds that
// does not at a and does at b.
func bisect(a, b time.Time, holds func(time.Time) bool) time.Time {
	for b.Sub(a) > 100*time.Millisecond {
		if mid := a.Add(b.Sub(a) / 2); holds(mid) {
			b = mid
		} else {
			a = mid
		}
	}
	return b
}
