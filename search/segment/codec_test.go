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
	full.Item.Delivery, full.Item.Languages = []string{"venue"}, []string{"en", "cy"}
	full.Item.Access = search.Said{Yes: []string{"step-free"}, No: []string{"hearing-loop"}}
	full.Item.Venue = &search.VenueBrief{Name: "Hall", Town: "Sale"}
	full.Item.Cost = &search.CostBrief{Kind: "fixed", Pounds: 3, ConcessionPounds: &two}
	full.Item.Audience = &search.AudienceBrief{MinAge: &ten, MadeFor: []string{"men"}}
	full.Item.FirstVisit.GroupMax = 300
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
