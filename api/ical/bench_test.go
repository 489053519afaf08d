package ical_test

import (
	"io"
	"testing"

	"gather/api/ical"
	"gather/directory"
)

// BenchmarkActivity measures one activity in a calendar: with a simple weekly
// time, and with everything.
func BenchmarkActivity(b *testing.B) {
	for _, c := range []struct {
		name string
		a    directory.Activity
	}{{"weekly", weekly("10:00", "11:00", "tue")}, {"everything", full()}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			err := ical.WriteCalendar(io.Discard, site(b), at, ical.Calendar{Name: "all"}, func(yield func(*directory.Activity, error) bool) {
				for b.Loop() && yield(&c.a, nil) {
				}
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
