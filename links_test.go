package main

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// link is a Markdown link or image.
	link = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	// fenced is code, in which nothing is a link.
	fenced = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	// heading is a heading, which links name by its text.
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// TestLinksOfThePages checks that every relative link of the README and the
// pages in docs leads to a file, and to a heading of it where it names one.
func TestLinksOfThePages(t *testing.T) {
	pages := []string{"README.md", "CHANGELOG.md"}
	err := filepath.WalkDir("docs", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(file, ".md") {
			pages = append(pages, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	followed := 0
	for _, page := range pages {
		for _, found := range link.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, page), ""), -1) {
			to, err := url.Parse(found[1])
			if err != nil {
				t.Errorf("%s: %v", page, err)
				continue
			}
			if to.Scheme != "" || to.Host != "" {
				continue
			}
			followed++
			target := page
			if to.Path != "" {
				target = filepath.Join(filepath.Dir(page), filepath.FromSlash(to.Path))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s: %v", page, found[1], err)
			} else if to.Fragment != "" && !headings(read(t, target))[to.Fragment] {
				t.Errorf("%s links to %s: %s has no such heading", page, found[1], target)
			}
		}
	}
	if followed < 50 {
		t.Errorf("only %d links were followed", followed)
	}
}

func read(t *testing.T, page string) string {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// headings are the anchors of a page's headings: their letters, digits and
// hyphens in lower case, with hyphens for spaces.
func headings(page string) map[string]bool {
	names := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(page, -1) {
		names[strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 127:
				return r
			}
			return -1
		}, strings.ToLower(h[1]))] = true
	}
	return names
}
