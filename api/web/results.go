package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
)

// result is a listing on a page of results. Its texts are plain text.
type result struct {
	Link, Title, Summary, Group, GroupLink string
	// When is the next session, with what is to be known of it in Status.
	When, Status    string
	Where, Distance string
	Cost            string
	Yes, No         []string
	First           []string
	Ask, Why        []string
	Checked         string
	// Old is true where the listing was last confirmed so long ago that one should
	// phone first.
	Old bool
}

// phoneFirst is the number of months after which a listing is to be taken with
// doubt: the age at which trust in it is a quarter of what it was.
const phoneFirst = 12

// mostFacts is how many facts of a kind a result shows; the page has all.
const mostFacts = 4

func (p *Pages) result(l Language, x *search.Item, now time.Time) result {
	r := result{
		Link: "/activities/" + x.ID, Title: x.Title, Summary: x.Summary, Group: x.GroupName, GroupLink: "/groups/" + x.Group,
		When: l.say("item.none"), Where: p.where(l, x), Distance: distance(l, x), Cost: p.cost(l, x.Cost),
		Yes: p.facts(l, vocabulary.Access, x.Access.Yes), No: p.labels(l, vocabulary.Access, x.Access.No),
		First: p.facts(l, vocabulary.FirstVisit, x.FirstVisit.Yes), Ask: x.Ask, Why: x.Why,
		Old: x.Trust.CheckedMonths >= phoneFirst,
	}
	if s := x.NextSession; s != nil {
		r.When, r.Status = when(l, s, now), status(l, s)
	}
	switch n := x.Trust.CheckedMonths; {
	case n == 0:
		r.Checked = l.say("checked.now")
	case r.Old:
		r.Checked = l.say("checked.old", n)
	default:
		r.Checked = l.count("checked", n)
	}
	r.Checked += ", " + p.checkedHow(l, x.Trust.How)
	return r
}

// facts are short phrases for the facts that are asked about first, then for the
// others, at most mostFacts.
func (p *Pages) facts(l Language, list string, ids []string) []string {
	first := func(id string) int {
		t, _ := p.Words.Term(list, id)
		return cmp.Or(t.AskFirst, 1000)
	}
	ids = slices.Clone(ids)
	slices.SortStableFunc(ids, func(a, b string) int { return first(a) - first(b) })
	ids = ids[:min(len(ids), mostFacts)]
	for i, id := range ids {
		t, _ := p.Words.Term(list, id)
		ids[i] = cmp.Or(l.pick(t.Why, t.WhyCy), t.Label, id)
	}
	return ids
}

// when returns a session in words: Tuesday 2 December, 10:30 am to 12 noon.
func when(l Language, s *directory.Session, now time.Time) string {
	start := s.Start.In(directory.London())
	words := l.date(start, now.In(directory.London())) + ", " + l.clock(start)
	if s.End != nil {
		end := s.End.In(directory.London())
		to := map[Language]string{English: " to ", Welsh: " tan "}[l]
		words += to + l.clock(end)
	}
	return words
}

func status(l Language, s *directory.Session) string {
	switch s.Status {
	case directory.SessionFull:
		return l.say("item.full")
	case directory.SessionMoved:
		return l.say("item.moved")
	}
	return ""
}

func (p *Pages) where(l Language, x *search.Item) string {
	var parts []string
	if v := x.Venue; v != nil {
		for _, s := range []string{v.Name, v.Town} {
			if s != "" && !slices.Contains(parts, s) {
				parts = append(parts, s)
			}
		}
		if v.Area != "" {
			area := directory.VenueArea{Name: v.Area}
			english, welsh := area.Somewhere()
			if l == Welsh {
				english = welsh
			}
			parts = append(parts, english)
		}
		parts = []string{strings.Join(parts, ", ")}
	}
	for _, d := range x.Delivery {
		if d != "venue" {
			parts = append(parts, l.say("delivery."+d))
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

func distance(l Language, x *search.Item) string {
	if x.DistanceMiles == nil {
		return ""
	}
	miles := strconv.FormatFloat(*x.DistanceMiles, 'f', -1, 64)
	key := "distance"
	if x.DistanceAbout {
		key = "distance.about"
	}
	switch miles {
	case "0":
		return l.say("distance.here")
	case "1":
		return l.say(key + ".one")
	}
	return l.say(key+".n", miles)
}

func (p *Pages) cost(l Language, c *search.CostBrief) string {
	if c == nil {
		return l.say("item.unstated")
	}
	var words string
	switch {
	case c.Kind == "free":
		return l.say("cost.free")
	case c.Kind == "donation" && c.Pounds == 0:
		words = l.say("cost.donation")
	case c.Kind == "donation":
		words = l.say("cost.donation.of", pounds(c.Pounds))
	case c.Pounds == 0 && c.PoundsTo == 0:
		words = l.say("cost.fixed")
	case c.PoundsTo > c.Pounds:
		words = l.say("cost.range", pounds(c.Pounds), pounds(c.PoundsTo))
	default:
		words = l.say("cost.one", pounds(c.Pounds))
	}
	if c.Per != "" && c.Kind == "fixed" {
		words += " " + strings.Join(p.labels(l, vocabulary.CostPer, []string{c.Per}), "")
	}
	if c.ConcessionPounds != nil {
		words += ", " + l.say("cost.concession", pounds(*c.ConcessionPounds))
	}
	return words
}
