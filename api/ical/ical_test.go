package ical_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"gather/api/ical"
	"gather/directory"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// full is an activity with every field that calendars use.
func full() directory.Activity {
	a := scheduled(directory.Schedule{
		Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "10:00", End: "11:30"}},
		Except:  []string{"2026-12-29"},
		Pauses:  []directory.Pause{{From: "07-20", Until: "09-01", Reason: "term-break"}},
		Dates:   []directory.SessionDate{{Date: "2026-12-23", Start: "15:00", End: "17:00"}},
		Note:    "Also by arrangement; ring us.",
	},
		directory.SessionChange{Session: "2026-12-01T10:00", Status: "cancelled", Note: "The hall is closed."},
		directory.SessionChange{Session: "2026-12-08T10:00", Status: "moved", To: &directory.SessionDate{Date: "2026-12-09", Start: "14:00", End: "15:30"}},
		directory.SessionChange{Session: "2026-12-15T10:00", Status: "full"},
	)
	most := 3.5
	a.Summary, a.Description = "Gentle yoga on chairs, then tea and a chat.", "For all abilities.\n\nWear what you like; bring nothing."
	a.Interests, a.Delivery = []string{"chair-yoga", "crafts"}, []string{"venue", "online"}
	a.Online = &directory.Online{Platform: "Zoom", URL: "https://example.org/join?a=1,2;3"}
	a.Cost = &directory.Cost{Kind: "fixed", Pounds: 5, ConcessionPounds: &most, ConcessionFor: "over 60s"}
	a.Access = map[string]directory.Answer{"step-free": {Answer: "yes", Note: "ramp at the side door"}, "hearing-loop": {Answer: "no"}}
	a.FirstVisit = &directory.FirstVisit{
		Facts:        map[string]directory.Answer{"met-on-arrival": {Answer: "yes"}, "companion-welcome": {Answer: "yes", Note: "carers free"}, "free-taster": {Answer: "no"}},
		WhatToExpect: "Mary meets you at the door. We start with names.", ContactFirst: "Text the host.", GroupTypical: 8, GroupMax: 12,
	}
	a.Joining = &directory.Joining{How: []string{"drop-in"}}
	a.Contacts = []directory.Contact{
		{Role: "Host", Name: "Mary", Phone: "0161 496 0001", Public: true},
		{Role: "Treasurer", Name: "Secret Person", Phone: "0161 496 0999", Public: false},
	}
	a.Checked = directory.Checked{At: time.Date(2026, 11, 2, 8, 15, 0, 0, time.UTC), By: "publisher", How: "owner"}
	return a
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and read the diff\n%s", path, got)
	}
}

func list(as ...directory.Activity) func(func(*directory.Activity, error) bool) {
	return func(yield func(*directory.Activity, error) bool) {
		for i := range as {
			if !yield(&as[i], nil) {
				return
			}
		}
	}
}

func TestGoldenCalendars(t *testing.T) {
	a := full()
	phone := scheduled(directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Nth: []int{1, -1}, Days: []string{"mon"}, Start: "18:00", From: "2026-02-01", Until: "2027-06-30"}}})
	phone.ID, phone.Title, phone.Delivery, phone.Venue, phone.Located = "1e3d6a0c-92b4-4c35-8a27-0d7a3a4f9e11", "Phone chat", []string{"phone"}, nil, nil
	head := ical.Calendar{
		Name: "Yoga near M33", Description: "Activities found for you; new ones are added.", Page: "https://gather.example.org/search?q=yoga",
		Source: "https://gather.example.org/v1/activities.ics?q=yoga", Updated: a.Updated,
	}
	session, ok := a.Session("2026-12-08T10:00")
	if !ok {
		t.Fatal("no such session")
	}
	for _, c := range []struct {
		file  string
		write func(io.Writer) error
	}{
		{"activity.ics", func(w io.Writer) error { return ical.WriteActivity(w, site(t), at, &a) }},
		{"session.ics", func(w io.Writer) error { return ical.WriteSession(w, site(t), &a, session) }},
		{"calendar.ics", func(w io.Writer) error { return ical.WriteCalendar(w, site(t), at, head, list(a, phone)) }},
		{"empty.ics", func(w io.Writer) error {
			return ical.WriteCalendar(w, site(t), at, ical.Calendar{Name: "Nothing"}, list())
		}},
	} {
		var b, again bytes.Buffer
		if err := c.write(&b); err != nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		if err := c.write(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: written twice, it is not the same (error %v)", c.file, err)
		}
		golden(t, c.file, b.Bytes())
	}
}

