package segment

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestBlocksHoldWholeEntries(t *testing.T) {
	l, err := OpenListings(t.TempDir()+"/listings", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := rand.New(rand.NewPCG(8, 8))
	var want [][]byte
	for range 40 {
		var entries []Entry
		for range 1 + r.IntN(30) {
			body := bytes.Repeat([]byte{byte(r.IntN(256))}, 1+r.IntN(1<<(r.IntN(18)+1)))
			want = append(want, body)
			entries = append(entries, Entry{Body: body})
		}
		if _, err := l.Append(entries); err != nil {
			t.Fatal(err)
		}
	}
	large := bytes.Repeat([]byte("large"), blockBytes/2)
	want = append(want, large)
	if _, err := l.Append([]Entry{{Body: large}}); err != nil {
		t.Fatal(err)
	}
	free := make(chan []byte, 1)
	n := 0
	err = l.Blocks(free, func(from int64, block []byte) error {
		err := EachEntry(from, block, func(at int64, e Entry) error {
			if n >= len(want) || !bytes.Equal(e.Body, want[n]) {
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
