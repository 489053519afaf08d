package match

import (
	"fmt"
	"gather/search/calendar"
	"gather/search/language"
	"gather/search/segment"
	"math/rand/v2"
	"strings"
	"testing"
)

// rerankWorld is a reading and the packed facts of listings that have some of
// its words.
func rerankWorld(listings, stems int) (*reranker, [][]byte) {
	random := rand.New(rand.NewPCG(1, 2))
	r := &WordQuery{}
	sets := &termSets{}
	for w := range 3 {
		s := queryWord{word: fmt.Sprint("word", w)}
		for f := range 6 {
			s.Forms = append(s.Forms, language.Form{Stems: []string{fmt.Sprint("stem", w, f)}, Weight: 1 / float32(f+1)})
			sets.forms = append(sets.forms, formSet{weight: 3, word: w})
		}
		r.Words = append(r.Words, s)
	}
	var bodies [][]byte
	for range listings {
		f := &segment.Facts{Plan: "{}", SortTitle: "a title of some length", Interests: []string{"yoga"}}
		f.ID, f.Title, f.Delivery = "00000000-0000-4000-8000-000000000000", "A title of some length", []string{"venue"}
		f.Brief.English = strings.Repeat("a brief of the usual length ", 30)
		f.Sessions = make([]calendar.Recurrence, 2)
		var words []string
		for i := range stems {
			word := fmt.Sprint("other", random.IntN(5000))
			if i%30 == 7 {
				word = fmt.Sprint("stem", random.IntN(3), random.IntN(6))
			}
			words = append(words, word)
		}
		var tokens []byte
		for i, word := range words {
			if i%20 == 0 && i/20 < int(language.PartEnd)-1 {
				tokens = append(tokens, byte(i/20+1), 0, 0, 0)
			}
			n := language.StemNumber(word)
			tokens = append(tokens, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
		}
		f.Tokens = string(tokens)
		bodies = append(bodies, segment.Encoder{}.Pack(f))
	}
	l := &stemTable{}
	l.begin(r, sets)
	return &reranker{stems: l, siblings: map[uint64]int{}, copies: map[copyKey]int{}}, bodies
}

// BenchmarkCareful is the careful look at 200 listings of 120 stems each.
func BenchmarkCareful(b *testing.B) {
	c, bodies := rerankWorld(rerankDepth, 120)
	for b.Loop() {
		c.mentions, c.candidates = c.mentions[:0], c.candidates[:0]
		for i, body := range bodies {
			l := scored{from: int32(len(c.mentions)), group: uint64(i + 1)}
			c.mentions, l.lengths = readTokens(c.stems, segment.TokensOf(body), c.mentions)
			l.until = int32(len(c.mentions))
			c.candidates = append(c.candidates, l)
		}
		c.countCopies()
		for i := range c.candidates {
			c.candidates[i].words = c.score(&c.candidates[i])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(bodies)), "ns/listing")
}

// BenchmarkTokens is finding and reading the tokens alone.
func BenchmarkTokens(b *testing.B) {
	c, bodies := rerankWorld(rerankDepth, 120)
	for b.Loop() {
		c.mentions = c.mentions[:0]
		for _, body := range bodies {
			c.mentions, _ = readTokens(c.stems, segment.TokensOf(body), c.mentions)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(bodies)), "ns/listing")
}
