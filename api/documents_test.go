package api_test

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"gather/api"
)

var update = flag.Bool("update", false, "rewrite the files that tests compare with")

const nobody = "00000000-0000-4000-8000-000000000000"

// fill makes an address of a path of the OpenAPI document.
func fill(path string) string {
	path = strings.NewReplacer("{id}", nobody, "{session}", "2026-06-09T14:00", "{name}", "access", "{format}", "csv", "{page}", "1.xml", "{place}", "Sale", "{interest}", "yoga").Replace(path)
	return strings.Replace(path, "/problems/access", "/problems/invalid", 1)
}

func TestEveryRouteIsInTheOpenAPIDocument(t *testing.T) {
	doc := must(openapi3.NewLoader().LoadFromFile("../openapi.yaml"))(t)
	check(t, doc.Validate(t.Context()))
	s := newSite(t)
	var have, want []string
	for _, a := range api.Addresses() {
		have = append(have, a.Method+" "+a.Path)
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			want = append(want, method+" "+path)
			optional := slices.ContainsFunc(*op.Security, func(r openapi3.SecurityRequirement) bool { return len(r) == 0 })
			if r := s.do(method, fill(path), nil); (r.status == http.StatusUnauthorized) == optional {
				t.Errorf("%s %s: %d without a key, which openapi.yaml calls optional: %v", method, path, r.status, optional)
			}
		}
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("routes:\n%s\nopenapi.yaml:\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

func TestEveryAddressRefusesWhatItDoesNotKnow(t *testing.T) {
	s := newSite(t)
	for _, a := range api.Addresses() {
		at := fill(a.Path)
		r := s.do(a.Method, at+"?nonsense=1", nil, key(s.admin))
		if r.status != http.StatusBadRequest || !slices.Contains(strings.Fields(r.faults()), "nonsense") {
			t.Errorf("%s %s?nonsense=1: %d %s", a.Method, at, r.status, r.body)
		}
		// Where a file ending decides, Accept does not.
		if r := s.do(a.Method, at, nil, key(s.admin), header("Accept", "image/png")); r.status != http.StatusNotAcceptable && !strings.Contains(a.Path, "{format}") {
			t.Errorf("%s %s with Accept image/png: %d", a.Method, at, r.status)
		}
		if r := s.do(a.Method, at, nil, key("gather_wrong")); a.Operates {
			r.is(http.StatusOK)
		} else if r.status != http.StatusUnauthorized || !strings.Contains(r.header.Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("%s %s with a bad key: %d %q", a.Method, at, r.status, r.header.Get("WWW-Authenticate"))
		}
		if r := s.do("TRACE", at, nil); r.status != http.StatusMethodNotAllowed || r.kind() != "method-not-allowed" || !strings.Contains(r.header.Get("Allow"), a.Method) {
			t.Errorf("TRACE %s: %d, Allow %q", at, r.status, r.header.Get("Allow"))
		}
	}
}

func TestProblemsPageIsCurrent(t *testing.T) {
	const file = "../docs/problems.md"
	want := api.ProblemsPage()
	if *update {
		check(t, os.WriteFile(file, want, 0o644))
	}
	if have := must(os.ReadFile(file))(t); !bytes.Equal(have, want) {
		t.Error("docs/problems.md is not what the table of problems says: run this test with -update and read the diff")
	}
}

func TestEveryProblemIsExplained(t *testing.T) {
	s := newSite(t)
	index := string(s.get("/problems").is(http.StatusOK).body)
	names := regexp.MustCompile(`href="/problems/([a-z-]+)"`).FindAllStringSubmatch(index, -1)
	if len(names) < 15 {
		t.Fatalf("only %d problems are listed", len(names))
	}
	for _, name := range names {
		page := string(s.get("/problems/" + name[1]).is(http.StatusOK).body)
		if !strings.Contains(page, "<h1>") || len(page) < 600 {
			t.Errorf("problem %s is not explained: %s", name[1], page)
		}
	}
	s.get("/problems/nonsense").is(http.StatusNotFound)
}

// Pages have to work without script, name their language, and have one main
// heading, one main part, and headings that leave out no level; tables name
// their rows and columns; every link within a page leads somewhere.
func TestPagesCanBeReadByEveryone(t *testing.T) {
	s := newSite(t)
	for _, at := range []string{"/", "/docs", "/problems", "/problems/invalid"} {
		r := s.get(at).is(http.StatusOK)
		page := string(r.body)
		for what, form := range map[string]string{"the language": `<html lang="en-GB">`, "a title": `<title>[^<]+</title>`, "a main part": `<main id="main">`, "a way past the contents": `href="#main"`} {
			if n := len(regexp.MustCompile(form).FindAllString(page, -1)); n != 1 {
				t.Errorf("%s has %s %d times", at, what, n)
			}
		}
		if regexp.MustCompile(`(?i)<script|<style|\son[a-z]+=|style=|<img`).MatchString(page) {
			t.Errorf("%s has script, style or pictures in it", at)
		}
		level := 0
		for _, h := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(page, -1) {
			next := int(h[1][0] - '0')
			if next > level+1 {
				t.Errorf("%s goes from heading %d to %d", at, level, next)
			}
			level = next
		}
		if strings.Count(page, "<h1") != 1 {
			t.Errorf("%s has %d main headings", at, strings.Count(page, "<h1"))
		}
		if strings.Count(page, "<th>") != 0 {
			t.Errorf("%s has table headings without a scope", at)
		}
		ids := map[string]int{}
		for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
			if ids[id[1]]++; ids[id[1]] > 1 {
				t.Errorf("%s has two ids %q", at, id[1])
			}
		}
		for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
			if ids[link[1]] == 0 {
				t.Errorf("%s links to %q, which is not there", at, link[1])
			}
		}
		if policy := r.header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || strings.Contains(policy, "script") || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s has the policy %q", at, policy)
		}
	}
	docs := string(s.get("/docs").body)
	for _, a := range api.Addresses() {
		if !strings.Contains(docs, `<span class="method">`+a.Method+"</span> "+a.Path+"</code>") {
			t.Errorf("/docs does not have %s %s", a.Method, a.Path)
		}
	}
	for at, media := range map[string]string{"/docs/style.css": "text/css; charset=utf-8", "/openapi.yaml": "application/yaml"} {
		if got := s.get(at).is(http.StatusOK).header.Get("Content-Type"); got != media {
			t.Errorf("%s is %q", at, got)
		}
	}
}
