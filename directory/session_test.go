package directory_test

import (
	"strings"
	"testing"
	"time"

	"gather/directory"
)

// clock returns a moment on the wall clock of London.
func clock(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, directory.London())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func weekly(start, end string, days ...string) directory.Repeat {
	return directory.Repeat{Every: "week", Days: days, Start: start, End: end}
}

func TestSessionsOfASchedule(t *testing.T) {
	for _, c := range []struct {
		name        string
		sched       directory.Schedule
		changes     []directory.SessionChange
		from, until string
		want        string // key, UTC start, status
	}{
		{
			"every Tuesday over the autumn clock change keeps its wall time",
			directory.Schedule{Repeats: []directory.Repeat{weekly("10:00", "11:30", "tue")}}, nil,
			"2026-10-19 00:00", "2026-11-04 00:00",
			"2026-10-20T10:00 09:00Z on; 2026-10-27T10:00 10:00Z on; 2026-11-03T10:00 10:00Z on",
		},
		{
			"and over the spring one",
			directory.Schedule{Repeats: []directory.Repeat{weekly("10:00", "", "sun")}}, nil,
			"2026-03-21 00:00", "2026-04-01 00:00",
			"2026-03-22T10:00 10:00Z on; 2026-03-29T10:00 09:00Z on",
		},
		{
			"a time that the spring change leaves out is an hour later",
			directory.Schedule{Dates: []directory.SessionDate{{Date: "2026-03-29", Start: "01:30"}}}, nil,
			"2026-03-28 00:00", "2026-03-30 00:00",
			"2026-03-29T01:30 01:30Z on",
		},
		{
			"a time that the autumn change shows twice is the first",
			directory.Schedule{Dates: []directory.SessionDate{{Date: "2026-10-25", Start: "01:30"}}}, nil,
			"2026-10-24 00:00", "2026-10-26 00:00",
			"2026-10-25T01:30 00:30Z on",
		},
		{
			"every second week counts from the week of from",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Interval: 2, Days: []string{"mon", "thu"}, Start: "14:00", From: "2020-01-09"}}}, nil,
			"2026-11-20 00:00", "2026-12-12 00:00",
			"2026-11-30T14:00 14:00Z on; 2026-12-03T14:00 14:00Z on",
		},
		{
			"the second and the last Wednesday of the month",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Nth: []int{2, -1}, Days: []string{"wed"}, Start: "19:00"}}}, nil,
			"2026-11-01 00:00", "2026-12-31 00:00",
			"2026-11-11T19:00 19:00Z on; 2026-11-25T19:00 19:00Z on; 2026-12-09T19:00 19:00Z on; 2026-12-30T19:00 19:00Z on",
		},
		{
			"every second month",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Interval: 2, Nth: []int{1}, Days: []string{"sat"}, Start: "11:00", From: "2019-02-01"}}}, nil,
			"2026-09-01 00:00", "2027-01-01 00:00",
			"2026-10-03T11:00 10:00Z on; 2026-12-05T11:00 11:00Z on",
		},
		{
			"of a month that has begun, what is left of it is there, after years too",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Nth: []int{1, -1}, Days: []string{"thu"}, Start: "11:00", From: "2019-02-20"}}}, nil,
			"2026-11-12 00:00", "2026-12-05 00:00",
			"2026-11-26T11:00 11:00Z on; 2026-12-03T11:00 11:00Z on",
		},
		{
			"also of every third month, from the middle of the one it falls into",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Interval: 3, Nth: []int{-1}, Days: []string{"mon"}, Start: "11:00", From: "2020-02-11"}}}, nil,
			"2026-11-15 00:00", "2027-03-01 00:00",
			"2026-11-30T11:00 11:00Z on; 2027-02-22T11:00 11:00Z on",
		},
		{
			"and from a month between",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Interval: 3, Nth: []int{1}, Days: []string{"mon"}, Start: "11:00", From: "2020-02-03"}}}, nil,
			"2026-10-15 00:00", "2026-12-31 00:00",
			"2026-11-02T11:00 11:00Z on",
		},
		{
			"a fifth Friday is not in every month",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Nth: []int{5}, Days: []string{"fri"}, Start: "11:00"}}}, nil,
			"2026-09-01 00:00", "2027-01-31 00:00",
			"2026-10-30T11:00 11:00Z on; 2027-01-29T11:00 11:00Z on",
		},
		{
			"from and until are both included",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "10:00", From: "2026-12-01", Until: "2026-12-08"}}}, nil,
			"2026-11-01 00:00", "2027-01-01 00:00",
			"2026-12-01T10:00 10:00Z on; 2026-12-08T10:00 10:00Z on",
		},
		{
			"pauses, left-out dates and extra dates; an extra date inside a pause is meant",
			directory.Schedule{
				Repeats: []directory.Repeat{weekly("10:00", "", "tue")},
				Except:  []string{"2026-12-08"},
				Pauses:  []directory.Pause{{From: "2026-12-20", Until: "2027-01-03"}},
				Dates:   []directory.SessionDate{{Date: "2026-12-23", Start: "15:00"}},
			}, nil,
			"2026-12-01 00:00", "2027-01-10 00:00",
			"2026-12-01T10:00 10:00Z on; 2026-12-15T10:00 10:00Z on; 2026-12-23T15:00 15:00Z on; 2027-01-05T10:00 10:00Z on",
		},
		{
			"a yearly pause over the new year",
			directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Nth: []int{1}, Days: []string{"sun"}, Start: "10:00"}}, Pauses: []directory.Pause{{From: "11-01", Until: "02-28"}}}, nil,
			"2026-10-01 00:00", "2027-04-01 00:00",
			"2026-10-04T10:00 09:00Z on; 2027-03-07T10:00 10:00Z on",
		},
		{
			"a session listed twice is one",
			directory.Schedule{Repeats: []directory.Repeat{weekly("10:00", "", "tue")}, Dates: []directory.SessionDate{{Date: "2026-12-01", Start: "10:00"}}}, nil,
			"2026-12-01 00:00", "2026-12-03 00:00",
			"2026-12-01T10:00 10:00Z on",
		},
		{
			"cancelled, full, and moved within, out of and into the window",
			directory.Schedule{Repeats: []directory.Repeat{weekly("10:00", "11:00", "tue")}},
			[]directory.SessionChange{
				{Session: "2026-11-24T10:00", Status: "moved", To: &directory.SessionDate{Date: "2026-12-03", Start: "14:00", End: "15:00"}},
				{Session: "2026-12-01T10:00", Status: "cancelled", Note: "hall closed"},
				{Session: "2026-12-08T10:00", Status: "full"},
				{Session: "2026-12-15T10:00", Status: "moved", To: &directory.SessionDate{Date: "2027-01-06", Start: "10:00"}},
				{Session: "2026-11-23T10:00", Status: "moved", To: &directory.SessionDate{Date: "2026-12-04", Start: "14:00"}},
			},
			"2026-12-01 00:00", "2026-12-20 00:00",
			"2026-12-01T10:00 10:00Z cancelled; 2026-11-24T10:00 14:00Z moved; 2026-12-08T10:00 10:00Z full",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := directory.Activity{SessionChanges: c.changes, Details: directory.Details{Schedule: &c.sched}}
			var got []string
			for _, s := range a.Sessions(clock(t, c.from), clock(t, c.until), 0) {
				got = append(got, s.Key+" "+s.Start.UTC().Format("15:04Z")+" "+s.Status)
			}
			if g := strings.Join(got, "; "); g != c.want {
				t.Errorf("sessions\n got %s\nwant %s", g, c.want)
			}
		})
	}
}

