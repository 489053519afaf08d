package search

import (
	"math"
	"slices"
)

// The weights of the parts of a score; they add up to 1. What was asked in
// words counts most: somebody who asks for badminton wants badminton, even a
// mile further. Then comes the way there, which decides whether people go
// again. The rest parts what is otherwise alike. All are hypotheses, to be
// tested on judged queries.
const (
	weightWords   = 0.55
	weightNear    = 0.22
	weightTrust   = 0.08
	weightMadeFor = 0.07
	weightFirst   = 0.05
	weightSoon    = 0.03
)

const (
	// halfNear is the share of the distance searched over which nearness
	// halves: a 1-mile search is about walking, a 20-mile search about driving.
	halfNear = 0.33
	// boxHalfMiles is the same, in miles, where a box is searched.
	boxHalfMiles = 2
	// halfSoon is over how many days "soon" halves: what is on next week is
	// nearly as good as what is on tomorrow.
	halfSoon = 14
	// enoughFirstFacts is how many facts make a first visit well described.
	enoughFirstFacts = 8
)

// The tiers of best and distance, see Score.
const (
	tierNear     = 0
	tierRemote   = 1
	tierUnstated = 2 // added
)

// ranked is one match and where it stands.
type ranked struct {
	doc int
	key sortKey
}

// page are the matches of this page in order, and whether there are more.
func (s *searching) page(after *cursor) (best []ranked, more bool) {
	size := s.query.PageSize()
	order := s.order()
	s.found.all.each(func(doc int) {
		r := ranked{doc, order(doc)}
		if after != nil && r.key.compare(after.After) <= 0 {
			return
		}
		// One more than a page tells whether there is another page.
		if len(best) > size && r.key.compare(best[size].key) >= 0 {
			return
		}
		at, _ := slices.BinarySearchFunc(best, r, func(a, b ranked) int { return a.key.compare(b.key) })
		best = slices.Insert(best, at, r)
		if len(best) > size+1 {
			best = best[:size+1]
		}
	})
	if len(best) > size {
		return best[:size], true
	}
	return best, false
}

// order answers the key of a document in the order asked for. What says
// nothing of access that was asked for comes after the rest in every order.
func (s *searching) order() func(doc int) sortKey {
	key := func(doc int, number float64, text string) sortKey {
		return sortKey{Tier: s.unstatedTier(s.slots[doc]), Number: number, Text: text, ID: s.slots[doc].Item.ID}
	}
	switch s.query.order() {
	case SortDistance:
		return func(doc int) sortKey {
			miles, ok := s.miles(s.slots[doc])
			if !ok {
				miles = math.MaxFloat64
			}
			return key(doc, miles, "")
		}
	case SortSoonest:
		return func(doc int) sortKey {
			if o, ok := s.nextFitting(s.slots[doc]); ok {
				return key(doc, float64(o.start()), "")
			}
			return key(doc, math.MaxFloat64, "")
		}
	case SortUpdated:
		return func(doc int) sortKey { return key(doc, -float64(s.slots[doc].Item.Updated.UnixMilli()), "") }
	case SortTitle:
		return func(doc int) sortKey { return key(doc, 0, s.slots[doc].SortTitle) }
	}
	return func(doc int) sortKey {
		score := s.score(doc)
		k := key(doc, -score.Total, "")
		k.Tier = score.Tier
		return k
	}
}

// miles is the exact distance from the place asked for to the venue.
func (s *searching) miles(f *facts) (float64, bool) {
	if s.place == nil || !f.HasVenue {
		return 0, false
	}
	return s.place.Miles(f.At), true
}

// score is how well a document answers the question.
func (s *searching) score(doc int) Score {
	f := s.slots[doc]
	trust := s.trust(f)
	var r Score
	if s.bestWords > 0 {
		r.Words = float64(s.scores[doc] / s.bestWords)
	}
	r.Near, r.Tier = s.nearness(f)
	r.Tier += s.unstatedTier(f)
	r.Trust = trust.Score
	if s.madeFor(f) != "" {
		r.MadeFor = 1
	}
	v := f.Item.FirstVisit
	said := len(v.Yes) + len(v.No)
	for _, stated := range []bool{v.GroupTypical+v.GroupMax > 0, v.Commitment != "", v.Structure != "", v.ContactFirst != ""} {
		if stated {
			said++
		}
	}
	r.First = min(1, float64(said)/enoughFirstFacts)
	if o, ok := next(f.Sessions, s.wall); ok {
		days := max(0, float64(o.start()-s.wall)) / dayMinutes
		r.Soon = math.Exp2(-days / halfSoon)
	}
	r.Total = weightWords*r.Words + weightNear*r.Near + weightTrust*r.Trust + weightMadeFor*r.MadeFor + weightFirst*r.First + weightSoon*r.Soon
	return r
}

// nearness is 1 here and falls with the distance; what has no venue within
// reach is in a tier of its own, below what is near.
func (s *searching) nearness(f *facts) (near float64, tier int) {
	if s.place == nil {
		return 0, tierNear
	}
	miles, ok := s.miles(f)
	half := s.query.Miles() * halfNear
	if s.query.Box != nil {
		half = boxHalfMiles
	} else if !ok || miles > s.query.Miles() {
		return 0, tierRemote
	}
	return math.Exp2(-miles / half), tierNear
}

// unstatedTier is tierUnstated where access that was asked for is not stated.
func (s *searching) unstatedTier(f *facts) int {
	if !s.query.AccessUnknown {
		return 0
	}
	for _, any := range s.query.Access {
		if !slices.ContainsFunc(any, func(id string) bool { return slices.Contains(f.Item.Access.Yes, id) }) {
			return tierUnstated
		}
	}
	return 0
}

// madeFor is the audience asked for that a listing was made for, or empty.
func (s *searching) madeFor(f *facts) string {
	if f.Item.Audience == nil {
		return ""
	}
	for _, id := range s.audiences {
		if slices.Contains(f.Item.Audience.MadeFor, id) {
			return id
		}
	}
	return ""
}

// nextFitting is the first session that the question asks about: on its days,
// at its times, within its dates; else just the next.
func (s *searching) nextFitting(f *facts) (occurrence, bool) {
	if !datesAsked(s.query) {
		return next(f.Sessions, s.wall)
	}
	w, err := sessionWindow(s.query, s.now)
	if err != nil {
		return occurrence{}, false
	}
	days, clocks := s.compiler.weekdays(first(s.query.Day)), s.compiler.clocks(first(s.query.Time))
	for _, o := range f.Sessions {
		if w.holds(o) && days[weekday(o.start())] && inClocks(clocks, o.start()) {
			return o, true
		}
	}
	return occurrence{}, false
}

// first is the first group of choices, or none.
func first(choices []AnyOf) AnyOf {
	if len(choices) == 0 {
		return nil
	}
	return choices[0]
}

func inClocks(clocks []clockRange, start int32) bool {
	clock := clockOf(start)
	return slices.ContainsFunc(clocks, func(r clockRange) bool { return clock >= r.from && clock < r.until })
}
