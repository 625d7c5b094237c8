INLINE light field(const struct fields *u, float x, float y, float z) {
	x *= 0.8f, y *= 0.8f, z *= 0.8f;
	float fx = floorf(x), fy = floorf(y), fz = floorf(z);
	uint32_t h = (uint32_t)(int32_t)fx * 0x1B873593u ^ (uint32_t)(int32_t)fy * 0x27D4EB2Du ^ (uint32_t)(int32_t)fz * 0x165667B1u;
	h = (h ^ (uint32_t)((int32_t)h >> 15)) * 0x2C1B3C6Du;
	h ^= (uint32_t)((int32_t)h >> 12);
	x -= fx, y -= fy, z -= fz;
	int32_t kind = h & 3;
	float chance = (float)(int32_t)(h >> 2 & 0xFF) * (1.0f / 255), r, g, b;
	if (kind == 0) {
		float l = pexp(-6 * length3(x - 0.5f, y - 0.5f, z - 0.5f)) * (1 - fract(u->Time * u->Pace + chance));
		r = 0.1f * l, g = 0.6f * l, b = l;
	} else if (kind == 1) {
		float l = 0.5f + 0.5f * psin(3 * patan2(y - 0.5f, x - 0.5f) + u->Time + chance * 6);
		l = z > 0.5f ? l * (1.5f - z) : l;
		r = 0.9f * l, g = 0.3f * l, b = 0.1f * l;
	} else if (kind == 2) {
		int32_t in = 1;
#pragma GCC unroll 6
		for (int i = 0; i < 6; i++) {
			x = in ? 3.7f * x * (1 - x) : x;
			in = x < 0.2f ? 0 : in;
		}
		r = 0.2f * x, g = x, b = 0.4f * x;
	} else {
		float w = x * x * (3 - 2 * x) * (y * y * (3 - 2 * y)) * (z * z * (3 - 2 * z));
		r = mix(0.02f, 0.3f, w), g = mix(0.05f, 0.9f, w), b = mix(0.3f, 0.9f, w);
	}
	float k = chance < 0.25f ? 0 : chance;
	return (light){r * k, g * k, b * k, k};
}
