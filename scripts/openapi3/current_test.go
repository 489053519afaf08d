package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

const root = "../.."

func TestCommittedDocumentsAreCurrent(t *testing.T) {
	swagger, openAPI, err := Generate(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, again, err := Generate(root); err != nil || !bytes.Equal(openAPI, again) {
		t.Errorf("made again, the document is another one (%v)", err)
	}
	for _, f := range []struct {
		name string
		want []byte
	}{{swaggerFile, swagger}, {openAPIFile, openAPI}} {
		have, err := os.ReadFile(filepath.Join(root, f.name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, f.want) {
			t.Errorf("%s is not what the handlers' comments say: run scripts/openapi and read the diff", f.name)
		}
	}
}
