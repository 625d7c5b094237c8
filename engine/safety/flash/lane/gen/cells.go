package main

import (
	"unsafe"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"noctiluca/engine/safety/flash/lane"
)

var areas lane.Areas

// add writes the kernel that adds up areas, four lights at a time: the four
// pairs of their bits in A and B choose a mask from a table.
func add() {
	TEXT("addAVX2", attr.NOSPLIT, "func(b uintptr, pairs uintptr, table uintptr)")
	args := Mem{Base: Load(Param("b"), GP64())}
	pairs := Mem{Base: Load(Param("pairs"), GP64())}
	table := Mem{Base: Load(Param("table"), GP64())}
	end := GP64()
	MOVQ(args.Offset(int(unsafe.Offsetof(areas.N))), end)
	ADDQ(U8(31), end)
	SHRQ(U8(5), end)
	even := GP64()
	MOVQ(U64(0x5555555555555555), even)
	odd := GP64()
	MOVQ(even, odd)
	SHLQ(U8(1), odd)
	at := GP64()
	XORQ(at, at)
	Label("deal")
	a, b := GP64(), GP64()
	MOVL(args.Offset(int(unsafe.Offsetof(areas.A))).Idx(at, 4), a.As32())
	MOVL(args.Offset(int(unsafe.Offsetof(areas.B))).Idx(at, 4), b.As32())
	PDEPQ(even, a, a)
	PDEPQ(odd, b, b)
	ORQ(a, b)
	MOVQ(b, pairs.Idx(at, 8))
	INCQ(at)
	CMPQ(at, end)
	JLT(LabelRef("deal"))

	left := GP64()
	MOVQ(args.Offset(int(unsafe.Offsetof(areas.Where))+8), left)
	fours := pointer(args, unsafe.Offsetof(areas.Fours))
	where := pointer(args, unsafe.Offsetof(areas.Where))
	cells := pointer(args, unsafe.Offsetof(areas.Cells))
	// From the ends, so that one count serves both: in halves of a Where.
	SHLQ(U8(1), left)
	LEAQ(Mem{Base: where}.Idx(left, 4), where)
	LEAQ(Mem{Base: fours}.Idx(left, 8), fours)
	NEGQ(left)
	JZ(LabelRef("done"))
	bytes := GP64()
	MOVQ(U64(8|16<<8), bytes)
	Label("fours")
	w := GP64()
	MOVQ(Mem{Base: where}.Idx(left, 4), w)
	off, x := GP64(), GP64()
	BEXTRQ(bytes, w, off)
	MOVWLZX(pairs.Idx(off, 1), x.As32())
	SHRXQ(w, x, x)
	MOVBLZX(x.As8(), x.As32())
	area, other := YMM(), YMM()
	VPMOVSXBD(table.Idx(x, 8), area)
	VBROADCASTI128(Mem{Base: fours}.Idx(left, 8), other)
	VPAND(other, area, area)
	VPSHUFD(U8(0x4e), area, other)
	VPADDD(other, area, area)
	VPSHUFD(U8(0xb1), area, other)
	VPADDD(other, area, area)
	VPSRLQ(U8(32), area, area)
	VPERMQ(U8(0x08), area, area)
	SHRQ(U8(32), w)
	VPADDQ(Mem{Base: cells}.Idx(w, 1), area.AsX(), area.AsX())
	VMOVDQU(area.AsX(), Mem{Base: cells}.Idx(w, 1))
	ADDQ(U8(2), left)
	JNZ(LabelRef("fours"))
	Label("done")
	done()
}

// addFew writes the kernel that adds up areas light by light.
func addFew() {
	TEXT("addFewBMI", attr.NOSPLIT, "func(b uintptr)")
	args := Mem{Base: Load(Param("b"), GP64())}
	seen := pointer(args, unsafe.Offsetof(areas.Seen))
	cells := Mem{Base: pointer(args, unsafe.Offsetof(areas.Cells))}
	end, at := GP64(), GP64()
	MOVQ(args.Offset(int(unsafe.Offsetof(areas.N))), end)
	ADDQ(U8(63), end)
	SHRQ(U8(6), end)
	XORQ(at, at)
	Label("words")
	a, b, todo := GP64(), GP64(), GP64()
	MOVQ(args.Offset(int(unsafe.Offsetof(areas.A))).Idx(at, 8), a)
	MOVQ(args.Offset(int(unsafe.Offsetof(areas.B))).Idx(at, 8), b)
	MOVQ(a, todo)
	ORQ(b, todo)
	JZ(LabelRef("none"))
	Label("lights")
	k, area, cell, part := GP64(), GP64(), GP64(), GP64()
	TZCNTQ(todo, k)
	MOVQ(Mem{Base: seen}.Idx(k, 8), area)
	MOVL(area.As32(), cell.As32())
	SHRQ(U8(32), area)
	SHLQ(U8(4), cell)
	for i, of := range []reg.GPVirtual{a, b} {
		BTQ(k, of)
		SBBQ(part, part)
		ANDQ(area, part)
		ADDQ(part, cells.Offset(8*i).Idx(cell, 1))
	}
	BLSRQ(todo, todo)
	JNZ(LabelRef("lights"))
	Label("none")
	ADDQ(U32(64*8), seen)
	INCQ(at)
	CMPQ(at, end)
	JLT(LabelRef("words"))
	RET()
}

