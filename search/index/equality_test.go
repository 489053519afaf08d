package index_test

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/index"
)

// The questions asked of each directory: some hundreds while working, and all
// of twenty thousand over three directories where GATHER_FULL is set.
const (
	fewQuestions = 500
	allQuestions = 20_000/3 + 1
)

func questionCount() int {
	if os.Getenv("GATHER_FULL") != "" {
		return allQuestions
	}
	return fewQuestions
}

// directories are made so differently that each meets other cases.
var directories = []struct {
	name     string
	seed     uint64
	listings int
	alter    func(r *inventor, a *directory.Activity)
}{
	{"a small dense town", 11, 600, func(r *inventor, a *directory.Activity) {
		if a.Venue == nil {
			return
		}
		at := directory.Position{Lat: 53.4245 + (r.Float64()-0.5)/30, Lon: -2.32 + (r.Float64()-0.5)/20}
		if r.in(20) { // several in one hall
			at = directory.Position{Lat: 53.4245, Lon: -2.32}
		}
		a.Venue.Position, a.Located.Position = &at, at
		a.Located.Outcode, a.Located.District, a.Located.DistrictName = "M33", "E08000009", "Trafford"
	}},
	{"a sparse nation", 12, 900, func(r *inventor, a *directory.Activity) {
		if a.Venue == nil {
			return
		}
		at := directory.Position{Lat: 49.9 + r.Float64()*10.9, Lon: -7.5 + r.Float64()*9.2}
		a.Venue.Position, a.Located.Position = &at, at
		a.Located.District = r.one("E08000009", "S12000036", "W06000015", "E06000052", "")
		a.Located.DistrictName = "District " + a.Located.District
	}},
	{"half of it somewhere in an area", 14, 500, func(r *inventor, a *directory.Activity) {
		odd(r, a)
		if a.Located != nil { // districts of areas have their real names
			a.Located.District, a.Located.DistrictName = "E08000009", "Trafford"
			if r.in(30) {
				a.Located.District, a.Located.DistrictName = "S12000036", "City of Edinburgh"
			}
		}
		if a.Venue != nil && r.in(50) {
			a.Located, a.Venue.Position, a.Venue.Area = nil, nil, area(r)
		}
	}},
	{"odd cases", 13, 500, odd},
}

// area is one that is made by chance.
func area(r *inventor) *directory.VenueArea {
	a := &directory.VenueArea{Name: r.one("Trafford", "the north", "two cities")}
	switch r.IntN(4) {
	case 0:
		a.Districts = []string{r.one("E08000009", "S12000036", "W06000015")}
	case 1:
		a.Districts = []string{"E08000009", "S12000036"}
	case 2:
		a.Outcodes = []string{"M33"}
	default:
		a.Districts, a.Outcodes = []string{"W06000015"}, []string{"M33", "EH6", "BT1"}
	}
	return a
}

