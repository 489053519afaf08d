package match

import (
	"gather/search"
	"gather/search/language"
	"gather/search/segment"
	"slices"
	"sync"
)

// The rerank reads the stems of the best listings in order, and scores them in
// the manner of BM25F: a word in the title counts for several in
// the body, a word that comes often counts a little more than one that comes
// once, and words that stand together as they were typed count more than the
// same words apart.

// reranker is the memory of one rerank, which the next takes over.
type reranker struct {
	stems      *stemTable
	mentions   []mention
	candidates []scored
	tokens     [][]byte // of the listings, while they are read
	prefetched byte
	siblings   map[uint64]int // by group
	copies     map[copyKey]int

	tally [maxStems]tally
}

// scored is one listing that is reranked.
type scored struct {
	from, until int32 // of mentions
	lengths     [language.PartEnd]uint16
	group       uint64 // 0 where it has too few siblings to share anything
	words       float32
}

// copyKey names a piece of text, or a label, in the listings of one group.
type copyKey struct {
	group  uint64
	around uint32
	stem   uint8
	part   language.Part
}

// tally sums the mentions of one stem in one listing.
type tally struct {
	weight float32 // its mentions, by part
	parts  uint16  // where it stands, as bits
}

var rerankers = sync.Pool{New: func() any { return &reranker{siblings: map[uint64]int{}, copies: map[copyKey]int{}} }}

// StemTable is the table of the stems of the query, made at its first use.
func (s *Search) StemTable() *stemTable {
	if s.stems == nil {
		if s.memory.stems == nil {
			s.memory.stems = &stemTable{}
		}
		s.stems = s.memory.stems
		s.stems.begin(s.Words, s.TermSets)
	}
	return s.stems
}

// rerankWords scores how well docs fit the words, 1 for the best of them.
func (s *Search) rerankWords(docs []Ranked) []float32 {
	out := make([]float32, len(docs))
	if s.Words == nil || s.TermSets == nil || len(s.Words.Words) == 0 {
		return out
	}
	c := rerankers.Get().(*reranker)
	defer rerankers.Put(c)
	c.stems = s.StemTable()
	c.mentions, c.candidates = c.mentions[:0], c.candidates[:0]
	c.prefetch(s.View, docs)
	for n, r := range docs {
		columns, row := s.View.Row(r.Doc)
		l := scored{from: int32(len(c.mentions)), group: columns.Group[row]}
		c.mentions, l.lengths = readTokens(c.stems, c.tokens[n], c.mentions)
		if columns.Flags[row]&segment.FlagNegated != 0 {
			c.mentions = s.withoutNegatedTitle(r.Doc, c.mentions, int(l.from))
		}
		l.until = int32(len(c.mentions))
		c.candidates = append(c.candidates, l)
	}
	clear(c.tokens)
	defer func() { c.stems = nil }()
	c.countCopies()
	best := float32(0)
	for i := range c.candidates {
		c.candidates[i].words = c.score(&c.candidates[i])
		if c.hasAvoided(&c.candidates[i]) {
			c.candidates[i].words *= avoidedWeight
		}
		best = max(best, c.candidates[i].words)
	}
	for i := range out {
		if best > 0 {
			out[i] = c.candidates[i].words / best
		}
	}
	return out
}

// countCopies counts in how many listings of a group each piece of text stands.
func (c *reranker) countCopies() {
	clear(c.siblings)
	clear(c.copies)
	for i := range c.candidates {
		c.siblings[c.candidates[i].group]++
	}
	for i := range c.candidates {
		l := &c.candidates[i]
		if c.siblings[l.group] < copiedOften {
			l.group = 0
			continue
		}
		own := c.mentions[l.from:l.until]
		for j, m := range own {
			key, ok := c.copyKey(l, m)
			again := func(o mention) bool {
				had, ok := c.copyKey(l, o)
				return ok && had == key
			}
			if ok && !slices.ContainsFunc(own[:j], again) {
				c.copies[key]++
			}
		}
	}
}

// copyKey is the piece of text of a mention that sibling listings may share.
func (c *reranker) copyKey(l *scored, m mention) (copyKey, bool) {
	switch {
	case l.group == 0:
	case m.Part == language.PartBody, m.Part == language.PartSummary:
		return copyKey{l.group, m.around, m.Stem, language.PartBody}, true
	case m.Part == language.PartLabels, m.Part == language.PartOthers, m.Part == language.PartBroader:
		return copyKey{l.group, 0, m.Stem, language.PartLabels}, true
	}
	return copyKey{}, false
}

