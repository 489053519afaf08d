package segment

import (
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Posting is a row that has a stem, and in which of its texts: the row shifted by
// WhereBits, and InTitle and InLabels below it. So sorted lists of postings are in
// the order of rows.
type Posting uint32

const (
	// InTitle and InLabels are set where a stem stands in the title, and in the
	// labels of interests.
	InTitle  = 1 << iota
	InLabels // see InTitle

	// WhereBits is how many bits say where, and WhereMask masks them.
	WhereBits = 2
	WhereMask = 1<<WhereBits - 1 // see WhereBits
)

// Row is the row that has the stem.
func (p Posting) Row() int32 { return int32(p >> WhereBits) }

// at is the position in a list of the first row from doc on.
func at(list []Posting, doc int32) int {
	n, _ := slices.BinarySearch(list, Posting(doc)<<WhereBits)
	return n
}

// After is the position in a list of the first row from doc on, which is likely
// to be near the front.
func After(list []Posting, doc int32) int {
	want, step := Posting(doc)<<WhereBits, 1
	for step < len(list) && list[step] < want {
		step *= 2
	}
	from := step / 2
	n, _ := slices.BinarySearch(list[from:min(step+1, len(list))], want)
	return from + n
}

// both are the rows in both lists, with the texts that have the stems of both.
func both(a, b []Posting) []Posting {
	if len(a) > len(b) {
		a, b = b, a
	}
	var out []Posting
	for _, p := range a {
		b = b[After(b, p.Row()):]
		if len(b) == 0 {
			break
		}
		if b[0].Row() == p.Row() {
			out = append(out, p&(b[0]|^Posting(WhereMask)))
		}
	}
	return out
}

// maxCachedPostings is how many bytes of postings a main segment keeps: those of
// all usual words of a million listings. Half of them are dropped at a time, first
// those that were not searched for lately.
const maxCachedPostings = 128 << 20

// cachedListBytes is about the memory of a list beside its postings.
const cachedListBytes = 200

// postingCache keeps postings that were looked up in Bleve. It is safe for
// concurrent use.
type postingCache struct {
	mu         sync.RWMutex
	young, old map[string][]Posting
	bytes      int // of young
}

func (k *postingCache) get(key string) ([]Posting, bool) {
	k.mu.RLock()
	list, ok := k.young[key]
	if !ok {
		list, ok = k.old[key]
	}
	aged := ok && k.young[key] == nil
	k.mu.RUnlock()
	if aged {
		k.put(key, list)
	}
	return list, ok
}

func (k *postingCache) put(key string, list []Posting) {
	k.mu.Lock()
	defer k.mu.Unlock()
	size := 4*len(list) + cachedListBytes
	if k.young == nil || k.bytes+size > maxCachedPostings/2 {
		k.young, k.old, k.bytes = map[string][]Posting{}, k.young, 0
	}
	if list == nil {
		list = []Posting{} // known to be in no listing
	}
	k.young[strings.Clone(key)] = list
	k.bytes += size
}

// all are the lists kept now. They never change.
func (k *postingCache) all() map[string][]Posting {
	k.mu.RLock()
	defer k.mu.RUnlock()
	all := maps.Clone(k.old)
	if all == nil {
		all = map[string][]Posting{}
	}
	maps.Copy(all, k.young)
	return all
}

// betweenStems separates the stems of a form in its key. No stem has a space.
const betweenStems = " "

// Postings are the docs that have all of some stems.
func (b *Main) Postings(stems []string) ([]Posting, error) {
	key := stems[0]
	if len(stems) > 1 {
		key = strings.Join(stems, betweenStems)
	}
	if list, ok := b.postings.get(key); ok {
		return list, nil
	}
	list, err := b.readPostings(stems[0])
	for _, stem := range stems[1:] {
		if err != nil {
			break
		}
		var more []Posting
		if more, err = b.Postings([]string{stem}); err == nil {
			list = both(list, more)
		}
	}
	if err != nil {
		return nil, err
	}
	b.postings.put(key, list)
	return list, nil
}

// DocumentsWith is the number of documents that have a word as it is written,
// deleted ones too.
func (b *Main) DocumentsWith(word string) (n uint64, err error) {
	for _, s := range b.Reader.Segments() {
		dict, err := s.Segment().Dictionary(FieldPlain)
		if err != nil {
			return 0, fmt.Errorf("look up a word: %w", err)
		}
		list, err := dict.PostingsList([]byte(word), nil, nil)
		if err != nil {
			return 0, fmt.Errorf("look up a word: %w", err)
		}
		n += list.Count()
	}
	return n, nil
}

// readPostings reads the postings of a stem from Bleve's snapshot.
func (b *Main) readPostings(stem string) ([]Posting, error) {
	var all []Posting
	for _, field := range []struct {
		name  string
		where Posting
	}{{fieldText, 0}, {fieldTitle, InTitle}, {fieldLabels, InLabels}} {
		offset := 0
		for _, s := range b.Reader.Segments() {
			dict, err := s.Segment().Dictionary(field.name)
			if err != nil {
				return nil, fmt.Errorf("look up a word: %w", err)
			}
			// Documents that were deleted have no doc, so addDocs leaves them out.
			list, err := dict.PostingsList([]byte(stem), nil, nil)
			if err != nil {
				return nil, fmt.Errorf("look up a word: %w", err)
			}
			all = b.addDocs(all, list, offset, field.where)
			offset += int(s.Segment().Count())
		}
	}
	return inOrder(all, b.Len()), nil
}

// addDocs adds the docs of the documents in the list of one of Bleve's segments.
func (b *Main) addDocs(all []Posting, list segment.PostingsList, offset int, where Posting) []Posting {
	add := func(doc int) {
		if row := b.docOf[offset+doc]; row >= 0 {
			all = append(all, Posting(row)<<WhereBits|where)
		}
	}
	it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return all
	}
	if doc, only := it.DocNum1Hit(); only {
		if doc != math.MaxUint64 {
			add(int(doc))
		}
		return all
	}
	if docs := it.ActualBitmap(); docs != nil {
		var some [256]uint32
		for more := docs.ManyIterator(); ; {
			n := more.NextMany(some[:])
			if n == 0 {
				break
			}
			for _, doc := range some[:n] {
				add(int(doc))
			}
		}
	}
	return all
}

// inOrder sorts postings and merges those of one row. Many of them are sorted by a
// bit for each posting, which takes no comparisons.
func inOrder(all []Posting, docs int) []Posting {
	if len(all) < docs/512 {
		slices.Sort(all)
		return slices.Clip(merged(all))
	}
	marks := make([]uint64, (docs<<WhereBits+63)/64)
	for _, p := range all {
		marks[p/64] |= 1 << (p % 64)
	}
	out := make([]Posting, 0, len(all))
	for n, word := range marks {
		for ; word != 0; word &= word - 1 {
			p := Posting(n*64 + bits.TrailingZeros64(word))
			if last := len(out) - 1; last >= 0 && out[last].Row() == p.Row() {
				out[last] |= p
				continue
			}
			out = append(out, p)
		}
	}
	return slices.Clip(out)
}

// merged merges neighbours of the same row.
func merged(all []Posting) []Posting {
	out := all[:0]
	for _, p := range all {
		if last := len(out) - 1; last >= 0 && out[last].Row() == p.Row() {
			out[last] |= p
			continue
		}
		out = append(out, p)
	}
	return out
}
