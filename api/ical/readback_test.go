package ical_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gather/api/ical"
	"gather/directory"
)

// readback runs scripts/readback, which reads calendars with Python's icalendar
// and recurring-ical-events. If they cannot be installed (exit code 77) or there
// is no Python (127), the test is skipped, except in CI, where it fails.
func readback(t *testing.T, kind string, in []byte, out any) {
	t.Helper()
	cmd := exec.Command(filepath.Join("..", "..", "scripts", "readback"), kind)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &said
	answer, err := cmd.Output()
	var exit *exec.ExitError
	cannot := errors.As(err, &exit) && (exit.ExitCode() == 77 || exit.ExitCode() == 127) || errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist)
	switch {
	case cannot && os.Getenv("CI") != "true":
		t.Skipf("SKIPPED: the independent parsers cannot run: %v\n%s", err, said.String())
	case err != nil:
		t.Fatalf("scripts/readback %s: %v\n%s", kind, err, said.String())
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("scripts/readback %s printed %q: %v", kind, answer, err)
	}
}

type readEvent struct {
	UID, Start, End, Status, Summary, Description, Location string
	Sequence                                                int64
}

// sessionLines are sessions as the parsers should find them.
func sessionLines(sessions []directory.Session) []string {
	var lines []string
	for _, s := range sessions {
		end, status := s.Start, "CONFIRMED"
		if s.End != nil {
			end = *s.End
		}
		if s.Status == directory.SessionCancelled {
			status = "CANCELLED"
		}
		lines = append(lines, s.Start.UTC().Format(time.RFC3339)+" to "+end.UTC().Format(time.RFC3339)+" "+status)
	}
	return lines
}

func eventLines(events []readEvent) []string {
	var lines []string
	for _, e := range events {
		lines = append(lines, e.Start+" to "+e.End+" "+e.Status)
	}
	return lines
}

// TestAnIndependentParserFindsTheSameSessions is the main test of the package: for
// every kind of schedule, over both changes of the clocks and the whole window,
// Python's parsers find exactly the sessions that the directory computes, both
// with their own zone data and with the zone that the calendar defines.
func TestAnIndependentParserFindsTheSameSessions(t *testing.T) {
	type question struct {
		ICS   string `json:"ics"`
		From  string `json:"from"`
		Until string `json:"until"`
	}
	from := time.Date(2025, 1, 1, 0, 0, 0, 0, directory.London())
	until := time.Date(2029, 1, 1, 0, 0, 0, 0, directory.London())
	var ask []question
	kinds := append(scheduleKinds(), randomKinds(40, 1)...)
	for _, k := range kinds {
		var b bytes.Buffer
		a := k.activity()
		if err := ical.WriteActivity(&b, site(t), at, &a); err != nil {
			t.Fatal(err)
		}
		ask = append(ask, question{b.String(), from.Format(time.RFC3339), until.Format(time.RFC3339)})
	}
	in, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	var found []struct{ Own, Defined []readEvent }
	readback(t, "ics", in, &found)
	for i, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			a := k.activity()
			want := sessionLines(everySession(a, from, until))
			if len(want) == 0 {
				t.Fatal("there are no sessions to compare")
			}
			compare(t, "with its own Europe/London", eventLines(found[i].Own), want)
			compare(t, "with the calendar's VTIMEZONE", eventLines(found[i].Defined), want)
		})
	}
}

// everySession is all sessions of a, computed a year at a time.
func everySession(a directory.Activity, from, until time.Time) []directory.Session {
	var all []directory.Session
	for ; from.Before(until); from = from.AddDate(1, 0, 0) {
		all = append(all, a.Sessions(from, from.AddDate(1, 0, 0), 0)...)
	}
	return all
}

// compare fails the test with the first few differences of two lists.
func compare(t *testing.T, how string, got, want []string) {
	t.Helper()
	in := func(lines []string) map[string]int {
		m := map[string]int{}
		for _, l := range lines {
			m[l]++
		}
		return m
	}
	g, w := in(got), in(want)
	var missing, extra []string
	for l, n := range w {
		if g[l] < n {
			missing = append(missing, l)
		}
	}
	for l, n := range g {
		if w[l] < n {
			extra = append(extra, l)
		}
	}
	if len(missing)+len(extra) > 0 {
		t.Errorf("%s: read %d sessions, want %d\nmissing %s\n  extra %s", how, len(got), len(want),
			strings.Join(missing[:min(4, len(missing))], "; "), strings.Join(extra[:min(4, len(extra))], "; "))
	}
}

func TestHostileTextsAreReadBackAsTheyWere(t *testing.T) {
	var ask []map[string]string
	for _, text := range hostileTexts() {
		a := weekly("10:00", "11:00", "tue")
		a.Title, a.Description, a.Venue.Name, a.GroupName = text, text, text, text
		s, ok := a.Session("2026-12-01T10:00")
		if !ok {
			t.Fatal("no session")
		}
		var b bytes.Buffer
		if err := ical.WriteSession(&b, site(t), &a, s); err != nil {
			t.Fatal(err)
		}
		ask = append(ask, map[string]string{"ics": b.String(), "from": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"})
	}
	in, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	var found []struct{ Own []readEvent }
	readback(t, "ics", in, &found)
	for i, text := range hostileTexts() {
		if len(found[i].Own) != 1 {
			t.Errorf("%q: read %d events, want 1\n%s", text, len(found[i].Own), ask[i]["ics"])
			continue
		}
		e := found[i].Own[0]
		if e.Summary != text || !strings.Contains(e.Description, text) || !strings.HasPrefix(e.Location, text) {
			t.Errorf("%q was read back as %q, %q, %q", text, e.Summary, e.Description, e.Location)
		}
	}
}
