package fieldtest

import "noctiluca/shaders/kage/block/scalar"

// Fields is what the five fields of testdata/fields read that is the same at
// every point, all of them in one. Their names are those of the uniforms.
type Fields struct {
	Time, Grain, Twist, Pace float32
	Sun                      [3]float32
	Stones                   [5][4]float32
	Place, Colour            [64][4]float32
	Base                     [9]float32 // by columns
}

// Written are the five fields by hand in Go, by the names of their files.
var Written = map[string]func(u *Fields, x, y, z float32) (r, g, b, a float32){
	"octaves": Octaves, "march": March, "cells": Cells, "turn": Turn, "paths": Paths,
}

// Octaves is octaves.kage.
func Octaves(u *Fields, x, y, z float32) (r, g, b, a float32) {
	qx := float32(x*u.Grain) + float32(u.Time*0.1)
	qy := float32(y*u.Grain) + float32(-u.Time*0.07)
	qz := float32(z*u.Grain) + float32(u.Time*0.05)
	sum, part := float32(0), float32(0.5)
	for range 4 {
		sum += float32(part * noise(qx, qy, qz))
		qx, qy, qz = float32(qx*2.03)+1.7, float32(qy*2.03)+9.2, float32(qz*2.03)+4.1
		part *= 0.5
	}
	dense := smoothstep(0.35, 0.7, sum)
	return mix(0.01, 0.05, dense) * dense, mix(0.1, 0.95, dense) * dense, mix(0.8, 0.3, dense) * dense, dense
}

func away(u *Fields, x, y, z float32) float32 {
	d := y + 3
	for i := range u.Stones {
		s := &u.Stones[i]
		d = min(d, length(x-s[0], y-s[1], z-s[2])-s[3])
	}
	return d
}

func length(x, y, z float32) float32 { return sqrt(float32(x*x) + float32(y*y) + float32(z*z)) }

// March is march.kage.
func March(u *Fields, x, y, z float32) (r, g, b, a float32) {
	wx, wy, wz := u.Sun[0]-x, u.Sun[1]-y, u.Sun[2]-z
	far := length(wx, wy, wz)
	wx, wy, wz = wx/far, wy/far, wz/far
	t, open := float32(0.05), float32(1)
	for range 32 {
		d := away(u, x+float32(wx*t), y+float32(wy*t), z+float32(wz*t))
		open = min(open, float32(6*d)/t)
		if d < 0.004 || t > far {
			break
		}
		t += d
	}
	open = min(max(open, 0), 1)
	soft := float32(open*open) * (3 - float32(2*open))
	near := 1 / (1 + float32(float32(0.02*far)*far))
	faint, full := float32(0.04*near), float32(soft*near)
	r = float32(0.1*faint) + full
	g = float32(0.5*faint) + float32(0.8*full)
	b = faint + float32(0.5*full)
	return min(r, 1), min(g, 1), min(b, 1), 1
}

// Cells is cells.kage.
func Cells(u *Fields, x, y, z float32) (r, g, b, a float32) {
	first, second := float32(1000), float32(1000)
	for i := range u.Place {
		p, c := &u.Place[i], &u.Colour[i]
		d := length(x-p[0], y-p[1], z-p[2])
		here := p[3] / (1 + float32(float32(d*d)*c[3]))
		r += float32(c[0] * here)
		g += float32(c[1] * here)
		b += float32(c[2] * here)
		second = min(second, max(first, d))
		first = min(first, d)
	}
	line := 1 - smoothstep(0.02, 0.25, second-first)
	r = min(r+float32(0.1*line), 1)
	g = min(g+float32(0.3*line), 1)
	b = min(b+float32(0.3*line), 1)
	return r, g, b, max(r, g, b)
}

// times is a*b, matrices by columns.
func times(a, b *[9]float32) (m [9]float32) {
	for c := range 3 {
		for r := range 3 {
			m[c*3+r] = float32(a[r]*b[c*3]) + float32(a[3+r]*b[c*3+1]) + float32(a[6+r]*b[c*3+2])
		}
	}
	return m
}

// Turn is turn.kage.
func Turn(u *Fields, x, y, z float32) (r, g, b, a float32) {
	l := length(x, y, z)
	t := float32(u.Twist*l) + u.Time
	c, s := scalar.Cos(t), scalar.Sin(t)
	m := [9]float32{c, s, 0, -s, c, 0, 0, 0, 1}
	t = float32(float32(0.7*u.Twist)*l) - float32(u.Time*0.3)
	c, s = scalar.Cos(t), scalar.Sin(t)
	n := [9]float32{1, 0, 0, 0, c, s, 0, -s, c}
	m = times(&m, &n)
	m = times(&m, &u.Base)
	qx := float32(m[0]*x) + float32(m[3]*y) + float32(m[6]*z)
	qy := float32(m[1]*x) + float32(m[4]*y) + float32(m[7]*z)
	qz := float32(m[2]*x) + float32(m[5]*y) + float32(m[8]*z)
	wave := scalar.Sin(float32(qx*1.7)+u.Time) * scalar.Sin(float32(qy*1.3)-u.Time) * scalar.Sin(qz*0.9)
	around := scalar.Atan2(qy, qx)
	petal := 0.5 + float32(0.5*scalar.Cos(float32(5*around)+float32(wave*2)))
	glow := scalar.Pow(petal, 2.2) * scalar.Exp(-0.15*l)
	r = (0.5 + float32(0.5*scalar.Cos(around+wave))) * glow
	g = (0.5 + float32(0.5*scalar.Cos(2.1+around+wave))) * glow
	b = (0.5 + float32(0.5*scalar.Cos(4.2+around+wave))) * glow
	return r, g, b, glow
}

// Paths is paths.kage.
func Paths(u *Fields, x, y, z float32) (r, g, b, a float32) {
	x, y, z = x*0.8, y*0.8, z*0.8
	fx, fy, fz := floor(x), floor(y), floor(z)
	h := int32(fx)*0x1B873593 ^ int32(fy)*0x27D4EB2D ^ int32(fz)*0x165667B1
	h = (h ^ h>>15) * 0x2C1B3C6D
	h ^= h >> 12
	x, y, z = x-fx, y-fy, z-fz
	chance := float32(h>>2&0xFF) * (1.0 / 255)
	if chance < 0.25 {
		return 0, 0, 0, 0
	}
	switch h & 3 {
	case 0:
		d := length(x-0.5, y-0.5, z-0.5)
		l := scalar.Exp(-6*d) * (1 - fract(float32(u.Time*u.Pace)+chance))
		r, g, b = 0.1*l, 0.6*l, l
	case 1:
		l := 0.5 + float32(0.5*scalar.Sin(float32(3*scalar.Atan2(y-0.5, x-0.5))+u.Time+float32(chance*6)))
		r, g, b = 0.9*l, 0.3*l, 0.1*l
		if z > 0.5 {
			k := 1.5 - z
			r, g, b = r*k, g*k, b*k
		}
	case 2:
		for range 6 {
			x = float32(3.7*x) * (1 - x)
			if x < 0.2 {
				break
			}
		}
		r, g, b = 0.2*x, x, 0.4*x
	default:
		w := float32(x*x) * (3 - float32(2*x)) * (float32(y*y) * (3 - float32(2*y))) * (float32(z*z) * (3 - float32(2*z)))
		r, g, b = mix(0.02, 0.3, w), mix(0.05, 0.9, w), mix(0.3, 0.9, w)
	}
	return r * chance, g * chance, b * chance, chance
}
