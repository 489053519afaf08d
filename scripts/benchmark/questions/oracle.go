package questions

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"math"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/geo"

	"benchmark/listings"
)

// Counts are the counts of a question's facets.
type Counts struct {
	Interest []int // by index in listings.Facts
	Access   []int
	Days     [7]int
	Cost     [len(listings.CostSteps)]int
}

// Right is the right answer to a question.
type Right struct {
	Total  int
	Counts Counts
	// Newest are all hits, newest first, for the kinds in that order.
	Newest []Newest

	gone []Newest // subtracted, not yet removed from Newest
}

// Newest is a result with the keys of the order by update, newest first. It has
// no pointers, which a garbage collection would follow for every listing.
type Newest struct {
	Updated int64
	ID      ID
}

// ID is the id of a listing, a UUID.
type ID [16]byte

// parseID parses an id made by package listings.
func parseID(s string) (id ID) {
	if _, err := hex.Decode(id[:], []byte(strings.ReplaceAll(s, "-", ""))); err != nil {
		panic("questions: not the id of a listing: " + s)
	}
	return id
}

func (id ID) String() string {
	s := hex.EncodeToString(id[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

func (a Newest) compare(b Newest) int {
	return cmp.Or(cmp.Compare(b.Updated, a.Updated), bytes.Compare(a.ID[:], b.ID[:]))
}

// Measure is how an engine measures distances.
type Measure int

// The measures. They differ by a few thousandths, so listings at the edge of a
// circle are in it by one measure and not by another.
const (
	GreatCircle   Measure = iota // Gather
	NationalGrid                 // the SQL engines
	BleveDistance                // Bleve, by the Earth's diameter at that latitude
	measures
)

// Oracle finds the right answers to questions by a scan of all listings.
type Oracle struct {
	stems  *listings.Stemmer
	facts  *listings.Facts
	asked  []*Question
	byStem map[string][]int
	right  [measures][]*Right
	// wordless are the questions for listings that have no words.
	wordless []int
	marked   []int // by question: the last listing whose words matched
	mark     int
	// newest are all listings by number, shared by all forks, nil without a
	// Deep question. ordered are their numbers, newest first, nil until
	// Ordered is called.
	newest  []Newest
	ordered []int32
}

// NewOracle returns an oracle for questions about size listings.
func NewOracle(asked []*Question, facts *listings.Facts, stems *listings.Stemmer, size int) *Oracle {
	o := &Oracle{stems: stems, facts: facts, asked: asked, byStem: map[string][]int{}}
	for i, q := range asked {
		if q.Kind == Deep && o.newest == nil {
			o.newest = make([]Newest, size)
		}
		for _, s := range q.Stems {
			o.byStem[s] = append(o.byStem[s], i)
		}
		if len(q.Stems) == 0 && q.Kind != Deep && q.Kind != Suggesting {
			o.wordless = append(o.wordless, i)
		}
	}
	o.empty()
	return o
}

func (o *Oracle) empty() {
	o.marked = make([]int, len(o.asked))
	for m := range o.right {
		o.right[m] = nil
		for i, q := range o.asked {
			if m > 0 && q.Here == nil { // the same by every measure
				o.right[m] = append(o.right[m], o.right[0][i])
				continue
			}
			o.right[m] = append(o.right[m], &Right{Counts: Counts{Interest: make([]int, len(o.facts.Interests)), Access: make([]int, len(o.facts.Access))}})
		}
	}
}

// Fork returns an oracle for the same questions without counts, for another
// goroutine to count with; Join adds its counts to o.
func (o *Oracle) Fork() *Oracle {
	f := *o
	f.mark = 0
	f.empty()
	return &f
}

// Join adds the counts of a fork.
func (o *Oracle) Join(f *Oracle) {
	o.ordered = nil
	for m := range o.right {
		for i, a := range o.right[m] {
			if m == 0 || o.asked[i].Here != nil {
				a.join(f.right[m][i])
			}
		}
	}
}

func (a *Right) join(b *Right) {
	a.Total += b.Total
	for _, list := range [][2][]int{
		{a.Counts.Interest, b.Counts.Interest}, {a.Counts.Access, b.Counts.Access}, {a.Counts.Days[:], b.Counts.Days[:]}, {a.Counts.Cost[:], b.Counts.Cost[:]},
	} {
		for i, n := range list[1] {
			list[0][i] += n
		}
	}
	a.Newest = slices.DeleteFunc(append(a.Newest, b.Newest...), func(n Newest) bool { return slices.Contains(b.gone, n) })
	slices.SortFunc(a.Newest, Newest.compare)
}

// Right returns the right answer to question i by measure m.
func (o *Oracle) Right(i int, m Measure) *Right { return o.right[m][i] }

// Keep returns an oracle with only the questions of the given numbers and their
// counts. Their new numbers are their indexes in numbers.
func (o *Oracle) Keep(numbers []int) *Oracle {
	var asked []*Question
	for _, n := range numbers {
		asked = append(asked, o.asked[n])
	}
	k := NewOracle(asked, o.facts, o.stems, 0)
	k.newest, k.ordered = o.newest, o.ordered
	for i, n := range numbers {
		for m := range k.right {
			k.right[m][i] = o.right[m][n]
		}
		k.right[0][i].Newest = slices.Clone(k.right[0][i].Newest) // drops spare capacity
	}
	return k
}

// Ordered returns the listings at positions from up to but not including to,
// newest first. All listings must have been added.
func (o *Oracle) Ordered(from, to int) []Newest {
	if o.ordered == nil {
		o.ordered = make([]int32, len(o.newest))
		for n := range o.ordered {
			o.ordered[n] = int32(n)
		}
		slices.SortFunc(o.ordered, func(a, b int32) int { return o.newest[a].compare(o.newest[b]) })
	}
	var out []Newest
	for _, n := range o.ordered[min(from, len(o.ordered)):min(to, len(o.ordered))] {
		out = append(out, o.newest[n])
	}
	return out
}

// Add adds a listing to the counts of a fork.
func (o *Oracle) Add(r listings.Row) {
	if o.newest != nil {
		o.newest[r.Number] = Newest{r.Updated, parseID(r.ID)}
	}
	o.count(r, 1)
}

// Take subtracts an added listing from the counts of a fork.
func (o *Oracle) Take(r listings.Row) { o.count(r, -1) }

func (o *Oracle) count(r listings.Row, by int) {
	o.mark++
	for _, text := range []string{r.TitleText, r.LabelText, r.BriefText, r.Body} {
		for _, w := range listings.Split(text) {
			for _, i := range o.byStem[o.stems.Stem(w)] {
				if o.marked[i] != o.mark {
					o.marked[i] = o.mark
					o.countFor(i, &r, by)
				}
			}
		}
	}
	for _, i := range o.wordless {
		o.countFor(i, &r, by)
	}
}

// countFor counts a listing that matches the words of question i, by each measure.
func (o *Oracle) countFor(i int, r *listings.Row, by int) {
	q := o.asked[i]
	// A degree of latitude is 111 km: far listings need no trigonometry.
	if q.Here != nil && (!r.Venue || math.Abs(r.Position.Lat-q.Here.Lat)*110_000 > q.Metres*1.01+1000) {
		return
	}
	if q.Here == nil {
		if q.Box == nil || r.Venue && q.Box.Contains(r.Position) {
			o.right[0][i].add(q, r, by)
		}
		return
	}
	for m := range o.right {
		if q.reaches(r, Measure(m)) {
			o.right[m][i].add(q, r, by)
		}
	}
}

// reaches reports whether a listing is within the distance of the question, and
// its catchment includes the place of the question.
func (q *Question) reaches(r *listings.Row, m Measure) bool {
	near := func(east, north float64, lat, lon, metres float64) bool {
		if m == BleveDistance {
			return geo.Haversin(lon, lat, q.Here.Lon, q.Here.Lat)*1000 <= metres
		}
		if m == NationalGrid {
			return math.Sqrt((east-q.Here.East)*(east-q.Here.East)+(north-q.Here.North)*(north-q.Here.North)) <= metres
		}
		p := q.Here.Position
		p.Lat, p.Lon = lat, lon
		return p.Metres(q.Here.Position) <= metres
	}
	return r.Venue && near(r.East, r.North, r.Position.Lat, r.Position.Lon, q.Metres) &&
		(r.Radius == 0 || near(r.CentreEast, r.CentreNorth, r.Centre.Lat, r.Centre.Lon, r.Radius)) &&
		(r.Catchment == nil || slices.Contains(r.Catchment, q.Here.Outcode) || slices.Contains(r.Catchment, q.Here.District))
}

// add adds a listing that matches the words and the place, or subtracts it when
// by is -1. Each facet ignores its own filter.
func (a *Right) add(q *Question, r *listings.Row, by int) {
	access := q.Access == None || r.Access&(1<<q.Access) != 0
	free := !q.Free || r.Pounds == 0
	day := q.Day == None || r.Days&(1<<q.Day) != 0
	interest := q.Interest == None || slices.Contains(r.Interests, q.Interest)
	if !interest {
		return
	}
	if free && day {
		for i := range a.Counts.Access {
			a.Counts.Access[i] += by * int(r.Access>>i&1)
		}
	}
	if access && free {
		for i := range a.Counts.Days {
			a.Counts.Days[i] += by * int(r.Days>>i&1)
		}
	}
	if access && day {
		for i, most := range listings.CostSteps {
			if r.Pounds >= 0 && r.Pounds <= most {
				a.Counts.Cost[i] += by
			}
		}
	}
	if !access || !free || !day {
		return
	}
	a.Total += by
	for _, i := range r.Interests {
		a.Counts.Interest[i] += by
	}
	if q.Kind == Box {
		if n := (Newest{r.Updated, parseID(r.ID)}); by > 0 {
			a.Newest = append(a.Newest, n)
		} else {
			a.gone = append(a.gone, n)
		}
	}
}
