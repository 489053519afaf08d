package search_test

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
)

// full has every parameter.
const full = "q=chair+yoga&words=literal&near=M33+7DB&within=3&interest=yoga,pilates&interest=dance&access=step-free&access=hearing-loop,live-captions" +
	"&access_unknown=include&first_visit=companion-welcome&group_max=12&commitment=drop-in&structure=side-by-side,unstated&conversation=low&energy=seated,gentle&referral=self&day=tue,thu&time=morning,18:00-20:00" +
	"&from=2026-12-01&to=2026-12-24&cost=2.5&age=72&for=carers&language=cy&delivery=venue&places=now&checked=6" +
	"&group=00000000-0000-4000-8000-000000000001&sort=soonest&limit=5&cursor=abc&facets=day,cost&explain=true&lang=cy&after_change=17"

func TestQueryPrintsItself(t *testing.T) {
	for _, raw := range []string{
		"", full, "bbox=-2.4,53.3,-2.2,53.5&near=Sale", "cost=free", "cost=0", "near=53.42,-2.32&within=5km", "within=.5&near=M33",
		"near=M33&sort=distance", "facets=all", "q=caf%C3%A9+%26+tea", "age=0&limit=100", "day=mon&day=wed", "to=2026-12-31",
	} {
		values, err := url.ParseQuery(raw)
		if err != nil {
			t.Fatal(err)
		}
		q, err := search.ParseQuery(values, testVocabulary(t))
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		again, err := search.ParseQuery(q.Values(), testVocabulary(t))
		if err != nil || !reflect.DeepEqual(q, again) {
			t.Errorf("%s prints as %s, which reads as %+v, %v", raw, q, again, err)
		}
		if raw == full {
			if got := len(values) - len(q.Values()); got != 0 {
				t.Errorf("%d parameters were lost: %s", got, q)
			}
		}
	}
}

func TestEveryParameterIsRead(t *testing.T) {
	values, _ := url.ParseQuery(full)
	for _, name := range search.ParameterNames() {
		if values.Get(name) == "" && name != "bbox" {
			t.Errorf("the test query lacks %s", name)
		}
	}
	q, err := search.ParseQuery(values, testVocabulary(t))
	age := 72
	if err != nil {
		t.Fatal(err)
	}
	want := search.Query{
		Words: "chair yoga", Literal: true, Near: "M33 7DB", Within: 3,
		Interest:      []search.AnyOf{{"yoga", "pilates"}, {"dance"}},
		Access:        []search.AnyOf{{"step-free"}, {"hearing-loop", "live-captions"}},
		AccessUnknown: true, FirstVisit: []search.AnyOf{{"companion-welcome"}}, GroupMax: 12,
		Commitment: []search.AnyOf{{"drop-in"}}, Referral: []search.AnyOf{{"self"}}, Energy: []search.AnyOf{{"seated", "gentle"}}, Conversation: []search.AnyOf{{"low"}}, Structure: []search.AnyOf{{"side-by-side", "unstated"}}, Day: []search.AnyOf{{"tue", "thu"}}, Time: []search.AnyOf{{"morning", "18:00-20:00"}},
		From: "2026-12-01", To: "2026-12-24", Cost: &search.Price{Most: 2.5}, Age: &age, For: []search.AnyOf{{"carers"}},
		Language: []search.AnyOf{{"cy"}}, Delivery: []search.AnyOf{{"venue"}}, PlacesNow: true, CheckedMonths: 6,
		Group: "00000000-0000-4000-8000-000000000001", Sort: search.SortSoonest, Limit: 5, Cursor: "abc",
		Facets: []string{"day", "cost"}, Explain: true, Lang: "cy", AfterChange: 17,
	}
	if !reflect.DeepEqual(q, want) {
		t.Errorf("got  %+v\nwant %+v", q, want)
	}
}

func TestDistances(t *testing.T) {
	for _, c := range []struct {
		within string
		miles  float64
	}{
		{"3", 3}, {"3mi", 3}, {"3 miles", 3}, {"0.1", 0.1}, {"200", 200}, {"1 mile", 1}, {"1.609344km", 1},
		{"0.05", 0}, {"201", 0}, {"330km", 0}, {"-1", 0}, {"near", 0}, {"3m", 0}, {"1e1", 0}, {"NaN", 0},
	} {
		q, err := search.ParseQuery(url.Values{"near": {"M33"}, "within": {c.within}}, testVocabulary(t))
		if (err == nil) != (c.miles > 0) || q.Within != c.miles {
			t.Errorf("within=%s is %v, %v; want %v", c.within, q.Within, err, c.miles)
		}
	}
}

