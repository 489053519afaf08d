package engines

import (
	"context"
	"encoding/json"

	"gather/search"
)

// These are the calls to the index that are measured. Each stands here alone
// until the index has one of its own that does the same with less.

// found is what the databases are asked for too: how many, which, and counts.
type found struct {
	Total  int
	IDs    []string
	Facets *search.Facets
	Next   string
}

// find answers ids and counts.
func find(ctx context.Context, x *search.Index, q search.Query) (found, error) {
	a, err := x.Search(ctx, q)
	f := found{Total: a.Total, Facets: a.Facets, Next: a.Next}
	for _, item := range a.Items {
		f.IDs = append(f.IDs, item.ID)
	}
	return f, err
}

// appendAnswer appends the JSON of a whole answer to buf.
func appendAnswer(ctx context.Context, x *search.Index, q search.Query, buf []byte) ([]byte, error) {
	a, err := x.Search(ctx, q)
	if err != nil {
		return buf, err
	}
	b, err := json.Marshal(a)
	return append(buf, b...), err
}

// tailed is an index that tells how many listings its tail holds.
type tailed interface{ Tail() int }

// tailOf is how many listings the tail of the index holds, if it tells.
func tailOf(x *search.Index) (int, bool) {
	t, ok := any(x).(tailed)
	if !ok {
		return 0, false
	}
	return t.Tail(), true
}
