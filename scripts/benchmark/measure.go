package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"benchmark/engines"
	"benchmark/questions"
)

const (
	// passes is the number of timed passes after a warm-up pass; a question's
	// time is the median over them.
	passes = 3
	// slowPass is the longest warm-up pass for all passes to be timed; after a
	// longer one a single pass is timed and throughput is not measured.
	slowPass = 20 * time.Second
	// hopeless and beaten are the ratios to the best time so far, in the
	// warm-up pass and in the first timed one, above which planner settings
	// are given up.
	hopeless, beaten = 2, 1.25
	// throughputFor is the least time for which two workers ask a kind of
	// question: they finish a pass, so that all questions count equally.
	throughputFor = time.Second
)

// ask asks all questions of a kind once and returns the microseconds of each.
func ask(ctx context.Context, e engines.Engine, qs []*questions.Question) ([]float64, error) {
	took := make([]float64, len(qs))
	for i, q := range qs {
		began := time.Now()
		if _, err := e.Ask(ctx, 0, q); err != nil {
			return nil, fmt.Errorf("%s: %s: %s: %w", e.Name(), q.Kind, q.Query, err)
		}
		took[i] = float64(time.Since(began).Nanoseconds()) / 1000
	}
	return took, nil
}

// measure times a kind of question. warm is the time of the pass that checked the
// answers and serves as the warm-up; 0 if there was none. With a best so far it
// gives up, and whole is false, when the warm-up pass takes more than hopeless
// times as long as that, or the first timed pass more than beaten times.
func measure(ctx context.Context, e engines.Engine, qs []*questions.Question, warm time.Duration, best *Timing) (t Timing, whole bool, err error) {
	slower := func(took []float64, times float64) bool {
		return best != nil && (&Timing{Each: took}).ratio(best) > times
	}
	if warm == 0 {
		began := time.Now()
		took, err := ask(ctx, e, qs)
		if err != nil || slower(took, hopeless) {
			return Timing{}, false, err
		}
		warm = time.Since(began)
	}
	n := passes
	if warm > slowPass {
		n = 1
	}
	t = Timing{Engine: e.Name(), Kind: qs[0].Kind, Asked: len(qs), Passes: n, Each: make([]float64, len(qs))}
	all := make([][]float64, n)
	for pass := range all {
		if all[pass], err = ask(ctx, e, qs); err != nil || pass == 0 && slower(all[pass], beaten) {
			return Timing{}, false, err
		}
	}
	for i := range qs {
		times := make([]float64, n)
		for pass := range all {
			times[pass] = all[pass][i]
		}
		slices.Sort(times)
		t.Each[i] = times[n/2]
	}
	t.P50, t.P95 = percentile(t.Each, 50), percentile(t.Each, 95)
	return t, true, nil
}

// throughput returns how many questions a second two workers get answered, each
// going through all of them.
func throughput(ctx context.Context, e engines.Engine, qs []*questions.Question) (float64, error) {
	var all sync.WaitGroup
	errs := make([]error, engines.Workers)
	answered := make([]int, engines.Workers)
	began := time.Now()
	for w := range engines.Workers {
		all.Go(func() {
			for errs[w] == nil && time.Since(began) < throughputFor {
				for i := range qs {
					// The workers go in opposite directions, so that they do not
					// ask the same question at the same time.
					q := qs[i]
					if w == 1 {
						q = qs[len(qs)-1-i]
					}
					if _, errs[w] = e.Ask(ctx, w, q); errs[w] != nil {
						return
					}
					answered[w]++
				}
			}
		})
	}
	all.Wait()
	elapsed := time.Since(began).Seconds()
	total := 0
	for w := range answered {
		if errs[w] != nil {
			return 0, errs[w]
		}
		total += answered[w]
	}
	return float64(total) / elapsed, nil
}

// strict reports whether an engine must give exactly the oracle's answers to a
// kind of question. Gather also finds synonyms and related words.
func strict(e engines.Engine, k questions.Kind) bool {
	return e.Measure() != questions.GreatCircle || k == questions.Filters || k == questions.Circle || k == questions.Box || k == questions.Deep
}

// check compares an engine's answers to questions with the right ones. numbers
// are the questions' indexes in the oracle.
func check(ctx context.Context, e engines.Engine, qs []*questions.Question, numbers []int, o *questions.Oracle) (Check, error) {
	c := Check{Engine: e.Name(), Kind: qs[0].Kind, Asked: len(qs), Strict: strict(e, qs[0].Kind)}
	found, right := 0, 0
	for i, q := range qs {
		reply, err := e.Ask(ctx, 0, q)
		if err != nil {
			return c, fmt.Errorf("%s: %s: %s: %w", e.Name(), q.Kind, q.Query, err)
		}
		a := e.Read(q, reply)
		want := o.Right(numbers[i], e.Measure())
		found, right = found+max(a.Total, 0), right+want.Total
		if fault := compare(q, a, want, o); fault != "" {
			c.Wrong++
			if c.First == "" {
				c.First = fmt.Sprintf("%s: %s", q.Query, fault)
			}
		}
	}
	c.Found = 1
	if right > 0 {
		c.Found = float64(found) / float64(right)
	}
	return c, nil
}

// compare returns what is wrong with an answer, empty when it is right.
func compare(q *questions.Question, a engines.Answer, want *questions.Right, o *questions.Oracle) string {
	switch q.Kind {
	case questions.Suggesting:
		if len(a.IDs) == 0 && a.Total >= 0 {
			return "nothing is suggested"
		}
		return ""
	case questions.Deep:
		return samePage(a.IDs, o.Ordered(q.Depth, q.Depth+questions.PageSize))
	}
	if a.Total != want.Total {
		return fmt.Sprintf("found %d, not %d", a.Total, want.Total)
	}
	if q.Kind == questions.Box {
		return samePage(a.IDs, want.Newest)
	}
	if a.Counts == nil {
		return ""
	}
	w := want.Counts
	switch {
	case !slices.Equal(a.Counts.Access, w.Access):
		return fmt.Sprintf("counts access %v, not %v", a.Counts.Access, w.Access)
	case a.Counts.Days != w.Days:
		return fmt.Sprintf("counts days %v, not %v", a.Counts.Days, w.Days)
	case a.Counts.Cost != w.Cost:
		return fmt.Sprintf("counts costs %v, not %v", a.Counts.Cost, w.Cost)
	}
	return sameInterests(a.Counts.Interest, w.Interest)
}

func samePage(got []string, want []questions.Newest) string {
	want = want[:min(len(want), questions.PageSize)]
	if len(got) != len(want) {
		return fmt.Sprintf("shows %d results, not %d", len(got), len(want))
	}
	for i := range want {
		if id := want[i].ID.String(); got[i] != id {
			return fmt.Sprintf("result %d is %s, not %s", i+1, got[i], id)
		}
	}
	return ""
}

// shownInterests is the number of interests in the facet: the most common.
const shownInterests = 50

func sameInterests(got, want []int) string {
	shown, least, most, lacking := 0, 0, 0, 0
	for i := range want {
		if got[i] == 0 {
			if most = max(most, want[i]); want[i] > 0 {
				lacking++
			}
			continue
		}
		if got[i] != want[i] {
			return fmt.Sprintf("counts %d of interest %d, not %d", got[i], i, want[i])
		}
		if shown++; least == 0 || got[i] < least {
			least = got[i]
		}
	}
	if lacking > 0 && (shown < shownInterests || most > least) {
		return fmt.Sprintf("shows %d interests and leaves out one with %d", shown, most)
	}
	return ""
}
