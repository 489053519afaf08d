package oruk

import (
	"fmt"
	"net/http"
	"slices"

	"gather/directory"
)

func (h *Handler) listTaxonomies(w http.ResponseWriter, r *http.Request) error {
	p := newParams(r, "search", "page", "per_page", "format")
	l, search := p.listing(), p.search()
	if err := p.Err(); err != nil {
		return err
	}
	walk := func(visit func(Taxonomy) bool) {
		for _, t := range h.taxonomies.all {
			if named(search, t.Name, t.Description) && !visit(t) {
				return
			}
		}
	}
	return answer(w, r, l, walk, asIs)
}

func (h *Handler) taxonomy(w http.ResponseWriter, r *http.Request) error {
	if err := newParams(r).Err(); err != nil {
		return err
	}
	id := r.PathValue("id")
	i := slices.IndexFunc(h.taxonomies.all, func(t Taxonomy) bool { return t.ID == id })
	if i < 0 {
		return fmt.Errorf("taxonomy %q: %w", clip(id), directory.ErrNotFound)
	}
	return send(w, r, h.taxonomies.with(i))
}

func (h *Handler) terms(w http.ResponseWriter, r *http.Request) error {
	p := newParams(r, "search", "page", "per_page", "format", "taxonomy_id", "top_only", "parent_id")
	l, search := p.listing(), p.search()
	taxonomy, parent, top := p.id("taxonomy_id"), p.id("parent_id"), p.flag("top_only")
	if err := p.Err(); err != nil {
		return err
	}
	walk := func(visit func(TaxonomyTerm) bool) {
		for _, t := range h.taxonomies.terms {
			if (taxonomy == "" || t.TaxonomyID == taxonomy) && (parent == "" || t.ParentID == parent) &&
				(!top || t.ParentID == "") && named(search, t.Name, t.Description) && !visit(t) {
				return
			}
		}
	}
	return answer(w, r, l, walk, asIs)
}

func (h *Handler) term(w http.ResponseWriter, r *http.Request) error {
	if err := newParams(r).Err(); err != nil {
		return err
	}
	id := r.PathValue("id")
	i, ok := h.taxonomies.byID[id]
	if !ok {
		return fmt.Errorf("taxonomy term %q: %w", clip(id), directory.ErrNotFound)
	}
	return send(w, r, h.taxonomies.terms[i])
}
