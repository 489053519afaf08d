package segment

import (
	"bytes"
	"unsafe"
)

// View is what searches see: a base, the tail written since, and which slots
// were written again or taken out. Slots of the tail come after those of the
// base. A view never changes; Index counts who uses it.
type View struct {
	Main     *Main
	Delta    Delta
	Tables   Tables
	Deleted  DocSet
	Live     int // docs that are not deleted
	Ordinals *Ordinals
}

// Len is how many slots there are, dead ones too.
func (v *View) Len() int { return v.Main.Columns.Len() + v.Delta.Columns.Len() }

// Row is the columns that a slot is in, and where.
func (v *View) Row(doc int32) (*Columns, int) {
	if n := v.Main.Columns.Len(); int(doc) >= n {
		return &v.Delta.Columns, int(doc) - n
	}
	return &v.Main.Columns, int(doc)
}

// Body is the packed facts of a slot.
func (v *View) Body(doc int32) string {
	if n := v.Main.Columns.Len(); int(doc) >= n {
		return v.Delta.Bodies[int(doc)-n]
	}
	return v.Main.bodies.body(v.Main.at[doc])
}

// Facts are the facts of a slot. The error is of a listing that was damaged on
// the disk.
func (v *View) Facts(doc int32) (*Facts, error) { return unpack(v.Body(doc)) }

// Id is the id of the listing in a slot.
func (v *View) Id(doc int32) string {
	if n := v.Main.Columns.Len(); int(doc) >= n {
		return IdOf(v.Delta.Bodies[int(doc)-n])
	}
	return v.Main.id(doc)
}

func (v *View) AppendID(b []byte, doc int32) []byte {
	if n := v.Main.Columns.Len(); int(doc) >= n {
		return append(b, IdOf(v.Delta.Bodies[int(doc)-n])...)
	}
	return v.Main.appendID(b, doc)
}

// Title is the folded title of the listing in a slot.
func (v *View) Title(doc int32) string {
	if n := v.Main.Columns.Len(); int(doc) >= n {
		return TitleOf(v.Delta.Bodies[int(doc)-n])
	}
	_, title := v.Main.idAndTitle(int(doc))
	return string(title)
}

// Postings are the docs of the main and of the delta segment that have all of
// some stems, deleted ones too.
func (v *View) Postings(stems []string) (main, delta []Posting, err error) {
	if main, err = v.Main.stemPostings(stems); err != nil {
		return nil, nil, err
	}
	return main, v.Delta.postings(stems, v.Len()), nil
}

// Count is how many docs have all of some stems, deleted ones too.
func (v *View) Count(stems []string) (int, error) {
	main, delta, err := v.Postings(stems)
	return len(main) + len(delta), err
}

// Has reports whether any listing has all of some stems.
func (v *View) Has(stems []string) (bool, error) {
	main, delta, err := v.Postings(stems)
	if err != nil {
		return false, err
	}
	for _, list := range [][]Posting{main, delta} {
		for _, p := range list {
			if !v.Deleted.Has(int(p.Doc())) {
				return true, nil
			}
		}
	}
	return false, nil
}

// TitleNumber is where a slot stands in the order of titles: the base knows its
// order by heart, and the tail where it belongs in between.
func (v *View) TitleNumber(doc int32) float64 {
	if n := v.Main.Columns.Len(); int(doc) >= n {
		return float64(v.Delta.titleRank[int(doc)-n]) - 0.5
	}
	return float64(v.Main.titleRank[doc])
}

// TitleNumberOf is where a folded title with an id stands.
func (v *View) TitleNumberOf(title, id string) float64 {
	rank := v.Main.TitleRankOf(title, id)
	if int(rank) < v.Main.Columns.Len() {
		if have, name := v.Main.idAndTitle(int(v.Main.ByTitle[rank])); string(have) == id && string(name) == title {
			return float64(rank)
		}
	}
	return float64(rank) - 0.5
}

// TitleContaining is the folded title of a slot if it has some text, else empty.
func (v *View) TitleContaining(doc int32, text string) string {
	if n := v.Main.Columns.Len(); int(doc) >= n {
		return TitleOf(v.Delta.Bodies[int(doc)-n])
	}
	if _, title := v.Main.idAndTitle(int(doc)); bytes.Contains(title, []byte(text)) {
		return string(title)
	}
	return ""
}

// Packed are the packed facts of a slot, for as long as v is in use. They must
// not be changed.
func (v *View) Packed(doc int32) []byte {
	if n := v.Main.Columns.Len(); int(doc) >= n {
		body := v.Delta.Bodies[int(doc)-n]
		return unsafe.Slice(unsafe.StringData(body), len(body))
	}
	return v.Main.bodies.raw(v.Main.at[doc])
}

// AppendBrief appends the brief of a doc to b, as JSON without its last brace, in
// English or Welsh.
func (v *View) AppendBrief(b []byte, doc int32, welsh bool) []byte {
	return appendBriefOf(b, v.Packed(doc), welsh)
}
