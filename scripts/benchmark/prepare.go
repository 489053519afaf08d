package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"benchmark/engines"
	"benchmark/listings"
	"benchmark/questions"

	"gather/directory"
)

const (
	// asked is the number of questions of each kind.
	asked = 200
	// askedSlow is the number from largeSize listings on for kinds that match
	// much of the country: the databases take seconds for some.
	askedSlow = 100
	largeSize = 1_000_000
	// choice multiplies the number of candidates made for kinds that may have
	// few hits.
	choice = 3
	// leastHits is how many hits a question should have: with fewer there is
	// nothing to rank or count.
	leastHits = 5
)

// howMany returns the number of questions of a kind.
func (r *runner) howMany(k questions.Kind) int {
	if slow := k == questions.WordsAll || k == questions.Circle || k == questions.Typo; slow && r.corpus.Size >= largeSize {
		return askedSlow
	}
	return asked
}

// prepare writes the listings to a file, and makes the questions and their right
// answers, on all cores.
func (r *runner) prepare(ctx context.Context) error {
	say("making %d listings", r.corpus.Size)
	began := time.Now()
	var words [engines.Workers]*questions.Dictionary
	for w := range words {
		words[w] = questions.NewDictionary()
	}
	if err := r.corpus.Write(ctx, r.folder, engines.Workers, func(worker int, a directory.Activity) {
		words[worker].Add(r.facts.Row(a), r.stems)
	}); err != nil {
		return err
	}
	r.words = words[0]
	for _, more := range words[1:] {
		r.words.Join(more)
	}
	r.result.fact("generator", "listings", float64(r.corpus.Size)/time.Since(began).Seconds(), "a second")
	set := questions.NewSet(r.corpus.Generator, r.facts, r.stems, r.corpus.Size)
	var all []*questions.Question
	for _, k := range r.result.kinds() {
		n := r.howMany(k)
		if k == questions.WordsNear || k == questions.Filters || k == questions.Box || r.corpus.Size < largeSize {
			n *= choice
		}
		all = append(all, set.Make(k, n, r.words)...)
		r.kinds = append(r.kinds, k)
	}
	r.words.Trim()
	say("finding the right answers to %d questions by a scan of all listings", len(all))
	r.oracle = questions.NewOracle(all, r.facts, r.stems, r.corpus.Size)
	if err := r.look(ctx, r.corpus.Size, func(fork *questions.Oracle, n int) error { return r.add(fork, n) }); err != nil {
		return err
	}
	return r.choose(all)
}

// choose keeps the questions with enough hits and drops the others.
func (r *runner) choose(all []*questions.Question) error {
	r.asked, r.numbers = map[questions.Kind][]*questions.Question{}, map[questions.Kind][]int{}
	for _, least := range []int{leastHits, 1, 0} {
		for i, q := range all {
			have := r.asked[q.Kind]
			if len(have) < r.howMany(q.Kind) && !slices.Contains(have, q) && r.oracle.Right(i, questions.NationalGrid).Total >= least {
				r.asked[q.Kind], r.numbers[q.Kind] = append(have, q), append(r.numbers[q.Kind], i)
			}
		}
	}
	for _, k := range r.kinds {
		if len(r.asked[k]) == 0 {
			return fmt.Errorf("no question of kind %s could be made", k)
		}
	}
	var kept []int
	for _, k := range r.kinds {
		for i, n := range r.numbers[k] {
			r.numbers[k][i] = len(kept)
			kept = append(kept, n)
		}
	}
	r.oracle = r.oracle.Keep(kept)
	return nil
}

// look calls count for the numbers below n with forks of the oracle, on all
// cores, and joins the forks.
func (r *runner) look(ctx context.Context, n int, count func(fork *questions.Oracle, i int) error) error {
	var forks [engines.Workers]*questions.Oracle
	for w := range forks {
		forks[w] = r.oracle.Fork()
	}
	err := listings.Chunks(ctx, n, engines.Workers, func(worker, from, to int) error {
		for i := from; i < to; i++ {
			if err := count(forks[worker], i); err != nil {
				return err
			}
		}
		return nil
	})
	for _, fork := range forks {
		r.oracle.Join(fork)
	}
	return err
}

// add counts the current version of listing n.
func (r *runner) add(fork *questions.Oracle, n int) error {
	a, err := r.corpus.Listing(n)
	if err == nil {
		fork.Add(r.facts.Row(a))
	}
	return err
}

// revise revises a tenth of the corpus, and updates the right answers by
// subtracting and adding only that tenth.
func (r *runner) revise(ctx context.Context) error {
	ns := r.corpus.Revisions()
	if err := r.look(ctx, len(ns), func(fork *questions.Oracle, i int) error {
		a, err := r.corpus.Listing(ns[i])
		if err == nil {
			fork.Take(r.facts.Row(a))
		}
		return err
	}); err != nil {
		return err
	}
	r.corpus.Updated = true
	return r.look(ctx, len(ns), func(fork *questions.Oracle, i int) error { return r.add(fork, ns[i]) })
}
