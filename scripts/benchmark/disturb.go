package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"benchmark/engines"
	"benchmark/questions"
)

const (
	// searchEvery is the pause between two searches during a rebuild: light
	// load, which leaves both cores to the rebuild.
	searchEvery = 10 * time.Millisecond
	// quietFor is how long searches are timed with nothing else running.
	quietFor = 15 * time.Second
	// rebuildFor ends the rebuild during which searches are timed: it is long
	// enough for a hundred thousand listings, and for a part of a million.
	rebuildFor = 4 * time.Minute
	// writeFor is how long revisions are written during searches, a batch every
	// writeEvery. leastWritten and writtenShare set how many: enough for at
	// least one compaction.
	writeFor     = time.Minute
	writeEvery   = 100 * time.Millisecond
	leastWritten = 2200
	writtenShare = 58
)

// disturbed returns the kinds of question to ask during a rebuild, of those that
// the run asks.
func (r *runner) disturbed() []questions.Kind {
	return r.result.only(questions.WordsNear, questions.Filters)
}

// disturb times searches alone, during writes that cause a compaction, and during
// a rebuild.
func (r *runner) disturb(ctx context.Context, g *engines.Gather) error {
	if len(r.disturbed()) == 0 {
		say("NOT MEASURED: concurrent: none of its kinds of question is asked")
		r.result.LeftOut = append(r.result.LeftOut, "concurrent: none of its kinds of question is asked")
		return nil
	}
	say("searching alone, during writes and during a rebuild")
	r.freeMemory()
	quiet, err := r.during(ctx, g, "quiet", func(ctx context.Context) error {
		select {
		case <-time.After(quietFor):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if err != nil {
		return err
	}
	written, err := r.during(ctx, g, "during writes and a compaction", func(ctx context.Context) error { return r.write(ctx, g) })
	if err != nil {
		return err
	}
	began := time.Now()
	rebuilt, err := r.during(ctx, g, "during a rebuild", func(ctx context.Context) error {
		ctx, stop := context.WithTimeout(ctx, rebuildFor)
		defer stop()
		return g.Build(ctx)
	})
	if errors.Is(err, context.DeadlineExceeded) {
		say("the rebuild was stopped after %v", rebuildFor)
	} else if err != nil {
		return err
	} else {
		r.result.fact("Gather", "rebuild during searches", time.Since(began).Seconds(), "s")
	}
	for _, k := range r.disturbed() {
		r.result.fact("Gather", fmt.Sprintf("%s during writes and a compaction, 95 in 100, against quiet", k), written[k]/quiet[k], "times")
		r.result.fact("Gather", fmt.Sprintf("%s during a rebuild, 95 in 100, against quiet", k), rebuilt[k]/quiet[k], "times")
	}
	return nil
}

// write writes revisions for writeFor, fast enough to cause a compaction.
func (r *runner) write(ctx context.Context, g *engines.Gather) error {
	batches := int(writeFor / writeEvery)
	atOnce := (max(leastWritten, r.corpus.Size/writtenShare) + batches - 1) / batches
	r.result.fact("Gather", "revisions written during searches", float64(atOnce)/writeEvery.Seconds(), "a second")
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for range batches {
		if err := g.Revise(ctx, atOnce); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// during asks a question every searchEvery while do runs. It returns the 95th
// percentile of their times in microseconds, and adds it to the result's facts.
func (r *runner) during(ctx context.Context, g *engines.Gather, what string, do func(context.Context) error) (p95 map[questions.Kind]float64, err error) {
	ended := make(chan error, 1)
	go func() { ended <- do(ctx) }()
	disturbed, took := r.disturbed(), map[questions.Kind][]float64{}
	for i := 0; ; i++ {
		select {
		case err = <-ended:
			p95 = map[questions.Kind]float64{}
			for _, k := range disturbed {
				p95[k] = percentile(took[k], 95)
				r.result.fact("Gather", fmt.Sprintf("%s %s, median", k, what), percentile(took[k], 50), "µs")
				r.result.fact("Gather", fmt.Sprintf("%s %s, 95 in 100", k, what), p95[k], "µs")
				r.result.fact("Gather", fmt.Sprintf("%s %s, longest", k, what), percentile(took[k], 100)/1000, "ms")
			}
			return p95, err
		case <-time.After(searchEvery):
		}
		k := disturbed[i%len(disturbed)]
		q := r.asked[k][i/len(disturbed)%len(r.asked[k])]
		began := time.Now()
		if _, err := g.Ask(ctx, 0, q); err != nil {
			return nil, errors.Join(err, <-ended)
		}
		took[k] = append(took[k], float64(time.Since(began).Nanoseconds())/1000)
	}
}
