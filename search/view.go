package search

import (
	"gather/directory/vocabulary"
)

// view is what searches see: a base, the tail written since, and which slots
// were written again or taken out. Slots of the tail come after those of the
// base. A view never changes; Index counts who uses it.
type view struct {
	main       *main
	delta      delta
	tables     tables
	deleted    docSet
	live       int
	vocabulary *vocabulary.Vocabulary
	ordinals   *ordinals
	encoder    encoder
	disk       *disk
	cursor     int64
	users      int
	recent     recentCompletions // prompts of the tail
}

// len is how many slots there are, dead ones too.
func (v *view) len() int { return v.main.columns.len() + v.delta.columns.len() }

// row is the columns that a slot is in, and where.
func (v *view) row(doc int32) (*columns, int) {
	if n := v.main.columns.len(); int(doc) >= n {
		return &v.delta.columns, int(doc) - n
	}
	return &v.main.columns, int(doc)
}

// body is the packed facts of a slot.
func (v *view) body(doc int32) string {
	if n := v.main.columns.len(); int(doc) >= n {
		return v.delta.bodies[int(doc)-n]
	}
	return v.main.bodies.body(v.main.at[doc])
}

// facts are the facts of a slot. The error is of a listing that was damaged on
// the disk.
func (v *view) facts(doc int32) (*facts, error) { return v.encoder.unpack(v.body(doc)) }

// ready is the JSON of the listing in a slot, for as long as v is in use.
func (v *view) ready(doc int32) []byte {
	if n := v.main.columns.len(); int(doc) >= n {
		return []byte(readyOf(v.delta.bodies[int(doc)-n]))
	}
	raw := v.main.bodies.raw(v.main.at[doc])
	_, raw = cutText(raw)
	_, raw = cutText(raw)
	ready, _ := cutText(raw)
	return ready
}

// id is the id of the listing in a slot.
func (v *view) id(doc int32) string {
	if n := v.main.columns.len(); int(doc) >= n {
		return idOf(v.delta.bodies[int(doc)-n])
	}
	return v.main.id(doc)
}

// idBytes is how long an id usually is.
const idBytes = 36

// ids are the ids of matches, which share one piece of memory.
func (v *view) ids(found []ranked) []string {
	all, ends := make([]byte, 0, idBytes*len(found)), make([]int, len(found))
	for i, r := range found {
		all = v.appendID(all, r.slot)
		ends[i] = len(all)
	}
	text, from := string(all), 0
	ids := make([]string, len(found))
	for i, end := range ends {
		ids[i], from = text[from:end], end
	}
	return ids
}

func (v *view) appendID(b []byte, doc int32) []byte {
	if n := v.main.columns.len(); int(doc) >= n {
		return append(b, idOf(v.delta.bodies[int(doc)-n])...)
	}
	return v.main.appendID(b, doc)
}

// title is the folded title of the listing in a slot.
func (v *view) title(doc int32) string {
	if n := v.main.columns.len(); int(doc) >= n {
		return titleOf(v.delta.bodies[int(doc)-n])
	}
	_, title := v.main.idAndTitle(int(doc))
	return string(title)
}
