package index

import (
	"context"
	"encoding/json"
	"fmt"
	"gather/directory"
	"gather/search"
	"gather/search/complete"
	"gather/search/match"
	"gather/search/present"
	"time"
)

// AppendAnswer answers q from the newest state of the index and appends the
// answer, a search.Answer, to b as JSON. What a listing is in brief was written
// when it was indexed, so this costs little more than finding it.
//
// It fails with a *directory.Invalid when there is no such place, the dates
// reach too far, or the cursor is not one of this question; with ErrClosed; or
// with the context's error; then b is answered as it was. It does not wait for
// q.AfterChange: WaitFor does.
func (x *Index) AppendAnswer(ctx context.Context, q search.Query, b []byte) ([]byte, error) {
	out := b
	err := x.ask(ctx, &q, func(p *present.Presenter) (err error) {
		out, err = p.Append(ctx, out)
		return err
	})
	if err != nil {
		return b, err
	}
	return out, nil
}

// Search is AppendAnswer with the JSON read again, for callers who want values
// instead. It fails as AppendAnswer does.
func (x *Index) Search(ctx context.Context, q search.Query) (search.Answer, error) {
	b, err := x.AppendAnswer(ctx, q, nil)
	if err != nil {
		return search.Answer{}, err
	}
	var a search.Answer
	if err := json.Unmarshal(b, &a); err != nil {
		return search.Answer{}, fmt.Errorf("read the answer: %w", err)
	}
	return a, nil
}

// Found is what a Query finds, by id.
type Found struct {
	// Total is how many listings match, on all pages.
	Total int
	// IDs are the listings of this page, in the order asked for.
	IDs []string
	// Facets are the counts asked for, nil when none were.
	Facets *search.Facets
	// Next is the cursor of the page after this one; empty on the last.
	Next string
}

// Find is Search without the listings themselves: their ids, how many there are,
// and the counts. It fails as Search does.
func (x *Index) Find(ctx context.Context, q search.Query) (f Found, err error) {
	err = x.ask(ctx, &q, func(p *present.Presenter) error {
		s := p.Search
		f = Found{Total: s.Matcher.Total, IDs: match.IDs(s.View, s.Found), Facets: s.Counted, Next: s.Next}
		return nil
	})
	if err != nil {
		return Found{}, err
	}
	return f, nil
}

// Activity is a listing that the index has, as anybody may see it, and when the
// index last had all of the log: since then it may have been changed or hidden. It
// fails with directory.ErrNotFound for a listing that the index does not have, with
// ErrNotYet while the index has not had all of the log since it was opened, or
// with ErrClosed.
func (x *Index) Activity(id string) (a directory.Activity, asOf time.Time, err error) {
	asOf = x.caughtUpAt() // before the snapshot, which may be newer
	v, err := x.acquire()
	if err != nil {
		return a, asOf, err
	}
	defer x.release(v)
	if asOf.IsZero() {
		return a, asOf, fmt.Errorf("read activity %s of the index: %w", id, ErrNotYet)
	}
	doc, ok := v.view.Find(id)
	if !ok {
		return a, asOf, fmt.Errorf("activity %s is not in the index: %w", id, directory.ErrNotFound)
	}
	f, err := v.view.Facts(doc)
	if err != nil {
		return a, asOf, fmt.Errorf("read activity %s of the index: %w", id, err)
	}
	a, err = f.Activity()
	return a, asOf, err
}

// caughtUpAt is when the index last had all of the log, zero if it has not since it
// was opened.
func (x *Index) caughtUpAt() time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.caughtUp
}

// setCaughtUp notes when the index had all of the log; zero: it has another log.
func (x *Index) setCaughtUp(at time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.caughtUp = at
}

// ask finds what answers q and calls tell with it, for as long as it takes.
func (x *Index) ask(ctx context.Context, q *search.Query, tell func(*present.Presenter) error) error {
	s, err := match.New(q, x.language, x.encoder.Places, x.now().UTC().Truncate(time.Millisecond))
	if err != nil {
		return err
	}
	defer s.Done()
	v, err := x.acquire()
	if err != nil {
		return err
	}
	defer x.release(v)
	if err := s.Find(ctx, v.view); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if err := tell(&present.Presenter{Search: s, Change: v.cursor}); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return ctx.Err()
}

// Suggest answers up to limit ways to go on with what has been typed:
// interests, titles, groups and places that begin with it, or have a word that
// does. near, a place as in a Query, puts activities near it first and may be
// empty; a place that is not known counts as none. No kind takes more than
// half of the answer while there are others. A limit of 0 means
// DefaultSuggestions, one over MaxSuggestions that many. Lang is cy for Welsh
// names. It fails with ErrClosed or with the context's error.
func (x *Index) Suggest(ctx context.Context, text, near, lang string, limit int) ([]search.Suggestion, error) {
	v, err := x.acquire()
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	defer x.release(v)
	c := complete.Completer{View: v.view, Sets: v.completions, Recent: v.recent, Places: x.encoder.Places}
	return c.Suggest(text, near, lang, limit), ctx.Err()
}
