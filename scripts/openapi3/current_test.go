package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

const root = "../.."

func TestTheCommittedDocumentIsCurrent(t *testing.T) {
	_, want, err := Generate(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, again, err := Generate(root); err != nil || !bytes.Equal(want, again) {
		t.Errorf("made again, the document is another one (%v)", err)
	}
	have, err := os.ReadFile(filepath.Join(root, openAPIFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not what the handlers' comments say: run scripts/openapi and read the diff", openAPIFile)
	}
}