var windows lane.Windows

// spread writes the kernel that adds up the runs of windows.
func spread() {
	TEXT("spreadAVX2", attr.NOSPLIT, "func(b uintptr)")
	args := Mem{Base: Load(Param("b"), GP64())}
	before := Mem{Base: pointer(args, unsafe.Offsetof(windows.Before))}
	runs := Mem{Base: pointer(args, unsafe.Offsetof(windows.Runs))}
	first := Mem{Base: pointer(args, unsafe.Offsetof(windows.First))}
	sums := Mem{Base: pointer(args, unsafe.Offsetof(windows.Sums))}
	left := GP64()
	MOVQ(args.Offset(int(unsafe.Offsetof(windows.Sums))+8), left)
	TESTQ(left, left)
	JZ(LabelRef("done"))
	Label("windows")
	n := GP64()
	MOVL(first.Offset(4), n.As32())
	SUBL(first, n.As32())
	sum := XMM()
	VPXOR(sum, sum, sum)
	JZ(LabelRef("none"))
	Label("runs")
	from, to := GP64(), GP64()
	MOVL(runs, from.As32())
	MOVL(runs.Offset(4), to.As32())
	SHLQ(U8(4), from)
	SHLQ(U8(4), to)
	VPADDQ(before.Idx(to, 1), sum, sum)
	VPSUBQ(before.Idx(from, 1), sum, sum)
	ADDQ(U8(8), runs.Base)
	DECL(n.As32())
	JNZ(LabelRef("runs"))
	Label("none")
	VMOVDQU(sum, sums)
	ADDQ(U8(16), sums.Base)
	ADDQ(U8(4), first.Base)
	DECQ(left)
	JNZ(LabelRef("windows"))
	Label("done")
	RET()
}

var (
	telling lane.Tell
	crowd   lane.Crowd
)

// tell writes the kernel that gives lights the flags of their cells, 32 at a
// time, by a shuffle of sixteen neighbouring cells.
func tell() {
	TEXT("tellAVX2", attr.NOSPLIT, "func(b uintptr)")
	args := Mem{Base: Load(Param("b"), GP64())}
	cells := Mem{Base: pointer(args, unsafe.Offsetof(telling.Cells))}
	crowds := Mem{Base: pointer(args, unsafe.Offsetof(telling.Crowds))}
	lights := Mem{Base: pointer(args, unsafe.Offsetof(telling.Lights))}
	left := GP64()
	MOVQ(args.Offset(int(unsafe.Offsetof(telling.Crowds))+8), left)
	TESTQ(left, left)
	JZ(LabelRef("done"))
	left32 := GP32()
	then, after := YMM(), YMM()
	MOVL(U32(lane.Then), left32)
	VMOVD(left32, then.AsX())
	VPBROADCASTB(then.AsX(), then)
	Label("crowds")
	at := GP64()
	table := func(offset uintptr) reg.VecVirtual {
		of := YMM()
		MOVL(crowds.Offset(int(offset)), at.As32())
		VMOVDQU(cells.Idx(at, 1), of.AsX())
		MOVL(crowds.Offset(int(offset)+4), at.As32())
		VINSERTI128(U8(1), cells.Idx(at, 1), of, of)
		return of
	}
	VMOVDQU(crowds.Offset(int(unsafe.Offsetof(crowd.After))), after)
	of, second := table(unsafe.Offsetof(crowd.First)), table(unsafe.Offsetof(crowd.Second))
	VPSHUFB(after, of, of)
	VPXOR(then, after, after)
	VPSHUFB(after, second, second)
	VPOR(second, of, of)
	VMOVDQU(of, lights)
	ADDQ(U8(32), lights.Base)
	ADDQ(U8(unsafe.Sizeof(crowd)), crowds.Base)
	DECQ(left)
	JNZ(LabelRef("crowds"))
	Label("done")
	done()
}
