package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSynonymsOfAServer: the operator's synonyms are read at the start, and
// again when they change.
func TestSynonymsOfAServer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "synonyms.csv")
	write := func(rows string) {
		t.Helper()
		if err := os.WriteFile(path, []byte("left,relation,right\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("zzygur,is,knitting\n")
	var out, errOut bytes.Buffer
	code := run(context.Background(), []string{"gather", "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--synonyms", path},
		func(string) string { return "" }, &out, &errOut)
	if code != 1 || !strings.Contains(errOut.String(), "synonyms.csv, row 2") {
		t.Errorf("with wrong synonyms: exit %d, printed %q", code, errOut.String())
	}

	write("")
	s := serve(t, "--demo", "--synonyms", path)
	found := func() int { return s.search(url.Values{"q": {"zzygur"}}).Total }
	if n := found(); n != 0 {
		t.Errorf("an unknown word finds %d", n)
	}
	until := func(what string, ok func() bool) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: not after half a minute\n%s", what, s.log)
			}
		}
	}
	write("zzygur,=,knitting\n")
	until("a new word", func() bool { return found() > 0 })
	write("zzygur,is,chess\n")
	until("a wrong row", func() bool { return strings.Contains(s.log.String(), "row 2") })
	if found() == 0 {
		t.Error("a file with faults removes the previous synonyms")
	}
	s.stop()
}
