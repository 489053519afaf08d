package engines

import (
	"context"

	"gather/search"
	"gather/search/index"
)

// These are the calls to the index that are measured.

// found is what the databases return too: the total, the ids of the page, and the
// counts of facets.
type found = index.Found

// find returns ids and counts.
func find(ctx context.Context, x *index.Index, q search.Query) (found, error) { return x.Find(ctx, q) }

// appendAnswer appends the JSON of a whole answer to buf.
func appendAnswer(ctx context.Context, x *index.Index, q search.Query, buf []byte) ([]byte, error) {
	return x.AppendAnswer(ctx, q, buf)
}

// tailed is an index with the size of its delta segment.
type tailed interface{ Tail() int }

// tailOf returns the number of listings in the delta segment of the index; false
// when the index does not tell.
func tailOf(x *index.Index) (int, bool) {
	t, ok := any(x).(tailed)
	if !ok {
		return 0, false
	}
	return t.Tail(), true
}