func TestQueryFaults(t *testing.T) {
	for _, c := range []struct{ raw, fields, fix string }{
		{"colour=red", "colour", "parameters are"},
		{"radius=3", "radius", "write within"},
		{"firstVisit=buddy", "firstVisit", "write first_visit"},
		{"access=stepfree", "access", "did you mean step-free?"},
		{"access=wheelchair", "access", "did you mean"},
		{"interest=knittin", "interest", "did you mean knitting?"},
		{"interest=zzzzzz", "interest", "see /v1/vocabularies"},
		{"day=tuesday", "day", "did you mean tue?"},
		{"time=20:00-18:00", "time", "18:00-20:00"},
		{"time=25:00-26:00", "time", "18:00-20:00"},
		{"q=" + strings.Repeat("a+", 33), "q", "fewer words"},
		{"q=" + strings.Repeat("a", 301), "q", "fewer words"},
		{"q=a%00b", "q", "leave them out"},
		{"q=%ff", "q", "UTF-8"},
		{"near=M33&within=300", "within", "0.1 to 200"},
		{"within=3", "within", "near"},
		{"bbox=1,2,3", "bbox", "west,south,east,north"},
		{"bbox=1,2,3,x", "bbox", "west,south,east,north"},
		{"bbox=3,2,1,4", "bbox", "west,south,east,north"},
		{"bbox=0,0,1,95", "bbox", "west,south,east,north"},
		{"near=M33&within=2&bbox=-2.4,53.3,-2.2,53.5", "within", "one of"},
		{"limit=0", "limit", "1 to 100"},
		{"limit=101", "limit", "1 to 100"},
		{"limit=1.5", "limit", "1 to 100"},
		{"limit=5&limit=6", "limit", "once"},
		{"age=121", "age", "0 to 120"},
		{"cost=lots", "cost", "most pounds"},
		{"cost=-1", "cost", "most pounds"},
		{"cost=NaN", "cost", "most pounds"},
		{"from=2026-02-30", "from", "YYYY-MM-DD"},
		{"from=1/2/2026", "from", "YYYY-MM-DD"},
		{"from=2026-12-02&to=2026-12-01", "to", "on or after"},
		{"from=2026-12-01&to=2028-01-01", "to", "366"},
		{"sort=distance", "sort", "near"},
		{"sort=price", "sort", "best or distance"},
		{"facets=day,colour", "facets", "all, or any of"},
		{"access_unknown=yes", "access_unknown", "include"},
		{"places=later", "places", "now"},
		{"checked=0", "checked", "1 to 120"},
		{"group_max=0", "group_max", "1 to 10000"},
		{"explain=maybe", "explain", "true or false"},
		{"lang=fr", "lang", "en or cy"},
		{"q=tea&words=yes", "words", "literal"},
		{"after_change=-1", "after_change", "whole number"},
		{"cursor=" + strings.Repeat("x", 9000), "cursor", "next"},
		{strings.Repeat("day=mon&", search.MaxChoices+1), "day", "fewer"},
		{"limit=0&age=x&access=nope&zzz=1", "zzz age limit access", ""},
	} {
		values, err := url.ParseQuery(c.raw)
		if err != nil {
			t.Fatal(err)
		}
		_, err = search.ParseQuery(values, testVocabulary(t))
		if got := faultyFields(err); got != c.fields {
			t.Errorf("%.80s: faults in %q, want %q", c.raw, got, c.fields)
			continue
		}
		var invalid *directory.Invalid
		if errors.As(err, &invalid); !strings.Contains(invalid.Faults[0].Fix, c.fix) {
			t.Errorf("%.80s: the fix is %q, want something of %q", c.raw, invalid.Faults[0].Fix, c.fix)
		}
		for _, f := range invalid.Faults {
			if f.Detail == "" || f.Fix == "" || len(f.Detail) > 500 {
				t.Errorf("%.80s: a fault lacks its words or has too many: %+v", c.raw, f)
			}
		}
	}
}

