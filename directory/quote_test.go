package directory_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"gather/directory"
)

func TestTextsAreCutAtTheirLimit(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"", 5, ""}, {"abcde", 5, "abcde"}, {"abcdef", 5, "abcd…"}, {"tŷ tŷ", 5, "tŷ tŷ"}, {"tŷ tŷŷ", 5, "tŷ t…"},
		{"a\xffb", 5, "a\uFFFDb"}, {"abcdef", 1, "…"},
	} {
		if got := directory.Clip(c.text, c.most); got != c.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

func TestFaultsSayOnlyTheBeginningOfALongValue(t *testing.T) {
	var fs directory.Faults
	fs.Add("title", "send another", "%q is not one of %d", strings.Repeat("é", 5000)+"\xff", 3)
	if got := fs[0].Detail; utf8.RuneCountInString(got) > 100 || !strings.Contains(got, `é…" is not one of 3`) || !utf8.ValidString(got) {
		t.Errorf("the fault says %q", got)
	}
}

func TestPoundsAreWrittenAsPeopleReadThem(t *testing.T) {
	for v, want := range map[float64]string{0: "£0", 3: "£3", 3.5: "£3.50", 0.05: "£0.05", 1200: "£1200", 10: "£10"} {
		if got := directory.Pounds(v); got != want {
			t.Errorf("Pounds(%v) = %q, want %q", v, got, want)
		}
	}
}
