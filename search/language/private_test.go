package language

import (
	"strings"
	"testing"

	"gather/directory/vocabulary"
)

// A text that may say where somebody lives is not cached, however it is typed.
func TestPrivateTextsAreNotCached(t *testing.T) {
	in := testInterpreter()
	for text, kept := range map[string]bool{
		"yoga in Leith": true, "choir M33": true, "over 50s walks": true, "yoga 10.30": false,
		"yoga M33 7DB": false, "yoga not in M33 7DB": false, "yoga m337db please": false, "yoga M33 7D8": false, "yoga M33 9ZZ": false,
		"yoga M33 7": false, "yoga near 53.42,-2.32": false,
	} {
		in.Read(text)
		in.mu.RLock()
		_, have := in.recent[text]
		in.mu.RUnlock()
		if have != kept {
			t.Errorf("%q is cached: %v", text, have)
		}
	}
}

// A level of a course and a vitamin are not outcodes.
func TestLevelsAreNotOutcodes(t *testing.T) {
	in := testInterpreter()
	for text, want := range map[string]string{
		"ESOL E3": "", "english e2": "", "maths L1": "", "vitamin B12": "", "B12 deficiency group": "", "choir E3": "E3", "B12 lunch club": "B12",
	} {
		got := ""
		if p := in.Read(text).Place; p != nil {
			got = p.name
		}
		if got != want {
			t.Errorf("%q is from %q, want %q", text, got, want)
		}
	}
}

// Rows of an operator add to the built-in ones and take nothing from them.
func TestOperatorsRowsOnlyAdd(t *testing.T) {
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSynonyms(words, strings.NewReader("left,relation,right\nwrinklies,=,over 50s\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"pensioners", "over 50s", "wrinklies"} {
		if len(s.about[vocabulary.Fold(word)]) == 0 {
			t.Errorf("%q implies no filter", word)
		}
	}
	long := "left,relation,right\n" + strings.Repeat("# "+strings.Repeat("x", 1000)+"\n", maxSynonymBytes/1000)
	if _, err := newSynonyms(words, strings.NewReader(long)); err == nil {
		t.Error("a file that is too large is read in part")
	}
}
