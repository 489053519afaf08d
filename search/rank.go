package search

import (
	"math"
	"math/bits"
	"slices"
	"time"

	"gather/directory"
)

// The tiers of best and distance, see Score.
const (
	tierNear     = 0
	tierRemote   = 1
	tierUnstated = 2 // added
)

// pickBest orders by score: all by a first look, the best of them by a careful
// one, which comes before the rest of the same tier.
func (s *searching) pickBest(p *picker) {
	s.scoreWords()
	first := &picker{view: s.view, size: lookedAt}
	for i := range s.hits {
		h := &s.hits[i]
		c, row := s.row(h.slot)
		score := s.score(c, row, h.words)
		first.offer(ranked{slot: h.slot, key: sortKey{Tier: score.Tier, Number: -score.Total}})
	}
	var after *sortKey
	if p.after != nil {
		after = p.after
	}
	for _, r := range s.carefully(first.best) {
		if after == nil || r.key.compare(*after) > 0 {
			p.best = append(p.best, r)
		}
	}
	if len(p.best) >= p.size || len(s.hits) <= len(first.best) {
		p.best = p.best[:min(len(p.best), p.size)]
		return
	}
	done := map[int32]bool{}
	for _, r := range first.best {
		done[r.slot] = true
	}
	rest := &picker{view: s.view, size: p.size - len(p.best), after: after}
	for i := range s.hits {
		h := &s.hits[i]
		if !done[h.slot] {
			c, row := s.row(h.slot)
			score := s.score(c, row, h.words)
			rest.offer(ranked{slot: h.slot, key: sortKey{Tier: score.Tier, Number: -score.Total}})
		}
	}
	p.best = append(p.best, rest.best...)
}

// scoreWords reckons how well each hit fits the words.
func (s *searching) scoreWords() {
	if s.sets == nil {
		return
	}
	for i := range s.hits {
		h := &s.hits[i]
		h.words = s.matcher.rough(h.slot)
		s.bestWords = max(s.bestWords, h.words)
	}
}

func (s *searching) roughWords(slot int32) float32 {
	if s.sets == nil {
		return 0
	}
	return s.matcher.rough(slot)
}

// score is how well a listing answers the question, of whose words it is told
// how well it fits them.
func (s *searching) score(c *columns, i int, words float32) Score {
	var r Score
	if s.bestWords > 0 {
		r.Words = float64(words / s.bestWords)
	}
	r.Near, r.Tier = s.nearness(c, i)
	r.Tier += s.unstatedTier(c, i)
	r.Trust = s.trustOf(c, i)
	if s.madeFor(c, i) {
		r.MadeFor = 1
	}
	told := bits.OnesCount64(c.firstYes[i]) + int(c.flags[i]>>toldShift&7)
	r.First = min(1, float64(told)/enoughFirstFacts)
	if o, ok := nextOf(c.sessionsOf(i), s.wall); ok {
		days := max(0, float64(o.start()-s.wall)) / dayMinutes
		r.Soon = math.Exp2(-days / halfSoon)
	}
	r.Total = weightWords*r.Words + weightNear*r.Near + weightTrust*r.Trust + weightMadeFor*r.MadeFor + weightFirst*r.First + weightSoon*r.Soon
	return r
}

// trustOf is the trust of a row by whole days since it was checked.
func (s *searching) trustOf(c *columns, i int) float64 {
	how := c.how[i]
	days := min(max(0, int((s.now.UnixMilli()-c.checked[i])/(24*time.Hour).Milliseconds())), mostTrustDays-1)
	if s.trusts == nil {
		s.trusts = map[uint8][]float32{}
	}
	known := s.trusts[how]
	if known == nil {
		known = make([]float32, mostTrustDays)
		s.trusts[how] = known
	}
	if known[days] == 0 {
		a := directory.Activity{Checked: directory.Checked{At: s.now.AddDate(0, 0, -days), How: s.tables.how[how]}}
		known[days] = float32(a.Trust(s.now).Score)
	}
	return float64(known[days])
}

// nearness is 1 here and falls with the distance; what has no venue within
// reach is in a tier of its own, below what is near.
func (s *searching) nearness(c *columns, i int) (near float64, tier int) {
	if s.place == nil {
		return 0, tierNear
	}
	half := s.query.Miles() * halfNear
	if s.query.Box != nil {
		half = boxHalfMiles
	} else if c.flags[i]&flagVenue == 0 || !s.matcher.filter.circle.holds(c.lat[i], c.lon[i]) {
		return 0, tierRemote
	}
	return math.Exp2(-s.place.Miles(c.position(i)) / half), tierNear
}

// unstatedTier is tierUnstated where access that was asked for is not stated.
func (s *searching) unstatedTier(c *columns, i int) int {
	if s.query.AccessUnknown && !anyOfEach(s.matcher.filter.access, c.accessYes[i]) {
		return tierUnstated
	}
	return 0
}

// madeFor reports whether a listing was made for an audience asked for.
func (s *searching) madeFor(c *columns, i int) bool {
	for _, any := range s.matcher.filter.audience {
		if any&c.madeFor[i] != 0 {
			return true
		}
	}
	return false
}

func inClocks(clocks []clockRange, clock int) bool {
	return slices.ContainsFunc(clocks, func(r clockRange) bool { return clock >= r.from && clock < r.until })
}
