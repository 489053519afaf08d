package segment

import (
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
	SortTexts(all, func(n int32) []byte { return []byte(texts[n]) }, func(a, b int32) int { return int(a - b) })
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
			b := &Main{byID: make([]int32, len(ids))}
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
					t.Fatalf("the id of row %d is %q, not %q", i, b.id(int32(i)), id)
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
