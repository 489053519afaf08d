package questions

import (
	"cmp"
	"math"
	"slices"

	"benchmark/listings"
)

// Counts are what a question's facets show.
type Counts struct {
	Interest []int // by index
	Access   []int
	Days     [7]int
	Cost     [len(listings.CostSteps)]int
}

// Right is the right answer to a question.
type Right struct {
	Total  int
	Counts Counts
	// Newest are the first of the page, in order, for questions asked newest
	// first.
	Newest []Newest
}

// Newest is a result in the order of when it was updated, newest first.
type Newest struct {
	Updated int64
	Number  int
	ID      string
}

func (a Newest) compare(b Newest) int {
	return cmp.Or(cmp.Compare(b.Updated, a.Updated), cmp.Compare(a.ID, b.ID))
}

// Measure is how an engine reckons distances.
type Measure int

// The measures. Great circles and the National Grid differ by up to a
// thousandth, so what lies on the rim of a circle differs too.
const (
	GreatCircle  Measure = iota // Gather
	NationalGrid                // the SQL engines
	measures
)

// Oracle answers questions by looking at every listing.
type Oracle struct {
	stems   *listings.Stemmer
	asked   []*Question
	byStem  map[string][]int
	right   [measures][]*Right
	marked  []int // by question: the last listing whose words matched
	mark    int
	ordered []Newest
}

// NewOracle makes an oracle for questions.
func NewOracle(asked []*Question, facts *listings.Facts, stems *listings.Stemmer) *Oracle {
	o := &Oracle{stems: stems, asked: asked, byStem: map[string][]int{}, marked: make([]int, len(asked))}
	for i, q := range asked {
		for _, s := range q.Stems {
			o.byStem[s] = append(o.byStem[s], i)
		}
		for m := range o.right {
			o.right[m] = append(o.right[m], &Right{Counts: Counts{Interest: make([]int, len(facts.Interests)), Access: make([]int, len(facts.Access))}})
		}
	}
	return o
}

// Right is the right answer to question i of those asked.
func (o *Oracle) Right(i int, m Measure) *Right { return o.right[m][i] }

// Order is all listings, newest first. It is complete once all were added.
func (o *Oracle) Order() []Newest {
	slices.SortFunc(o.ordered, Newest.compare)
	return o.ordered
}

// Add takes a listing into account.
func (o *Oracle) Add(r listings.Row) {
	o.mark++
	for _, text := range []string{r.TitleText, r.LabelText, r.BriefText, r.Body} {
		for _, w := range listings.Split(text) {
			for _, i := range o.byStem[o.stems.Stem(w)] {
				o.marked[i] = o.mark
			}
		}
	}
	o.ordered = append(o.ordered, Newest{r.Updated, r.Number, r.ID})
	for i, q := range o.asked {
		if len(q.Stems) > 0 && o.marked[i] != o.mark || q.Kind == Deep || q.Kind == Suggesting {
			continue
		}
		for m := range o.right {
			if q.reaches(r, Measure(m)) {
				o.right[m][i].add(q, r)
			}
		}
	}
}

// reaches reports whether a listing is where the question asks, and may be
// joined from there.
func (q *Question) reaches(r listings.Row, m Measure) bool {
	if b := q.Box; b != nil {
		return r.Venue && b.Contains(r.Position)
	}
	if q.Here == nil {
		return true
	}
	near := func(east, north float64, lat, lon, metres float64) bool {
		// A degree of latitude is 111 km: far ones need no trigonometry.
		if math.Abs(lat-q.Here.Lat)*111_000 > metres+1000 {
			return false
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

// add counts a listing that is within reach and has the words. Each facet
// leaves its own filter out.
func (a *Right) add(q *Question, r listings.Row) {
	access := q.Access == None || r.Access&(1<<q.Access) != 0
	free := !q.Free || r.Pounds == 0
	day := q.Day == None || r.Days&(1<<q.Day) != 0
	interest := q.Interest == None || slices.Contains(r.Interests, q.Interest)
	if !interest {
		return
	}
	if free && day {
		for i := range a.Counts.Access {
			a.Counts.Access[i] += int(r.Access >> i & 1)
		}
	}
	if access && free {
		for i := range a.Counts.Days {
			a.Counts.Days[i] += int(r.Days >> i & 1)
		}
	}
	if access && day {
		for i, most := range listings.CostSteps {
			if r.Pounds >= 0 && r.Pounds <= most {
				a.Counts.Cost[i]++
			}
		}
	}
	if !access || !free || !day {
		return
	}
	a.Total++
	for _, i := range r.Interests {
		a.Counts.Interest[i]++
	}
	if q.Kind == Box {
		n := Newest{r.Updated, r.Number, r.ID}
		at, _ := slices.BinarySearchFunc(a.Newest, n, Newest.compare)
		if at < PageSize {
			a.Newest = slices.Insert(a.Newest, at, n)
			a.Newest = a.Newest[:min(len(a.Newest), PageSize)]
		}
	}
}
