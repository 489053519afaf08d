package complete

import (
	"gather/directory/vocabulary"
	"gather/search/language"
	"gather/search/segment"
	"hash/maphash"
	"slices"
	"unsafe"
)

// InterestNames are the prompts of the vocabulary.
func InterestNames(words *vocabulary.Vocabulary) (all []completion) {
	for _, t := range words.Interests() {
		for _, name := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy) {
			if name != "" && !t.Withdrawn {
				all = append(all, completion{kind: suggestInterest, text: t.Label, cy: t.LabelCy, id: t.ID, key: language.Fold(name)})
			}
		}
	}
	return all
}

// NameSet are the names of rows as they are read.
type NameSet struct{ activities, groups names }

func NewNameSet() NameSet {
	return NameSet{names{numbers: map[uint64]int32{}}, names{numbers: map[uint64]int32{}}}
}

// names are those of one kind: what has the same name is one.
type names struct {
	numbers map[uint64]int32 // by the hash of what makes it one
	texts   segment.Arena    // promptTexts each
	rows    []named
}

// named is a row that has a name.
type named struct{ name, row int32 }

// Add adds the names of one listing.
func (n *NameSet) Add(f *segment.Facts, row int32) {
	n.activities.add(f.SortTitle, f.Title, f.TitleCy, "", row)
	if f.TitleCy != "" {
		n.activities.add(language.Fold(f.TitleCy), f.Title, f.TitleCy, "", row)
	}
	n.groups.add("", f.GroupName, "", f.Group, row)
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
			i = int32(n.texts.Len() / completionTexts)
			n.numbers[at] = i
			if key == "" {
				key = language.Fold(text)
			}
			for _, t := range [completionTexts]string{completionKey: key, completionText: text, completionCy: cy, completionID: id} {
				n.texts.Add(t)
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
	return string(n.texts.Text(at+completionText)) == text && string(n.texts.Text(at+completionID)) == id &&
		(key == "" || string(n.texts.Text(at+completionKey)) == key)
}

// Absorb adds the names of rows that another goroutine has read, whose numbers
// grow by as much as before.
func (n *NameSet) Absorb(o *NameSet, before int32) {
	n.activities.absorb(&o.activities, before)
	n.groups.absorb(&o.groups, before)
}

func (n *names) absorb(o *names, before int32) {
	moved := make([]int32, o.texts.Len()/completionTexts)
	for i := range moved {
		at := int32(i) * completionTexts
		text := func(which int32) string { return string(o.texts.Text(at + which)) }
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
func (n *NameSet) CompletionSets(moved, byID []int32, id func(doc int32) []byte, interests []completion) *CompletionSets {
	rank := segment.Ranks(byID, len(byID))
	// Of listings of one name, that with the first id stands for all.
	first := func(docs []int32) []byte {
		return id(slices.MinFunc(docs, func(a, b int32) int { return int(rank[a] - rank[b]) }))
	}
	s := &CompletionSets{&completions{kind: suggestInterest}, n.activities.prompts(suggestActivity, moved, first), n.groups.prompts(suggestGroup, moved, nil)}
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
	names := n.texts.Len() / completionTexts
	p := &completions{kind: kind, docEnds: make([]uint32, 0, names), ends: make([]uint32, 0, completionTexts*names)}
	next := n.places(moved)
	p.docs = make([]int32, next[len(next)-1])
	starts := slices.Clone(next)
	for _, r := range n.rows {
		if doc := moved[r.row]; doc >= 0 {
			p.docs[next[r.name]] = doc
			next[r.name]++
		}
	}
	size := len(n.texts.Bytes)
	if id != nil {
		size += names * segment.UuidBytes
	}
	texts := make([]byte, 0, size)
	for i := range int32(len(starts) - 1) {
		docs := p.docs[starts[i]:starts[i+1]]
		if len(docs) == 0 {
			continue
		}
		slices.Sort(docs)
		all := [completionTexts]string{}
		for which := range all {
			all[which] = string(n.texts.Text(i*completionTexts + int32(which)))
		}
		if id != nil {
			all[completionID] = string(id(docs))
		}
		texts = p.add(all, texts)
		p.docEnds = append(p.docEnds, starts[i+1])
	}
	// What is in it never changes again.
	p.texts = unsafe.String(unsafe.SliceData(texts), len(texts))
	return p
}

// places are where the slots of each name begin, and the end of all.
func (n *names) places(moved []int32) []uint32 {
	at := make([]uint32, n.texts.Len()/completionTexts+1)
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

// naming are the names of the base and of slots of the tail.
func MergeNames(main *CompletionSets, v *segment.View, added []int32) *NameSet {
	n := NewNameSet()
	n.activities.addAll(main.activities)
	n.groups.addAll(main.groups)
	for _, doc := range added {
		// It was written by this process, and is as it was packed.
		if f, err := segment.NamesIn(v.Body(doc)); err == nil {
			n.Add(f, doc)
		}
	}
	return &n
}

// addAll adds the names of prompts.
func (n *names) addAll(p *completions) {
	n.numbers = make(map[uint64]int32, p.len())
	n.texts = segment.Arena{Bytes: make([]byte, 0, len(p.texts)), Ends: make([]int, 0, len(p.ends))}
	n.rows = make([]named, 0, len(p.docs))
	for i := range int32(p.len()) {
		key, id := p.text(i, completionKey), ""
		if p.kind == suggestGroup {
			key, id = "", p.text(i, completionID)
		}
		name := n.number(key, p.text(i, completionText), p.text(i, completionCy), id)
		for _, doc := range p.docsOf(i) {
			n.rows = append(n.rows, named{name, doc})
		}
	}
}
