package block

import "testing"

// TestEveryOperationHasAKernel: each set takes each operation with blocks
// wherever it may have them, so that any other form can be made of that one.
func TestEveryOperationHasAKernel(t *testing.T) {
	for _, k := range Sets() {
		for _, op := range valueOps() {
			if !k.Has(op, op.Info().Scalars) {
				t.Errorf("%s has no kernel for %v on blocks", k.Name(), op)
			}
		}
	}
}
