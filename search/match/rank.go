package match

import (
	"gather/search"
	"gather/search/calendar"
	"gather/search/segment"
	"math"
	"math/bits"
	"slices"
)

// The tiers of best and distance, see Score.
const (
	tierNear     = 0
	tierRemote   = 1
	tierUnstated = 2 // added
)

// pickBest orders by score: all by the first pass, the best of them by the rerank,
// which puts them before the rest of the same tier. Pages behind those that a
// cursor remembers have the first pass only, with scores that no write moves.
func (s *Search) pickBest(p *picker) {
	var chosen []Ranked
	if s.pastShown() {
		s.Matcher.best = roughTitle * float32(max(1, len(s.Phrasing().Words)))
	} else {
		chosen = s.bestByFirstPass()
		s.rerank(chosen)
	}
	for _, r := range chosen {
		p.offer(r)
	}
	if len(chosen) == len(s.Matcher.hits) || len(p.best) >= p.size {
		return
	}
	slices.SortFunc(chosen, func(a, b Ranked) int { return int(a.Doc - b.Doc) })
	for i := range s.Matcher.hits {
		h := &s.Matcher.hits[i]
		for len(chosen) > 0 && chosen[0].Doc < h.doc {
			chosen = chosen[1:]
		}
		if len(chosen) == 0 || chosen[0].Doc != h.doc {
			c, row := s.View.Row(h.doc)
			score, tier := s.firstPass(c, row, h.words)
			p.offer(Ranked{h.doc, tier, -float64(score)})
		}
	}
}

// bestByFirstPass are the best rerankDepth matches by the first pass, unsorted.
func (s *Search) bestByFirstPass() []Ranked {
	chosen := s.memory.chosen[:0]
	if len(s.Matcher.hits) <= rerankDepth {
		for i := range s.Matcher.hits {
			chosen = append(chosen, Ranked{Doc: s.Matcher.hits[i].doc})
		}
		s.memory.chosen = chosen
		return chosen
	}
	p := &picker{view: s.View}
	worst := func(i int) { // sifts down: the worst is on top
		for {
			at := i
			for child := 2*i + 1; child <= 2*i+2 && child < len(chosen); child++ {
				if p.compare(chosen[child], chosen[at]) > 0 {
					at = child
				}
			}
			if at == i {
				return
			}
			chosen[i], chosen[at] = chosen[at], chosen[i]
			i = at
		}
	}
	for i := range s.Matcher.hits {
		h := &s.Matcher.hits[i]
		c, row := s.View.Row(h.doc)
		score, tier := s.firstPass(c, row, h.words)
		r := Ranked{h.doc, tier, -float64(score)}
		switch {
		case len(chosen) < rerankDepth:
			if chosen = append(chosen, r); len(chosen) == rerankDepth {
				for i := rerankDepth/2 - 1; i >= 0; i-- {
					worst(i)
				}
			}
		case p.compare(r, chosen[0]) < 0:
			chosen[0] = r
			worst(0)
		}
	}
	s.memory.chosen = chosen
	return chosen
}

// wordsOf is the score of a hit's words in the first pass.
func (s *Search) wordsOf(doc int32) float32 {
	at, ok := slices.BinarySearchFunc(s.Matcher.hits, doc, func(h hit, doc int32) int { return int(h.doc - doc) })
	if !ok {
		return 0
	}
	return s.Matcher.hits[at].words
}

// firstPass scores a row from its columns and the score of its words, in some
// nanoseconds.
func (s *Search) firstPass(c *segment.Columns, i int, words float32) (score float32, tier int32) {
	if s.Matcher.best > 0 {
		score = weightWords * words / s.Matcher.best
	}
	near, tier := s.nearness(c, i)
	score += weightNear*near + weightTrust*s.trustOf(c, i) + weightFirst*firstVisitStated(c, i)
	if s.madeFor(c, i) {
		score += weightMadeFor
	}
	return score, tier + int32(s.unstatedTier(c, i))
}

