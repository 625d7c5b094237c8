// The loop over steps runs for LANES points side by side and ends when none
// of them is left: gcc makes no vectors of a loop that each point leaves by itself.
#define OWN_RUN
static void run(const struct fields *u, const float *restrict x, const float *restrict y, const float *restrict z,
		float *restrict r, float *restrict g, float *restrict b, float *restrict a, int n) {
	for (int i = 0; i < n; i += LANES) {
		float dx[LANES], dy[LANES], dz[LANES], far[LANES], t[LANES], open[LANES];
		int32_t in[LANES];
#pragma omp simd
		for (int l = 0; l < LANES; l++) {
			float wx = u->Sun[0] - x[i + l], wy = u->Sun[1] - y[i + l], wz = u->Sun[2] - z[i + l];
			float f = length3(wx, wy, wz);
			dx[l] = wx / f, dy[l] = wy / f, dz[l] = wz / f;
			far[l] = f, t[l] = 0.05f, open[l] = 1, in[l] = -1;
		}
		for (int k = 0; k < 32; k++) {
			int32_t some = 0;
#pragma omp simd reduction(| : some)
			for (int l = 0; l < LANES; l++) {
				float px = x[i + l] + dx[l] * t[l], py = y[i + l] + dy[l] * t[l], pz = z[i + l] + dz[l] * t[l];
				float d = py + 3;
#pragma GCC unroll 5
				for (int s = 0; s < 5; s++)
					d = fminf(d, length3(px - u->Stones[s][0], py - u->Stones[s][1], pz - u->Stones[s][2]) - u->Stones[s][3]);
				float o = fminf(open[l], 6 * d / t[l]);
				open[l] = in[l] ? o : open[l];
				int32_t out = (d < 0.004f) | (t[l] > far[l]);
				in[l] = out ? 0 : in[l];
				t[l] = in[l] ? t[l] + d : t[l];
				some |= in[l];
			}
			if (!some)
				break;
		}
#pragma omp simd
		for (int l = 0; l < LANES; l++) {
			float o = clampf(open[l], 0, 1), soft = o * o * (3 - 2 * o), near = 1 / (1 + 0.02f * far[l] * far[l]);
			float faint = 0.04f * near, full = soft * near;
			r[i + l] = fminf(0.1f * faint + full, 1);
			g[i + l] = fminf(0.5f * faint + 0.8f * full, 1);
			b[i + l] = fminf(faint + 0.5f * full, 1);
			a[i + l] = 1;
		}
	}
}
