package oruk

import (
	"fmt"
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Taxonomies lists the taxonomies whose name or description has all words of
// search.
func (c *Catalogue) Taxonomies(search string) List {
	return newList(func(visit func(Taxonomy) bool) {
		for _, t := range c.taxonomies.all {
			if named(search, t.Name, t.Description) && !visit(t) {
				return
			}
		}
	}, asIs)
}

// Taxonomy returns the taxonomy with this id. It fails with directory.ErrNotFound
// if there is none.
func (c *Catalogue) Taxonomy(id string) (Taxonomy, error) {
	i := slices.IndexFunc(c.taxonomies.all, func(t Taxonomy) bool { return t.ID == id })
	if i < 0 {
		return Taxonomy{}, fmt.Errorf("taxonomy %s: %w", id, directory.ErrNotFound)
	}
	return c.taxonomies.with(i), nil
}

// TermFilter selects taxonomy terms; a field that is zero does not filter.
type TermFilter struct {
	// Search are words that the name and description must have.
	Search string
	// Taxonomy and Parent are ids.
	Taxonomy, Parent string
	// TopOnly leaves out terms that have a broader one.
	TopOnly bool
}

// Terms lists the taxonomy terms that match f.
func (c *Catalogue) Terms(f TermFilter) List {
	return newList(func(visit func(TaxonomyTerm) bool) {
		for _, t := range c.taxonomies.terms {
			if (f.Taxonomy == "" || t.TaxonomyID == f.Taxonomy) && (f.Parent == "" || t.ParentID == f.Parent) &&
				(!f.TopOnly || t.ParentID == "") && named(f.Search, t.Name, t.Description) && !visit(t) {
				return
			}
		}
	}, asIs)
}

// Term returns the taxonomy term with this id. It fails with
// directory.ErrNotFound if there is none.
func (c *Catalogue) Term(id string) (TaxonomyTerm, error) {
	i, ok := c.taxonomies.byID[id]
	if !ok {
		return TaxonomyTerm{}, fmt.Errorf("taxonomy term %s: %w", id, directory.ErrNotFound)
	}
	return c.taxonomies.terms[i], nil
}

// named reports whether texts together have all words of a search.
func named(search string, texts ...string) bool {
	all := vocabulary.Fold(strings.Join(texts, " "))
	for _, word := range strings.Fields(vocabulary.Fold(search)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}
