package feeds_test

import (
	"io"
	"testing"

	"gather/directory"
)

// BenchmarkActivity measures one activity in each of the list formats.
func BenchmarkActivity(b *testing.B) {
	a := full()
	for name, write := range lists(site(b)) {
		if name == "sitemap.xml" {
			continue // a sitemap is limited to 50,000
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