func TestDecodeQuery(t *testing.T) {
	body := `{"q":"chair yoga","words":"literal","near":"M33 7DB","within":3,"interest":["yoga,pilates","dance"],"access":["step-free"],"access_unknown":"include",
		"first_visit":["companion-welcome"],"group_max":12,"commitment":["drop-in"],"structure":["side-by-side,unstated"],"conversation":["low"],"energy":["seated,gentle"],"referral":["self"],"day":["tue,thu"],"time":["18:00-20:00"],"from":"2026-12-01",
		"to":"2026-12-24","cost":"free","age":72,"for":["carers"],"language":["cy"],"delivery":["venue"],"places":"now","checked":6,"group":"g",
		"sort":"title","limit":5,"cursor":"abc","facets":["day","cost"],"explain":true,"lang":"cy","after_change":17}`
	q, err := search.DecodeQuery([]byte(body), testVocabulary(t))
	if err != nil {
		t.Fatal(err)
	}
	want, err := search.ParseQuery(q.Values(), testVocabulary(t))
	if err != nil || !reflect.DeepEqual(q, want) {
		t.Errorf("got %+v, whose URL reads as %+v, %v", q, want, err)
	}
	if missing := slices.DeleteFunc(search.ParameterNames(), func(name string) bool { return q.Values().Has(name) || name == "bbox" }); len(missing) > 0 {
		t.Errorf("the body's %v are lost", missing)
	}
	box, err := search.DecodeQuery([]byte(`{"bbox":[-2.4,53.3,-2.2,53.5]}`), testVocabulary(t))
	if err != nil || *box.Box != (search.Box{West: -2.4, South: 53.3, East: -2.2, North: 53.5}) {
		t.Errorf("bbox is %+v, %v", box.Box, err)
	}
	for _, c := range []struct{ body, fields string }{
		{`{"q":1,"colour":"red"}`, "q colour"},
		{`{"access":"step-free"}`, "access"},
		{`{"limit":1000,"age":-1}`, "age limit"},
		{`{"bbox":[1,2,3]}`, "bbox"},
		{`{"q":"a","q":"b"}`, "q"},
		{`[]`, ""},
		{``, ""},
		{`{"q":"a"} x`, ""},
	} {
		if _, err := search.DecodeQuery([]byte(c.body), testVocabulary(t)); faultyFields(err) != c.fields {
			t.Errorf("%s: faults in %q, want %q", c.body, faultyFields(err), c.fields)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, raw := range []string{full, "", "bbox=-0,0,1,1", "cost=0&near=%20", "q=%ff", "time=00:00-24:00", "within=5km&near=x", "day=mon,mon,,&day=mon", "facets=day,all"} {
		f.Add(raw)
	}
	vocabulary := testVocabulary(f)
	f.Fuzz(func(t *testing.T, raw string) {
		values, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		q, err := search.ParseQuery(values, vocabulary)
		var invalid *directory.Invalid
		if err != nil {
			if !errors.As(err, &invalid) || len(invalid.Faults) == 0 {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		again, err := search.ParseQuery(q.Values(), vocabulary)
		if err != nil || !reflect.DeepEqual(q, again) {
			t.Fatalf("%q reads as %+v, which prints as %s and reads as %+v, %v", raw, q, q, again, err)
		}
		if q.PageSize() < 1 || q.PageSize() > search.MaxLimit || q.Miles() < search.MinMiles || q.Miles() > search.MaxMiles {
			t.Fatalf("%q: %d items within %v miles", raw, q.PageSize(), q.Miles())
		}
	})
}

// testVocabulary is the built-in vocabulary.
func testVocabulary(t testing.TB) *vocabulary.Vocabulary {
	t.Helper()
	v, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// faultyFields are the fields at fault in an error, in order.
func faultyFields(err error) string {
	var invalid *directory.Invalid
	if !errors.As(err, &invalid) {
		return fmt.Sprint("not invalid: ", err)
	}
	var fields []string
	for _, f := range invalid.Faults {
		fields = append(fields, f.Field)
	}
	return strings.Join(fields, " ")
}

var update = flag.Bool("update", false, "write the table of parameters into docs/search.md")

// The table of parameters in docs/search.md is made from their declarations.
func TestDocumentedParameters(t *testing.T) {
	const file, begin, end = "../docs/search.md", "<!-- parameters: written by go test ./search -update -->\n", "<!-- end -->\n"
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(doc), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the table", file)
	}
	var table strings.Builder
	table.WriteString("| parameter | meaning | example |\n|---|---|---|\n")
	for _, p := range search.Parameters() {
		example := ""
		if p.Example != "" {
			example = "`" + p.Name + "=" + p.Example + "`"
		}
		values := ""
		if len(p.Form.Values) > 0 {
			values = ": `" + strings.Join(p.Form.Values, "`, `") + "`"
		}
		fmt.Fprintf(&table, "| `%s` | %s%s | %s |\n", p.Name, p.Help, values, example)
	}
	want := before + begin + table.String() + end + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(doc) {
		t.Errorf("%s is not current: go test ./search -update", file)
	}
}