// score is the score of the words of a listing.
func (c *reranker) score(l *scored) float32 {
	own := c.mentions[l.from:l.until]
	tallies := c.tally[:c.stems.Stems]
	clear(tallies)
	for _, m := range own {
		weight := PartWeights[m.Part]
		if key, ok := c.copyKey(l, m); ok {
			if n := c.copies[key]; n >= copiedOften {
				weight *= copiedWeight
			}
		}
		t := &tallies[m.Stem]
		t.weight += weight * lengthNorm(m.Part, l.lengths[m.Part])
		t.parts |= 1 << m.Part
	}
	var sum, has, all float32
	word, best := 0, float32(0)
	add := func() {
		if best > 0 {
			has += c.stems.worth[word]
		}
		all += c.stems.worth[word]
		sum, best = sum+best, 0
	}
	for i := range c.stems.Forms {
		f := &c.stems.Forms[i]
		if f.Word != word {
			add()
			word = f.Word
		}
		if x := c.weigh(f, own, tallies); x > 0 {
			best = max(best, f.Weight*x/(x+Saturation))
		}
	}
	add()
	if sum == 0 {
		return 0
	}
	sum *= 1 - weightAll + weightAll*has/all
	return sum + c.proximity(own) + c.titleMatch(l, own)*all
}

// hasAvoided reports whether a listing has something related to an unwanted word
// in its title, its interests or the name of its group.
func (c *reranker) hasAvoided(l *scored) bool {
	if len(c.stems.avoided) == 0 {
		return false
	}
	tallies := c.tally[:c.stems.Stems]
	clear(tallies)
	for _, m := range c.mentions[l.from:l.until] {
		tallies[m.Stem].parts |= 1 << m.Part
	}
	return slices.ContainsFunc(c.stems.avoided, func(stems []uint8) bool {
		parts := uint16(1<<language.PartTitle | 1<<language.PartLabels | 1<<language.PartGroup)
		for _, s := range stems {
			parts &= tallies[s].parts
		}
		return parts != 0
	})
}

// lengthNorm makes a mention in a long text count less.
func lengthNorm(p language.Part, length uint16) float32 {
	usual := usualLengths[p]
	return 1 / (1 - lengthMatters + lengthMatters*max(float32(length), 1)/usual)
}

// weigh is how much a listing has of a form: as a phrase, or else, for little,
// of all its stems.
func (c *reranker) weigh(f *FormStems, own []mention, tallies []tally) float32 {
	least, parts := tallies[f.Stems[0]].weight, tallies[f.Stems[0]].parts
	for _, s := range f.Stems[1:] {
		least = min(least, tallies[s].weight)
		parts &= tallies[s].parts
	}
	if least == 0 || len(f.Stems) == 1 {
		return least
	}
	if parts != 0 {
		if x := phrased(f.Stems, own); x > 0 {
			return min(x, least)
		}
		return least * samePart
	}
	return least * scattered
}

// phrased is what the places are worth together where stems stand one after
// the other.
func phrased(stems []uint8, own []mention) (x float32) {
	for i := range own {
		if p, ok := beginsPhrase(stems, own[i:]); ok {
			x += PartWeights[p]
		}
	}
	return x
}

// PhrasedIn are the parts in which stems stand one after the other.
func PhrasedIn(stems []uint8, own []mention) (parts []language.Part) {
	for i := range own {
		if p, ok := beginsPhrase(stems, own[i:]); ok {
			parts = append(parts, p)
		}
	}
	return parts
}

// beginsPhrase reports whether stems stand one after the other from the first
// of the mentions on, and in which part.
func beginsPhrase(stems []uint8, own []mention) (language.Part, bool) {
	if own[0].Stem != stems[0] {
		return 0, false
	}
	last, n := own[0], 1
	for _, m := range own[1:] {
		if n == len(stems) || m.Part != last.Part || m.at > last.at+1 {
			break
		}
		if m.Stem == stems[n] && m.at == last.at+1 {
			last, n = m, n+1
		}
	}
	return last.Part, n == len(stems)
}

