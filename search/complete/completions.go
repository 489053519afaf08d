package complete

import (
	"gather/search"
	"gather/search/segment"
	"strings"
	"sync"
	"unsafe"
)

// completions are all of one kind, in the order of what they begin with. They hold
// no pointers but to their texts, which lie one after the other: a million
// names are no work for the garbage collector.
type completions struct {
	kind  string
	texts string
	ends  []uint32 // where the texts of each prompt end, promptTexts of them
	// docs of prompt i end at slotEnds[i]; both are empty for interests.
	docs    []int32
	docEnds []uint32

	sorted []keyStart
	sample []uint64 // how each sampleEvery-th of sorted begins
	// weight says how good each of sorted is, the least the best; best is a heap
	// over it: the place of each pair's better one, from the ends upwards, so that
	// the best of a stretch are found without a look at the rest.
	weight []uint32
	best   []int32
	// short keeps the best of what begins with few letters, a *shortList by
	// prefix: there are few such prefixes, and many names to each.
	short sync.Map
}

// The texts of a prompt, in the order in which they lie.
const (
	completionKey = iota
	completionText
	completionCy
	completionID
	completionTexts
)

// keyStart is a prompt under its name from some word on.
type keyStart struct {
	prompt int32
	from   uint16 // in the key
}

func (p *completions) len() int { return len(p.ends) / completionTexts }

func (p *completions) text(prompt int32, which int) string {
	at, from := int(prompt)*completionTexts+which, uint32(0)
	if at > 0 {
		from = p.ends[at-1]
	}
	return p.texts[from:p.ends[at]]
}

func (p *completions) docsOf(prompt int32) []int32 {
	if p.docEnds == nil {
		return nil
	}
	return segment.Between(p.docEnds, p.docs, int(prompt))
}

// completion is one of them as it is shown. It shares the memory of p.
func (p *completions) completion(i int32) completion {
	return completion{
		kind: p.kind, text: p.text(i, completionText), cy: p.text(i, completionCy), id: p.text(i, completionID), key: p.text(i, completionKey),
		docs: p.docsOf(i),
	}
}

func (p *completions) key(e keyStart) string { return p.text(e.prompt, completionKey)[e.from:] }

// weigh puts names that begin with the text before those that only have a word
// that does, then what more listings are called.
func (p *completions) weigh(e keyStart) uint32 {
	const inner = 1 << 31
	w := uint32(inner - 1 - min(len(p.docsOf(e.prompt)), inner-1))
	if e.from > 0 {
		w |= inner
	}
	return w
}

// better is which of two places is better: where both are alike, the one that
// comes first in the alphabet.
func (p *completions) better(i, j int32) bool {
	if a, b := p.weight[i], p.weight[j]; a != b {
		return a < b
	}
	return i < j
}

// maxKey is how many bytes of a name can be typed before it is found.
const maxKey = 4 * search.MaxSuggestLength

// add adds a prompt, whose texts go behind those of the rest.
func (p *completions) add(all [completionTexts]string, texts []byte) []byte {
	for _, t := range all {
		texts = append(texts, t...)
		p.ends = append(p.ends, uint32(len(texts)))
	}
	return texts
}

// sort sorts prompts by all words that their names have.
func (p *completions) sort() {
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
	p.heap()
}

func (p *completions) heap() {
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

// winner is the best below a place in the heap, whose ends are sorted itself.
func (p *completions) winner(at int) int32 {
	if n := len(p.sorted); at >= n {
		return int32(at - n)
	}
	return p.best[at]
}

// CompletionSets holds the prompts of a base by kind.
type CompletionSets struct{ interests, activities, groups *completions }
