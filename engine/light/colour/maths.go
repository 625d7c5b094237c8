package colour

// The functions below give the same bits on every machine, which the
// library's do not: what is computed with them reaches frames.

// exp is e^x, to about 1e-15 of its value for x in ±700.
func exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	const ln2 = 0.693147180559945309417232121458
	k := int(x / ln2)
	r := x - float64(float64(k)*ln2)
	sum, term := 1.0, 1.0
	for n := 1; n < 24; n++ {
		term = float64(term*r) / float64(n)
		sum += term
	}
	for ; k > 0; k-- {
		sum *= 2
	}
	for ; k < 0; k++ {
		sum /= 2
	}
	return sum
}

// log10 is the decimal logarithm of x > 0, to about 1e-15.
func log10(x float64) float64 {
	e := 0
	for x > 1.5 {
		x /= 2
		e++
	}
	for x < 0.75 {
		x *= 2
		e--
	}
	t := (x - 1) / (x + 1)
	tt := float64(t * t)
	sum, term := 0.0, t
	for k := 1; k < 40; k += 2 {
		sum += term / float64(k)
		term = float64(term * tt)
	}
	const ln2, ln10 = 0.693147180559945309417232121458, 2.302585092994045684017991454684
	return (float64(2*sum) + float64(float64(e)*ln2)) / ln10
}

// cbrt is the cube root, by Newton's rule.
func cbrt(x float64) float64 {
	if x == 0 {
		return 0
	}
	if x < 0 {
		return -cbrt(-x)
	}
	scale := 1.0
	for x < 0.125 {
		x *= 8
		scale /= 2
	}
	for x > 1 {
		x /= 8
		scale *= 2
	}
	y := 0.75
	for range 7 {
		y = (float64(2*y) + x/float64(y*y)) / 3
	}
	return float64(y * scale)
}

// sqrt is the square root of x ≥ 0, by Newton's rule.
func sqrt(x float64) float64 {
	if x <= 0 {
		return 0
	}
	y := x
	if y < 1 {
		y = 1
	}
	for range 200 {
		next := (y + x/y) / 2
		if next >= y {
			break
		}
		y = next
	}
	return y
}
