package vocabulary_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gather/directory/vocabulary"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// line formats a concept in one line, its URIs without their common prefix.
func line(c vocabulary.Concept, source string) string {
	short := func(uris []string) string {
		var out []string
		for _, u := range uris {
			out = append(out, strings.TrimLeft(strings.TrimPrefix(u, source), "/#"))
		}
		return strings.Join(out, ",")
	}
	return fmt.Sprintf("%s|%s|%s|%s|%s|<%s|~%s|%s", short([]string{c.URI}), c.Label, c.LabelCy,
		strings.Join(c.Words, ","), strings.Join(c.WordsCy, ","), short(c.Broader), short(c.Related), c.Definition)
}

var (
	csvOptions = vocabulary.Options{Source: "https://example.org/list", Licence: "OGL", IDColumn: "code", LabelColumn: "Name",
		LabelCyColumn: "Enw", WordsColumn: "Also", BroaderColumn: "Under", DefinitionColumn: "Notes"}
	treeOptions = vocabulary.Options{Source: "https://example.org/tree", Licence: "OGL", ChildrenKey: "categories", IDKey: "key", LabelKey: "title"}
)

func TestImportFormats(t *testing.T) {
	for _, c := range []struct {
		file           string
		options        vocabulary.Options
		source         string
		licence        string
		want           []string
		faults         []string // row field refused
		rows, rejected int
	}{
		{"scheme.jsonld", vocabulary.Options{}, "https://example.org/hobbies", "https://creativecommons.org/licenses/by/4.0/", []string{
			"water|On the water|Ar y dŵr|||<|~|",
			"coracles|Coracle racing|Rasio cwryglau|Coracles|Cwryglau|<old-crafts,water|~|Racing in small round boats",
			"old-crafts|Old crafts||||<|~water|",
			"knitting|Knitting||Purling||<old-crafts|~|",
		}, []string{"9 - true", "7 label true", "8 id true", "4 broader false", "2 narrower false"}, 7, 3},
		{"columns.csv", csvOptions, "https://example.org/list", "OGL", []string{
			"C1|Outdoor things|Pethau awyr agored|||<|~|",
			"C2|Coracle racing|Rasio cwryglau|coracles,round boats||<C1|~|Small, round",
			"C3|Hedge laying contest||||<C2|~|",
			"C6|Lost||||<|~|",
		}, []string{"5 id true", "6 label true", "7 broader false"}, 6, 2},
		{"tree.json", treeOptions, "https://example.org/tree", "OGL", []string{
			"w|On the water||||<|~|",
			"c|Coracle racing||||<w,o|~|",
			"on-the-water/coracle-racing/night-racing|Night racing||||<c|~|",
			"on-the-water/raft-building|Raft building||||<w|~|",
			"o|Old things||||<|~|",
		}, []string{"7 title true"}, 7, 1},
	} {
		imported, report, err := vocabulary.ImportVocabulary(bytes.NewReader(sample(t, c.file)), c.options)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if imported.Source != c.source || imported.Licence != c.licence {
			t.Errorf("%s: source %q, licence %q", c.file, imported.Source, imported.Licence)
		}
		var got, faults []string
		for _, concept := range imported.Concepts {
			got = append(got, line(concept, c.source))
		}
		for _, f := range report.Faults {
			field := f.Field
			if field == "" {
				field = "-"
			}
			faults = append(faults, fmt.Sprintf("%d %s %v", f.Row, field, f.Refused))
			if f.Detail == "" {
				t.Errorf("%s: a fault of row %d says nothing", c.file, f.Row)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.file, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
		if !slices.Equal(faults, c.faults) || report.Rows != c.rows || report.Refused != c.rejected || report.Taken != len(c.want) {
			t.Errorf("%s: %d rows, %d taken, %d refused, faults %q; want %d rows, %d refused, %q",
				c.file, report.Rows, report.Taken, report.Refused, faults, c.rows, c.rejected, c.faults)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	source := vocabulary.Options{Source: "https://example.org/x"}
	concept := func(id, broader string) string {
		return fmt.Sprintf(`{"id":%q,"type":"Concept","prefLabel":%q,"broader":[%q]}`, id, "label "+id, broader)
	}
	var cycle *vocabulary.CycleError
	for _, c := range []struct {
		name, in string
		options  vocabulary.Options
		is       error  // compared with errors.Is
		as       any    // compared with errors.As
		says     string // part of the message, for errors without a type
	}{
		{"no source", `[{"id":"a","prefLabel":"A"}]`, vocabulary.Options{}, vocabulary.ErrNoSource, nil, ""},
		{"cycle", "[" + concept("a", "b") + "," + concept("b", "c") + "," + concept("c", "a") + "]", source, nil, &cycle, ""},
		{"own parent", "[" + concept("a", "a") + "]", source, nil, &cycle, ""},
		{"cycle by narrower", `[{"id":"a","prefLabel":"A","narrower":"b"},{"id":"b","prefLabel":"B","narrower":"a"}]`, source, nil, &cycle, ""},
		{"cycle in CSV", "id,label,broader\na,A,b\nb,B,a\n", source, nil, &cycle, ""},
		{"cycle in a tree", `{"id":"a","label":"A","sub":[{"id":"b","label":"B","sub":[{"id":"a","label":"A"}]}]}`,
			vocabulary.Options{Source: "https://example.org/x", ChildrenKey: "sub"}, nil, &cycle, ""},
		{"cut off", `{"concept":[{"id":"a"`, source, nil, nil, "byte"},
		{"more after the end", `[] []`, source, nil, nil, "more after the end"},
		{"neither list", `{"items":[]}`, source, nil, nil, "@graph"},
		{"empty", "", source, nil, nil, "header"},
		{"no label column", "id,name\n1,A\n", source, nil, nil, `"label"`},
		{"a named column missing", "id,label\n1,A\n", vocabulary.Options{Source: "x", BroaderColumn: "parent"}, nil, nil, `"parent"`},
		{"too many", "label\n" + strings.Repeat("x\n", vocabulary.MaxImportConcepts+1), source, vocabulary.ErrTooLarge, nil, ""},
		{"too deep", strings.Repeat(`{"label":"a","sub":[`, vocabulary.MaxImportDepth+1) + strings.Repeat("]}", vocabulary.MaxImportDepth+1),
			vocabulary.Options{Source: "x", ChildrenKey: "sub"}, vocabulary.ErrTooLarge, nil, ""},
		{"too long", strings.Repeat(" ", vocabulary.MaxImportBytes+1), source, vocabulary.ErrTooLarge, nil, ""},
	} {
		imported, _, err := vocabulary.ImportVocabulary(strings.NewReader(c.in), c.options)
		switch {
		case err == nil || len(imported.Concepts) > 0:
			t.Errorf("%s: error %v, %d concepts", c.name, err, len(imported.Concepts))
		case c.is != nil && !errors.Is(err, c.is), c.as != nil && !errors.As(err, c.as), !strings.Contains(err.Error(), c.says):
			t.Errorf("%s: unexpected error %v", c.name, err)
		}
	}
}

func TestImportDropsWhatExceedsLimits(t *testing.T) {
	words := strings.Repeat("word;", vocabulary.MaxImportWords+5)
	in := "id,label,words,definition\n" +
		"long," + strings.Repeat("é", vocabulary.MaxImportLabel+1) + ",,\n" +
		"fits," + strings.Repeat("é", vocabulary.MaxImportLabel) + ",,\n" +
		"bell,a\x07b,,\n" +
		"bytes,\xff\xfe,,\n" +
		"many,Many," + words + "," + strings.Repeat("d", vocabulary.MaxImportText+1) + "\n"
	imported, report, err := vocabulary.ImportVocabulary(strings.NewReader(in), vocabulary.Options{Source: "https://example.org/x"})
	if err != nil {
		t.Fatal(err)
	}
	if len(imported.Concepts) != 2 || report.Refused != 3 {
		t.Errorf("%d taken, %d refused: %+v", len(imported.Concepts), report.Refused, report.Faults)
	}
	if c := imported.Concepts[len(imported.Concepts)-1]; len(c.Words) != vocabulary.MaxImportWords || c.Definition != "" {
		t.Errorf("%d words and a definition of %d bytes were kept", len(c.Words), len(c.Definition))
	}
	if i := slices.IndexFunc(report.Faults, func(f vocabulary.Fault) bool { return f.Field == "licence" && !f.Refused }); i < 0 {
		t.Error("there is no warning of the missing licence")
	}
}

func FuzzImportVocabulary(f *testing.F) {
	f.Add(sample(f, "scheme.jsonld"), uint8(0))
	f.Add(sample(f, "columns.csv"), uint8(1))
	f.Add(sample(f, "tree.json"), uint8(2))
	f.Add([]byte(`[{"id":"a","prefLabel":{"en":[{"@value":1}]},"narrower":["a"]}]`), uint8(0))
	all := []vocabulary.Options{{Source: "https://example.org/x"}, csvOptions, treeOptions}
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		imported, report, err := vocabulary.ImportVocabulary(bytes.NewReader(data), all[int(which)%len(all)])
		if err != nil {
			return
		}
		if report.Taken != len(imported.Concepts) || report.Taken+report.Refused > report.Rows {
			t.Errorf("%d rows, %d taken (%d), %d refused", report.Rows, report.Taken, len(imported.Concepts), report.Refused)
		}
		uris := make(map[string]bool)
		for _, c := range imported.Concepts {
			if c.URI == "" || c.Label == "" || uris[c.URI] {
				t.Errorf("concept %q labelled %q", c.URI, c.Label)
			}
			uris[c.URI] = true
		}
		for _, c := range imported.Concepts {
			for _, other := range slices.Concat(c.Broader, c.Related) {
				if !uris[other] {
					t.Errorf("%q refers to %q, which is not there", c.URI, other)
				}
			}
		}
		v := builtIn(t)
		extra, err := v.Merge(nil, imported)
		if err != nil {
			t.Fatalf("a valid import was not merged: %v", err)
		}
		if len(extra) != len(imported.Concepts) {
			t.Errorf("%d concepts became %d interests", len(imported.Concepts), len(extra))
		}
	})
}
