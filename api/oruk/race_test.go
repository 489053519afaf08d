package oruk_test

import (
	"fmt"
	"sync"
	"testing"

	"gather/api/oruk"
	"gather/directory"
)

// TestReadersAndWriters has clients read lists while others publish and withdraw.
// At the end the list holds what was not withdrawn.
func TestReadersAndWriters(t *testing.T) {
	const writers, writes = 4, 30
	w := open(t)
	g := w.group(northgate())
	var working sync.WaitGroup
	for i := range writers {
		working.Go(func() {
			for j := range writes {
				a, err := w.dir.Publish(t.Context(), admin, g.ID, directory.Details{Title: fmt.Sprintf("Call %d of %d", j, i), Delivery: []string{"phone"}}, "")
				if err == nil && j%3 == 0 {
					_, err = w.dir.Withdraw(t.Context(), admin, a.ID, a.Rev)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
		working.Go(func() {
			for range writes {
				var p oruk.Page[oruk.Service]
				w.read("/services?per_page=100&search=call", &p)
				for k := 1; k < len(p.Contents); k++ {
					if p.Contents[k-1].ID == p.Contents[k].ID {
						t.Errorf("%s is listed twice", p.Contents[k].ID)
					}
				}
			}
		})
	}
	working.Wait()
	var p oruk.Page[oruk.Service]
	w.read("/services", &p)
	if want := writers * writes * 2 / 3; p.TotalItems != want {
		t.Errorf("%d services remain, want %d", p.TotalItems, want)
	}
}
