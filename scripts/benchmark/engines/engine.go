// Package engines asks Gather, and the databases that people would use in its
// place, the same questions.
package engines

import (
	"context"

	"benchmark/questions"
)

// Workers is the greatest number of questions asked at once: one for each core.
const Workers = 2

// Engine answers questions.
type Engine interface {
	// Name returns the name of the engine in reports.
	Name() string
	// Measure returns how it measures distances.
	Measure() questions.Measure
	// Prepare runs before questions and is not measured, such as to find the
	// cursor of a deep page.
	Prepare(ctx context.Context, qs []*questions.Question) error
	// Ask returns the reply to a question, for Read to decode. worker is below
	// Workers. Only this is measured.
	Ask(ctx context.Context, worker int, q *questions.Question) (any, error)
	// Read decodes the reply of Ask.
	Read(q *questions.Question, reply any) Answer
	Close() error
}

// Answer is the decoded reply of an engine.
type Answer struct {
	// Total is the number of hits, -1 where the question does not ask for it:
	// suggestions and deep pages.
	Total int
	// Counts are the facets, nil for a question without facets.
	Counts *questions.Counts
	// IDs are the listings of the page, in order.
	IDs []string
}
