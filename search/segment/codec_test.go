package segment

import (
	"gather/directory"
	"gather/search"
	"gather/search/calendar"
	"testing"
	"time"
)

// The tokens of packed facts are found without reading the rest, whatever the
// rest is.
func TestTokensOf(t *testing.T) {
	ten, two := 10, 2.5
	full := &Facts{
		HasVenue: true, Precise: true, Catchment: true, Lives: []string{"outcode M33", "district E08000009"}, Horizon: -3,
		Checked:  directory.Checked{At: time.Unix(1, 0), By: "publisher", How: "owner"},
		Sessions: []calendar.Recurrence{{Minute: 1, Length: -1, First: 500, Change: 3, Weeks: 1 << 60}, {}}, Plan: "{}", Tokens: "12345678",
		SortTitle: "a title", Interests: []string{"yoga", "craft"},
	}
	full.Delivery, full.Languages = []string{"venue"}, []string{"en", "cy"}
	full.Access = search.Said{Yes: []string{"step-free"}, No: []string{"hearing-loop"}}
	full.District = search.Labelled{ID: "E08000009", Label: "Trafford"}
	full.CostKind, full.Pounds = "fixed", two
	full.MinAge, full.MadeFor, full.GroupSize = &ten, []string{"men"}, 300
	for name, f := range map[string]*Facts{"all": full, "nothing": {}, "only tokens": {Tokens: "\x01\x00\x00\x00abcd"}} {
		body := Encoder{}.Pack(f)
		if got := string(TokensOf(body)); got != f.Tokens {
			t.Errorf("%s: the tokens are %q, not %q", name, got, f.Tokens)
		}
		for n := range len(body) {
			TokensOf(body[:n]) // must not fail
		}
	}
}
