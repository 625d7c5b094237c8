// A field in C, for comparison: FIELD is its file, LANES the floats of a
// vector. It reads the inputs and n points (a multiple of LANES) from its
// standard input, then for each byte that it reads plays them once, and
// answers with the nanoseconds of the processor that took; at the end, with the light.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "native.h"
#include FIELD

#ifndef OWN_RUN
static void run(const struct fields *u, const float *restrict x, const float *restrict y, const float *restrict z,
		float *restrict r, float *restrict g, float *restrict b, float *restrict a, int n) {
	struct fields in = *u;
#pragma omp simd
	for (int i = 0; i < n; i++) {
		light l = field(&in, x[i], y[i], z[i]);
		r[i] = l.r, g[i] = l.g, b[i] = l.b, a[i] = l.a;
	}
}
#endif

static void take(void *p, size_t size) {
	if (fread(p, 1, size, stdin) != size)
		exit(1);
}

int main(void) {
	static struct fields u;
	int32_t n;
	float *v[7];
	take(&u, sizeof u);
	take(&n, sizeof n);
	for (int i = 0; i < 7; i++) {
		v[i] = aligned_alloc(64, n * sizeof(float));
		if (i < 3)
			take(v[i], n * sizeof(float));
	}
	for (int c; (c = getchar()) == 'r';) {
		struct timespec s, e;
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &s);
		run(&u, v[0], v[1], v[2], v[3], v[4], v[5], v[6], n);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &e);
		int64_t ns = (e.tv_sec - s.tv_sec) * 1000000000LL + e.tv_nsec - s.tv_nsec;
		fwrite(&ns, sizeof ns, 1, stdout);
		fflush(stdout);
	}
	for (int i = 3; i < 7; i++)
		fwrite(v[i], sizeof(float), n, stdout);
	return 0;
}
