package index_test

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/search"
	"gather/search/index"
)

// readingTown are listings near Sale and near Leith, called by one letter each.
func readingTown() []directory.Details {
	venue := func(postcode string) *directory.Venue {
		return &directory.Venue{Name: "The Hall", Address: directory.Address{Town: "Town", Postcode: postcode}}
	}
	one := func(title, postcode, text string, interests ...string) directory.Details {
		return directory.Details{Title: title, Description: text, Delivery: []string{"venue"}, Venue: venue(postcode), Interests: interests}
	}
	return []directory.Details{
		one("A Yoga for beginners", "M33 7DB", "Gentle stretches.", "yoga"),
		one("B Yoga by the shore", "EH6 6JJ", "Gentle stretches.", "yoga"),
		one("C Book club", "M33 7DB", "A novel a month.", "reading-group"),
		one("D Bookclub", "M33 7DB", "Crime and thrillers."),
		one("E Knitting circle", "M33 7DB", "Bring wool.", "knitting"),
		one("F Badminton", "M33 7DB", "Rackets lent.", "badminton"),
		one("G A craft group for all", "M33 7DB", "Making things.", "crafts"),
		one("H Friendship and company", "M33 7DB", "Tea."),
	}
}

func TestPlaceInWordsIsSearchedFrom(t *testing.T) {
	w := newWorld(t, readingTown()...)
	for _, c := range []struct{ query, want, place string }{
		{"q=yoga+in+Leith", "B", "Leith"},
		{"q=yoga+M33", "A", "M33"},
		{"q=yoga+EH6+6JJ", "B", "EH6 6JJ"},
		{"q=yoga", "A B", ""},
		{"q=yoga+in+Leith&words=literal", "A B", ""},
		{"q=yoga+in+Leith&near=M33", "A", "M33"},
		{"q=yoga+in+Leith&bbox=-2.4,53.4,-2.2,53.5", "A", ""},
	} {
		a := w.search(c.query)
		place := ""
		if a.Interpreted.Place != nil {
			place = a.Interpreted.Place.Text
		}
		if got := sorted(a); got != c.want || place != c.place {
			t.Errorf("%s finds %q from %q, want %q from %q", c.query, got, place, c.want, c.place)
		}
	}
	a := w.search("q=yoga+in+Leith&facets=all&lang=cy")
	read := a.Interpreted.PlaceInWords
	if read == nil || read.Text != "in Leith" || read.Rest != "yoga" || a.Interpreted.WithinMiles != search.DefaultMiles {
		t.Fatalf("the place is read as %+v", a.Interpreted)
	}
	if a.Items[0].DistanceMiles == nil || len(a.Facets.District) != 1 {
		t.Errorf("the place has no effect: %+v, %+v", a.Items[0].DistanceMiles, a.Facets.District)
	}
	undone := w.search(read.Undo)
	if undone.Interpreted.PlaceInWords != nil || undone.Total != 2 {
		t.Errorf("undone by %s, it finds %q", read.Undo, sorted(undone))
	}
	// Every question that the answer offers means what it says.
	for _, r := range a.Rescue {
		if got := w.search(r.Query); got.Total != r.Count {
			t.Errorf("%s promises %d, and %s finds %d", r.Label, r.Count, r.Query, got.Total)
		}
	}
	for _, s := range a.Interpreted.Suggested {
		if got := w.search(s.Query); got.Interpreted.Place == nil || got.Interpreted.Place.Text != "Leith" {
			t.Errorf("%s is from elsewhere: %s", s.Label, s.Query)
		}
	}
	// "Anywhere" is not from a second place among the words.
	for _, r := range w.search("q=yoga+in+Leith&near=M33").Rescue {
		if got := w.search(r.Query); got.Total != r.Count {
			t.Errorf("%s promises %d, and %s finds %d", r.Label, r.Count, r.Query, got.Total)
		}
	}
}

func TestPagesFromAPlaceInWords(t *testing.T) {
	w := newWorld(t, readingTown()...)
	var got []string
	raw := "q=yoga+knitting+badminton+M33&limit=1"
	for range 5 {
		a := w.search(raw)
		got = append(got, titles(a))
		if a.Next == "" {
			break
		}
		raw = "q=yoga+knitting+badminton+M33&limit=1&cursor=" + url.QueryEscape(a.Next)
	}
	if slices.Sort(got); strings.Join(got, " ") != "A E F" {
		t.Errorf("the pages are %q", got)
	}
}

