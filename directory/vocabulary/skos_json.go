package vocabulary

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// knownNamespaces are those whose terms are recognised by their local name, in
// full or with the usual prefix.
var knownNamespaces = [...]string{"skos:", "http://www.w3.org/2004/02/skos/core#", "dct:", "dcterms:", "dc:", "http://purl.org/dc/terms/", "rdf:", "rdfs:"}

func localName(key string) string {
	for _, ns := range knownNamespaces {
		if rest, ok := strings.CutPrefix(key, ns); ok {
			return rest
		}
	}
	return strings.TrimPrefix(key, "@")
}

// node is a JSON object with its keys reduced to their local names.
type node map[string]any

func asNode(v any) (node, bool) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	n := make(node, len(object))
	for key, value := range object {
		name := localName(key)
		if _, there := n[name]; !there || name == key {
			n[name] = value
		}
	}
	return n, true
}

func readSKOS(data []byte, o Options, report *Report) (rawImport, error) {
	document, err := decodeJSON(data)
	if err != nil {
		return rawImport{}, err
	}
	raw := rawImport{narrower: make(map[string][]string)}
	var items []any
	switch d := document.(type) {
	case []any:
		items = d
	case map[string]any:
		n, _ := asNode(d)
		list, found := firstList(n, "concept", "graph", "concepts", "hasTopConcept")
		if !found {
			return raw, errors.New(`there is no "concept" or "@graph" list; for nested JSON set the children's key`)
		}
		items = list
		raw.Source, raw.Licence = n.reference("id", "uri"), n.licence()
	}
	language := firstOf(o.Language, "en")
	for i, item := range items {
		n, ok := asNode(item)
		if !ok {
			report.Rows++
			report.add(Fault{Row: i + 1, Detail: "this is not an object", Refused: true})
			continue
		}
		if types := n.types(); len(types) > 0 && !slices.Contains(types, "Concept") {
			if slices.Contains(types, "ConceptScheme") {
				raw.Source, raw.Licence = firstOf(raw.Source, n.reference("id", "uri")), firstOf(raw.Licence, n.licence())
			}
			continue // a collection or another type that is not a concept
		}
		if report.Rows++; report.Rows > MaxImportConcepts {
			return raw, fmt.Errorf("%w: more than %d concepts", ErrTooLarge, MaxImportConcepts)
		}
		c := n.concept(language)
		c.row = i + 1
		raw.Concepts = append(raw.Concepts, c)
		if refs := n.references("narrower"); len(refs) > 0 && c.URI != "" {
			raw.narrower[c.URI] = append(raw.narrower[c.URI], refs...)
		}
	}
	return raw, nil
}

// decodeJSON reads one JSON value and nothing after it.
func decodeJSON(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("at byte %d: %w", decoder.InputOffset(), err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("at byte %d: there is more after the end", decoder.InputOffset())
	}
	return document, nil
}

func firstList(n node, keys ...string) ([]any, bool) {
	for _, key := range keys {
		switch list := n[key].(type) {
		case []any:
			return list, true
		case map[string]any: // compact JSON-LD writes a list of one without brackets
			return []any{list}, true
		}
	}
	return nil, false
}

func (n node) types() []string {
	var types []string
	for _, t := range n.references("type") {
		types = append(types, localName(t))
	}
	return types
}

func (n node) licence() string { return n.reference("license", "licence") }

func (n node) concept(language string) Concept {
	label := n.texts("prefLabel", "label", "name", "title")
	c := Concept{
		URI:        n.reference("id", "uri"),
		Label:      first(label.in(language)),
		LabelCy:    first(label.only("cy")),
		Broader:    n.references("broader", "broaderGeneric", "broaderTransitive"),
		Related:    n.references("related"),
		Definition: first(n.texts("definition", "scopeNote", "description").in(language)),
		Notation:   first(n.texts("notation").in(language)),
	}
	for _, key := range []string{"altLabel", "hiddenLabel"} {
		other := n.texts(key)
		c.WordsCy = addOnce(c.WordsCy, other.only("cy")...)
		if language != "cy" {
			c.Words = addOnce(c.Words, slices.Concat(other.only(language), other.only(""))...)
		}
	}
	return c
}

// references returns every id in the properties, whether written as text or as
// a node with an id.
func (n node) references(keys ...string) []string {
	var refs []string
	for _, key := range keys {
		values, ok := n[key].([]any)
		if !ok {
			values = []any{n[key]}
		}
		for _, v := range values {
			if object, isNode := asNode(v); isNode {
				v = object["id"]
			}
			if s, isText := v.(string); isText && strings.TrimSpace(s) != "" {
				refs = addOnce(refs, strings.TrimSpace(s))
			}
		}
	}
	return refs
}

func (n node) reference(keys ...string) string { return first(n.references(keys...)) }

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// texts holds texts by language tag in lower case, "" for none.
type texts map[string][]string

// texts reads the first of the keys that has a value: text, a value object, a
// language map, or a list of those.
func (n node) texts(keys ...string) texts {
	for _, key := range keys {
		t := make(texts)
		if t.read(n[key], ""); len(t) > 0 {
			return t
		}
	}
	return nil
}

func (t texts) read(v any, language string) {
	switch v := v.(type) {
	case string:
		if v = strings.TrimSpace(v); v != "" {
			language = strings.ToLower(language)
			t[language] = append(t[language], v)
		}
	case json.Number:
		t.read(v.String(), language)
	case []any:
		for _, item := range v {
			if _, nested := item.([]any); !nested {
				t.read(item, language)
			}
		}
	case map[string]any:
		object, _ := asNode(v)
		if value, ok := object["value"]; ok {
			tag, _ := object["language"].(string)
			if s, isText := value.(string); isText {
				t.read(s, tag)
			}
			return
		}
		if language != "" {
			return // a language map cannot hold another one
		}
		for tag, value := range v {
			if _, isMap := value.(map[string]any); !isMap && tag != "" && tag[0] != '@' {
				t.read(value, tag)
			}
		}
	}
}

// only returns the texts in exactly that language or a variety of it ("en-GB").
func (t texts) only(language string) []string {
	if exact := t[language]; len(exact) > 0 || language == "" {
		return exact
	}
	for _, tag := range t.tags() {
		if strings.HasPrefix(tag, language+"-") {
			return t[tag]
		}
	}
	return nil
}

// in returns the texts in that language, else those without a language, else
// those in any other, so that a concept labelled only in Polish is not lost.
func (t texts) in(language string) []string {
	for _, tag := range append([]string{language, ""}, t.tags()...) {
		if found := t.only(tag); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (t texts) tags() []string {
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}
