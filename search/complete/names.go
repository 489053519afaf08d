package complete

import (
	"hash/maphash"
	"slices"
	"unsafe"

	"gather/directory/vocabulary"
	"gather/search/language"
	"gather/search/segment"
)

// Names collects the names of listings, from which Sets makes completions. Listings
// are given by rows, which Sets maps to docs. One goroutine uses it at a time.
type Names struct{ activities, groups names }

// NewNames returns Names without any.
func NewNames() Names {
	return Names{names{numbers: map[uint64]int32{}}, names{numbers: map[uint64]int32{}}}
}

// names are those of one kind, numbered from 0, each once.
type names struct {
	numbers map[uint64]int32 // by the hash of text, key and id
	texts   segment.Arena    // completionTexts of each name
	rows    []named
}

// named is a row and its name.
type named struct{ name, row int32 }

// Add adds the title and the group of a listing.
func (n *Names) Add(f *segment.Facts, row int32) {
	n.activities.add(f.SortTitle, f.Title, f.TitleCy, "", row)
	if f.TitleCy != "" {
		n.activities.add(language.Fold(f.TitleCy), f.Title, f.TitleCy, "", row)
	}
	n.groups.add("", f.GroupName, "", f.Group, row)
}

// add adds a row to a name. An empty key stands for the folded text, which is made
// only where the name is new.
func (n *names) add(key, text, cy, id string, row int32) {
	n.rows = append(n.rows, named{n.number(key, text, cy, id), row})
}

var nameSeed = maphash.MakeSeed()

// number is the number of a name, which is added where it is new.
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

// is reports whether name i has these texts; an empty key as for add.
func (n *names) is(i int32, text, key, id string) bool {
	at := i * completionTexts
	return string(n.texts.Text(at+completionText)) == text && string(n.texts.Text(at+completionID)) == id &&
		(key == "" || string(n.texts.Text(at+completionKey)) == key)
}

// Absorb adds the names of o, whose row r becomes row before+r.
func (n *Names) Absorb(o *Names, before int32) {
	n.activities.absorb(&o.activities, before)
	n.groups.absorb(&o.groups, before)
}

func (n *names) absorb(o *names, before int32) {
	numbers := make([]int32, o.texts.Len()/completionTexts)
	for i := range numbers {
		at := int32(i) * completionTexts
		text := func(which int32) string { return string(o.texts.Text(at + which)) }
		key := text(completionKey)
		if id := text(completionID); id != "" {
			key = "" // a group, see Add
		}
		numbers[i] = n.number(key, text(completionText), text(completionCy), text(completionID))
	}
	for _, r := range o.rows {
		n.rows = append(n.rows, named{numbers[r.name], r.row + before})
	}
}

// Sets holds the completions of a main segment by kind. It never changes.
type Sets struct{ interests, activities, groups *completions }

// Sets makes the completions of a main segment from the names and the vocabulary.
// moved are the docs of rows, negative for those left out, byID is all docs in
// the order of their ids, and id is the id of a doc.
func (n *Names) Sets(moved, byID []int32, id func(doc int32) []byte, words *vocabulary.Vocabulary) *Sets {
	rank := segment.Ranks(byID, len(byID))
	// A completion of several listings has the first of their ids.
	first := func(docs []int32) []byte {
		return id(slices.MinFunc(docs, func(a, b int32) int { return int(rank[a] - rank[b]) }))
	}
	s := &Sets{interestNames(words), n.activities.completions(kindActivity, moved, first), n.groups.completions(kindGroup, moved, nil)}
	for _, p := range []*completions{s.interests, s.activities, s.groups} {
		p.index()
	}
	return s
}

// interestNames are the completions of the vocabulary: all names of an interest
// lead to it.
func interestNames(words *vocabulary.Vocabulary) *completions {
	p := &completions{kind: kindInterest}
	var texts []byte
	for _, t := range words.Interests() {
		for _, name := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy) {
			if name != "" && !t.Withdrawn {
				texts = p.add([completionTexts]string{completionKey: language.Fold(name), completionText: t.Label, completionCy: t.LabelCy, completionID: t.ID}, texts)
			}
		}
	}
	p.texts = string(texts)
	return p
}

// completions are those of all names that rows have. Where id is not nil, it is
// the id of a completion of docs.
func (n *names) completions(kind kind, moved []int32, id func(docs []int32) []byte) *completions {
	names := n.texts.Len() / completionTexts
	p := &completions{kind: kind, docEnds: make([]uint32, 0, names), ends: make([]uint32, 0, completionTexts*names)}
	next := n.docStarts(moved)
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
	// texts is not changed after this.
	p.texts = unsafe.String(unsafe.SliceData(texts), len(texts))
	return p
}

// docStarts is where the docs of each name begin among those of all names, and the
// end of the last.
func (n *names) docStarts(moved []int32) []uint32 {
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

// MergeNames collects the names of a main segment and of docs of the delta
// segment of v. The rows are docs of v.
func MergeNames(main *Sets, v *segment.View, added []int32) *Names {
	n := NewNames()
	n.activities.addAll(main.activities)
	n.groups.addAll(main.groups)
	for _, doc := range added {
		// It was packed by this process, so it can be read.
		if f, err := segment.NamesIn(v.Body(doc)); err == nil {
			n.Add(f, doc)
		}
	}
	return &n
}

// addAll makes names of completions. n is empty before.
func (n *names) addAll(p *completions) {
	n.numbers = make(map[uint64]int32, p.len())
	n.texts = segment.Arena{Bytes: make([]byte, 0, len(p.texts)), Ends: make([]int, 0, len(p.ends))}
	n.rows = make([]named, 0, len(p.docs))
	for i := range int32(p.len()) {
		key, id := p.text(i, completionKey), ""
		if p.kind == kindGroup {
			key, id = "", p.text(i, completionID)
		}
		name := n.number(key, p.text(i, completionText), p.text(i, completionCy), id)
		for _, doc := range p.docsOf(i) {
			n.rows = append(n.rows, named{name, doc})
		}
	}
}
