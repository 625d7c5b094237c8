//go:build amd64

#include "textflag.h"

// The machine's own records, for both amd64 sets. Registers are as the
// generator's amd64.go says: SI the record, CX bytes, DX lanes.

// func runThreaded(tape *record, bytes, lanes int)
TEXT ·runThreaded(SB), NOSPLIT, $0-24
	MOVQ tape+0(FP), SI
	MOVQ bytes+8(FP), CX
	MOVQ lanes+16(FP), DX
	MOVQ (SI), AX
	JMP  AX

// end returns to runThreaded's caller: no kernel has moved the stack.
TEXT end<>(SB), NOSPLIT, $0
	VZEROUPPER
	RET

TEXT jump<>(SB), NOSPLIT, $0
	MOVQ 8(SI), SI
	MOVQ (SI), AX
	JMP  AX

// jumpNone jumps unless the mask holds in one of the first DX lanes.
TEXT jumpNone<>(SB), NOSPLIT, $0
	MOVQ 16(SI), R8
	MOVQ DX, R9

wide:
	CMPQ    R9, $32
	JLT     loop
	VMOVDQU (R8), Y0
	VPOR    32(R8), Y0, Y0
	VMOVDQU 64(R8), Y1
	VPOR    96(R8), Y1, Y1
	VPOR    Y0, Y1, Y0
	VPTEST  Y0, Y0
	JNE     some
	ADDQ    $128, R8
	SUBQ    $32, R9
	JMP     wide

loop:
	CMPQ    R9, $8
	JLT     rest
	VMOVDQU (R8), Y0
	VPTEST  Y0, Y0
	JNE     some
	ADDQ    $32, R8
	SUBQ    $8, R9
	JMP     loop

rest:
	TESTQ   R9, R9
	JEQ     none
	LEAQ    first<>+32(SB), R10
	SHLQ    $2, R9
	SUBQ    R9, R10
	VMOVDQU (R10), Y0
	VPTEST  (R8), Y0
	JNE     some

none:
	MOVQ 8(SI), SI
	MOVQ (SI), AX
	JMP  AX

some:
	ADDQ $96, SI
	MOVQ (SI), AX
	JMP  AX

// 32-4r bytes into it are r lanes of ones, then zeros.
DATA first<>+0(SB)/8, $-1
DATA first<>+8(SB)/8, $-1
DATA first<>+16(SB)/8, $-1
DATA first<>+24(SB)/8, $-1
DATA first<>+32(SB)/8, $0
DATA first<>+40(SB)/8, $0
DATA first<>+48(SB)/8, $0
DATA first<>+56(SB)/8, $0
GLOBL first<>(SB), RODATA|NOPTR, $64

TEXT jumpZero<>(SB), NOSPLIT, $0
	MOVQ 16(SI), R8
	CMPL (R8), $0
	JEQ  take
	ADDQ $96, SI
	MOVQ (SI), AX
	JMP  AX

take:
	MOVQ 8(SI), SI
	MOVQ (SI), AX
	JMP  AX

// gather: of the array of blocks at 16(SI), as many as *32(SI), each lane
// takes its own from the block that its lane of 24(SI) names.
TEXT gather<>(SB), NOSPLIT, $0
	MOVQ         8(SI), R8
	MOVQ         16(SI), R9
	MOVQ         24(SI), R10
	MOVQ         32(SI), R11
	VPBROADCASTD (R11), Y3
	VMOVDQU      lanes<>(SB), Y5
	VPBROADCASTD lanes<>+32(SB), Y6
	XORQ         R12, R12

lane:
	VMOVDQU    (R10)(R12*1), Y0
	VPSLLD     $8, Y0, Y4
	VPADDD     Y5, Y4, Y4          // the word's number in the array
	VPSRLD     $22, Y0, Y1         // no index of a word is so high
	VPXOR      Y2, Y2, Y2
	VPCMPEQD   Y2, Y1, Y1
	VPCMPGTD   Y0, Y3, Y7
	VPAND      Y7, Y1, Y1
	VPGATHERDD Y1, (R9)(Y4*4), Y2
	VMOVDQU    Y2, (R8)(R12*1)
	VPADDD     Y6, Y5, Y5
	ADDQ       $32, R12
	CMPQ       R12, CX
	JLT        lane
	ADDQ       $96, SI
	MOVQ       (SI), AX
	JMP        AX