// proximity scores words that stand close together and in order.
func (c *reranker) proximity(own []mention) (sum float32) {
	var pairs [64]float32
	for i := range own {
		m := own[i]
		w := c.stems.of[m.Stem]
		if w == noWord {
			continue
		}
		for j := i - 1; j >= 0 && own[j].Part == m.Part && m.at-own[j].at <= farApart; j-- {
			before := c.stems.of[own[j].Stem]
			if before == noWord || before == w || m.at == own[j].at {
				continue
			}
			apart := m.at - own[j].at
			worth := float32(0)
			switch {
			case before+1 == w && apart == 1:
				worth = besideInOrder
			case before+1 == w:
				worth = nearInOrder / float32(apart)
			case w+1 == before:
				worth = nearReversed / float32(apart)
			}
			pair := min(before, w)
			if int(pair) < len(pairs) {
				worth *= PartWeights[m.Part] / (PartWeights[m.Part] + Saturation) * min(c.stems.worth[before], c.stems.worth[w])
				pairs[pair] = max(pairs[pair], worth)
			}
		}
	}
	for _, p := range pairs[:min(len(pairs), c.stems.Words)] {
		sum += p
	}
	return sum
}

// titleMatch is 1 where the title consists of the words, and less where it has
// more words, or where the group is called that.
func (c *reranker) titleMatch(l *scored, own []mention) (worth float32) {
	worth = max(weightNamed*c.coverage(language.PartTitle, l, own), weightGroupNamed*c.coverage(language.PartGroup, l, own))
	if c.stems.Words == 1 {
		worth *= weightOneNamed
	}
	return worth
}

// coverage is the share of a part that are words typed, times the share of the
// words typed that stand in it.
func (c *reranker) coverage(p language.Part, l *scored, own []mention) float32 {
	if l.lengths[p] == 0 {
		return 0
	}
	var words uint64
	var stands float32
	last := -1
	for _, m := range own {
		if m.Part != p || !c.stems.typed[m.Stem] {
			continue
		}
		if int(m.at) != last {
			stands++
			last = int(m.at)
		}
		if w := c.stems.of[m.Stem]; w < 64 {
			words |= 1 << w
		}
	}
	var have, all float32
	for w, worth := range c.stems.worth {
		all += worth
		if w < 64 && words>>w&1 != 0 {
			have += worth
		}
	}
	if all == 0 {
		return 0
	}
	share := stands / float32(l.lengths[p]) * have / all
	return share * share
}

// rerank scores the best again and places them by that score before all that had
// the first pass only: their numbers are greater and their tiers no lower.
func (s *Search) rerank(best []Ranked) {
	fits := s.rerankWords(best)
	wished, grown := s.impliedFilters(), s.grownUp()
	asked := s.Words != nil && len(s.Words.Words) > 0
	for i := range best {
		r := &best[i]
		c, row := s.View.Row(r.Doc)
		score := s.score(c, row, 0)
		score.Words, score.Suggested = float64(fits[i]), s.impliedScore(wished, c, row)
		score.Total += weightWords*score.Words + weightSuggested*score.Suggested
		if grown && c.MaxAge[row] < adultAge {
			score.Total -= weightChildren
		}
		score.Weak = asked && score.Words < weak
		if s.Query.Explain {
			s.explain(r.Doc, score)
		}
		r.tier, r.number = int32(score.Tier&^tierRemote), -beforeFirst-score.Total-band*float64(3-bandsOf(&score))
	}
}

// explain keeps a score for explain=true.
func (s *Search) explain(doc int32, score search.Score) {
	if s.scores == nil {
		s.scores = map[int32]search.Score{}
	}
	s.scores[doc] = score
}

// Explained are the parts of the score of a doc.
func (s *Search) Explained(doc int32) search.Score {
	if score, ok := s.scores[doc]; ok {
		return score
	}
	c, i := s.View.Row(doc)
	return s.score(c, i, s.wordsOf(doc))
}

// Totals lie between -1 and 1.5: band is more than any two are apart, and
// beforeFirst puts all that were reranked before those that were not.
const (
	band        = 3
	beforeFirst = 3
)

// bandsOf says where a score stands within those of what is stated alike: what
// has the words and is near, what has them and is remote, and then the same of
// what is weak.
func bandsOf(r *search.Score) int {
	n := r.Tier & tierRemote
	if r.Weak {
		n += 2
	}
	return n
}