// score is the full score of a row, given that of its words.
func (s *Search) score(c *segment.Columns, i int, words float32) search.Score {
	var r search.Score
	if s.Matcher.best > 0 {
		r.Words = float64(words / s.Matcher.best)
	}
	near, tier := s.nearness(c, i)
	r.Near, r.Tier = float64(near), int(tier)+s.unstatedTier(c, i)
	r.Trust, r.First = float64(s.trustOf(c, i)), float64(firstVisitStated(c, i))
	if s.madeFor(c, i) {
		r.MadeFor = 1
	}
	if o, ok := calendar.NextOf(c.SessionsOf(i), s.Wall); ok {
		r.Soon = soonness(o.Start() - s.Wall)
	}
	r.Total = weightWords*r.Words + weightNear*r.Near + weightTrust*r.Trust + weightMadeFor*r.MadeFor + weightFirst*r.First + weightSoon*r.Soon
	return r
}

// firstVisitStated is the share of enoughFirstFacts that a row states, at most 1.
func firstVisitStated(c *segment.Columns, i int) float32 {
	told := bits.OnesCount64(c.FirstYes[i]) + int(c.Flags[i]>>segment.StatedShift&7)
	return min(1, float32(told)/enoughFirstFacts)
}

// soonSteps is the resolution of soonTable, in steps a day.
const soonSteps = 8

// soonTable is the soonness by steps from now.
var soonTable = func() (t [2 * search.MaxRangeDays * soonSteps]float64) {
	for i := range t {
		t[i] = math.Exp2(-float64(i) / soonSteps / halfSoon)
	}
	return t
}()

// soonness is 1 now and halves every halfSoon days.
func soonness(minutes int32) float64 {
	step := int(max(0, minutes)) * soonSteps / calendar.DayMinutes
	return soonTable[min(step, len(soonTable)-1)]
}

// trustOf is the trust of a row now, from 0 to 1.
func (s *Search) trustOf(c *segment.Columns, i int) float32 { return min(1, c.Trusted[i]*s.trustNow) }

// nearSteps is the resolution of nearTable, in steps of the radius.
const nearSteps = 512

// nearTable is the nearness by share of the radius. The share counts, not the
// miles: half of a walk is as far as half of a drive.
var nearTable = func() (t [nearSteps + 2]float32) {
	for i := range t {
		t[i] = float32(math.Exp2(-float64(i) / nearSteps / halfNear))
	}
	return t
}()

// nearnessIn is the nearness of a position in a circle.
func nearnessIn(c *circle, lat, lon int32) float32 {
	share := math.Sqrt(c.flat(lat, lon) / c.limit)
	return nearTable[min(int(share*nearSteps), nearSteps+1)]
}

// nearness is 1 here and falls with the distance; what has no venue within
// reach is in a tier of its own, below what is near. What takes place somewhere
// in the area is there too, and nearer than what is reached from anywhere.
func (s *Search) nearness(c *segment.Columns, i int) (near float32, tier int32) {
	switch {
	case s.Place == nil:
		return 0, tierNear
	case s.Query.Box != nil:
		return float32(math.Exp2(-s.Place.Miles(c.Position(i)) / boxHalfMiles)), tierNear
	case c.Flags[i]&segment.FlagArea != 0 && s.InArea(c, i):
		return nearArea, tierRemote
	case c.Flags[i]&segment.FlagVenue == 0 || !s.Matcher.filter.circle.holds(c.Lat[i], c.Lon[i]):
		return 0, tierRemote
	}
	return nearnessIn(s.Matcher.filter.circle, c.Lat[i], c.Lon[i]), tierNear
}

// InArea reports whether row i, of which only the area is known, takes place
// somewhere in an area that the place asked from lies in.
func (s *Search) InArea(c *segment.Columns, i int) bool {
	return s.Matcher.filter.areas != nil && s.Matcher.filter.areas[c.Area[i]]
}

// unstatedTier is tierUnstated where something that was asked for is not stated,
// and what does not say was asked for too.
func (s *Search) unstatedTier(c *segment.Columns, i int) int {
	if s.Query.AccessUnknown && !anyOfEach(s.Matcher.filter.access, c.AccessYes[i]) {
		return tierUnstated
	}
	for k := range s.Matcher.filter.choices {
		if t := &s.Matcher.filter.choices[k]; t.bits.Unstated&c.Choices[i] != 0 {
			return tierUnstated // only what asks for it finds it
		}
	}
	return 0
}

// madeFor reports whether a listing was made for an audience asked for.
func (s *Search) madeFor(c *segment.Columns, i int) bool {
	for _, alternatives := range s.Matcher.filter.audience {
		if alternatives&c.MadeFor[i] != 0 {
			return true
		}
	}
	return false
}
