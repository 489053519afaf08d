package calendar

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gather/directory"
)

// TestUpcomingIsAsTheDirectoryComputesIt compares both over random schedules, odd
// ones among them.
func TestUpcomingIsAsTheDirectoryComputesIt(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	// odd is mostly the usual, and sometimes something else.
	odd := func(usual string, others ...string) string {
		if r.IntN(25) > 0 {
			return usual
		}
		return pick(others...)
	}
	date := func() string {
		d := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(4*365)).Format(directory.DateLayout)
		return odd(d, "2026-02-29", "2026-2-3", "2024-02-29", "")
	}
	clock := func() string {
		c := fmt.Sprintf("%02d:%02d", 3+r.IntN(21), r.IntN(4)*15)
		return odd(c, "23:59", "02:15", "01:30", "9:30", "03:00", "")
	}
	repeat := func() directory.Repeat {
		rep := directory.Repeat{Every: odd(pick("week", "week", "month"), ""), Start: clock(), End: clock()}
		if rep.End < rep.Start && r.IntN(10) > 0 {
			rep.Start, rep.End = rep.End, rep.Start
		}
		for range 1 + r.IntN(3) {
			rep.Days = append(rep.Days, odd(pick("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "day"))
		}
		if r.IntN(2) == 0 {
			rep.Interval = r.IntN(8)
		}
		if rep.Every == "month" || r.IntN(20) == 0 {
			for range 1 + r.IntN(2) {
				rep.Nth = append(rep.Nth, []int{1, 2, 3, 4, 5, -1, -2, -5, 1, 2, 3, 4, 0}[r.IntN(13)])
			}
		}
		if r.IntN(2) == 0 {
			rep.From = date()
		}
		if r.IntN(3) == 0 {
			rep.Until = date()
		}
		return rep
	}
	fast := 0
	const schedules = 4000
	for n := range schedules {
		s := &directory.Schedule{}
		for range r.IntN(4) {
			s.Repeats = append(s.Repeats, repeat())
		}
		for range r.IntN(10) / 7 {
			s.Dates = append(s.Dates, directory.SessionDate{Date: date(), Start: clock(), End: clock()})
		}
		for range r.IntN(3) {
			s.Except = append(s.Except, date())
		}
		switch r.IntN(6) {
		case 0:
			s.Pauses = append(s.Pauses, directory.Pause{From: date(), Until: date()})
		case 1:
			s.Pauses = append(s.Pauses, directory.Pause{From: pick("07-25", "12-20", "02-29"), Until: odd(pick("08-25", "01-04", "03-01"), "2026-01-01")})
		}
		a := &directory.Activity{Details: directory.Details{Schedule: s}}
		now := time.Date(2026, 1, 1, 0, 0, 0, r.IntN(2), time.UTC).Add(time.Duration(r.IntN(600*24*3600)) * time.Second)
		if r.IntN(3) == 0 {
			now = now.Truncate(time.Hour)
		}
		want := UpcomingByDirectory(a, now)
		got := Upcoming(a, now)
		if !slices.Equal(got, want) {
			t.Fatalf("schedule %d, %+v at %s:\n got %v\nwant %v", n, s, now, describe(got), describe(want))
		}
		yesterday := now.AddDate(0, 0, -1)
		q := fastSchedule{schedule: s, from: wallCeiling(yesterday), until: wallCeiling(now.AddDate(0, 0, HorizonDays)), nearest: WallMinutes(yesterday) / DayMinutes}
		if q.compute() && len(q.out) > 0 {
			fast++
		}
	}
	if fast < schedules/5 {
		t.Errorf("only %d of %d schedules were computed in integers", fast, schedules)
	}
}

func describe(all []Occurrence) (texts []string) {
	for _, o := range all[:min(len(all), 40)] {
		texts = append(texts, fmt.Sprint(WallTime(o.Start()).Format("Mon 2006-01-02T15:04"), " ", o.length))
	}
	return texts
}