// odd makes a listing strange within what the directory allows.
func odd(r *inventor, a *directory.Activity) {
	if a.Venue != nil && r.in(40) { // exactly on rims and corners
		at := north(float64(1 + r.IntN(5)))
		if r.in(30) {
			at = directory.Position{Lat: 53.5, Lon: -2.4}
		}
		a.Venue.Position, a.Located.Position = &at, at
	}
	if a.Venue != nil && r.in(10) { // not known where
		a.Located = nil
		if a.Catchment != nil && a.Catchment.RadiusMiles > 0 {
			a.Catchment.Around = "M33 7DB"
		}
	}
	if r.in(20) {
		a.Delivery = []string{"home", "phone", "online", "venue"}[:1+r.IntN(4)]
	}
	if r.in(20) {
		a.Catchment = &directory.Catchment{RadiusMiles: 0.1 + r.Float64()*90, Around: r.one("M33 7DB", "EH6 6JJ", "CF10 1EP")}
	}
	if r.in(10) {
		a.Catchment = &directory.Catchment{Districts: []string{"E08000009", "S12000036"}, Outcodes: nil}
	}
	if r.in(30) {
		a.Interests = append(a.Interests, r.interests[r.IntN(len(r.interests))].ID, r.interests[r.IntN(len(r.interests))].ID)
	}
	if r.in(10) {
		a.Interests = nil
	}
	if r.in(20) {
		a.Audience = &directory.Audience{MinAge: ref(r.IntN(121)), MaxAge: ref(120), MadeFor: []string{r.id(vocabulary.Audience), r.id(vocabulary.Audience)}, OpenToAll: ref(r.in(30))}
	}
	if r.in(20) {
		a.Languages = []string{"en", "cy", r.id(vocabulary.Language), r.id(vocabulary.Language)}
	}
	if r.in(20) {
		a.Cost = &directory.Cost{Kind: "fixed", Pounds: float64(r.IntN(1001)) / 100}
	}
	switch r.IntN(6) {
	case 0:
		a.Schedule = nil
	case 1:
		a.Schedule = &directory.Schedule{Dates: []directory.SessionDate{
			{Date: "2026-11-23", Start: "12:00"}, {Date: "2026-11-23", Start: "11:59", End: "23:59"}, {Date: "2027-02-22", Start: "00:00"},
			{Date: "2027-11-24", Start: "23:59"}, {Date: fmt.Sprintf("2027-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28)), Start: "05:00", End: "12:00"},
		}}
	case 2:
		a.Schedule = &directory.Schedule{
			Repeats: []directory.Repeat{
				{Every: "month", Nth: []int{1, -1}, Days: []string{r.id(vocabulary.Day)}, Start: "18:00"},
				{Every: "week", Interval: 2, From: "2026-01-06", Days: []string{"tue", "sun"}, Start: "01:30", End: "03:00"},
			},
			Pauses: []directory.Pause{{From: "12-20", Until: "01-08"}},
		}
		a.SessionChanges = []directory.SessionChange{
			{Session: "2026-12-01T01:30", Status: "cancelled"},
			{Session: "2026-12-13T01:30", Status: "moved", To: &directory.SessionDate{Date: "2026-12-16", Start: "17:00", End: "18:00"}},
		}
	}
}

// directoryOf makes the listings of a directory in one of its states.
func directoryOf(r *inventor, n int, alter func(*inventor, *directory.Activity)) []directory.Activity {
	var all []directory.Activity
	for i := range n {
		a := r.activity(i, noon)
		alter(r, &a)
		all = append(all, a)
	}
	return all
}

// Question makes a question by chance.
func Question(r *inventor) url.Values {
	v := url.Values{}
	may := func(percent int, name string, values func() []string) {
		if r.in(percent) {
			v[name] = values()
		}
	}
	ids := func(list string) func() []string {
		return func() []string {
			all := []string{}
			for range 1 + r.IntN(2) {
				alternatives := []string{r.id(list)}
				for r.in(30) {
					alternatives = append(alternatives, r.id(list))
				}
				all = append(all, strings.Join(alternatives, ","))
			}
			return all
		}
	}
	one := func(of ...string) func() []string { return func() []string { return []string{r.one(of...)} } }
	may(45, "near", one("M33 7DB", "M33", "Leeds", "EH6", "CF10 1EP", "53.4245,-2.32", "53.5,-2.4", "Newport", "60.1,-1.2", "50.06,-5.7"))
	if v.Has("near") {
		may(60, "within", one("0.1", "1", "2", "3", "5", "10", "30", "100", "200", "5km"))
	}
	if !v.Has("within") {
		may(20, "bbox", one("-2.6,53.2,-1.2,54", "-2.4,53.4,-2.2,53.5", "-8,49,2,61", "-2.32,53.4245,-2.32,53.4245"))
	}
	may(40, "q", func() []string {
		words := []string{}
		for range 1 + r.IntN(3) {
			word := r.one("tea", "group", "friendly", "chat", "grwp", "hall", "trafford", "zzzz", "the", "beginners", "badmington", "croeso", "not", "no", "without", "lunch club", "choir",
				"bookclub", "craftgroup", "freindly", "over 60s", "in Leith", "near Sale", "EH6")
			if r.in(50) {
				word = r.interests[r.IntN(len(r.interests))].Label
			}
			words = append(words, word)
		}
		return []string{strings.Join(words[:min(len(words), 4)], " ")}
	})
	may(10, "words", one("literal"))
	may(15, "interest", func() []string {
		return []string{r.interests[r.IntN(len(r.interests))].ID + r.one("", ",crafts", ",sport", ",music")}
	})
	may(10, "interest", one("crafts", "sport", "music,dance", "outdoors"))
	may(20, "access", ids(vocabulary.Access))
	may(20, "access_unknown", one("include"))
	may(12, "first_visit", ids(vocabulary.FirstVisit))
	may(8, "group_max", one("6", "10", "20", "100"))
	for _, c := range search.Choices {
		if c.Stated == nil {
			continue
		}
		may(6, c.Name, func() []string {
			asked := ids(c.List)()
			if c.Asked && r.in(30) {
				asked[0] += "," + search.NotStated
			}
			return asked
		})
	}
	may(15, "day", ids(vocabulary.Day))
	may(12, "time", func() []string {
		return []string{r.one("morning", "evening,afternoon", "18:00-20:00", "05:00-12:00", "12:00-12:01", "00:00-24:00", "23:00-24:00,01:00-02:00")}
	})
	may(10, "from", one("2026-11-20", "2026-11-23", "2026-12-01", "2027-03-28", "2027-08-01"))
	may(10, "to", one("2026-11-23", "2026-12-16", "2027-02-22", "2027-11-24"))
	may(12, "cost", one("free", "0", "2", "4.99", "5", "10"))
	may(12, "age", one("0", "16", "30", "59", "60", "120"))
	may(12, "for", ids(vocabulary.Audience))
	may(12, "language", one("en", "cy", "pl,ur", "en,cy"))
	may(15, "delivery", ids(vocabulary.Delivery))
	may(5, "places", one("now"))
	may(6, "checked", one("1", "3", "12"))
	may(5, "group", func() []string { return []string{fmt.Sprintf("00000000-0000-4000-9000-%012d", r.IntN(60))} })
	may(70, "facets", one("all", "interest,access,day,cost", "delivery,for", "time,day,language", "district,first_visit"))
	may(40, "sort", one("best", "title", "updated", "soonest"))
	return v
}

// pair is an index and the reference of the same listings.
type pair struct {
	*world
	reference *index.Reference
	change    int64
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{world: &world{t: t, now: noon, in: t.TempDir()}}
	p.index = openIndex(t, p.world)
	var err error
	if p.reference, err = index.NewReference(filepath.Join(t.TempDir(), "reference"), Words(t), places(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.index.Close(); err != nil {
			t.Error(err)
		}
		if err := p.reference.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// apply brings listings into both.
func (p *pair) apply(all []directory.Activity) {
	p.t.Helper()
	for page := range slices.Chunk(all, 200) {
		var records []directory.Record
		for _, a := range page {
			p.change++
			a.Change = p.change
			records = append(records, record(p.t, a, p.change))
		}
		if err := p.index.Apply(context.Background(), records); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := p.reference.Apply(all, noon); err != nil {
		p.t.Fatal(err)
	}
}

// compare asks both n questions.
func (p *pair) compare(state string, r *inventor, n int) {
	p.t.Helper()
	ctx := context.Background()
	found, failures := 0, 0
	for range n {
		values := Question(r)
		q, err := search.ParseQuery(values, Words(p.t))
		if err != nil {
			continue // from after to
		}
		want, facets, err1 := p.reference.Answer(ctx, p.index, q, noon)
		a, err2 := p.index.Search(ctx, q)
		if err1 != nil || err2 != nil {
			if (err1 == nil) != (err2 == nil) {
				p.t.Errorf("%s, %s: the reference says %v, the index %v", state, values.Encode(), err1, err2)
			}
			continue
		}
		got, err := p.index.Matches(ctx, q)
		if err != nil {
			p.t.Fatal(err)
		}
		found += len(want)
		if a.Total != len(want) || !slices.Equal(got, want) {
			failures++
			p.t.Errorf("%s, %s: found %d (total %d), the reference %d: %s", state, values.Encode(), len(got), a.Total, len(want), difference(got, want))
		}
		if len(q.Facets) > 0 && !reflect.DeepEqual(a.Facets, facets) {
			failures++
			p.t.Errorf("%s, %s: facets are\n%s\nof the reference\n%s", state, values.Encode(), sayFacets(a.Facets), sayFacets(facets))
		}
		if more, wide := unstatedToo(q); wide {
			all, _, err := p.reference.Answer(ctx, p.index, more, noon)
			count := 0
			if a.Unstated != nil {
				count = a.Unstated.Count
			}
			if err != nil || count != len(all)-len(want) {
				failures++
				p.t.Errorf("%s, %s: %d do not say, of the reference %d: %v", state, values.Encode(), count, len(all)-len(want), err)
			}
		}
		if failures > 5 {
			p.t.Fatal("and so on")
		}
	}
	if found < n {
		p.t.Errorf("%s: %d questions found only %d listings", state, n, found)
	}
}

// unstatedToo is q with what does not say, of all that may be asked about, and
// whether that asks for more.
func unstatedToo(q search.Query) (more search.Query, wide bool) {
	q.Facets = nil
	if len(q.Access) > 0 && !q.AccessUnknown {
		q.AccessUnknown, wide = true, true
	}
	for _, c := range search.Choices {
		asked := slices.Clone(*c.Of(&q))
		for i := range asked {
			if c.Asked && !slices.Contains(asked[i], search.NotStated) {
				asked[i], wide = append(slices.Clone(asked[i]), search.NotStated), true
			}
		}
		*c.Of(&q) = asked
	}
	return q, wide
}

func sayFacets(f *search.Facets) string {
	if f == nil {
		return "none"
	}
	return fmt.Sprintf("%+v", *f)
}

// difference is what is in one list only.
func difference(got, want []string) string {
	var out []string
	for _, id := range got {
		if !slices.Contains(want, id) {
			out = append(out, "+"+id[24:])
		}
	}
	for _, id := range want {
		if !slices.Contains(got, id) {
			out = append(out, "-"+id[24:])
		}
	}
	return strings.Join(out[:min(len(out), 8)], " ")
}

// The index finds what the reference finds, and counts the same, whatever is
// asked: of a fresh index, with updates, after they were put in order, and
// opened again.
func TestIndexIsLikeTheReference(t *testing.T) {
	for _, d := range directories {
		t.Run(strings.ReplaceAll(d.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			r := newInventor(t, d.seed)
			all := directoryOf(r, d.listings, d.alter)
			p.apply(all)
			n := questionCount()
			p.compare("all in the tail", r, n/4)
			// Opening makes a base of everything.
			if err := p.index.Close(); err != nil {
				t.Fatal(err)
			}
			p.index = openIndex(t, p.world)
			p.compare("all in the base", r, n/4)
			changed := directoryOf(newInventor(t, d.seed+100), d.listings, d.alter)
			var some []directory.Activity
			for i := range changed {
				switch {
				case i%10 == 3:
					some = append(some, changed[i])
				case i%50 == 7:
					changed[i].Status = directory.StatusWithdrawn
					some = append(some, changed[i])
				}
			}
			p.apply(some)
			p.compare("a tenth updated", r, n/4)
			if err := p.index.Refresh(context.Background()); err != nil {
				t.Fatal(err)
			}
			again := directoryOf(newInventor(t, d.seed+200), d.listings, d.alter)
			for range 5 { // so much that a new base is made meanwhile
				p.apply(again)
			}
			p.index.Compacted()
			p.compare("put in order", r, n-3*(n/4))
		})
	}
}

// While listings are written, each search sees one state of all: of every
// question the counts add up, and what it finds fits.
func TestSearchesFitWhileListingsAreWritten(t *testing.T) {
	w := invented(t, 400)
	ctx, cancel := context.WithCancel(context.Background())
	var readers sync.WaitGroup
	for reader := range 2 {
		readers.Go(func() {
			r := newInventor(t, uint64(reader)+50)
			for ctx.Err() == nil {
				values := Question(r)
				values.Set("limit", "100")
				values.Set("facets", "all")
				values.Del("delivery")
				q, err := search.ParseQuery(values, Words(t))
				if err != nil {
					continue
				}
				a, err := w.index.Search(context.Background(), q)
				if err != nil {
					continue // a place too far ahead; the quiet test compares these
				}
				checkFits(t, values, a)
			}
		})
	}
	r := newInventor(t, 77)
	change := int64(400)
	for range 60 {
		var records []directory.Record
		for range 100 {
			change++
			records = append(records, record(t, r.activity(r.IntN(400), noon), change))
		}
		if err := w.index.Apply(ctx, records); err != nil {
			t.Fatal(err)
		}
	}
	w.index.Compacted()
	cancel()
	readers.Wait()
	if w.index.Len() != 400 || w.index.Cursor() != change {
		t.Errorf("%d listings at %d", w.index.Len(), w.index.Cursor())
	}
}

// checkFits checks what one answer says of itself.
func checkFits(t *testing.T, values url.Values, a search.Answer) {
	if want := min(a.Total, 100); len(a.Items) != want {
		t.Errorf("%s: %d items of %d", values.Encode(), len(a.Items), a.Total)
	}
	seen := map[string]bool{}
	most, _ := strconv.ParseFloat(values.Get("cost"), 64)
	for _, it := range a.Items {
		if seen[it.ID] {
			t.Errorf("%s: %s is there twice", values.Encode(), it.ID)
		}
		seen[it.ID] = true
		if values.Get("cost") != "" && (it.Cost == nil || it.Cost.Kind == "fixed" && it.Cost.Pounds > most) {
			t.Errorf("%s: %s costs %+v", values.Encode(), it.ID, it.Cost)
		}
	}
	delivered := 0
	for _, c := range a.Facets.Delivery {
		delivered += c.Count
	}
	if delivered < a.Total || math.MaxInt32 < delivered {
		t.Errorf("%s: %d ways to take part in %d", values.Encode(), delivered, a.Total)
	}
}
