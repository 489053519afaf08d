package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// mayImport lists which of our packages a package may import, tests aside.
// Imports go one way: main ► api ► search ► directory, and only main imports
// api. A pattern ending in /... is a package and all below it.
var mayImport = map[string][]string{
	"directory":                {"directory/vocabulary"},
	"directory/vocabulary":     {},
	"directory/vocabulary/...": {"directory/vocabulary"},
	"directory/gazetteer":      {"directory", "directory/gazetteer/..."},
	"directory/gazetteer/...":  {"directory", "directory/gazetteer/..."},
	"directory/commit":         {"directory"},
	"directory/boltstore":      {"directory", "directory/commit"},
	"directory/mongostore":     {"directory", "directory/commit"},
	"directory/mongostore/...": {"directory", "directory/mongostore/..."},
	"directory/storetest":      {"directory"},
	"directory/bulk":           {"directory", "directory/vocabulary", "directory/bulk/..."},
	"directory/bulk/...":       {"directory", "directory/vocabulary", "directory/bulk/freetext", "directory/bulk/icalendar", "directory/bulk/loose", "directory/bulk/draft", "directory/bulk/spool"},
	"directory/bulk/freetext":  {"directory", "directory/vocabulary"},
	"directory/bulk/loose":     {"directory", "directory/bulk/freetext"},
	"directory/bulk/icalendar": {"directory", "directory/bulk/freetext", "directory/bulk/loose"},
	"directory/bulk/draft":     {"directory", "directory/vocabulary", "directory/bulk/freetext", "directory/bulk/loose"},
	"directory/bulk/spool":     {"directory"},
	"directory/bulk/bulktest":  {"directory", "directory/vocabulary", "directory/gazetteer", "directory/boltstore", "directory/bulk", "directory/bulk/..."},
	"directory/bulk/hsds":      {"directory", "directory/vocabulary", "directory/bulk/freetext", "directory/bulk/icalendar", "directory/bulk/loose", "directory/bulk/draft", "directory/bulk/spool", "directory/bulk/gather"},
	"directory/harvest":        {"directory", "directory/bulk", "directory/bulk/..."},
	"directory/demo":           {"directory", "directory/vocabulary"},
	"search/calendar":          {"directory", "directory/vocabulary"},
	"search":                   {"directory", "directory/vocabulary", "search/calendar"},
	"search/language":          {"directory", "directory/vocabulary", "directory/gazetteer", "search"},
	"search/segment":           {"directory", "directory/vocabulary", "directory/gazetteer", "search", "search/calendar", "search/language"},
	"search/complete":          {"directory", "directory/vocabulary", "directory/gazetteer", "search", "search/language", "search/segment"},
	"search/match":             {"directory", "directory/vocabulary", "directory/gazetteer", "search", "search/calendar", "search/language", "search/segment"},
	"search/present":           {"directory", "directory/vocabulary", "search", "search/calendar", "search/language", "search/segment", "search/match"},
	"search/relevance":         {"directory"},
	"search/index":             {"directory", "directory/vocabulary", "directory/gazetteer", "search", "search/..."},
	"api":                      {"directory", "directory/vocabulary", "directory/gazetteer", "search", "search/index", "api/..."},
	"api/apitest":              {"directory", "directory/vocabulary", "directory/gazetteer", "search/index", "api", "api/openactive"},
	"api/web":                  {"directory", "directory/vocabulary", "search"},
	"api/...":                  {"directory", "directory/vocabulary", "api/..."},
	"scripts/...":              {"api/...", "directory/...", "directory", "search", "search/..."},
	"":                         {"api", "api/...", "search/index", "directory", "directory/..."},
}

// outside lists the packages of other modules that directory may import: the
// recurrence rules of schedules, and the ASCII form of host names.
var outside = map[string]bool{"github.com/teambition/rrule-go": true, "golang.org/x/net/idna": true}

// mappings turn records into bodies. Routes, parameters and HTTP responses
// belong to package api.
var mappings = map[string]bool{"api/feeds": true, "api/ical": true, "api/oruk": true, "api/openactive": true, "api/web": true}

func TestImportsGoOneWay(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && file != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		pkg := path.Dir(filepath.ToSlash(file))
		if pkg == "." {
			pkg = ""
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		allowed, ok := rulesFor(pkg)
		if !ok {
			t.Errorf("%s: package %q has no entry in mayImport", file, pkg)
			return nil
		}
		for _, spec := range source.Imports {
			seen++
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			ours, isOurs := strings.CutPrefix(name, "gather/")
			switch {
			case isOurs && !matchesAny(ours, allowed):
				t.Errorf("%s imports %s, which package %q may not", file, name, pkg)
			case name == "net/http" && mappings[pkg]:
				t.Errorf("%s imports %s: %s makes bodies, and package api serves them", file, name, pkg)
			case !isOurs && pkg == "directory" && strings.Contains(strings.Split(name, "/")[0], ".") && !outside[name]:
				t.Errorf("%s imports %s: directory may import only the other modules in outside", file, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Errorf("only %d imports were read", seen)
	}
}

// rulesFor returns what a package may import: its own entry, or that of the
// nearest pattern above it.
func rulesFor(pkg string) ([]string, bool) {
	if rules, ok := mayImport[pkg]; ok {
		return rules, true
	}
	for up := pkg; up != "." && up != ""; up = path.Dir(up) {
		if rules, ok := mayImport[path.Dir(up)+"/..."]; ok {
			return rules, true
		}
	}
	return nil, false
}

func matchesAny(pkg string, patterns []string) bool {
	for _, p := range patterns {
		if prefix, below := strings.CutSuffix(p, "/..."); p == pkg || below && strings.HasPrefix(pkg, prefix+"/") {
			return true
		}
	}
	return false
}
