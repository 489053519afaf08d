package demo_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/demo"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// now is a Thursday in November, in the middle of a school term.
var now = time.Date(2026, 11, 19, 9, 30, 0, 0, time.UTC)

func newDirectory(t *testing.T) *directory.Directory {
	t.Helper()
	store, err := boltstore.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	places, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	d := directory.New(store, words, places)
	d.Now = func() time.Time { return now }
	return d
}

// load loads the demonstration and returns it with its activities.
func load(t *testing.T) (*directory.Directory, demo.Loaded, []directory.Activity) {
	t.Helper()
	d := newDirectory(t)
	done, err := demo.Load(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return d, done, activities(t, d)
}

func activities(t *testing.T, d *directory.Directory) []directory.Activity {
	t.Helper()
	var out []directory.Activity
	for after := int64(0); ; {
		rs, err := d.Changes(context.Background(), after, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(rs) == 0 {
			return out
		}
		for _, r := range rs {
			after = r.Change
			if r.Kind != directory.KindActivity {
				continue
			}
			a, err := directory.ReadActivity(r)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, a)
		}
	}
}

func TestLoadMakesAFullDirectory(t *testing.T) {
	d := newDirectory(t)
	start := time.Now()
	done, err := demo.Load(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	// It usually takes under half a second; the program waits for it at the start.
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v, want at most 3 s", took)
	}
	as := activities(t, d)
	if done.Activities < 280 || done.Activities > 340 || done.Activities != len(as) {
		t.Errorf("has %d activities, counted %d; want about 300, and both the same", len(as), done.Activities)
	}
	if done.Groups < 20 {
		t.Errorf("has %d groups, want several for each town", done.Groups)
	}
	changed := 0
	for _, a := range as {
		changed += len(a.SessionChanges)
		if a.Status != directory.StatusPublished {
			t.Errorf("%s is %s", a.Title, a.Status)
		}
	}
	if changed != done.Changed || changed < 8 {
		t.Errorf("has %d changed sessions, counted %d; want about 10, and both the same", changed, done.Changed)
	}
}

func TestLoadIsTheSameEachTime(t *testing.T) {
	_, _, first := load(t)
	d, _, second := load(t)
	if len(first) != len(second) {
		t.Fatalf("%d activities, then %d", len(first), len(second))
	}
	byID := map[string]string{}
	for _, a := range first {
		byID[a.Source.ID] = text(t, a)
	}
	for _, a := range second {
		if byID[a.Source.ID] != text(t, a) {
			t.Errorf("%s differs:\n%s\n%s", a.Source.ID, byID[a.Source.ID], text(t, a))
		}
	}
	before, err := d.Last(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Load(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	if after, err := d.Last(context.Background()); err != nil || after != before {
		t.Errorf("loading again wrote changes %d to %d (%v)", before, after, err)
	}
}

// text returns the content of a listing without its ids, which are random.
func text(t *testing.T, a directory.Activity) string {
	t.Helper()
	b, err := json.Marshal(struct {
		directory.Details
		Changes []directory.SessionChange
	}{a.Details, a.SessionChanges})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryClosedListIsUsed(t *testing.T) {
	d, _, as := load(t)
	used := map[string]map[string]bool{}
	use := func(list string, values ...string) {
		if used[list] == nil {
			used[list] = map[string]bool{}
		}
		for _, v := range values {
			used[list][v] = true
		}
	}
	answers := map[string]int{}
	for _, a := range as {
		use(vocabulary.Delivery, a.Delivery...)
		for id, answer := range a.Access {
			use(vocabulary.Access, id)
			answers[answer.Answer]++
		}
		if len(a.Access) == 0 {
			answers["nothing"]++
		}
		use(vocabulary.Language, a.Languages...)
		if c := a.Cost; c != nil {
			use(vocabulary.Cost, c.Kind)
			use(vocabulary.CostPer, c.Per)
			if c.Per == "" {
				use(vocabulary.CostPer, "session")
			}
		}
		if a.Audience != nil {
			use(vocabulary.Audience, a.Audience.MadeFor...)
		}
		if f := a.FirstVisit; f != nil {
			for id := range f.Facts {
				use(vocabulary.FirstVisit, id)
			}
			use(vocabulary.Structure, f.Structure)
			use(vocabulary.Conversation, f.Conversation)
			use(vocabulary.Energy, f.Energy)
			use(vocabulary.Commitment, f.Commitment)
		}
		if j := a.Joining; j != nil {
			use(vocabulary.Join, j.How...)
			use(vocabulary.Referral, j.Referral...)
			if j.Places != nil {
				use(vocabulary.Places, j.Places.Status)
			}
		}
		if s := a.Schedule; s != nil {
			for _, r := range s.Repeats {
				use(vocabulary.Day, r.Days...)
			}
			for _, p := range s.Pauses {
				use(vocabulary.Pause, p.Reason)
			}
		}
	}
	for _, name := range []string{vocabulary.Delivery, vocabulary.Access, vocabulary.Cost, vocabulary.CostPer, vocabulary.Audience, vocabulary.FirstVisit,
		vocabulary.Structure, vocabulary.Conversation, vocabulary.Energy, vocabulary.Commitment, vocabulary.Join, vocabulary.Referral, vocabulary.Places, vocabulary.Day, vocabulary.Pause} {
		for _, term := range d.Words.List(name) {
			if !used[name][term.ID] {
				t.Errorf("no listing has %s %s", name, term.ID)
			}
		}
	}
	if len(used[vocabulary.Language]) < 6 {
		t.Errorf("only the languages %v are spoken", used[vocabulary.Language])
	}
	if answers["yes"] < 400 || answers["no"] < 60 || answers["nothing"] < 20 {
		t.Errorf("access has %v answers; want many of yes, of no and of nothing stated", answers)
	}
}

func TestSchedulesOfEveryKind(t *testing.T) {
	_, _, as := load(t)
	seen := map[string]int{}
	for _, a := range as {
		s := a.Schedule
		if s == nil {
			seen["none"]++
			continue
		}
		for _, r := range s.Repeats {
			switch {
			case r.Every == "month":
				seen["monthly"]++
			case r.Interval > 1:
				seen["fortnightly"]++
			default:
				seen["weekly"]++
			}
			if r.Until != "" {
				seen["until"]++
			}
		}
		if len(s.Repeats) == 0 && len(s.Dates) > 0 {
			seen["dates"]++
		}
		if len(s.Repeats) > 0 && len(s.Dates) > 0 {
			seen["extra"]++
		}
		if len(s.Except) > 0 {
			seen["except"]++
		}
		if s.TermTime {
			seen["term"]++
		}
		if s.Note != "" && len(s.Repeats) == 0 {
			seen["note"]++
		}
		if len(s.Repeats)+len(s.Dates) == 0 {
			continue
		}
		// No pause is longer than half a year.
		if next := a.Sessions(now, now.AddDate(0, 6, 0), 1); len(next) == 0 {
			t.Errorf("%s has no session within six months", a.Source.ID)
		}
	}
	for _, kind := range []string{"weekly", "fortnightly", "monthly", "dates", "extra", "except", "until", "term", "note"} {
		if seen[kind] == 0 {
			t.Errorf("no schedule is %s: %v", kind, seen)
		}
	}
}

// drama matches numbers reserved for drama: Manchester, no area, mobile.
var drama = regexp.MustCompile(`^(0161 496 0\d{3}|01632 960\d{3}|07700 900\d{3})$`)

func TestNoContactIsReal(t *testing.T) {
	d, _, as := load(t)
	braces := regexp.MustCompile(`[{}]`)
	address := regexp.MustCompile(`@[a-z.]+|https?://[a-z.]+`)
	for _, a := range as {
		if a.Source == nil || !strings.Contains(a.Source.Attribution, "Invented") {
			t.Errorf("%s does not say that it is invented", a.Title)
		}
		for _, c := range a.Contacts {
			if c.Phone != "" && !drama.MatchString(c.Phone) {
				t.Errorf("%s has the number %s, which may be somebody's", a.Title, c.Phone)
			}
		}
		said := text(t, a)
		if braces.MatchString(strings.Join([]string{a.Title, a.Summary, a.Description, firstText(a)}, " ")) {
			t.Errorf("%s has braces left in it", a.Source.ID)
		}
		for _, found := range address.FindAllString(said, -1) {
			if !strings.HasSuffix(found, "example.org") {
				t.Errorf("%s has the address %s, which may be somebody's", a.Title, found)
			}
		}
		if v := a.Venue; v != nil {
			if loc, err := d.Places.Postcode(v.Address.Postcode); err != nil || loc.Precision != directory.PrecisionUnit {
				t.Errorf("%s: the postcode %s is known as %q (%v)", a.Title, v.Address.Postcode, loc.Precision, err)
			}
		}
	}
}

func firstText(a directory.Activity) string {
	if a.FirstVisit == nil {
		return ""
	}
	return a.FirstVisit.WhatToExpect
}

func TestTitlesDifferWithinATown(t *testing.T) {
	_, _, as := load(t)
	seen := map[string]string{}
	for _, a := range as {
		town, _, _ := strings.Cut(a.Source.ID, "/")
		key := town + "\n" + a.Title
		if first, ok := seen[key]; ok {
			t.Errorf("%s and %s are both %q", first, a.Source.ID, a.Title)
		}
		seen[key] = a.Source.ID
		if town == "aberystwyth" && (a.Welsh == nil || a.Welsh.Title == "" || a.Welsh.Summary == "") {
			t.Errorf("%s has no Welsh", a.Source.ID)
		}
	}
}

func TestSomeListingsAreOld(t *testing.T) {
	_, _, as := load(t)
	var fresh, months, old int
	for _, a := range as {
		switch age := now.Sub(a.Checked.At); {
		case age > 430*24*time.Hour || age < 0:
			t.Errorf("%s was checked %s", a.Title, a.Checked.At)
		case age > 180*24*time.Hour:
			old++
		case age > 58*24*time.Hour:
			months++
		default:
			fresh++
		}
	}
	if fresh < 150 || months < 30 || old < 15 {
		t.Errorf("%d were checked lately, %d some months ago, %d over half a year ago", fresh, months, old)
	}
}
