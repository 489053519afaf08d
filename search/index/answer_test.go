package index_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"gather/directory"
	"gather/search"
	"gather/search/index"
)

// record is a published activity as the change log has it.
func record(t testing.TB, a directory.Activity, change int64) directory.Record {
	t.Helper()
	doc, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return directory.Record{Kind: directory.KindActivity, ID: a.ID, Rev: 1, Change: change, At: a.Updated, Action: "publish", Gone: a.Status == directory.StatusWithdrawn, Doc: doc}
}

// invented is a world with n invented listings.
func invented(t testing.TB, n int) *world {
	t.Helper()
	w := &world{t: t, now: noon, in: t.TempDir()}
	w.index = openIndex(t, w)
	r := newInventor(t, 1)
	const page = 1000
	for from := 0; from < n; from += page {
		var records []directory.Record
		for i := from; i < min(n, from+page); i++ {
			records = append(records, record(t, r.activity(i, noon), int64(i+1)))
		}
		if err := w.index.Apply(context.Background(), records); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := w.index.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func openIndex(t testing.TB, w *world) *index.Index {
	t.Helper()
	x, err := index.Open(w.in, index.Options{Words: Words(t), Places: places(t), Now: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// questions are asked of invented listings.
var questions = []string{
	"", "near=M33+7DB&within=5", "near=CF10&within=8&access=step-free", "q=tea", "q=friendly+group&near=LS1+4AP&within=6",
	"interest=crafts", "access=step-free&access_unknown=include", "day=tue&time=morning", "day=mon,wed&time=evening&from=2026-12-01&to=2026-12-31",
	"day=mon&time=afternoon,evening", "for=carers&age=30", "cost=5&delivery=venue", "cost=free&near=EH6", "language=cy,en", "near=M33&delivery=online,venue",
	"first_visit=met-on-arrival&places=now", "bbox=-2.6,53.2,-1.2,54", "near=M33+7DB&within=5&delivery=home", "group_max=10&commitment=drop-in&checked=6",
}

// Pages hold all that is found, each once, in the tail and in the base: also
// where far more is found than the best that are looked at with care.
func TestPagesCoverTheSetOnce(t *testing.T) {
	w := invented(t, 700)
	t.Run("tail", func(t *testing.T) { pagesCoverTheSetOnce(t, w) })
	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	w.index = openIndex(t, w)
	t.Run("base", func(t *testing.T) { pagesCoverTheSetOnce(t, w) })
}

func pagesCoverTheSetOnce(t *testing.T, w *world) {
	t.Helper()
	most := 0
	defer func() {
		if most < 600 {
			t.Errorf("nothing finds more than %d", most)
		}
	}()
	for _, question := range questions {
		for _, sort := range []string{"best", "distance", "soonest", "updated", "title"} {
			q := w.query(question)
			if q.Sort = search.Sort(sort); sort == "distance" && q.Near == "" {
				continue
			}
			q.Limit = 31
			seen := map[string]bool{}
			pages := 0
			for {
				a, err := w.index.Search(context.Background(), q)
				if err != nil {
					t.Fatal(err)
				}
				most = max(most, a.Total)
				for _, it := range a.Items {
					if seen[it.ID] {
						t.Errorf("%s by %s: %s is there twice", question, sort, it.Title)
					}
					seen[it.ID] = true
				}
				if pages++; a.Next == "" {
					if len(seen) != a.Total {
						t.Errorf("%s by %s: %d pages hold %d of %d", question, sort, pages, len(seen), a.Total)
					}
					break
				}
				if len(a.Items) != q.Limit || pages > 100 {
					t.Fatalf("%s by %s: a page of %d is not the last", question, sort, len(a.Items))
				}
				q.Cursor = a.Next
			}
		}
	}
}

func TestCursorsBelongToTheirQuestion(t *testing.T) {
	w := invented(t, 60)
	next := w.search("sort=title&limit=10").Next
	for _, c := range []struct{ query, fields string }{
		{"sort=title&limit=5&facets=day&cursor=" + next, ""}, // shown otherwise, the same question
		{"sort=updated&cursor=" + next, "cursor"},
		{"sort=title&q=tea&cursor=" + next, "cursor"},
		{"sort=title&cursor=nonsense", "cursor"},
		{"sort=title&cursor=e30", "cursor"}, // {}
	} {
		_, err := w.index.Search(context.Background(), w.query(c.query))
		if err == nil && c.fields == "" {
			continue
		}
		if got := faults(err); got != c.fields {
			t.Errorf("%s: %v", c.query, err)
		}
	}
	w.at(noon.AddDate(0, 0, 2))
	if _, err := w.index.Search(context.Background(), w.query("sort=title&cursor="+next)); faults(err) != "cursor" {
		t.Errorf("two days later: %v", err)
	}
}

// counts are all counts of an answer's facets by parameter.
func counts(f *search.Facets) map[string][]search.FacetCount {
	return map[string][]search.FacetCount{
		"interest": f.Interest, "access": f.Access, "first_visit": f.FirstVisit, "day": f.Day, "time": f.Time,
		"cost": f.Cost, "for": f.For, "delivery": f.Delivery, "language": f.Language,
	}
}

// A facet says what would be found with a value instead of those chosen: so
// asking for it must find that many.
func TestFacetsCountWhatIsFound(t *testing.T) {
	w := invented(t, 150)
	for _, question := range questions {
		a := w.search(question + "&facets=all")
		for parameter, list := range counts(a.Facets) {
			if len(list) == 0 && a.Total > 20 {
				t.Errorf("%s: nothing is counted by %s", question, parameter)
			}
			for _, c := range list[:min(len(list), 9)] {
				values := w.query(question).Values()
				values[parameter] = []string{c.ID}
				if parameter == "access" { // the facet counts what says yes
					values.Del("access_unknown")
				}
				q, err := search.ParseQuery(values, Words(t))
				if err != nil {
					t.Fatal(err)
				}
				found, err := w.index.Search(context.Background(), q)
				if err != nil {
					t.Fatal(err)
				}
				if found.Total != c.Count || c.Label == "" {
					t.Errorf("%s counts %d for %s=%s (%q), and that finds %d", question, c.Count, parameter, c.ID, c.Label, found.Total)
				}
			}
		}
	}
	all := w.search("facets=district")
	sum := 0
	for _, c := range all.Facets.District {
		sum += c.Count
	}
	if venues := w.search("delivery=venue").Total; sum != venues || all.Facets.Day != nil {
		t.Errorf("the districts hold %d, and there are %d venues; day is %v", sum, venues, all.Facets.Day)
	}
}

// What a question finds is what each listing says by itself.
func TestMatchesAreWhatListingsSay(t *testing.T) {
	const n = 400
	w := invented(t, n)
	r := newInventor(t, 1)
	var all []directory.Activity
	for i := range n {
		all = append(all, r.activity(i, noon))
	}
	here := places(t)
	unit, err := here.Postcode("M33 7DB")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		query string
		holds func(directory.Activity) bool
	}{
		{"near=M33+7DB&within=4", func(a directory.Activity) bool {
			return reachable(a, unit, 4)
		}},
		{"near=M33+7DB&within=40", func(a directory.Activity) bool { return reachable(a, unit, 40) }},
		{"bbox=-2.6,53.2,-1.2,54", func(a directory.Activity) bool {
			return a.Located != nil && search.Box{West: -2.6, South: 53.2, East: -1.2, North: 54}.Contains(a.Located.Position)
		}},
		{"day=tue&time=morning", func(a directory.Activity) bool {
			return slices.ContainsFunc(a.Sessions(noon, noon.AddDate(0, 0, 7*13+1).Truncate(24*1e9*3600), 0), func(s directory.Session) bool {
				start := s.Start.In(directory.London())
				return start.Weekday() == 2 && start.Hour() >= 5 && start.Hour() < 12
			})
		}},
		{"age=30", func(a directory.Activity) bool { return a.Audience.Admits(30) }},
		{"cost=5", func(a directory.Activity) bool {
			return a.Cost != nil && (a.Cost.Kind != "fixed" || a.Cost.Pounds <= 5)
		}},
		{"access=step-free&access_unknown=include", func(a directory.Activity) bool { return a.Access["step-free"].Answer != directory.No }},
		{"for=men", func(a directory.Activity) bool {
			return a.Audience.Open() || slices.Contains(a.Audience.MadeFor, "men")
		}},
	} {
		want := 0
		for _, a := range all {
			if c.holds(a) {
				want++
			}
		}
		if got := w.search(c.query).Total; got != want || want == 0 || want == n {
			t.Errorf("%s finds %d, want %d of %d", c.query, got, want, n)
		}
	}
}

// reachable is design rule "reach", written down once more.
func reachable(a directory.Activity, from directory.Location, miles float64) bool {
	near := a.Has("venue") && a.Located.Miles(from.Position) <= miles
	if !near && !a.Has("online") && !a.Has("phone") && !a.Has("home") {
		return false
	}
	switch k := a.Catchment; {
	case k == nil || k.Nationwide:
		return true
	case k.RadiusMiles > 0:
		return a.Located.Miles(from.Position) <= k.RadiusMiles
	default:
		return slices.Contains(k.Outcodes, from.Outcode) || slices.Contains(k.Districts, from.District)
	}
}

func TestSuggest(t *testing.T) {
	w := newWorld(t, town()...)
	for _, c := range []struct{ text, near, lang, want string }{
		{"chair y", "", "", "interest: Chair yoga"},
		{"badm", "", "", "interest: Badminton"},
		{"KNIT", "", "", "interest: Knitting"},
		{"natter", "", "", "activity: C Knit and natter"},
		{"northg", "", "", "group: Northgate Friends"},
		{"altrin", "", "", "place: Altrincham, Trafford, Greater Manchester"},
		{"gwau", "", "cy", "interest: Gwau"},
		{"", "", "", ""},
		{"zzzzqq", "", "", ""},
		{"sale", "53.4,-2.3", "", "place: Sale"},
		{"badm", "nowhere at all", "", "interest: Badminton"},
	} {
		got, err := w.index.Suggest(context.Background(), c.text, c.near, c.lang, 0)
		if err != nil {
			t.Fatal(err)
		}
		all := []string{}
		for _, s := range got {
			all = append(all, s.Kind+": "+s.Text)
			values, err := url.ParseQuery(s.Query)
			if err != nil {
				t.Fatal(err)
			}
			q, err := search.ParseQuery(values, Words(t))
			if err != nil {
				t.Errorf("%q suggests %s: %v", c.text, s.Query, err)
			} else if _, err := w.index.Search(context.Background(), q); err != nil {
				t.Errorf("%q suggests %s: %v", c.text, s.Query, err)
			}
		}
		if found := slices.ContainsFunc(all, func(s string) bool { return c.want != "" && len(s) >= len(c.want) && s[:len(c.want)] == c.want }); found != (c.want != "") {
			t.Errorf("%q suggests %q, want %q", c.text, all, c.want)
		}
	}
	for _, limit := range []int{1, 3, 20, 500} {
		got, err := w.index.Suggest(context.Background(), "s", "", "", limit)
		if err != nil || len(got) == 0 || len(got) > min(limit, search.MaxSuggestions) {
			t.Errorf("with a limit of %d there are %d, %v", limit, len(got), err)
		}
		seen := map[string]bool{}
		for _, s := range got {
			if name := fmt.Sprint(s.Kind, s.Text); seen[name] {
				t.Errorf("%s is suggested twice", name)
			} else {
				seen[name] = true
			}
		}
	}
}
