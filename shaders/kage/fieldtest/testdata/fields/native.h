// What the fields written in C share: their inputs, and functions of the same
// sort and error as package scalar's, in the form that gcc makes vectors of.
#include <math.h>
#include <stdint.h>

struct fields {
	float Time, Grain, Twist, Pace;
	float Sun[3];
	float Stones[5][4];
	float Place[64][4], Colour[64][4];
	float Base[9];
};

#define INLINE static inline __attribute__((always_inline))

INLINE float mix(float a, float b, float t) { return a * (1 - t) + b * t; }
INLINE float clampf(float x, float lo, float hi) { return fminf(fmaxf(x, lo), hi); }
INLINE float fract(float x) { return x - floorf(x); }
INLINE float smoothstep(float lo, float hi, float x) {
	float t = clampf((x - lo) / (hi - lo), 0, 1);
	return t * t * (3 - 2 * t);
}
INLINE float length3(float x, float y, float z) { return sqrtf(x * x + y * y + z * z); }

INLINE int32_t bits(float x) { union { float f; int32_t i; } u = {x}; return u.i; }
INLINE float from(int32_t i) { union { int32_t i; float f; } u = {i}; return u.f; }

INLINE float half_turn(float r) {
	float z = r * r;
	float p = from(0x362e7362);
	p = p * z + from((int32_t)0xb94fb09c);
	p = p * z + from(0x3c088743);
	p = p * z + from((int32_t)0xbe2aaaa5);
	return r + r * (p * z);
}
// The reduction is in double, as ours is: good to 2^20 and beyond.
INLINE float psin(float x) {
	double w = x, k = rint(w * 0x1.45f306dc9c883p-2);
	float r = (float)(w - k * M_PI);
	return from(bits(half_turn(r)) ^ (int32_t)((uint32_t)(int32_t)k << 31));
}
INLINE float pcos(float x) {
	double w = x, h = rint(w * 0x1.45f306dc9c883p-2 - 0.5), k = h + 0.5;
	float r = (float)(w - k * M_PI);
	return from(bits(half_turn(r)) ^ (int32_t)((uint32_t)(int32_t)h << 31) ^ INT32_MIN);
}
INLINE float arc_tan(float q) {
	float z = q * q, p = from(0x3b3f6034);
	p = p * z + from((int32_t)0xbc860fad);
	p = p * z + from(0x3d30f8bf);
	p = p * z + from((int32_t)0xbd9aa898);
	p = p * z + from(0x3dda6f59);
	p = p * z + from((int32_t)0xbe11854a);
	p = p * z + from(0x3e4cbc76);
	p = p * z + from((int32_t)0xbeaaaa6e);
	return q + q * (p * z);
}
INLINE float patan2(float y, float x) {
	float ay = fabsf(y), ax = fabsf(x);
	float q = fminf(ax, ay) / fmaxf(ax, ay);
	float r = arc_tan(q);
	r = ay > ax ? (float)M_PI_2 - r : r;
	r = x < 0 ? (float)M_PI - r : r;
	return y < 0 ? -r : r;
}
INLINE float scale(float y, int32_t k) { return y * from((k + 127) << 23); }
INLINE float pexp(float x) {
	x = clampf(x, -87, 88);
	float n = rintf(x * 1.44269504f);
	float r = x - n * from(0x3f317000) - n * from(0x3805fdf4);
	float p = from(0x3ab561a8);
	p = p * r + from(0x3c091f62);
	p = p * r + from(0x3d2aac28);
	p = p * r + from(0x3e2aaa45);
	p = p * r + from(0x3efffffe);
	return scale(r * r * p + r + 1, (int32_t)n);
}
INLINE float ppow(float x, float y) {
	int32_t i = bits(x), e = (i - 0x3f3504f3) >> 23;
	double f = (double)(from(i - (e << 23)) - 1), s = f / (f + 2), z = s * s;
	double p = z * 0.11791042514963425 + 0.14268658321377214;
	p = p * z + 0.2000016748904648;
	p = p * z + 0.3333333282342654;
	double t = s * (2 / M_LN2);
	t = ((double)e + t + t * (z * p)) * (double)y;
	float u = rintf(clampf((float)t, -126, 127));
	float g = (float)(t - (double)u);
	float w = from(0x3924ffa0);
	w = w * g + from(0x3aafcc9b);
	w = w * g + from(0x3c1d90be);
	w = w * g + from(0x3d6356d5);
	w = w * g + from(0x3e75fdf3);
	w = w * g + from(0x3f317219);
	float r = scale(w * g + 1, (int32_t)u);
	return x > 0 ? r : 0;
}

INLINE float corner(int32_t h) {
	uint32_t m = (uint32_t)(h ^ (h >> 15)) * 0x2C1B3C6Du;
	return (float)(int32_t)((m ^ (uint32_t)((int32_t)m >> 12)) & 0xFFFF) * (1.0f / 65535);
}
INLINE float noise(float px, float py, float pz) {
	float fx = floorf(px), fy = floorf(py), fz = floorf(pz);
	float ux = px - fx, uy = py - fy, uz = pz - fz;
	float wx = ux * ux * (3 - 2 * ux), wy = uy * uy * (3 - 2 * uy), wz = uz * uz * (3 - 2 * uz);
	uint32_t x = (uint32_t)(int32_t)fx * 0x1B873593u, y = (uint32_t)(int32_t)fy * 0x27D4EB2Du, z = (uint32_t)(int32_t)fz * 0x165667B1u;
	uint32_t x1 = x + 0x1B873593u, y1 = y + 0x27D4EB2Du, z1 = z + 0x165667B1u;
	float low = mix(mix(corner(x ^ y ^ z), corner(x1 ^ y ^ z), wx), mix(corner(x ^ y1 ^ z), corner(x1 ^ y1 ^ z), wx), wy);
	float high = mix(mix(corner(x ^ y ^ z1), corner(x1 ^ y ^ z1), wx), mix(corner(x ^ y1 ^ z1), corner(x1 ^ y1 ^ z1), wx), wy);
	return mix(low, high, wz);
}

typedef struct { float r, g, b, a; } light;
