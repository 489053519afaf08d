package match

import (
	"context"
	"gather/search/language"
	"gather/search/segment"
	"math"
	"math/bits"
)

// termSets are the postings of all words of a query.
type termSets struct {
	forms    []formSet // in the order of words
	unwanted []formSet
	nonTitle formSet // what a title says it is not
	any      bool    // no words are wanted: all listings will do
}

// formSet are the postings of one form of a word, and what a match of it scores
// by where in the listing it stands.
type formSet struct {
	main, delta []segment.Posting
	weight      float32 // of one that stands anywhere
	worth       [1 << segment.WhereBits]float32
	word        int // which word of the reading: the best of its forms counts
}

// newTermSets looks up the postings of the words of r.
func newTermSets(v *segment.View, r *WordQuery) (*termSets, error) {
	w := &termSets{any: len(r.Words) == 0 && len(r.Unwanted) > 0}
	for n, s := range r.Words {
		typed := float32(0)
		for _, f := range s.Forms {
			set, err := newFormSet(v, f)
			if err != nil {
				return nil, err
			}
			// An expansion is never rarer than the word that was typed.
			weight := rarity(v, set)
			if f.Weight == 1 {
				typed = weight
			} else if typed > 0 {
				weight = min(weight, typed)
			}
			weight *= f.Weight
			set.word, set.weight = n, weight
			set.value(weight)
			w.forms = append(w.forms, set)
		}
	}
	for _, f := range r.Unwanted {
		set, err := newFormSet(v, f)
		if err != nil {
			return nil, err
		}
		w.unwanted = append(w.unwanted, set)
	}
	if len(w.unwanted) > 0 {
		var err error
		if w.nonTitle, err = newFormSet(v, language.Form{Stems: []string{language.NonStem}}); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// value sets the scores of a form from that of its rarity.
func (set *formSet) value(weight float32) {
	set.worth = [...]float32{0: roughText * weight, segment.InLabels: roughLabels * weight, segment.InTitle: roughTitle * weight, segment.InTitle | segment.InLabels: roughTitle * weight}
}

// ignoreRarity lets the first pass value words by where they stand only, not by
// how many listings have them: the order of such scores stays as it is whatever
// is written.
func (w *termSets) ignoreRarity(r *WordQuery) {
	n := 0
	for _, word := range r.Words {
		for _, f := range word.Forms {
			w.forms[n].value(f.Weight)
			n++
		}
	}
}

// newFormSet looks up the postings of one form.
func newFormSet(v *segment.View, f language.Form) (set formSet, err error) {
	set.main, set.delta, err = v.Postings(f.Stems)
	return set, err
}

// rarity is the inverse document frequency of a form, as in BM25 (Robertson and
// Zaragoza, 2009).
func rarity(v *segment.View, set formSet) float32 {
	n, have := float64(v.Len()), float64(len(set.main)+len(set.delta))
	return float32(math.Log1p((n - have + 0.5) / (have + 0.5)))
}

// blockDocs is how many docs are scored at a time: as many as fit into the
// nearest cache with their scores.
const blockDocs = 2048

// block merges the postings of all words, some docs at a time.
type block struct {
	score, word  [blockDocs]float32
	found, words [blockDocs / 64]uint64
	unwanted     [blockDocs / 64]uint64
	rest         [][]segment.Posting // of each form, what comes from the pane on
	restUnwanted [][]segment.Posting
	restNon      []segment.Posting
}

// begin starts at the first postings of the main or of the delta segment.
func (w *block) begin(sets *termSets, list func(*formSet) []segment.Posting) {
	w.rest, w.restUnwanted = w.rest[:0], w.restUnwanted[:0]
	for i := range sets.forms {
		w.rest = append(w.rest, list(&sets.forms[i]))
	}
	for i := range sets.unwanted {
		w.restUnwanted = append(w.restUnwanted, list(&sets.unwanted[i]))
	}
	w.restNon = list(&sets.nonTitle)
}

// skip moves past all postings before a doc, and answers the first doc at or
// after it that has any.
func (w *block) skip(doc int32) (next int32, alternatives bool) {
	next = math.MaxInt32
	for i, list := range w.rest {
		if len(list) > 0 && list[0].Row() < doc {
			list = list[segment.After(list, doc):]
			w.rest[i] = list
		}
		if len(list) > 0 {
			next, alternatives = min(next, list[0].Row()), true
		}
	}
	return next, alternatives
}

// fill scores the docs from one to before another, at most blockDocs
// of them, or all of them where no word is asked for.
func (w *block) fill(sets *termSets, from, until int32) {
	n := int(until-from+63) / 64
	clear(w.found[:n])
	for i := 0; i < len(w.rest); {
		word := sets.forms[i].word
		single := i+1 == len(w.rest) || sets.forms[i+1].word != word
		if single {
			w.rest[i] = w.addSingle(w.rest[i], &sets.forms[i].worth, from, until)
			i++
			continue
		}
		clear(w.words[:n])
		for ; i < len(w.rest) && sets.forms[i].word == word; i++ {
			w.rest[i] = w.addForm(w.rest[i], &sets.forms[i].worth, from, until)
		}
		w.addBest(n)
	}
	if sets.any {
		for i := range n {
			w.found[i] = ^uint64(0)
		}
		if last := uint(until-from) % 64; last != 0 {
			w.found[n-1] = 1<<last - 1
		}
	}
	if len(sets.unwanted) > 0 {
		w.removeUnwanted(n, from, until)
	}
}

// addSingle adds the scores of a word that has one form.
func (w *block) addSingle(list []segment.Posting, worth *[1 << segment.WhereBits]float32, from, until int32) []segment.Posting {
	for i, p := range list {
		doc := p.Row()
		if doc >= until {
			return list[i:]
		}
		at := uint(doc-from) % blockDocs
		if bit := uint64(1) << (at % 64); w.found[at/64]&bit == 0 {
			w.found[at/64] |= bit
			w.score[at] = worth[p&segment.WhereMask]
		} else {
			w.score[at] += worth[p&segment.WhereMask]
		}
	}
	return nil
}

// addForm keeps the best score of a word over its forms.
func (w *block) addForm(list []segment.Posting, worth *[1 << segment.WhereBits]float32, from, until int32) []segment.Posting {
	for i, p := range list {
		doc := p.Row()
		if doc >= until {
			return list[i:]
		}
		at := uint(doc-from) % blockDocs
		if bit := uint64(1) << (at % 64); w.words[at/64]&bit == 0 {
			w.words[at/64] |= bit
			w.word[at] = worth[p&segment.WhereMask]
		} else {
			w.word[at] = max(w.word[at], worth[p&segment.WhereMask])
		}
	}
	return nil
}

// addBest adds the best of the forms of a word to the scores.
func (w *block) addBest(n int) {
	for i := range n {
		for word := w.words[i]; word != 0; word &= word - 1 {
			at := i*64 + bits.TrailingZeros64(word)
			if bit := word & -word; w.found[i]&bit == 0 {
				w.found[i] |= bit
				w.score[at] = w.word[at]
			} else {
				w.score[at] += w.word[at]
			}
		}
	}
}

// removeUnwanted drops what has an unwanted word in its title or labels, unless
// the title negates it.
func (w *block) removeUnwanted(n int, from, until int32) {
	clear(w.unwanted[:n])
	for i, list := range w.restUnwanted {
		w.restUnwanted[i] = w.mark(list, segment.InTitle|segment.InLabels, from, until, true)
	}
	w.restNon = w.mark(w.restNon, segment.InTitle, from, until, false)
	for i := range n {
		w.found[i] &^= w.unwanted[i]
	}
}

func (w *block) mark(list []segment.Posting, where segment.Posting, from, until int32, unwanted bool) []segment.Posting {
	list = list[segment.After(list, from):]
	for i, p := range list {
		doc := p.Row()
		if doc >= until {
			return list[i:]
		}
		if p&where == 0 {
			continue
		}
		at := uint(doc-from) % blockDocs
		if bit := uint64(1) << (at % 64); unwanted {
			w.unwanted[at/64] |= bit
		} else {
			w.unwanted[at/64] &^= bit
		}
	}
	return nil
}

// scanWords looks at the listings that have the words.
func (m *matcher) scanWords(ctx context.Context) {
	if m.block == nil {
		m.block = new(block)
	}
	m.nearRanges(false)
	m.block.begin(m.terms, func(f *formSet) []segment.Posting { return f.main })
	for _, s := range m.ranges {
		if !m.scanBlocks(ctx, &m.view.Main.Columns, 0, s.from, s.until) {
			break
		}
	}
	m.block.begin(m.terms, func(f *formSet) []segment.Posting { return f.delta })
	m.scanBlocks(ctx, &m.view.Delta.Columns, m.view.DeltaDoc(0), 0, int32(m.view.Delta.Len()))
}

// scanBlocks tests the rows of a segment, whose first row is the doc first,
// between two rows that have the words. It reports whether more may follow.
func (m *matcher) scanBlocks(ctx context.Context, c *segment.Columns, first, from, until int32) bool {
	w := m.block
	for from < until && m.err == nil {
		next, alternatives := w.skip(from)
		if !m.terms.any {
			if !alternatives {
				return false
			}
			from = next
		}
		if from >= until {
			return true
		}
		end := min(until, from+blockDocs)
		w.fill(m.terms, from, end)
		for i := range int(end-from+63) / 64 {
			for word := w.found[i]; word != 0; word &= word - 1 {
				row := from + int32(i*64+bits.TrailingZeros64(word))
				words := w.score[row-from]
				if m.terms.any {
					words = 0
				}
				m.test(ctx, c, int(row), first+row, false, words)
			}
		}
		from = end
	}
	return true
}
