package search

import (
	"strings"
	"testing"
)

// TestMappedFilesCanBeLetGo reads on after the pages were let go.
func TestMappedFilesCanBeLetGo(t *testing.T) {
	l, err := openListings(t.TempDir()+"/listings", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	body := strings.Repeat("walk ", 100_000)
	at, err := l.append([]entry{{body: []byte(body)}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.mapCommitted()
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	for range 3 {
		if m.body(at[0]) != body {
			t.Fatal("the body is another")
		}
		m.release()
	}
}