func TestSessionEnds(t *testing.T) {
	a := directory.Activity{Details: directory.Details{Schedule: &directory.Schedule{Repeats: []directory.Repeat{weekly("10:00", "11:30", "tue")}}}}
	s := a.Sessions(clock(t, "2026-12-01 00:00"), clock(t, "2026-12-02 00:00"), 0)[0]
	if s.End == nil || s.End.Sub(s.Start) != 90*time.Minute {
		t.Errorf("end = %v, want 90 minutes after %v", s.End, s.Start)
	}
	if got := s.Start.Format(time.RFC3339); got != "2026-12-01T10:00:00Z" {
		t.Errorf("start = %s", got)
	}
}

func TestASessionInTheSpringChangeKeepsItsLength(t *testing.T) {
	a := directory.Activity{Details: directory.Details{Schedule: &directory.Schedule{Dates: []directory.SessionDate{{Date: "2026-03-29", Start: "01:30", End: "02:30"}}}}}
	s := a.Sessions(clock(t, "2026-03-28 00:00"), clock(t, "2026-03-30 00:00"), 0)[0]
	if s.End == nil || s.End.Sub(s.Start) != time.Hour {
		t.Errorf("from %v to %v, want an hour", s.Start, s.End)
	}
}

func TestNextSession(t *testing.T) {
	a := directory.Activity{
		SessionChanges: []directory.SessionChange{{Session: "2026-12-08T10:00", Status: "cancelled"}},
		Details:        directory.Details{Schedule: &directory.Schedule{Repeats: []directory.Repeat{weekly("10:00", "12:00", "tue")}}},
	}
	for _, c := range []struct{ now, want string }{
		{"2026-12-01 09:00", "2026-12-01T10:00"},
		{"2026-12-01 11:59", "2026-12-01T10:00"}, // still on
		{"2026-12-01 12:00", "2026-12-15T10:00"}, // over, and the next is cancelled
	} {
		s, ok := a.NextSession(clock(t, c.now))
		if !ok || s.Key != c.want {
			t.Errorf("at %s: next = %q %v, want %q", c.now, s.Key, ok, c.want)
		}
	}
	none := directory.Activity{Details: directory.Details{Schedule: &directory.Schedule{Note: "Ring us"}}}
	if s, ok := none.NextSession(clock(t, "2026-12-01 09:00")); ok {
		t.Errorf("an activity without dates has a next session %v", s)
	}
}

