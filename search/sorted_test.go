package search

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestTextsAreSortedAsBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var texts []string
	for i := range 5000 {
		text := strings.Repeat("walking ", r.IntN(12)) + []string{"", "a", "b", "\x00", "\x00\x00", "choir", "chor"}[r.IntN(7)]
		if r.IntN(3) == 0 {
			text = fmt.Sprint(text, r.IntN(40), strings.Repeat("z", r.IntN(70)), i%3)
		}
		texts = append(texts, text)
	}
	all := make([]int32, len(texts))
	for i := range all {
		all[i] = int32(i)
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	sortTexts(all, func(n int32) []byte { return []byte(texts[n]) }, func(a, b int32) int { return int(a - b) })
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if c := strings.Compare(texts[a], texts[b]); c > 0 || c == 0 && a > b {
			t.Fatalf("%d %q stands before %d %q", a, texts[a], b, texts[b])
		}
	}
}

func TestIDsAreFoundByTheirBeginnings(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for name, id := range map[string]func() string{
		"random": func() string {
			return uuid.Must(uuid.NewRandomFromReader(rand.NewChaCha8([32]byte{byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256))}))).String()
		},
		"numbered": func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", r.IntN(100_000)) },
		"any text": func() string {
			return []string{"", "walk", "Walk", "the walk of the week"}[r.IntN(4)] + fmt.Sprint(r.IntN(3000))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var ids []string
			for range 2000 {
				ids = append(ids, id())
			}
			slices.Sort(ids)
			ids = slices.Compact(ids)
			b := &main{byID: make([]int32, len(ids))}
			for i := range ids {
				b.byID[i] = int32(i)
			}
			of := func(doc int32) []byte { return []byte(ids[doc]) }
			b.idKeys, b.docIDs = newIDKeys(b.byID, of), newDocIDs(len(ids), of)
			for i, id := range ids {
				if doc, ok := b.findBy([]byte(id), of); !ok || int(doc) != i {
					t.Fatalf("%q is found at %d, %v, and is at %d", id, doc, ok, i)
				}
				if b.docIDs != nil && b.id(int32(i)) != id {
					t.Fatalf("the id of slot %d is %q, not %q", i, b.id(int32(i)), id)
				}
			}
			for range 1000 {
				other := id() + []string{"", "x"}[r.IntN(2)]
				if _, ok := b.findBy([]byte(other), of); ok != slices.Contains(ids, other) {
					t.Fatalf("%q is found: %v", other, ok)
				}
			}
		})
	}
}

func TestTipsAreInOrderHoweverTheyCome(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	var all recentCompletions
	var keys []string
	for n := range 400 {
		var fresh []recentCompletion
		for range r.IntN(6) {
			key := fmt.Sprintf("%c%d", 'a'+rune(r.IntN(4)), r.IntN(300))
			keys = append(keys, key)
			fresh = append(fresh, recentCompletion{key: key, prompt: completion{slots: []int32{int32(n)}}})
		}
		before := all.beginning("", 1<<20)
		all = all.with(fresh)
		if got := len(all.beginning("", 1<<20)); got != len(before)+len(fresh) {
			t.Fatalf("%d tips and %d more are %d", len(before), len(fresh), got)
		}
	}
	slices.Sort(keys)
	for _, prefix := range []string{"", "a", "b1", "d29", "e"} {
		want := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return !strings.HasPrefix(k, prefix) })
		var got []string
		for _, tip := range all.beginning(prefix, 1<<20) {
			got = append(got, tip.key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q begins %d tips, not %d", prefix, len(got), len(want))
		}
	}
	if len(all) > 12 {
		t.Errorf("%d tips lie in %d runs", len(keys), len(all))
	}
	for _, tip := range all.after(390, func(doc int) int32 { return int32(doc - 390) }).beginning("", 1<<20) {
		if tip.prompt.slots[0] < 0 || tip.prompt.slots[0] >= 10 {
			t.Errorf("a tip of slot %d is left", tip.prompt.slots[0])
		}
	}
}

func TestBlocksHoldWholeEntries(t *testing.T) {
	l, err := openListings(t.TempDir()+"/listings", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	r := rand.New(rand.NewPCG(8, 8))
	var want [][]byte
	for range 40 {
		var entries []entry
		for range 1 + r.IntN(30) {
			body := bytes.Repeat([]byte{byte(r.IntN(256))}, 1+r.IntN(1<<(r.IntN(18)+1)))
			want = append(want, body)
			entries = append(entries, entry{body: body})
		}
		if _, err := l.append(entries); err != nil {
			t.Fatal(err)
		}
	}
	large := bytes.Repeat([]byte("large"), blockBytes/2)
	want = append(want, large)
	if _, err := l.append([]entry{{body: large}}); err != nil {
		t.Fatal(err)
	}
	free := make(chan []byte, 1)
	n := 0
	err = l.blocks(free, func(from int64, block []byte) error {
		err := eachEntry(from, block, func(at int64, e entry) error {
			if n >= len(want) || !bytes.Equal(e.body, want[n]) {
				return fmt.Errorf("entry %d at %d is another", n, at)
			}
			n++
			return nil
		})
		select {
		case free <- block:
		default:
		}
		return err
	})
	if err != nil || n != len(want) {
		t.Errorf("of %d entries %d are read: %v", len(want), n, err)
	}
}
