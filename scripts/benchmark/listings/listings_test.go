package listings_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	unicodeTokens "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/registry"

	"benchmark/listings"

	"gather/directory"
)

func generator(t *testing.T, seed uint64) *listings.Generator {
	t.Helper()
	g, err := listings.New(seed, "../../../directory/gazetteer/gazetteer.bin")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestListingsAreTheSameForTheSameSeed(t *testing.T) {
	a, b, other := generator(t, 1), generator(t, 1), generator(t, 2)
	for n := 199; n >= 0; n-- { // in any order
		if !reflect.DeepEqual(a.At(n), b.At(n)) {
			t.Fatalf("listing %d differs between two generators of one seed", n)
		}
		if reflect.DeepEqual(a.At(n), other.At(n)) || reflect.DeepEqual(a.At(n), a.Revised(n)) {
			t.Fatalf("listing %d is the same for another seed or revised", n)
		}
		if got := listings.Number(a.At(n).ID); got != n {
			t.Errorf("the number of listing %d reads as %d", n, got)
		}
	}
}

func TestListingsKeepTheRules(t *testing.T) {
	g := generator(t, 3)
	dir := directory.New(nil, g.Words, g.Places) // no store: it only validates
	for n := range 500 {
		for _, a := range []directory.Activity{g.At(n), g.Revised(n)} {
			details := a.Details
			if err := dir.CheckDetails(&details); err != nil {
				t.Errorf("listing %d: %v", n, err)
			}
			b, err := json.Marshal(listings.Line(a))
			if err != nil || len(b) > directory.MaxDoc {
				t.Errorf("listing %d as a line: %d bytes, %v", n, len(b), err)
			}
		}
	}
}

func TestRowsSayWhatListingsDo(t *testing.T) {
	g := generator(t, 4)
	facts := listings.NewFacts(g)
	for n := range 500 {
		a := g.At(n)
		r := facts.Row(a)
		var days uint8
		for _, s := range a.Sessions(listings.Now, listings.Now.AddDate(0, 0, 13*7), 0) {
			days |= 1 << ((int(s.Start.Weekday()) + 6) % 7)
		}
		if r.Days != days {
			t.Errorf("listing %d has sessions on days %07b, and its row says %07b", n, days, r.Days)
		}
		for i, id := range facts.Access {
			if yes := a.Access[id].Answer == directory.Yes; yes != (r.Access>>i&1 == 1) {
				t.Errorf("listing %d: %s is %v, and its row says otherwise", n, id, yes)
			}
		}
		if a.Updated.After(listings.Now) || a.Checked.At.After(listings.Now) || listings.Now.Sub(a.Updated) > 1001*24*time.Hour {
			t.Errorf("listing %d was updated at %s and checked at %s", n, a.Updated, a.Checked.At)
		}
	}
}

// TestStems compares the stemmer with the analysis of Gather's index.
func TestStems(t *testing.T) {
	g := generator(t, 5)
	facts := listings.NewFacts(g)
	stems, err := listings.NewStemmer()
	if err != nil {
		t.Fatal(err)
	}
	cache := registry.NewCache()
	tokens, err := cache.TokenizerNamed(unicodeTokens.Name)
	if err != nil {
		t.Fatal(err)
	}
	var filters []analysis.TokenFilter
	for _, name := range []string{lowercase.Name, en.StopName, porter.Name} {
		f, err := cache.TokenFilterNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		filters = append(filters, f)
	}
	analyse := &analysis.DefaultAnalyzer{Tokenizer: tokens, TokenFilters: filters}
	for n := range 300 {
		r := facts.Row(g.At(n))
		for _, text := range []string{r.TitleText, r.LabelText, r.BriefText, r.Body} {
			var want []string
			words := listings.Split(text)
			for _, w := range words {
				for _, token := range analyse.Analyze([]byte(w)) {
					want = append(want, string(token.Term))
				}
			}
			if got := stems.Stems(text); !slices.Equal(got, want) {
				t.Fatalf("stems of %q:\n got %q\nwant %q", text, got, want)
			}
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"Mum's Knit & Natter, M33 7DB", []string{"mums", "knit", "natter", "m33", "7db"}},
		{"Côr Meibion – Mum’s", []string{"cor", "meibion", "mums"}},
		{"Mum`s café", []string{"mums", "cafe"}},
		{"a_b\tc", []string{"a", "b", "c"}},
		{"", nil},
	} {
		if got := listings.Split(c.in); !slices.Equal(got, c.want) {
			t.Errorf("Split(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
