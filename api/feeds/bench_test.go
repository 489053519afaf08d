package feeds_test

import (
	"io"
	"testing"

	"gather/directory"
)

// BenchmarkActivity is what one activity costs in each of the long formats.
func BenchmarkActivity(b *testing.B) {
	a := full()
	for name, write := range lists(site(b)) {
		if name == "sitemap.xml" {
			continue // it may hold 50,000 only
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			err := write(io.Discard, func(yield func(*directory.Activity, error) bool) {
				for b.Loop() && yield(&a, nil) {
				}
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
