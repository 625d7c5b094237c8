INLINE light field(const struct fields *u, float x, float y, float z) {
	float r = 0, g = 0, b = 0, first = 1000, second = 1000;
	for (int i = 0; i < 64; i++) {
		float d = length3(x - u->Place[i][0], y - u->Place[i][1], z - u->Place[i][2]);
		float here = u->Place[i][3] / (1 + d * d * u->Colour[i][3]);
		r += u->Colour[i][0] * here, g += u->Colour[i][1] * here, b += u->Colour[i][2] * here;
		second = fminf(second, fmaxf(first, d));
		first = fminf(first, d);
	}
	float line = 1 - smoothstep(0.02f, 0.25f, second - first);
	r = fminf(r + 0.1f * line, 1), g = fminf(g + 0.3f * line, 1), b = fminf(b + 0.3f * line, 1);
	return (light){r, g, b, fmaxf(fmaxf(r, g), b)};
}
