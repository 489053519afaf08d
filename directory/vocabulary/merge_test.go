package vocabulary_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gather/directory/vocabulary"
)

func read(t *testing.T, text string, o vocabulary.Options) vocabulary.Import {
	t.Helper()
	imported, _, err := vocabulary.ImportVocabulary(strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return imported
}

const openActive = `{"id":"https://openactive.io/activity-list","license":"CC BY 4.0","concept":[
 {"id":"https://openactive.io/activity-list#c0360db0-0ba2-4b1c-a80d-0a5ce0bc1b8c","prefLabel":"Shuttlecocks"},
 {"id":"https://openactive.io/activity-list#1","prefLabel":"Knitting","altLabel":["Purling","Sewing"]},
 {"id":"https://openactive.io/activity-list#2","prefLabel":"Sock knitting","broader":["https://openactive.io/activity-list#1","https://openactive.io/activity-list#3"]},
 {"id":"https://openactive.io/activity-list#3","prefLabel":"Foot care"},
 {"id":"https://openactive.io/activity-list#4","prefLabel":"Скандинавская ходьба","broader":"https://openactive.io/activity-list#3"},
 {"id":"https://openactive.io/activity-list#5","prefLabel":"Knit"}]}`

func TestMergeAndWithdraw(t *testing.T) {
	v := builtIn(t)
	badminton, _ := v.Interest("badminton")
	text := strings.Replace(openActive, "c0360db0-0ba2-4b1c-a80d-0a5ce0bc1b8c", badminton.OpenActive, 1)
	extra, err := v.Merge(nil, read(t, text, vocabulary.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	with, err := v.With(extra)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(with.Interests()) - len(v.Interests()); got != 4 {
		t.Errorf("%d interests were added, want 4", got)
	}
	merged, _ := with.Interest("badminton")
	if merged.Label != "Badminton" || merged.Scheme != "" || len(merged.Source) != 1 || !slices.Contains(merged.Words, "Shuttlecocks") {
		t.Errorf("badminton became %+v", merged)
	}
	if id, _ := with.ByWords("purling"); id != "knitting" {
		t.Errorf("purling means %q", id)
	}
	if id, _ := with.ByWords("sewing"); id != "sewing" {
		t.Errorf("an import took the word sewing for %q", id)
	}
	socks, ok := with.Interest("sock-knitting")
	if !ok || !slices.Equal(socks.Broader, []string{"knitting", "foot-care"}) || socks.Licence != "CC BY 4.0" ||
		socks.Source[0] != "https://openactive.io/activity-list#2" || socks.Scheme != "https://openactive.io/activity-list" {
		t.Errorf("sock knitting became %+v, %v", socks, ok)
	}
	if !slices.Contains(with.Narrower("crafts"), "sock-knitting") {
		t.Error("sock knitting is not among the crafts")
	}
	if len(v.Narrower("knitting")) != 1 {
		t.Error("the vocabulary without the import has changed")
	}

	// The next release keeps one concept, under another label.
	second := read(t, `{"id":"https://openactive.io/activity-list","license":"CC BY 4.0","concept":[
		{"id":"https://openactive.io/activity-list#3","prefLabel":"Care of the feet"}]}`, vocabulary.Options{})
	extra, err = v.Merge(extra, second)
	if err != nil {
		t.Fatal(err)
	}
	if with, err = v.With(extra); err != nil {
		t.Fatal(err)
	}
	for id, withdrawn := range map[string]bool{"foot-care": false, "sock-knitting": true, "knitting": false, "badminton": false} {
		if c, ok := with.Interest(id); !ok || c.Withdrawn != withdrawn {
			t.Errorf("%s: found %v, withdrawn %v; want withdrawn %v", id, ok, c.Withdrawn, withdrawn)
		}
	}
	if c, _ := with.Interest("foot-care"); c.Label != "Care of the feet" {
		t.Errorf("the renamed concept is %q", c.Label)
	}
	// The withdrawn concept returns under the id it had.
	extra, err = v.Merge(extra, read(t, text, vocabulary.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	with, _ = v.With(extra)
	if c, ok := with.Interest("sock-knitting"); !ok || c.Withdrawn {
		t.Errorf("sock knitting did not come back: %+v", c)
	}
	again, err := v.Merge(extra, read(t, text, vocabulary.Options{}))
	if err != nil || !reflect.DeepEqual(again, extra) {
		t.Errorf("the same import twice changed something: %v", err)
	}
}

func TestTwoSources(t *testing.T) {
	v := builtIn(t)
	a, err := v.Merge(nil, read(t, "id,label,broader\n1,Coracles,\n2,Coracle racing,1\n", vocabulary.Options{Source: "https://a.example"}))
	if err != nil {
		t.Fatal(err)
	}
	both, err := v.Merge(a, read(t, "id,label,broader\nx,Coracle racing,y\ny,Racing things,\n", vocabulary.Options{Source: "https://b.example"}))
	if err != nil {
		t.Fatal(err)
	}
	with, err := v.With(both)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := with.Interest("coracle-racing")
	if !slices.Equal(c.Broader, []string{"coracles", "racing-things"}) || len(c.Source) != 2 {
		t.Errorf("coracle racing is %+v", c)
	}
	// One source withdraws it, the other still has it.
	fewer, err := v.Merge(both, read(t, "id,label\n1,Coracles\n", vocabulary.Options{Source: "https://a.example"}))
	if err != nil {
		t.Fatal(err)
	}
	with, _ = v.With(fewer)
	if c, ok := with.Interest("coracle-racing"); !ok || c.Withdrawn {
		t.Errorf("coracle racing is %+v, %v", c, ok)
	}
	// Together the imports would form a cycle.
	_, err = v.Merge(both, read(t, "id,label,broader\nx,Coracle racing,\nz,Coracles,x\n", vocabulary.Options{Source: "https://c.example"}))
	if cycle := (*vocabulary.CycleError)(nil); !errors.As(err, &cycle) || len(cycle.IDs) < 3 {
		t.Errorf("the cycle was not refused: %v", err)
	}
}

func TestWithRefuses(t *testing.T) {
	v := builtIn(t)
	from := func(i vocabulary.Interest) vocabulary.Interest {
		i.Source, i.Scheme = []string{"https://a.example#1"}, "https://a.example"
		return i
	}
	for _, c := range []struct {
		name  string
		extra vocabulary.Interest
	}{
		{"no source", vocabulary.Interest{ID: "new-thing", Label: "New thing"}},
		{"bad id", from(vocabulary.Interest{ID: "New Thing", Label: "New thing"})},
		{"no label", from(vocabulary.Interest{ID: "new-thing"})},
		{"unknown parent", from(vocabulary.Interest{ID: "new-thing", Label: "New thing", Broader: []string{"no-such"}})},
	} {
		if _, err := v.With([]vocabulary.Interest{c.extra}); err == nil {
			t.Errorf("%s was taken", c.name)
		}
	}
}

func TestStoreAndLoad(t *testing.T) {
	dir := t.TempDir()
	v, err := vocabulary.Load(dir)
	if err != nil || len(v.Interests()) != len(builtIn(t).Interests()) {
		t.Fatalf("an empty folder: %v", err)
	}
	extra, err := v.Merge(nil, read(t, "label,label_cy,words\nCoracles,Cwryglau,round boats\n", vocabulary.Options{Source: "https://a.example", Licence: "OGL"}))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time replaces
		if err := vocabulary.Store(dir, extra); err != nil {
			t.Fatal(err)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("the folder holds %v", files)
	}
	if stored, err := vocabulary.Stored(dir); err != nil || !reflect.DeepEqual(stored, extra) {
		t.Errorf("stored %+v, read %+v: %v", extra, stored, err)
	}
	if v, err = vocabulary.Load(dir); err != nil {
		t.Fatal(err)
	}
	if id, _ := v.ByWords("cwryglau"); id != "coracles" {
		t.Errorf("cwryglau means %q", id)
	}
	if err := os.WriteFile(filepath.Join(dir, "interests.json"), []byte(`{"interests":[`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vocabulary.Load(dir); err == nil {
		t.Error("a damaged file was read")
	}
	if err := vocabulary.Store(filepath.Join(dir, "missing"), extra); err == nil {
		t.Error("a missing folder was written to")
	}
}
