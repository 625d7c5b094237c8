//go:build arm64

#include "textflag.h"

// The machine's own records. Registers are as the generator's arm64.go says:
// R0 the record, R1 bytes, R2 lanes.

// func runThreaded(tape *record, bytes, lanes int)
TEXT ·runThreaded(SB), NOSPLIT|NOFRAME, $0-24
	MOVD tape+0(FP), R0
	MOVD bytes+8(FP), R1
	MOVD lanes+16(FP), R2
	MOVD (R0), R3
	JMP  (R3)

// end returns to runThreaded's caller: no kernel has changed the stack or R30.
TEXT end<>(SB), NOSPLIT|NOFRAME, $0
	RET

TEXT jump<>(SB), NOSPLIT|NOFRAME, $0
	MOVD 8(R0), R0
	MOVD (R0), R3
	JMP  (R3)

// jumpNone jumps unless the mask holds in one of the first R2 lanes.
TEXT jumpNone<>(SB), NOSPLIT|NOFRAME, $0
	MOVD 16(R0), R4
	MOVD R2, R5

wide:
	CMP    $16, R5
	BLT    loop
	VLD1.P 64(R4), [V0.B16, V1.B16, V2.B16, V3.B16]
	VORR   V0.B16, V1.B16, V0.B16
	VORR   V2.B16, V3.B16, V2.B16
	VORR   V0.B16, V2.B16, V0.B16
	VMOV   V0.D[0], R6
	VMOV   V0.D[1], R7
	ORR    R6, R7, R6
	CBNZ   R6, some
	SUB    $16, R5, R5
	JMP    wide

loop:
	CBZ    R5, none
	MOVWU.P 4(R4), R6
	CBNZ   R6, some
	SUB    $1, R5, R5
	JMP    loop

none:
	MOVD 8(R0), R0
	MOVD (R0), R3
	JMP  (R3)

some:
	ADD  $120, R0, R0
	MOVD (R0), R3
	JMP  (R3)

TEXT jumpZero<>(SB), NOSPLIT|NOFRAME, $0
	MOVD  16(R0), R4
	MOVWU (R4), R5
	CBZ   R5, take
	ADD   $120, R0, R0
	MOVD  (R0), R3
	JMP   (R3)

take:
	MOVD 8(R0), R0
	MOVD (R0), R3
	JMP  (R3)

// gather: of the array of blocks at 16(R0), as many as *32(R0), each lane
// takes its own from the block that its lane of 24(R0) names.
TEXT gather<>(SB), NOSPLIT|NOFRAME, $0
	MOVD  8(R0), R4
	MOVD  16(R0), R5
	MOVD  24(R0), R6
	MOVD  32(R0), R7
	MOVWU (R7), R7
	MOVD  R1, R8

lane:
	MOVWU.P 4(R6), R9
	MOVWU   ZR, R10
	CMPW    R7, R9
	BHS     outside
	ADD     R9<<10, R5, R11
	MOVWU   (R11), R10

outside:
	MOVW.P R10, 4(R4)
	ADD    $4, R5, R5
	SUBS   $4, R8, R8
	BGT    lane
	ADD    $120, R0, R0
	MOVD   (R0), R3
	JMP    (R3)

// lookup: each lane takes the scalar, of those from 16(R0) on, as many as
// *32(R0), that its lane of 24(R0) names.
TEXT lookup<>(SB), NOSPLIT|NOFRAME, $0
	MOVD  8(R0), R4
	MOVD  16(R0), R5
	MOVD  24(R0), R6
	MOVD  32(R0), R7
	MOVWU (R7), R7
	MOVD  R1, R8

lane:
	MOVWU.P 4(R6), R9
	MOVWU   ZR, R10
	CMPW    R7, R9
	BHS     outside
	ADD     R9<<2, R5, R11
	MOVWU   (R11), R10

