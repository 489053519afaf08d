// Package web makes the pages on which people search: plain HTML that works
// without a script, in English and Welsh. It turns an answer of a search into a
// page and a page's form into the parameters of a search; package api serves it.
package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"

	"gather/directory/vocabulary"
)

//go:embed pages
var files embed.FS

// Pages makes pages. It may be used by any number of goroutines.
type Pages struct {
	// Words are the vocabulary of the directory.
	Words *vocabulary.Vocabulary
	// Site is what the directory is called, and Attribution whose data its places
	// are.
	Site, Attribution string

	templates *template.Template
}

// New returns the pages of a directory. The error can only mean that the program
// was built from faulty templates or texts.
func New(words *vocabulary.Vocabulary, site, attribution string) (*Pages, error) {
	if err := checkTexts(); err != nil {
		return nil, err
	}
	t, err := template.New("").Option("missingkey=error").ParseFS(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the templates of the pages: %w", err)
	}
	return &Pages{Words: words, Site: site, Attribution: attribution, templates: t}, nil
}

// Style returns the style sheet of the pages.
func Style() ([]byte, error) {
	css, err := files.ReadFile("pages/search.css")
	if err != nil {
		return nil, fmt.Errorf("read the style sheet of the pages: %w", err)
	}
	return css, nil
}

func (p *Pages) render(name string, view any) ([]byte, error) {
	var page bytes.Buffer
	if err := p.templates.ExecuteTemplate(&page, name, view); err != nil {
		return nil, fmt.Errorf("make page %s: %w", name, err)
	}
	return page.Bytes(), nil
}