DATA lanes<>+0(SB)/8, $0x100000000
DATA lanes<>+8(SB)/8, $0x300000002
DATA lanes<>+16(SB)/8, $0x500000004
DATA lanes<>+24(SB)/8, $0x700000006
DATA lanes<>+32(SB)/8, $8
GLOBL lanes<>(SB), RODATA|NOPTR, $40

// lookup: each lane takes the scalar, of those from 16(SI) on, as many as
// *32(SI), that its lane of 24(SI) names.
TEXT lookup<>(SB), NOSPLIT, $0
	MOVQ         8(SI), R8
	MOVQ         16(SI), R9
	MOVQ         24(SI), R10
	MOVQ         32(SI), R11
	VPBROADCASTD (R11), Y3
	VPCMPEQD     Y4, Y4, Y4
	VPADDD       Y4, Y3, Y3 // the last index
	XORQ         R12, R12

lane:
	VMOVDQU    (R10)(R12*1), Y0
	VPMINUD    Y0, Y3, Y1
	VPCMPEQD   Y0, Y1, Y1
	VPXOR      Y2, Y2, Y2
	VPGATHERDD Y1, (R9)(Y0*4), Y2
	VMOVDQU    Y2, (R8)(R12*1)
	ADDQ       $32, R12
	CMPQ       R12, CX
	JLT        lane
	ADDQ       $96, SI
	MOVQ       (SI), AX
	JMP        AX

// lookupScalar is lookup with the scalar at 24(SI) for all lanes.
TEXT lookupScalar<>(SB), NOSPLIT, $0
	MOVQ 8(SI), R8
	MOVQ 16(SI), R9
	MOVQ 24(SI), R10
	MOVQ 32(SI), R11
	MOVL (R10), AX
	XORL BX, BX
	CMPL AX, (R11)
	JCC  outside
	MOVL (R9)(AX*4), BX

outside:
	VMOVD        BX, X0
	VPBROADCASTD X0, Y0
	XORQ         R12, R12

lane:
	VMOVDQU Y0, (R8)(R12*1)
	ADDQ    $32, R12
	CMPQ    R12, CX
	JLT     lane
	ADDQ    $96, SI
	MOVQ    (SI), AX
	JMP     AX

// scatter: to the array of blocks at 8(SI), as many as *40(SI), each lane of
// 16(SI) goes to the block that its lane of 24(SI) names, where 32(SI) holds.
TEXT scatter<>(SB), NOSPLIT, $0
	MOVQ 8(SI), R8
	MOVQ 16(SI), R9
	MOVQ 24(SI), R10
	MOVQ 32(SI), R13
	MOVQ 40(SI), R11
	MOVL (R11), R11
	XORQ R12, R12

lane:
	CMPL (R13)(R12*1), $0
	JEQ  skip
	MOVL (R10)(R12*1), AX
	CMPL AX, R11
	JCC  skip
	SHLQ $10, AX
	ADDQ R8, AX
	MOVL (R9)(R12*1), BX
	MOVL BX, (AX)(R12*1)

skip:
	ADDQ $4, R12
	CMPQ R12, CX
	JLT  lane
	ADDQ $96, SI
	MOVQ (SI), AX
	JMP  AX

// extract: the scalar at 8(SI) becomes lane 0 of the block at 16(SI).
TEXT extract<>(SB), NOSPLIT, $0
	MOVQ 8(SI), R8
	MOVQ 16(SI), R9
	MOVL (R9), AX
	MOVL AX, (R8)
	ADDQ $96, SI
	MOVQ (SI), AX
	JMP  AX

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
GLOBL ·controlTable(SB), RODATA|NOPTR, $72
