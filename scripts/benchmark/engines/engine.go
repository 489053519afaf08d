// Package engines puts the same questions to Gather and to the databases that
// people would use in its place.
package engines

import (
	"context"

	"benchmark/questions"
)

// Workers is how many questions are asked at once at most: one a core.
const Workers = 2

// Engine answers questions.
type Engine interface {
	// Name is what the engine is called in a report.
	Name() string
	// Measure is how it reckons distances.
	Measure() questions.Measure
	// Prepare makes ready for questions, which is not measured: it finds the
	// cursor of a deep page.
	Prepare(ctx context.Context, qs []*questions.Question) error
	// Ask answers a question for one of the Workers, numbered from 0. Only
	// this is measured. What it answers, Read can read.
	Ask(ctx context.Context, worker int, q *questions.Question) (any, error)
	// Read reads what Ask answered.
	Read(q *questions.Question, reply any) Answer
	Close() error
}

// Answer is what an engine found.
type Answer struct {
	// Total is how many listings there are, -1 where the question does not
	// ask: suggestions and deep pages.
	Total int
	// Counts are the facets, nil where none were asked for.
	Counts *questions.Counts
	// IDs are the listings of the page, in order.
	IDs []string
}
