package feeds_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"gather/api/feeds"
)

func TestAnIndependentParserReadsCSV(t *testing.T) {
	texts := hostileTexts()
	as := hostile()
	want := slices.Clone(texts)
	for text, left := range spoilt() {
		as = append(as, numbered(len(as), text))
		want = append(want, left)
	}
	var b bytes.Buffer
	if err := feeds.WriteCSV(&b, site(t), at, list(as...)); err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	readback(t, "csv", b.Bytes(), &rows)
	if len(rows) != len(as)+1 {
		t.Fatalf("read %d rows, want %d and the names of the columns", len(rows), len(as))
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for i, row := range rows[1:] {
		for _, name := range []string{"title", "group", "venue", "what_to_expect", "source"} {
			cell := row[column[name]]
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%s %q begins like a formula", name, cell)
			}
			if got := feeds.Unguard(strings.ReplaceAll(cell, "\r\n", "\n")); got != want[i] {
				t.Errorf("%s was read back as %q, want %q", name, got, want[i])
			}
		}
		if row[column["id"]] != as[i].ID || row[column["longitude"]] != "-2.3223" || row[column["min_age"]] != "18" {
			t.Errorf("row %d is %v", i, row)
		}
	}
}

func TestAnIndependentParserReadsGeoJSON(t *testing.T) {
	as := append(hostile(), least())
	var b bytes.Buffer
	if err := feeds.WriteGeoJSON(&b, site(t), at, list(as...)); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Type     string
		Faults   []any
		Features []struct {
			ID         string
			At         [][]float64
			Properties map[string]any
		}
	}
	readback(t, "geojson", b.Bytes(), &read)
	if read.Type != "FeatureCollection" || len(read.Faults) > 0 || len(read.Features) != len(as) {
		t.Fatalf("read %s with %d features, faults %v", read.Type, len(read.Features), read.Faults)
	}
	for i, text := range hostileTexts() {
		f := read.Features[i]
		if f.ID != as[i].ID || f.Properties["title"] != text || f.Properties["group"] != text {
			t.Errorf("%q was read back as %v", text, f.Properties)
		}
		if len(f.At) != 1 || f.At[0][0] != -2.3223 || f.At[0][1] != 53.424212 {
			t.Errorf("the position was read back as %v, want longitude first", f.At)
		}
	}
	if last := read.Features[len(as)-1]; len(last.At) != 0 {
		t.Errorf("an activity without a venue is at %v", last.At)
	}
}

func TestAnIndependentParserReadsAtom(t *testing.T) {
	as, want := hostile(), hostileTexts()
	for text, left := range spoilt() {
		as, want = append(as, numbered(len(as), text)), append(want, left)
	}
	as, want = append(as, least()), append(want, least().Title)
	var b bytes.Buffer
	if err := feeds.WriteAtom(&b, site(t), atomFeed(), list(as...)); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Fault, Version, Title, ID string
		Links                     map[string]string
		Entries                   []struct {
			ID, Title, Link, Author, Updated, Summary, Content string
			Categories                                         []string
		}
	}
	readback(t, "atom", b.Bytes(), &read)
	feed := atomFeed()
	if read.Fault != "" || read.Version != "atom10" || read.Title != feed.Title || read.ID != feed.ID || read.Links["self"] != feed.Self || read.Links["next"] != feed.Next {
		t.Errorf("read %+v", read)
	}
	if len(read.Entries) != len(as) {
		t.Fatalf("read %d entries, want %d", len(read.Entries), len(as))
	}
	for i, e := range read.Entries {
		title := strings.TrimSpace(want[i]) // the parser trims what it reads
		if e.ID != "urn:uuid:"+as[i].ID || e.Link != "https://gather.example.org/activities/"+as[i].ID || e.Updated == "" || e.Author == "" {
			t.Errorf("entry %d was read back as %+v", i, e)
		}
		if e.Title != title || i < len(as)-1 && (e.Author != title || e.Summary != title || !strings.Contains(e.Content, title)) {
			t.Errorf("%q was read back as %q by %q: %q, %q", title, e.Title, e.Author, e.Summary, e.Content)
		}
	}
	if got := read.Entries[0].Categories; !slices.Equal(got, []string{"Chair yoga", "Crafts"}) {
		t.Errorf("categories %v", got)
	}
}