func TestJoinedAndMisspeltWords(t *testing.T) {
	w := newWorld(t, readingTown()...)
	check := func(state string) {
		t.Helper()
		for _, c := range []struct{ query, want string }{
			{"q=bookclub", "C D"},
			{"q=book+club", "C D E F"},
			{"q=craftgroup", "E G"},
			{"q=freindship", "H"},     // a swap
			{"q=badmingtno", "F"},     // two slips in a long word
			{"q=kintting", "E"},       // a swap
			{"q=nkittnig", ""},        // two, and another first letter
			{"q=yoag", "A B"},         // a swap in a short one
			{"q=yxxa", ""},            // two in a short one
			{"q=gruop", "C E G"},      // labels and other words for interests too
			{"q=b4dminton", ""},       // nor what has a digit
			{"q=badminton%27s", "F"},  // a possessive
			{"q=B%C3%A0dminton", "F"}, // an accent
		} {
			if got := sorted(w.search(c.query)); got != c.want {
				t.Errorf("%s: %s finds %q, want %q", state, c.query, got, c.want)
			}
		}
	}
	check("in the tail")
	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	w.open()
	check("in the base")
	read := w.search("q=craftgroup").Interpreted.Words
	if len(read.Repaired) != 1 || read.Repaired[0].Word != "craftgroup" || read.Repaired[0].As[0] != "craft group" {
		t.Errorf("a joined word is read as %+v", read)
	}
}

func TestLongSentencesKeepTellingWords(t *testing.T) {
	w := newWorld(t, readingTown()...)
	a := w.search("q=I+am+looking+for+some+knitting+for+my+mum+who+is+82")
	read := a.Interpreted.Words
	if !slices.Equal(read.Searched, []string{"knitting"}) || !slices.Contains(read.Ignored, "looking") || !slices.Contains(read.Ignored, "mum") {
		t.Errorf("the words are read as %+v", read)
	}
	var got []string
	for _, s := range a.Interpreted.Suggested {
		got = append(got, s.Text+" "+s.Parameter+"="+s.Value+" "+s.Label)
	}
	if want := []string{"82 age=82 Aged 82", "knitting interest=knitting Knitting"}; !slices.Equal(got, want) {
		t.Errorf("it suggests %q, want %q", got, want)
	}
}

func TestWhyNamesWords(t *testing.T) {
	w := newWorld(t, readingTown()...)
	for _, c := range []struct{ query, title, want string }{
		{"q=knitting", "E", "“knitting” is in the title"},
		{"q=knitting&lang=cy", "E", "mae “knitting” yn y teitl"},
		{"q=crafts", "E", "Knitting is part of Crafts"},
		{"q=crafts&lang=cy", "E", "Gwau (rhan o Crefftau)"},
		{"q=wool", "E", "mentions “wool”"},
		{"q=northgate", "E", "“northgate” is in the name of the group"},
		{"q=group", "C", ""}, // that says nothing to anybody
		{"q=bookclub", "C", "“book club” is in the title"},
		{"q=bookclub", "D", "“bookclub” is in the title"},
		{"q=knitting+wool+hall+northgate", "E", "“knitting” is in the title; mentions “wool”"},
		{"q=yoga&near=M33+7DB&within=1", "A", "“yoga” is in the title; 0 miles"},
	} {
		a := w.search(c.query)
		if got := strings.Join(item(t, a, c.title).Why, "; "); got != c.want {
			t.Errorf("%s: %s is found because %q, want %q", c.query, c.title, got, c.want)
		}
	}
}

// withSynonyms opens w again with a file of synonyms.
func withSynonyms(t *testing.T, w *world, path string) error {
	t.Helper()
	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	index, err := index.Open(w.in, index.Options{Words: Words(t), Places: places(t), Now: w.clock, Synonyms: path})
	if err == nil {
		w.index = index
	}
	return err
}