outside:
	MOVW.P R10, 4(R4)
	SUBS   $4, R8, R8
	BGT    lane
	ADD    $120, R0, R0
	MOVD   (R0), R3
	JMP    (R3)

// lookupScalar is lookup with the scalar at 24(R0) for all lanes.
TEXT lookupScalar<>(SB), NOSPLIT|NOFRAME, $0
	MOVD  8(R0), R4
	MOVD  16(R0), R5
	MOVD  24(R0), R6
	MOVD  32(R0), R7
	MOVWU (R7), R7
	MOVWU (R6), R9
	MOVWU ZR, R10
	CMPW  R7, R9
	BHS   outside
	ADD   R9<<2, R5, R11
	MOVWU (R11), R10

outside:
	VDUP R10, V0.S4
	MOVD R1, R8

lane:
	VST1.P [V0.S4], 16(R4)
	SUBS   $16, R8, R8
	BGT    lane
	ADD    $120, R0, R0
	MOVD   (R0), R3
	JMP    (R3)

// scatter: to the array of blocks at 8(R0), as many as *40(R0), each lane of
// 16(R0) goes to the block that its lane of 24(R0) names, where 32(R0) holds.
TEXT scatter<>(SB), NOSPLIT|NOFRAME, $0
	MOVD  8(R0), R4
	MOVD  16(R0), R5
	MOVD  24(R0), R6
	MOVD  32(R0), R9
	MOVD  40(R0), R7
	MOVWU (R7), R7
	MOVD  R1, R8

lane:
	MOVWU.P 4(R5), R10
	MOVWU.P 4(R6), R11
	MOVWU.P 4(R9), R12
	CBZ     R12, skip
	CMPW    R7, R11
	BHS     skip
	ADD     R11<<10, R4, R13
	MOVW    R10, (R13)

skip:
	ADD  $4, R4, R4
	SUBS $4, R8, R8
	BGT  lane
	ADD  $120, R0, R0
	MOVD (R0), R3
	JMP  (R3)

// extract: the scalar at 8(R0) becomes lane 0 of the block at 16(R0).
TEXT extract<>(SB), NOSPLIT|NOFRAME, $0
	MOVD  8(R0), R4
	MOVD  16(R0), R5
	MOVWU (R5), R6
	MOVW  R6, (R4)
	ADD   $120, R0, R0
	MOVD  (R0), R3
	JMP   (R3)

// Packing. A slot is, in bytes: the lanes that are taken, a bit each, 0…31;
// whether it packs, 32; bytes and lanes before, 40 and 48; lanes taken, 56.

// unpack ends the packing of the slot at 16(R0), or jumps to 8(R0).
TEXT unpack<>(SB), NOSPLIT|NOFRAME, $0
	MOVD 16(R0), R4
	MOVD 32(R4), R5
	CBZ  R5, take
	MOVD 40(R4), R1
	MOVD 48(R4), R2
	ADD  $120, R0, R0
	MOVD (R0), R3
	JMP  (R3)

take:
	MOVD 8(R0), R0
	MOVD (R0), R3
	JMP  (R3)

// pack: by the mask at 16(R0), in the slot at 24(R0); to 8(R0) if it holds
// nowhere, to 32(R0) if packing would not halve the work.
TEXT pack<>(SB), NOSPLIT|NOFRAME, $0
	MOVD 16(R0), R4
	MOVD 24(R0), R5
	MOVD ZR, R6     // taken
	MOVD ZR, R7     // the lane
	MOVD ZR, R8     // the word of bits
	MOVD R5, R9

lane:
	MOVWU.P 4(R4), R10
	AND     $1, R10, R10
	ADD     R10, R6, R6
	LSL     R7, R10, R10
	ORR     R10, R8, R8
	ADD     $1, R7, R7
	AND     $63, R7, R11
	CBNZ    R11, more
	MOVD.P  R8, 8(R9)
	MOVD    ZR, R8

