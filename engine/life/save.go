package life

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
)

// Save appends all that a life remembers to b. It is called between Steps.
func Save(b []byte, l Life) []byte {
	for _, p := range l.Memory() {
		switch p := p.(type) {
		case *[]float32:
			for _, v := range *p {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			}
		case *[]int32:
			for _, v := range *p {
				b = binary.LittleEndian.AppendUint32(b, uint32(v))
			}
		case *[]uint8:
			b = append(b, *p...)
		case *float32:
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(*p))
		case *int32:
			b = binary.LittleEndian.AppendUint32(b, uint32(*p))
		case *uint64:
			b = binary.LittleEndian.AppendUint64(b, *p)
		case *rand.PCG:
			b, _ = p.AppendBinary(b)
		case Life:
			b = Save(b, p)
		default:
			panic(fmt.Sprintf("life: %T cannot be saved", p))
		}
	}
	return b
}

// Restore puts a life, made from the same Config, into the state that was
// saved: it goes on to the bit. On an error the life is not to be used.
func Restore(l Life, b []byte) error {
	left, err := restore(l, b)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("a saved life has %d bytes too many: it is another life's, or of other pixels", len(left))
	}
	return err
}

// pcg is how many bytes a rand.PCG is saved in.
var pcg = func() int { b, _ := rand.NewPCG(0, 0).AppendBinary(nil); return len(b) }()

func restore(l Life, b []byte) ([]byte, error) {
	for _, p := range l.Memory() {
		size := 4
		switch p := p.(type) {
		case *[]float32:
			size = 4 * len(*p)
		case *[]int32:
			size = 4 * len(*p)
		case *[]uint8:
			size = len(*p)
		case *uint64:
			size = 8
		case *rand.PCG:
			size = pcg
		case Life:
			var err error
			if b, err = restore(p, b); err != nil {
				return nil, err
			}
			continue
		}
		if len(b) < size {
			return nil, fmt.Errorf("a saved life ends too soon: it is another life's, or of other pixels")
		}
		from := b[:size]
		b = b[size:]
		switch p := p.(type) {
		case *[]float32:
			for i := range *p {
				(*p)[i] = math.Float32frombits(binary.LittleEndian.Uint32(from[4*i:]))
			}
		case *[]int32:
			for i := range *p {
				(*p)[i] = int32(binary.LittleEndian.Uint32(from[4*i:]))
			}
		case *[]uint8:
			copy(*p, from)
		case *float32:
			*p = math.Float32frombits(binary.LittleEndian.Uint32(from))
		case *int32:
			*p = int32(binary.LittleEndian.Uint32(from))
		case *uint64:
			*p = binary.LittleEndian.Uint64(from)
		case *rand.PCG:
			if err := p.UnmarshalBinary(from); err != nil {
				return nil, fmt.Errorf("a saved life: %w", err)
			}
		}
	}
	return b, nil
}
