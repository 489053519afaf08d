package segment

import (
	"strings"
	"testing"
)

// TestMappedFilesCanBeLetGo reads on after the pages were let go.
func TestMappedFilesCanBeLetGo(t *testing.T) {
	l, err := OpenListings(t.TempDir()+"/listings", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	body := strings.Repeat("walk ", 100_000)
	at, err := l.Append([]Entry{{Body: []byte(body)}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.MapCommitted()
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for range 3 {
		if m.body(at[0]) != body {
			t.Fatal("the body is another")
		}
		m.Release()
	}
}
