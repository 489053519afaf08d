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
	// asked is how many questions of each kind there are.
	asked = 200
	// askedSlow is how many there are of the kinds that find much of the
	// country, from largeSize listings on: the databases take seconds for some.
	askedSlow = 100
	largeSize = 1_000_000
	// choice is how many times as many are made, to choose from, of the kinds
	// that may find little.
	choice = 3
	// leastHits is how many listings should answer a question: with fewer
	// there is nothing to rank or count.
	leastHits = 5
)

// howMany is how many questions of a kind are asked.
func (r *runner) howMany(k questions.Kind) int {
	if slow := k == questions.WordsAll || k == questions.Circle || k == questions.Typo; slow && r.corpus.Size >= largeSize {
		return askedSlow
	}
	return asked
}

// prepare writes the listings down, and makes the questions and the right
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
	say("answering %d questions by looking at every listing", len(all))
	r.oracle = questions.NewOracle(all, r.facts, r.stems, r.corpus.Size)
	if err := r.look(ctx, r.corpus.Size, func(fork *questions.Oracle, n int) error { return r.add(fork, n) }); err != nil {
		return err
	}
	return r.choose(all)
}

// choose takes the questions that enough listings answer, and lets go of the
// others.
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

// look lets forks of the oracle count the first n of something, on all cores.
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

// add counts listing n as it now stands.
func (r *runner) add(fork *questions.Oracle, n int) error {
	a, err := r.corpus.Listing(n)
	if err == nil {
		fork.Add(r.facts.Row(a))
	}
	return err
}

// revise makes the corpus one of which a tenth was revised, and finds the
// right answers again: only that tenth is looked at.
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