// contentLine matches a content line: RFC 5545 section 3.1.
var contentLine = regexp.MustCompile(`^[A-Z-]+(;[A-Z-]+=[^;:"]+)*:`)

func TestLinesKeepTheRulesOfTheFormat(t *testing.T) {
	activities := []directory.Activity{full()}
	for _, text := range append(hostileTexts(), "bad UTF-8 \xff\xfe", "bell\a, null\x00, return\r, \u0085 next line") {
		a := full()
		a.Title, a.Description, a.Summary, a.GroupName, a.Venue.Name = text, text, text, text, text
		a.Contacts[0].Name, a.Online.URL = text, "https://example.org/"+strings.Repeat("a", 300)
		activities = append(activities, a)
	}
	var b bytes.Buffer
	if err := ical.WriteCalendar(&b, site(t), at, ical.Calendar{Name: "a\r\nb,c;d", Description: strings.Repeat("ŵ", 200)}, list(activities...)); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutSuffix(b.String(), "\r\n")
	if !ok || !utf8.ValidString(text) || strings.Contains(text, "Secret Person") {
		t.Errorf("ends in CRLF: %v; valid UTF-8: %v; names a private contact: %v", ok, utf8.ValidString(text), strings.Contains(text, "Secret Person"))
	}
	for _, line := range strings.Split(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			t.Errorf("a line of %d octets, or with half a letter or a control character in it: %q", len(line), line)
		}
	}
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		if !contentLine.MatchString(line) {
			t.Errorf("not a content line: %q", line)
		}
	}
}

// TestEventsAreTheSameFromYearToYear: events do not depend on when they are
// written. Within a calendar year the bytes are the same, and across years the
// UIDs of future sessions.
func TestEventsAreTheSameFromYearToYear(t *testing.T) {
	write := func(at time.Time) string {
		var b bytes.Buffer
		a := full()
		if err := ical.WriteActivity(&b, site(t), at, &a); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if write(at) != write(at.AddDate(0, 1, 3)) {
		t.Error("the same revision gives different bytes a month later")
	}
	if next := write(at.AddDate(1, 0, 0)); !strings.Contains(next, "UID:7b0a5d5e-0a53-4d6e-9a34-3b1f1c8a6c01-r1@gather.example.org\r\n") {
		t.Errorf("the series has another UID a year later:\n%s", next)
	}
}

func TestAnErrorEndsTheCalendar(t *testing.T) {
	broken := errors.New("the index went away")
	var b bytes.Buffer
	err := ical.WriteCalendar(&b, site(t), at, ical.Calendar{Name: "x"}, func(yield func(*directory.Activity, error) bool) {
		a := full()
		if yield(&a, nil) {
			yield(nil, broken)
		}
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	if strings.Contains(b.String(), "END:VCALENDAR") {
		t.Error("an incomplete calendar looks complete")
	}
	full := full()
	if err := ical.WriteActivity(shut{}, site(t), at, &full); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v, want that of the writer", err)
	}
}

// shut is a connection that the client closed.
type shut struct{}

func (shut) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestTheZoneIsLondon compares the VTIMEZONE's two rules with the program's zone
// data, year by year.
func TestTheZoneIsLondon(t *testing.T) {
	for year := 1997; year < 2050; year++ {
		for _, c := range []struct {
			month  time.Month
			before int // seconds east of UTC, a second before
			after  int
		}{{time.March, 0, 3600}, {time.October, 3600, 0}} {
			last := time.Date(year, c.month, 31, 1, 0, 0, 0, time.UTC)
			last = last.AddDate(0, 0, -int(last.Weekday()))
			_, before := last.Add(-time.Second).In(directory.London()).Zone()
			_, after := last.In(directory.London()).Zone()
			if before != c.before || after != c.after {
				t.Errorf("%s: the offset goes from %d to %d, and the VTIMEZONE says %d to %d", last, before, after, c.before, c.after)
			}
		}
	}
}

// TestManyActivitiesTakeNoMoreMemory measures the heap while a calendar is
// written: it is no larger after 2,000 activities than after 100.
func TestManyActivitiesTakeNoMoreMemory(t *testing.T) {
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var after100, after2000 uint64
	err := ical.WriteCalendar(io.Discard, site(t), at, ical.Calendar{Name: "all"}, func(yield func(*directory.Activity, error) bool) {
		for i := range 2001 {
			switch i {
			case 100:
				after100 = held()
			case 2000:
				after2000 = held()
			}
			a := full()
			if !yield(&a, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	const room = 256 << 10 // what the runtime itself may use
	if after2000 > after100+room {
		t.Errorf("%d bytes are held after 100 activities and %d after 2,000", after100, after2000)
	}
}
