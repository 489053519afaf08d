package search

import (
	"bytes"
	"unsafe"
)

// view is what searches see: a base, the tail written since, and which slots
// were written again or taken out. Slots of the tail come after those of the
// base. A view never changes; Index counts who uses it.
type view struct {
	main     *main
	delta    delta
	tables   tables
	deleted  docSet
	live     int // docs that are not deleted
	ordinals *ordinals
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
func (v *view) facts(doc int32) (*facts, error) { return unpack(v.body(doc)) }

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

// postings are the docs of the main and of the delta segment that have all of
// some stems, deleted ones too.
func (v *view) postings(stems []string) (main, delta []posting, err error) {
	if main, err = v.main.stemPostings(stems); err != nil {
		return nil, nil, err
	}
	return main, v.delta.postings(stems, v.len()), nil
}

// count is how many docs have all of some stems, deleted ones too.
func (v *view) count(stems []string) (int, error) {
	main, delta, err := v.postings(stems)
	return len(main) + len(delta), err
}

// has reports whether any listing has all of some stems.
func (v *view) has(stems []string) (bool, error) {
	main, delta, err := v.postings(stems)
	if err != nil {
		return false, err
	}
	for _, list := range [][]posting{main, delta} {
		for _, p := range list {
			if !v.deleted.has(int(p.doc())) {
				return true, nil
			}
		}
	}
	return false, nil
}

// titleNumber is where a slot stands in the order of titles: the base knows its
// order by heart, and the tail where it belongs in between.
func (v *view) titleNumber(doc int32) float64 {
	if n := v.main.columns.len(); int(doc) >= n {
		return float64(v.delta.titleRank[int(doc)-n]) - 0.5
	}
	return float64(v.main.titleRank[doc])
}

// titleNumberOf is where a folded title with an id stands.
func (v *view) titleNumberOf(title, id string) float64 {
	rank := v.main.titleRankOf(title, id)
	if int(rank) < v.main.columns.len() {
		if have, name := v.main.idAndTitle(int(v.main.byTitle[rank])); string(have) == id && string(name) == title {
			return float64(rank)
		}
	}
	return float64(rank) - 0.5
}

// titleContaining is the folded title of a slot if it has some text, else empty.
func (v *view) titleContaining(doc int32, text string) string {
	if n := v.main.columns.len(); int(doc) >= n {
		return titleOf(v.delta.bodies[int(doc)-n])
	}
	if _, title := v.main.idAndTitle(int(doc)); bytes.Contains(title, []byte(text)) {
		return string(title)
	}
	return ""
}

// packed are the packed facts of a slot, for as long as v is in use. They must
// not be changed.
func (v *view) packed(doc int32) []byte {
	if n := v.main.columns.len(); int(doc) >= n {
		body := v.delta.bodies[int(doc)-n]
		return unsafe.Slice(unsafe.StringData(body), len(body))
	}
	return v.main.bodies.raw(v.main.at[doc])
}
