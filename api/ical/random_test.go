package ical_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"gather/directory"
)

// randomKinds are n random schedules, the same ones for the same seed: several
// repeats and dates that overlap, pauses, and changed sessions.
func randomKinds(n int, seed uint64) []kind {
	r := rand.New(rand.NewPCG(seed, 1))
	date := func(from, until int) string {
		return time.Date(from, 1, 1+r.IntN(365*(until-from)), 0, 0, 0, 0, time.UTC).Format(directory.DateLayout)
	}
	// Few times, so that repeats often clash; one is when the clocks change.
	clock := func() string { return []string{"10:00", "10:00", "18:30", "01:30"}[r.IntN(4)] }
	after := func(start string) string {
		if r.IntN(4) == 0 {
			return ""
		}
		return map[string]string{"10:00": "11:15", "18:30": "20:00", "01:30": "02:30"}[start]
	}
	days := func() []string {
		all := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		return all[:1+r.IntN(3)*r.IntN(3)]
	}
	repeat := func() directory.Repeat {
		p := directory.Repeat{Every: "week", Days: days(), Start: clock()}
		p.End = after(p.Start)
		if r.IntN(3) == 0 {
			p.Every, p.Nth = "month", [][]int{{1}, {-1}, {2, 4}, {5}, {4, -1}}[r.IntN(5)]
		}
		if r.IntN(3) == 0 {
			p.Interval = 2 + r.IntN(4)
		}
		if p.Interval > 1 || r.IntN(2) == 0 {
			p.From = date(2022, 2027)
		}
		if r.IntN(3) == 0 {
			p.Until = date(2027, 2030)
		}
		return p
	}
	pause := func() directory.Pause {
		if r.IntN(2) == 0 {
			return directory.Pause{From: date(2026, 2027)[5:], Until: date(2026, 2027)[5:]}
		}
		p := directory.Pause{From: date(2025, 2029), Until: date(2025, 2029)}
		if p.Until < p.From {
			p.From, p.Until = p.Until, p.From
		}
		return p
	}
	var kinds []kind
	for i := range n {
		var s directory.Schedule
		for range 1 + r.IntN(3) {
			s.Repeats = append(s.Repeats, repeat())
		}
		for range r.IntN(3) * r.IntN(2) {
			s.Pauses = append(s.Pauses, pause())
		}
		for range r.IntN(4) {
			start := clock()
			s.Dates = append(s.Dates, directory.SessionDate{Date: date(2025, 2029), Start: start, End: after(start)})
		}
		k := kind{name: fmt.Sprintf("random %d", i), sched: s}
		a := k.activity()
		sessions := everySession(a, time.Date(2025, 1, 1, 0, 0, 0, 0, directory.London()), time.Date(2029, 1, 1, 0, 0, 0, 0, directory.London()))
		if len(sessions) == 0 {
			continue
		}
		for _, at := range r.Perm(len(sessions))[:min(len(sessions), r.IntN(6))] {
			s := sessions[at]
			if r.IntN(8) == 0 {
				k.sched.Except = append(k.sched.Except, s.Key[:10])
				continue
			}
			c := directory.SessionChange{Session: s.Key, Status: []string{"cancelled", "full", "moved", "on"}[r.IntN(4)], Note: "a note"}
			if c.Status == "moved" {
				start := clock()
				c.To = &directory.SessionDate{Date: date(2025, 2029), Start: start, End: after(start)}
			}
			k.changes = append(k.changes, c)
		}
		kinds = append(kinds, k)
	}
	return kinds
}
