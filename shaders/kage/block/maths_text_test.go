package block

// What docs/maths.md says round the table of measured errors.
const mathsHead = `# The maths of fields

The functions of a field give the same bits on every machine, from every
kernel set (AVX-512, AVX2, NEON, plain Go). They are sequences of IEEE 754
additions, multiplications, divisions and roundings in one fixed order, with
no fused multiply-add and no table: ` + "`shaders/kage/block/scalar`" + ` is the
sequence, to be read.

Largest errors, as a test measures them (every 997th float32, and all those
near the hard places; ` + "`go test ./shaders/kage/block -run TestAccuracy -stride 1`" + `
takes all of them). An ulp is the distance between neighbouring float32 at
the exact result; the best any function could do is 0.50.

| function | of | largest error | held to |
|---|---|---|---|
`

const mathsTail = `
Exact by IEEE 754, so 0.50: ` + "`+ - * / sqrt`" + `, conversion of ints. Without any
error: floor, ceil, min, max, abs, sign, step, comparisons. What is made of
these (fract, mod, mix, smoothstep, dot, length, inversesqrt …) rounds at each
of its steps, in the order that the composition in
` + "`shaders/kage/block/op.go`" + ` gives.

## At the edges

- **sin, cos, tan** of angles to 2^20 are good to the last bit or two. From
  there to 2^40 it is as if the angle were off by 2^-53 of itself. An angle
  beyond 2^40 counts as 0, for neighbouring floats are then 131072 apart.
  Infinities and NaN give NaN. sin(-0) and tan(-0) are 0.
- **asin, acos** outside -1…1: NaN. asin, atan keep the sign of -0.
- **atan2(y, x)** takes zeros and infinities with their signs as IEEE 754
  says: atan2(0, -0) is pi, atan2(1, -inf) is pi, atan2(-0, 1) is -0.
- **exp, exp2** go to 0 through the subnormal numbers, each rounded once more
  there, and to infinity.
- **log, log2** of 0 and -0: minus infinity; below: NaN; subnormal numbers as
  exact as others.
- **pow(a, b)** of a negative a: NaN, as GLSL leaves it; anything to the 0 and
  1 to anything: 1; -0 counts as 0, so pow(0, b) is 0 for b above 0 and
  infinite for b below.
- **min(a, b)** is a unless b is less; **max(a, b)** is a unless b is more. So
  they give a when either is NaN, and of two zeros the first.
- **Ints** wrap. Division truncates; by 0 it gives 0, and so does the rest.
  Shifts by less than 0 or more than 31 give 0, or the sign where they go right.
- **float to int** truncates; out of range and NaN give -2147483648.
- **Subnormal numbers** are never flushed to zero.
- **NaN** is the one value whose bits differ: machines choose the sign and
  payload of a new NaN differently. Nothing in a field can tell NaNs apart
  (no operation shows the bits of a float), and none reaches a frame: the
  light path makes them 0.
`
