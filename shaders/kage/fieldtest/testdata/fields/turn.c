INLINE light field(const struct fields *u, float x, float y, float z) {
	float l = length3(x, y, z);
	float t = u->Twist * l + u->Time, c = pcos(t), s = psin(t);
	float m[9] = {c, s, 0, -s, c, 0, 0, 0, 1};
	t = 0.7f * u->Twist * l - u->Time * 0.3f, c = pcos(t), s = psin(t);
	float k[9] = {1, 0, 0, 0, c, s, 0, -s, c};
	float h[9], v[9];
#pragma GCC unroll 9
	for (int i = 0; i < 9; i++)
		h[i] = m[i % 3] * k[i / 3 * 3] + m[3 + i % 3] * k[i / 3 * 3 + 1] + m[6 + i % 3] * k[i / 3 * 3 + 2];
#pragma GCC unroll 9
	for (int i = 0; i < 9; i++)
		v[i] = h[i % 3] * u->Base[i / 3 * 3] + h[3 + i % 3] * u->Base[i / 3 * 3 + 1] + h[6 + i % 3] * u->Base[i / 3 * 3 + 2];
	float qx = v[0] * x + v[3] * y + v[6] * z, qy = v[1] * x + v[4] * y + v[7] * z, qz = v[2] * x + v[5] * y + v[8] * z;
	float wave = psin(qx * 1.7f + u->Time) * psin(qy * 1.3f - u->Time) * psin(qz * 0.9f);
	float around = patan2(qy, qx);
	float petal = 0.5f + 0.5f * pcos(5 * around + wave * 2);
	float glow = ppow(petal, 2.2f) * pexp(-0.15f * l);
	return (light){(0.5f + 0.5f * pcos(around + wave)) * glow, (0.5f + 0.5f * pcos(2.1f + around + wave)) * glow,
		       (0.5f + 0.5f * pcos(4.2f + around + wave)) * glow, glow};
}
