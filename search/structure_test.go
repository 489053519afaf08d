package search_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// maxFiles is how many files a package of search may have, tests aside: more are
// more than one idea.
const maxFiles = 20

// The packages of search stay small, the contract knows nothing of Bleve, and no
// struct embeds one of another package of ours: a field has a name that says what
// it is.
func TestPackagesOfSearch(t *testing.T) {
	files := map[string]int{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files[filepath.Dir(path)]++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if dir := filepath.Dir(path); (dir == "." || dir == "calendar") && strings.Contains(name, "bleve") {
				t.Errorf("%s imports %s: the contract knows no Bleve", path, name)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				for _, embedded := range embeddedIn(spec) {
					t.Errorf("%s: %s embeds %s", path, spec.Name.Name, embedded)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, n := range files {
		if n > maxFiles {
			t.Errorf("package %s has %d files, more than %d", dir, n, maxFiles)
		}
	}
	if len(files) < 8 {
		t.Errorf("only %d packages were read", len(files))
	}
	if _, err := os.Stat("doc.go"); err != nil {
		t.Error(err)
	}
}

// jsonParts are structs whose fields stand flat in the JSON that a struct is read
// from or written as.
var jsonParts = map[string]bool{"Brief": true, "Said": true, "Details": true}

// embeddedIn are the types that a struct embeds, those aside that make up an
// answer.
func embeddedIn(spec *ast.TypeSpec) (names []string) {
	of, ok := spec.Type.(*ast.StructType)
	if !ok {
		return nil
	}
	for _, field := range of.Fields.List {
		if len(field.Names) > 0 {
			continue
		}
		kind := field.Type
		if pointer, ok := kind.(*ast.StarExpr); ok {
			kind = pointer.X
		}
		switch kind := kind.(type) {
		case *ast.Ident:
			if !jsonParts[kind.Name] {
				names = append(names, kind.Name)
			}
		case *ast.SelectorExpr:
			if !jsonParts[kind.Sel.Name] {
				names = append(names, kind.Sel.Name)
			}
		}
	}
	return names
}