func TestSynonymsOfAnOperator(t *testing.T) {
	w := newWorld(t, readingTown()...)
	path := filepath.Join(t.TempDir(), "synonyms.csv")
	write := func(rows string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(path, []byte("left,relation,right\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if got := sorted(w.search("q=shuttlebash")); got != "" {
		t.Errorf("without the file it finds %q", got)
	}
	write("shuttlebash,=,badminton\nwoolly tuesday,>,knitting\nshuttlebash,@,for=men\n", noon)
	if err := withSynonyms(t, w, path); err != nil {
		t.Fatal(err)
	}
	a := w.search("q=shuttlebash")
	if got := sorted(a); got != "F" || len(a.Interpreted.Suggested) != 1 || a.Interpreted.Suggested[0].Value != "men" {
		t.Errorf("with the file it finds %q, and suggests %+v", got, a.Interpreted.Suggested)
	}
	if got := sorted(w.search("q=woolly+tuesday")); got != "E" {
		t.Errorf("a phrase of the file finds %q", got)
	}
	if changed, err := w.index.RefreshSynonyms(); changed || err != nil {
		t.Errorf("nothing has changed: %v, %v", changed, err)
	}
	// A change counts at once, and a wrong one not at all.
	write("shuttlebash,=,yoga\n", noon.Add(time.Minute))
	if changed, err := w.index.RefreshSynonyms(); !changed || err != nil {
		t.Errorf("a change is %v, %v", changed, err)
	}
	if got := sorted(w.search("q=shuttlebash")); got != "A B" {
		t.Errorf("after a change it finds %q", got)
	}
	write("shuttlebash,=,knitting\nshuttlebash,is,tea\n", noon.Add(2*time.Minute))
	if changed, err := w.index.RefreshSynonyms(); changed || !strings.Contains(faults(err), "row 3") {
		t.Errorf("a wrong file is %v, %v", changed, err)
	}
	if changed, err := w.index.RefreshSynonyms(); changed || err != nil {
		t.Errorf("a wrong file is told of again: %v, %v", changed, err)
	}
	if got := sorted(w.search("q=shuttlebash")); got != "A B" {
		t.Errorf("after a wrong change it finds %q", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := w.index.RefreshSynonyms(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is gone is %v", err)
	}
	if _, err := w.index.RefreshSynonyms(); err != nil {
		t.Errorf("a file that is gone is told of again: %v", err)
	}
	write("shuttlebash,=,tea\n", noon.Add(2*time.Minute))
	if changed, err := w.index.RefreshSynonyms(); !changed || err != nil || sorted(w.search("q=shuttlebash")) != "H" {
		t.Errorf("a file that is there again is %v, %v", changed, err)
	}
}

func TestFaultsOfSynonyms(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "synonyms.csv")
	for _, c := range []struct{ file, row, says string }{
		{"", "", ""},
		{"left,relation,right\n", "", ""},
		{"\ufeffleft,relation,right\nginnel,=,alley\n", "", ""},
		{"ginnel,=,alley\n", "row 1", "header"},
		{"left,relation,right\n# a note\nginnel,is,alley\n", "row 3", "no relation"},
		{"left,relation,right\nginnel,=\n", "row 2", "columns"},
		{"left,relation,right\nginnel,=,;\n", "row 2", "empty"},
		{"left,relation,right\nginnel,@,for\n", "row 2", "names no filter"},
		{"left,relation,right\nginnel,@,for=nobody\n", "row 2", "not a value"},
		{"left,relation,right\nginnel,@,colour=red\n", "row 2", "no such parameter"},
		{"left,relation,right\nginnel,@,interest=yoga\n", "", ""},
		{"left,relation,right\n\"ginnel,=,alley\n", "row 2", "cannot be read"},
		{"left,relation,right\na,=," + strings.Repeat("b;", 200) + "\n", "row 2", "more than"},
	} {
		if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		err := withSynonyms(t, w, path)
		if c.row == "" {
			if err != nil {
				t.Errorf("%q: %v", c.file, err)
			}
			continue
		}
		var invalid *directory.Invalid
		if !errors.As(err, &invalid) || !strings.HasSuffix(invalid.Faults[0].Field, c.row) || !strings.Contains(invalid.Faults[0].Detail, c.says) || invalid.Faults[0].Fix == "" {
			t.Errorf("%q: %v, want a fault of %s about %q", c.file, err, c.row, c.says)
		}
		w.open()
	}
	if err := withSynonyms(t, w, filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file is %v", err)
	}
	w.open()
	if _, err := w.index.Search(context.Background(), w.query("q=tea")); err != nil {
		t.Error(err)
	}
}
