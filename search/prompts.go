package search

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"gather/directory/vocabulary"
)

// completions are all of one kind, in the order of what they begin with. They hold
// no pointers but to their texts, which lie one after the other: a million
// names are no work for the garbage collector.
type completions struct {
	kind  string
	texts string
	ends  []uint32 // where the texts of each prompt end, promptTexts of them
	// slots of prompt i end at slotEnds[i]; both are empty for interests.
	slots    []int32
	slotEnds []uint32

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

func (p *completions) slotsOf(prompt int32) []int32 {
	if p.slotEnds == nil {
		return nil
	}
	return between(p.slotEnds, p.slots, int(prompt))
}

// completion is one of them as it is shown. It shares the memory of p.
func (p *completions) completion(i int32) completion {
	return completion{
		kind: p.kind, text: p.text(i, completionText), cy: p.text(i, completionCy), id: p.text(i, completionID), key: p.text(i, completionKey),
		slots: p.slotsOf(i),
	}
}

func (p *completions) key(e keyStart) string { return p.text(e.prompt, completionKey)[e.from:] }

// weigh puts names that begin with the text before those that only have a word
// that does, then what more listings are called.
func (p *completions) weigh(e keyStart) uint32 {
	const inner = 1 << 31
	w := uint32(inner - 1 - min(len(p.slotsOf(e.prompt)), inner-1))
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
const maxKey = 4 * MaxSuggestLength

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
	sortTexts(order, func(n int32) []byte {
		key := p.key(all[n])
		return unsafe.Slice(unsafe.StringData(key), len(key))
	}, func(a, b int32) int { return int(a - b) })
	p.sorted = picked(all, order)
	for i := 0; i < len(p.sorted); i += sampleEvery {
		p.sample = append(p.sample, beginning([]byte(p.key(p.sorted[i]))))
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

// completionSets holds the prompts of a base by kind.
type completionSets struct{ interests, activities, groups *completions }

// interestNames are the prompts of the vocabulary.
func interestNames(words *vocabulary.Vocabulary) (all []completion) {
	for _, t := range words.Interests() {
		for _, name := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy) {
			if name != "" && !t.Withdrawn {
				all = append(all, completion{kind: suggestInterest, text: t.Label, cy: t.LabelCy, id: t.ID, key: fold(name)})
			}
		}
	}
	return all
}

// nameSet are the names of rows as they are read.
type nameSet struct{ activities, groups names }

func newNameSet() nameSet {
	return nameSet{names{numbers: map[uint64]int32{}}, names{numbers: map[uint64]int32{}}}
}

// names are those of one kind: what has the same name is one.
type names struct {
	numbers map[uint64]int32 // by the hash of what makes it one
	texts   arena            // promptTexts each
	rows    []named
}

// named is a row that has a name.
type named struct{ name, row int32 }

// add adds the names of one listing.
func (n *nameSet) add(f *facts, row int32) {
	n.activities.add(f.SortTitle, f.Item.Title, f.TitleCy, "", row)
	if f.TitleCy != "" {
		n.activities.add(fold(f.TitleCy), f.Item.Title, f.TitleCy, "", row)
	}
	n.groups.add("", f.Item.GroupName, "", f.Item.Group, row)
}

// add adds a row to a name. The key of a group is made of its text when it is
// first met.
func (n *names) add(key, text, cy, id string, row int32) {
	n.rows = append(n.rows, named{n.number(key, text, cy, id), row})
}

var nameSeed = maphash.MakeSeed()

func (n *names) number(key, text, cy, id string) int32 {
	var h maphash.Hash
	h.SetSeed(nameSeed)
	for _, part := range []string{text, key, id} {
		h.WriteString(part)
		h.WriteByte(0)
	}
	for at := h.Sum64(); ; at++ {
		i, ok := n.numbers[at]
		if !ok {
			i = int32(n.texts.len() / completionTexts)
			n.numbers[at] = i
			if key == "" {
				key = fold(text)
			}
			for _, t := range [completionTexts]string{completionKey: key, completionText: text, completionCy: cy, completionID: id} {
				n.texts.add(t)
			}
			return i
		}
		if n.is(i, text, key, id) {
			return i
		}
	}
}

// is reports whether a name is of these texts; an empty key stands for what it
// is made of.
func (n *names) is(i int32, text, key, id string) bool {
	at := i * completionTexts
	return string(n.texts.text(at+completionText)) == text && string(n.texts.text(at+completionID)) == id &&
		(key == "" || string(n.texts.text(at+completionKey)) == key)
}

// absorb adds the names of rows that another goroutine has read, whose numbers
// grow by as much as before.
func (n *nameSet) absorb(o *nameSet, before int32) {
	n.activities.absorb(&o.activities, before)
	n.groups.absorb(&o.groups, before)
}

func (n *names) absorb(o *names, before int32) {
	moved := make([]int32, o.texts.len()/completionTexts)
	for i := range moved {
		at := int32(i) * completionTexts
		text := func(which int32) string { return string(o.texts.text(at + which)) }
		key := text(completionKey)
		if id := text(completionID); id != "" {
			key = "" // of a group
		}
		moved[i] = n.number(key, text(completionText), text(completionCy), text(completionID))
	}
	for _, r := range o.rows {
		n.rows = append(n.rows, named{moved[r.name], r.row + before})
	}
}

// prompts are the prompts of a base. moved are the slots of rows, byID the
// slots in the order of their ids, and id is that of a slot.
func (n *nameSet) completionSets(moved, byID []int32, id func(doc int32) []byte, interests []completion) *completionSets {
	rank := ranks(byID, len(byID))
	// Of listings of one name, that with the first id stands for all.
	first := func(docs []int32) []byte {
		return id(slices.MinFunc(docs, func(a, b int32) int { return int(rank[a] - rank[b]) }))
	}
	s := &completionSets{&completions{kind: suggestInterest}, n.activities.prompts(suggestActivity, moved, first), n.groups.prompts(suggestGroup, moved, nil)}
	var texts []byte
	for _, p := range interests {
		texts = s.interests.add([completionTexts]string{completionKey: p.key, completionText: p.text, completionCy: p.cy, completionID: p.id}, texts)
	}
	s.interests.texts = string(texts)
	for _, p := range []*completions{s.interests, s.activities, s.groups} {
		p.sort()
	}
	return s
}

// prompts are the names that rows in slots have. Where id is not nil, it says
// which id a prompt for slots has.
func (n *names) prompts(kind string, moved []int32, id func(docs []int32) []byte) *completions {
	names := n.texts.len() / completionTexts
	p := &completions{kind: kind, slotEnds: make([]uint32, 0, names), ends: make([]uint32, 0, completionTexts*names)}
	next := n.places(moved)
	p.slots = make([]int32, next[len(next)-1])
	starts := slices.Clone(next)
	for _, r := range n.rows {
		if doc := moved[r.row]; doc >= 0 {
			p.slots[next[r.name]] = doc
			next[r.name]++
		}
	}
	size := len(n.texts.bytes)
	if id != nil {
		size += names * uuidBytes
	}
	texts := make([]byte, 0, size)
	for i := range int32(len(starts) - 1) {
		docs := p.slots[starts[i]:starts[i+1]]
		if len(docs) == 0 {
			continue
		}
		slices.Sort(docs)
		all := [completionTexts]string{}
		for which := range all {
			all[which] = string(n.texts.text(i*completionTexts + int32(which)))
		}
		if id != nil {
			all[completionID] = string(id(docs))
		}
		texts = p.add(all, texts)
		p.slotEnds = append(p.slotEnds, starts[i+1])
	}
	// What is in it never changes again.
	p.texts = unsafe.String(unsafe.SliceData(texts), len(texts))
	return p
}

// places are where the slots of each name begin, and the end of all.
func (n *names) places(moved []int32) []uint32 {
	at := make([]uint32, n.texts.len()/completionTexts+1)
	for _, r := range n.rows {
		if moved[r.row] >= 0 {
			at[r.name+1]++
		}
	}
	for i := range len(at) - 1 {
		at[i+1] += at[i]
	}
	return at
}
