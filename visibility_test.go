package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// decidesVisibility are the files that may compare the statuses that make a
// record public.
var decidesVisibility = []string{"directory/public.go"}

// keepsStores are the files outside the stores that may name directory.Store:
// main opens one and hands it to the directory.
var keepsStores = []string{"main.go"}

// TestOnePlaceKnowsWhatIsPublic: only directory/public.go compares public
// statuses, and only package directory uses the store.
func TestOnePlaceKnowsWhatIsPublic(t *testing.T) {
	read := 0
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		if entry.IsDir() && (entry.Name() == "testdata" || file == "scripts" || strings.HasPrefix(entry.Name(), ".") && file != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		read++
		files := token.NewFileSet()
		source, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(source, func(n ast.Node) bool {
			for _, e := range compared(n) {
				if public(e) && !slices.Contains(decidesVisibility, file) {
					t.Errorf("%s compares a public status: call Published, or read through directory/public.go", files.Position(e.Pos()))
				}
			}
			if s, ok := n.(*ast.SelectorExpr); ok && named(s.X, "directory") && s.Sel.Name == "Store" && !ofStores(file) {
				t.Errorf("%s names directory.Store: the store is private to the directory", files.Position(s.Pos()))
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 100 {
		t.Errorf("only %d files were read", read)
	}
}

// compared are the expressions that n compares for equality.
func compared(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return []ast.Expr{n.X, n.Y}
		}
	case *ast.SwitchStmt:
		if n.Tag == nil {
			return nil
		}
		var out []ast.Expr
		for _, c := range n.Body.List {
			if list := c.(*ast.CaseClause).List; len(list) == 1 { // a list of all statuses only checks what is given
				out = append(out, list[0])
			}
		}
		return out
	}
	return nil
}

// public reports whether e names a status that makes an activity or a group
// public.
func public(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "StatusPublished" || e.Name == "GroupTrusted"
	case *ast.SelectorExpr:
		return public(e.Sel)
	case *ast.CallExpr: // string(directory.GroupTrusted)
		return len(e.Args) == 1 && public(e.Args[0])
	case *ast.BasicLit:
		return e.Value == `"published"` || e.Value == `"trusted"`
	}
	return false
}

func named(e ast.Expr, name string) bool {
	x, ok := e.(*ast.Ident)
	return ok && x.Name == name
}

func ofStores(file string) bool {
	for _, folder := range []string{"directory/boltstore/", "directory/mongostore/", "directory/commit/", "directory/storetest/"} {
		if strings.HasPrefix(file, folder) {
			return true
		}
	}
	return slices.Contains(keepsStores, file)
}
