package complete

import (
	"strings"
	"sync"
	"unsafe"

	"gather/search"
	"gather/search/segment"
)

// kind is what a completion is of. Kinds are shown in this order.
type kind uint8

const (
	kindInterest kind = iota
	kindActivity
	kindGroup
	kindPlace
	kindCount
)

// String is the kind as search.Suggestion has it.
func (k kind) String() string { return [kindCount]string{"interest", "activity", "group", "place"}[k] }

// completion is one thing to suggest. Listings of one title are one completion.
type completion struct {
	kind kind
	text string
	cy   string // in Welsh, empty where there is none
	id   string
	key  string // the folded name
	// docs are the listings of that name. An interest has none, and is suggested
	// whatever is indexed.
	docs []int32
}

// completions are all of one kind in the main segment. All texts are in one
// string: a million pointers would keep the garbage collector busy.
type completions struct {
	kind  kind
	texts string
	ends  []uint32 // of each completion, where its completionTexts texts end in texts
	// The docs of completion i end at docEnds[i] in docs; both are empty for
	// interests.
	docs    []int32
	docEnds []uint32

	sorted []keyStart // in the order of their keys
	sample []uint64   // the beginning of each sampleEvery-th key of sorted
	// weight ranks sorted, the lowest first. best is a segment tree over it, from
	// the leaves upwards the better of each two, so that the best of any range are
	// found without looking at the rest of it.
	weight []uint32
	best   []int32
	// short caches what begins with few letters, as *matches by prefix: there are
	// few such prefixes, and many names to each.
	short sync.Map
}

// The texts of a completion, in their order in completions.texts.
const (
	completionKey = iota
	completionText
	completionCy
	completionID
	completionTexts
)

// keyStart is a completion under its key from the start of one of its words on.
type keyStart struct {
	completion int32
	from       uint16 // in the key, in bytes
}

func (p *completions) len() int { return len(p.ends) / completionTexts }

// text is one of the texts of completion i.
func (p *completions) text(i int32, which int) string {
	at, from := int(i)*completionTexts+which, uint32(0)
	if at > 0 {
		from = p.ends[at-1]
	}
	return p.texts[from:p.ends[at]]
}

func (p *completions) docsOf(i int32) []int32 {
	if p.docEnds == nil {
		return nil
	}
	return segment.Between(p.docEnds, p.docs, int(i))
}

// completion is completion i. It shares the memory of p.
func (p *completions) completion(i int32) completion {
	return completion{
		kind: p.kind, text: p.text(i, completionText), cy: p.text(i, completionCy), id: p.text(i, completionID), key: p.text(i, completionKey),
		docs: p.docsOf(i),
	}
}

func (p *completions) key(e keyStart) string { return p.text(e.completion, completionKey)[e.from:] }

// weigh ranks keys from their first word on before the others, then by how many
// listings have the name, most first.
func (p *completions) weigh(e keyStart) uint32 {
	const inner = 1 << 31
	w := uint32(inner - 1 - min(len(p.docsOf(e.completion)), inner-1))
	if e.from > 0 {
		w |= inner
	}
	return w
}

// better reports whether index i of sorted ranks before j: of equal weights, the
// first in the alphabet.
func (p *completions) better(i, j int32) bool {
	if a, b := p.weight[i], p.weight[j]; a != b {
		return a < b
	}
	return i < j
}

// maxKey is how far into a key a key start may be, in bytes: nobody types more.
const maxKey = 4 * search.MaxSuggestLength

// add adds a completion. Its texts are appended to texts, which become p.texts in
// the end.
func (p *completions) add(all [completionTexts]string, texts []byte) []byte {
	for _, t := range all {
		texts = append(texts, t...)
		p.ends = append(p.ends, uint32(len(texts)))
	}
	return texts
}

// index makes sorted of all words of all keys, and what depends on it. Nothing
// may be added after it.
func (p *completions) index() {
	words := 0
	for i := range int32(p.len()) {
		words += 1 + strings.Count(p.text(i, completionKey), " ")
	}
	all := make([]keyStart, 0, words)
	for i := range int32(p.len()) {
		key := p.text(i, completionKey)
		for from := 0; from < len(key) && from < maxKey; {
			all = append(all, keyStart{i, uint16(from)})
			space := strings.IndexByte(key[from:], ' ')
			if space < 0 {
				break
			}
			from += space + 1
		}
	}
	order := make([]int32, len(all))
	for i := range order {
		order[i] = int32(i)
	}
	segment.SortTexts(order, func(n int32) []byte {
		key := p.key(all[n])
		return unsafe.Slice(unsafe.StringData(key), len(key))
	}, func(a, b int32) int { return int(a - b) })
	p.sorted = segment.Picked(all, order)
	for i := 0; i < len(p.sorted); i += sampleEvery {
		p.sample = append(p.sample, segment.Beginning([]byte(p.key(p.sorted[i]))))
	}
	p.rank()
}

// rank fills weight and best.
func (p *completions) rank() {
	n := len(p.sorted)
	p.weight = make([]uint32, n)
	for i, e := range p.sorted {
		p.weight[i] = p.weigh(e)
	}
	p.best = make([]int32, n)
	for i := n - 1; i > 0; i-- {
		p.best[i] = p.winner(2 * i)
		if other := p.winner(2*i + 1); p.better(other, p.best[i]) {
			p.best[i] = other
		}
	}
}

// winner is the best below a node of the tree, whose leaves are sorted.
func (p *completions) winner(at int) int32 {
	if n := len(p.sorted); at >= n {
		return int32(at - n)
	}
	return p.best[at]
}
