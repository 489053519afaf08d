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
		t.Errorf("generating the document twice gives two different ones (%v)", err)
	}
	have, err := os.ReadFile(filepath.Join(root, openAPIFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not current: run scripts/openapi and review the diff", openAPIFile)
	}
}
