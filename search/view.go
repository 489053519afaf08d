package search

import (
	"gather/directory/vocabulary"
)

// view is what searches see: a base, the tail written since, and which slots
// were written again or taken out. Slots of the tail come after those of the
// base. A view never changes; Index counts who uses it.
type view struct {
	base   *base
	tail   tail
	tables tables
	dead   slotSet
	live   int
	vocab  *vocabulary.Vocabulary
	orders *orders
	maker  maker
	shelf  *shelf
	cursor int64
	users  int
	tips   tips // prompts of the tail
}

// slots is how many slots there are, dead ones too.
func (v *view) slots() int { return v.base.columns.len() + v.tail.columns.len() }

// row is the columns that a slot is in, and where.
func (v *view) row(slot int32) (*columns, int) {
	if n := v.base.columns.len(); int(slot) >= n {
		return &v.tail.columns, int(slot) - n
	}
	return &v.base.columns, int(slot)
}

// body is the packed facts of a slot.
func (v *view) body(slot int32) string {
	if n := v.base.columns.len(); int(slot) >= n {
		return v.tail.bodies[int(slot)-n]
	}
	return v.base.bodies.body(v.base.at[slot])
}

// facts are the facts of a slot. The error is of a listing that was damaged on
// the disk.
func (v *view) facts(slot int32) (*facts, error) { return v.maker.unpack(v.body(slot)) }

// ready is the JSON of the listing in a slot, for as long as v is in use.
func (v *view) ready(slot int32) []byte {
	if n := v.base.columns.len(); int(slot) >= n {
		return []byte(readyOf(v.tail.bodies[int(slot)-n]))
	}
	raw := v.base.bodies.raw(v.base.at[slot])
	_, raw = cutText(raw)
	_, raw = cutText(raw)
	ready, _ := cutText(raw)
	return ready
}

// id is the id of the listing in a slot.
func (v *view) id(slot int32) string {
	if n := v.base.columns.len(); int(slot) >= n {
		return idOf(v.tail.bodies[int(slot)-n])
	}
	return v.base.id(slot)
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

func (v *view) appendID(b []byte, slot int32) []byte {
	if n := v.base.columns.len(); int(slot) >= n {
		return append(b, idOf(v.tail.bodies[int(slot)-n])...)
	}
	return v.base.appendID(b, slot)
}

// title is the folded title of the listing in a slot.
func (v *view) title(slot int32) string {
	if n := v.base.columns.len(); int(slot) >= n {
		return titleOf(v.tail.bodies[int(slot)-n])
	}
	_, title := v.base.names(int(slot))
	return string(title)
}
