package engines

import (
	"context"

	"gather/search"
	"gather/search/index"
)

// These are the calls to the index that are measured.

// found is what the databases are asked for too: how many, which, and counts.
type found = index.Found

// find answers ids and counts.
func find(ctx context.Context, x *index.Index, q search.Query) (found, error) { return x.Find(ctx, q) }

// appendAnswer appends the JSON of a whole answer to buf.
func appendAnswer(ctx context.Context, x *index.Index, q search.Query, buf []byte) ([]byte, error) {
	return x.AppendAnswer(ctx, q, buf)
}

// tailed is an index that tells how many listings its tail holds.
type tailed interface{ Tail() int }

// tailOf is how many listings the tail of the index holds, if it tells.
func tailOf(x *index.Index) (int, bool) {
	t, ok := any(x).(tailed)
	if !ok {
		return 0, false
	}
	return t.Tail(), true
}
