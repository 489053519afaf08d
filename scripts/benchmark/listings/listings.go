// Package listings generates the listings of a measurement: with realistic
// places, texts and gaps, the same for the same seed, and each independently of
// the others, so that a million take no memory.
package listings

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk/gather"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// Now is the current time in the generated directory.
var Now = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)

// Generator makes listings. It is safe for concurrent use.
type Generator struct {
	Places    *gazetteer.Gazetteer
	Words     *vocabulary.Vocabulary
	Seed      uint64
	country   *country
	lexicon   *lexicon
	interests []vocabulary.Interest // most common first
	access    []vocabulary.Term
	first     []vocabulary.Term
	audiences []vocabulary.Term
}

// New returns a generator. placesFile is the path of the gazetteer's packed
// file; the error is of reading it or the built-in data.
func New(seed uint64, placesFile string) (*Generator, error) {
	words, err := vocabulary.Default()
	if err != nil {
		return nil, err
	}
	places, err := gazetteer.Open("")
	if err != nil {
		return nil, err
	}
	c, err := readCountry(placesFile)
	if err != nil {
		return nil, err
	}
	return &Generator{
		Places: places, Words: words, Seed: seed, country: c, lexicon: newLexicon(words), interests: leaves(words),
		access: words.List(vocabulary.Access), first: words.List(vocabulary.FirstVisit), audiences: words.List(vocabulary.Audience),
	}, nil
}

// The streams of random numbers, separate so that a change to one part of a
// listing leaves the others as they are.
const (
	streamListing = 1 << 40
	streamRevised = 2 << 40
	streamGroup   = 3 << 40
	streamFixed   = 4 << 40
)

func (g *Generator) random(stream, n int) *rand.Rand {
	return rand.New(rand.NewPCG(g.Seed, uint64(stream+n)))
}

// id is a UUID that carries a number, see Number.
func id(n int, salt uint64) string {
	return fmt.Sprintf("%08x-%04x-4%03x-8000-%012x", uint32(salt), uint16(salt>>32), uint16(salt>>48)&0xfff, n)
}

// Number returns the number of the listing with an id from ID, -1 for others.
func Number(id string) int {
	if len(id) != 36 {
		return -1
	}
	n, err := strconv.ParseInt(id[24:], 16, 64)
	if err != nil {
		return -1
	}
	return int(n)
}

// ID returns the id of listing n.
func (g *Generator) ID(n int) string {
	return id(n, salt(g.random(streamFixed, n), g.random(streamGroup, n/groupSize).Uint64()))
}

// salt returns the random bits of a listing's id. They make it begin like the
// group's id, so that a store can be filled in the order of both.
func salt(fixed *rand.Rand, group uint64) uint64 { return fixed.Uint64()<<32 | group&math.MaxUint32 }

// InIDs returns the numbers of the first n listings, group by group, in the order
// of the groups' ids.
func (g *Generator) InIDs(n int) []int {
	groups := make([]int64, (n+groupSize-1)/groupSize)
	for i := range groups {
		groups[i] = int64(uint32(g.random(streamGroup, i).Uint64()))
	}
	out := make([]int, 0, n)
	for _, i := range ordered(groups) {
		for k := int(i) * groupSize; k < min(int(i+1)*groupSize, n); k++ {
			out = append(out, k)
		}
	}
	return out
}

// groupSize is the number of listings of a group.
const groupSize = 4

// At returns listing n, from 0.
func (g *Generator) At(n int) directory.Activity {
	return g.make(n, g.random(streamListing, n), 0)
}

// Revised returns listing n after a revision by its group: with the same place
// and interest, all else may differ.
func (g *Generator) Revised(n int) directory.Activity {
	return g.make(n, g.random(streamRevised, n), 1)
}

func (g *Generator) make(n int, r *rand.Rand, revision int64) directory.Activity {
	fixed := g.random(streamFixed, n) // for what a revision does not change
	group := g.random(streamGroup, n/groupSize)
	of := group.Uint64()
	a := directory.Activity{ID: id(n, salt(fixed, of)), Rev: 1 + revision, Change: int64(n + 1), Status: directory.StatusPublished}
	a.Group = id(n/groupSize, of)
	home := g.country.home(group)
	town := g.country.towns[g.country.sectors[home].town].Name
	host := g.lexicon.words[1000+group.IntN(lexiconWords-1000)]
	a.GroupName = town + " " + strings.ToUpper(host[:1]) + host[1:] + " " + groupKinds[group.IntN(len(groupKinds))]

	main := g.interests[zipfIndex(fixed, len(g.interests))]
	sector := home
	if fixed.IntN(4) == 0 {
		sector = g.country.home(fixed)
	}
	postcode, _ := g.country.postcode(fixed, sector)
	a.Interests = []string{main.ID}
	if r.IntN(3) == 0 {
		if other := g.interests[zipfIndex(r, len(g.interests))]; other.ID != main.ID {
			a.Interests = append(a.Interests, other.ID)
		}
	}
	g.reach(&a, fixed, postcode, g.country.towns[g.country.sectors[sector].town].Name)
	g.texts(&a, r, main, town)
	g.facts(&a, r)
	if revision > 0 {
		a.Change += streamRevised
	}
	a.Updated = Now.Add(-time.Duration(r.Int64N(1000*24*3600*1000)) * time.Millisecond)
	a.Created = a.Updated.AddDate(-1, 0, 0)
	if revision > 0 {
		a.Updated = Now.Add(-time.Duration(r.Int64N(3600*1000)) * time.Millisecond)
	}
	a.Checked = directory.Checked{At: Now.Add(-time.Duration(r.IntN(900*24)) * time.Hour), By: "publisher", How: checkedHow[r.IntN(len(checkedHow))]}
	return a
}

// Line returns a listing in the format of the import.
func Line(a directory.Activity) gather.Line {
	checked := a.Checked.At
	return gather.Line{ID: strconv.Itoa(Number(a.ID)), Group: a.GroupName, Checked: &checked, Details: a.Details}
}

// WriteLines writes the first n listings as JSON Lines.
func (g *Generator) WriteLines(w io.Writer, n int) error {
	e := json.NewEncoder(w)
	for i := range n {
		if err := e.Encode(Line(g.At(i))); err != nil {
			return fmt.Errorf("write listing %d: %w", i, err)
		}
	}
	return nil
}