func TestSessionByKey(t *testing.T) {
	a := directory.Activity{
		SessionChanges: []directory.SessionChange{{Session: "2026-12-08T10:00", Status: "full", Note: "sorry"}},
		Details:        directory.Details{Schedule: &directory.Schedule{Repeats: []directory.Repeat{weekly("10:00", "12:00", "tue")}}},
	}
	for _, c := range []struct{ key, want string }{
		{"2026-12-01T10:00", "on"}, {"2026-12-08T10:00", "full"},
		{"2026-12-02T10:00", ""}, {"2026-12-01T10:01", ""}, {"nonsense", ""}, {"", ""},
	} {
		if s, _ := a.Session(c.key); s.Status != c.want {
			t.Errorf("Session(%q) is %q, want %q", c.key, s.Status, c.want)
		}
	}
}

// FuzzSessions checks that any schedule that the rules accept gives sessions in
// order and within the window, without a panic or an endless loop.
func FuzzSessions(f *testing.F) {
	f.Add("week", 2, "tue", 1, "10:00", "11:00", "2026-01-06", "2027-01-01", "12-20", "01-03", int64(1764547200))
	f.Add("month", 1, "sun", -1, "01:30", "", "", "", "2026-03-01", "2026-04-01", int64(1774700000))
	f.Fuzz(func(t *testing.T, every string, interval int, day string, nth int, start, end, from, until, pauseFrom, pauseUntil string, unix int64) {
		r := directory.Repeat{Every: every, Interval: interval, Days: []string{day}, Start: start, End: end, From: from, Until: until}
		if every == "month" {
			r.Nth = []int{nth}
		}
		s := directory.Schedule{Repeats: []directory.Repeat{r}, Pauses: []directory.Pause{{From: pauseFrom, Until: pauseUntil}}}
		if !scheduleStands(t, &s) {
			return // the rules refuse it
		}
		a := directory.Activity{Details: directory.Details{Schedule: &s}}
		begin := time.Unix(unix%4102444800, 0)
		stop := begin.AddDate(1, 0, 0)
		last := begin
		for _, s := range a.Sessions(begin, stop, 100) {
			if s.Start.Before(last) || !s.Start.Before(stop) {
				t.Fatalf("session %v out of order or window [%v, %v)", s, begin, stop)
			}
			last = s.Start
			if got, ok := a.Session(s.Key); !ok || !got.Start.Equal(s.Start) {
				t.Fatalf("session %q is %v by its key, and %v among the others", s.Key, got.Start, s.Start)
			}
		}
	})
}
