INLINE light field(const struct fields *u, float x, float y, float z) {
	float qx = x * u->Grain + u->Time * 0.1f, qy = y * u->Grain - u->Time * 0.07f, qz = z * u->Grain + u->Time * 0.05f;
	float sum = 0, part = 0.5f;
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++) {
		sum += part * noise(qx, qy, qz);
		qx = qx * 2.03f + 1.7f, qy = qy * 2.03f + 9.2f, qz = qz * 2.03f + 4.1f;
		part *= 0.5f;
	}
	float dense = smoothstep(0.35f, 0.7f, sum);
	return (light){mix(0.01f, 0.05f, dense) * dense, mix(0.1f, 0.95f, dense) * dense, mix(0.8f, 0.3f, dense) * dense, dense};
}
