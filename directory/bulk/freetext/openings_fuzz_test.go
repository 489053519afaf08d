package freetext

import (
	"testing"
)

// What is read from opening times always keeps the rules of a schedule, and
// nothing is read from a text that is not wholly understood.
func FuzzOpenings(f *testing.F) {
	for _, s := range []string{
		"Tues 11am - 2pm, Fri 11.30am -1.30pm", "1st Saturday of month 10am - 12noon", "9 - 4 Monday - Friday",
		"Mon-Fri 9-5 (term-time only)", "Weekdays 10am-4pm and Saturdays 10am-2pm", "Llun 10:00-12:00", "Last Friday 7.30pm",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o := ReadOpenings(text)
		if o.Sure != (len(o.Repeats) > 0) {
			t.Fatalf("sure is %v with %d repeats", o.Sure, len(o.Repeats))
		}
		for _, r := range o.Repeats {
			if len(r.Days) == 0 || len(r.Days) > 7 || len(r.Start) != 5 || r.Start > "23:59" || (r.End != "" && r.End <= r.Start) {
				t.Errorf("%q was read as %+v", text, r)
			}
			if (r.Every == "month") != (len(r.Nth) > 0) {
				t.Errorf("%q was read as every %s, the %v", text, r.Every, r.Nth)
			}
		}
	})
}