more:
	CMP  R2, R7
	BLT  lane
	AND  $63, R7, R11
	CBZ  R11, counted
	MOVD R8, (R9)

counted:
	CBZ  R6, none
	ADD  $15, R6, R7
	AND  $-16, R7, R7
	LSL  $2, R7, R7
	LSL  $1, R7, R8
	CMP  R1, R8
	BGT  dense
	MOVD $1, R9
	MOVD R9, 32(R5)
	MOVD R1, 40(R5)
	MOVD R2, 48(R5)
	MOVD R6, 56(R5)
	MOVD R7, R1
	MOVD R6, R2
	ADD  $120, R0, R0
	MOVD (R0), R3
	JMP  (R3)

none:
	MOVD 8(R0), R0
	MOVD (R0), R3
	JMP  (R3)

dense:
	MOVD ZR, 32(R5)
	MOVD 32(R0), R0
	MOVD (R0), R3
	JMP  (R3)

// compress packs the block at 8(R0), and leaves what it was at 16(R0).
TEXT compress<>(SB), NOSPLIT|NOFRAME, $0
	MOVD 8(R0), R4
	MOVD 16(R0), R5
	MOVD 24(R0), R6
	MOVD 48(R6), R7
	MOVD R4, R8
	MOVD ZR, R9

lane:
	AND     $63, R9, R10
	CBNZ    R10, have
	MOVD.P  8(R6), R11

have:
	LSR     R10, R11, R12
	AND     $1, R12, R12
	MOVWU.P 4(R4), R13
	MOVW.P  R13, 4(R5)
	MOVW    R13, (R8)
	ADD     R12<<2, R8, R8
	ADD     $1, R9, R9
	CMP     R7, R9
	BLT     lane
	ADD     $120, R0, R0
	MOVD    (R0), R3
	JMP     (R3)

// expand unpacks the block at 8(R0), from its end, so that nothing is
// overwritten that is still to be read.
TEXT expand<>(SB), NOSPLIT|NOFRAME, $0
	MOVD 8(R0), R4
	MOVD 24(R0), R6
	MOVD 48(R6), R7
	MOVD 56(R6), R8
	ADD  R8<<2, R4, R8

lane:
	SUB   $1, R7, R7
	LSR   $6, R7, R9
	MOVD  (R6)(R9<<3), R10
	AND   $63, R7, R11
	LSR   R11, R10, R10
	TBZ   $0, R10, next
	SUB   $4, R8, R8
	MOVWU (R8), R13
	ADD   R7<<2, R4, R12
	MOVW  R13, (R12)

next:
	CBNZ R7, lane
	ADD  $120, R0, R0
	MOVD (R0), R3
	JMP  (R3)

// In the order of the control constants.
DATA ·controlTable+0(SB)/8, $end<>(SB)
DATA ·controlTable+8(SB)/8, $jump<>(SB)
DATA ·controlTable+16(SB)/8, $jumpNone<>(SB)
DATA ·controlTable+24(SB)/8, $jumpZero<>(SB)
DATA ·controlTable+32(SB)/8, $gather<>(SB)
DATA ·controlTable+40(SB)/8, $scatter<>(SB)
DATA ·controlTable+48(SB)/8, $lookup<>(SB)
DATA ·controlTable+56(SB)/8, $lookupScalar<>(SB)
DATA ·controlTable+64(SB)/8, $extract<>(SB)
DATA ·controlTable+72(SB)/8, $unpack<>(SB)
DATA ·controlTable+80(SB)/8, $pack<>(SB)
DATA ·controlTable+88(SB)/8, $compress<>(SB)
DATA ·controlTable+96(SB)/8, $expand<>(SB)
DATA ·controlTable+104(SB)/8, $end<>(SB)
DATA ·controlTable+112(SB)/8, $end<>(SB)
DATA ·controlTable+120(SB)/8, $end<>(SB)
GLOBL ·controlTable(SB), RODATA|NOPTR, $128
