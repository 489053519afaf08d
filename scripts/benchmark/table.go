package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"benchmark/questions"
)

// short formats a number with three significant figures, from 100 on as a whole
// number.
func short(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case v >= 100 || v == math.Trunc(v):
		return thousands(int64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// span formats microseconds as µs, ms or s.
func span(us float64) string {
	switch {
	case math.IsNaN(us):
		return "-"
	case us >= 1e6:
		return short(us/1e6) + " s"
	case us >= 1000:
		return short(us/1000) + " ms"
	}
	return short(us) + " µs"
}

// table returns a result as Markdown.
func table(r *Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s listings\n\n", thousands(int64(r.Size)))
	for _, run := range append([]*Result{r}, r.also...) {
		m := run.Machine
		fmt.Fprintf(&b, "Run on %s: %d cores (%s), %.0f GB of memory, %s, seed %d, engines %s%s. Load average before %.1f, after %.1f.",
			run.Started.Format(time.DateOnly+" 15:04"), m.Cores, m.CPU, m.MemoryGB, m.Go, run.Seed, strings.Join(run.Engines, ", "), partly(run), m.LoadBefore, m.LoadAfter)
		if m.Postgres != "" {
			fmt.Fprintf(&b, " %s.", strings.SplitN(m.Postgres, " on ", 2)[0])
		}
		for _, what := range run.LeftOut {
			fmt.Fprintf(&b, " Not measured: %s.", what)
		}
		b.WriteString("\n")
	}
	if kinds := unmeasured(r); len(kinds) > 0 {
		fmt.Fprintf(&b, "\nKinds of question not measured at this size: %s.\n", strings.Join(kinds, ", "))
	}
	for _, state := range []string{clean, updated} {
		timings(&b, r, state)
	}
	if len(r.Facts) > 0 {
		b.WriteString("\n| | what | |\n|---|---|---|\n")
		for _, f := range r.Facts {
			fmt.Fprintf(&b, "| %s | %s | %s %s |\n", f.About, f.What, short(f.Value), f.Unit)
		}
	}
	passed(&b, r)
	checks(&b, r)
	return b.String() + "\n"
}

// partly lists the kinds of question and the planner settings of a run that had
// only some of them.
func partly(r *Result) (text string) {
	if kinds := r.kinds(); len(kinds) < len(questions.Kinds) {
		text = fmt.Sprintf(", kinds %s", strings.Trim(strings.ReplaceAll(fmt.Sprint(kinds), " ", ", "), "[]"))
	}
	if len(r.Plans) > 0 && len(r.Plans) < len(planNames()) && slices.Contains(r.Engines, "postgres") {
		text += ", plans " + strings.Join(r.Plans, ", ")
	}
	return text
}

// unmeasured returns the kinds of question without timings, nil when no kind has
// any.
func unmeasured(r *Result) (kinds []string) {
	for _, k := range questions.Kinds {
		if !slices.ContainsFunc(r.Timings, func(t Timing) bool { return t.Kind == k.Kind }) {
			kinds = append(kinds, string(k.Kind))
		}
	}
	if len(kinds) == len(questions.Kinds) {
		return nil
	}
	return kinds
}

// engineOrder is the order of the engines in tables.
var engineOrder = []string{"Gather", "Gather, whole answers", "PostGIS", "SQLite", "Bleve", "HTTP"}

func timings(b *strings.Builder, r *Result, state string) {
	head := false
	rank := func(t Timing) int { return slices.Index(engineOrder, t.Engine) }
	ordered := slices.SortedStableFunc(slices.Values(r.Timings), func(a, b Timing) int { return rank(a) - rank(b) })
	for _, k := range questions.Kinds {
		for _, t := range ordered {
			if t.State != state || t.Kind != k.Kind {
				continue
			}
			if !head {
				head = true
				title := map[string]string{clean: "Freshly built", updated: "After revising a tenth of the listings"}[state]
				fmt.Fprintf(b, "\n%s:\n\n| question | engine | median | 95 in 100 | times Gather | 2 at once, a second | hits | |\n|---|---|---|---|---|---|---|---|\n", title)
			}
			base := r.timing("Gather", state, t.Kind)
			ratio, rate := "", ""
			if t.Engine != "Gather" && base != nil {
				ratio = short(t.ratio(base))
			}
			if t.PerSecond > 0 {
				rate = short(t.PerSecond)
			}
			fmt.Fprintf(b, "| %s %s | %s | %s | %s | %s | %s | %d | %s |\n", t.Kind, k.Asks, t.Engine, span(t.P50), span(t.P95), ratio, rate, t.Hits, t.Note)
		}
	}
}

// passed lists what was timed in one pass only.
func passed(b *strings.Builder, r *Result) {
	var once []string
	for _, t := range r.Timings {
		if t.Passes == 1 {
			once = append(once, fmt.Sprintf("%s %s (%s)", t.Engine, t.Kind, t.State))
		}
	}
	if len(once) > 0 {
		fmt.Fprintf(b, "\nTimed in one pass, because a pass took more than %.0f seconds: %s.\n", slowPass.Seconds(), strings.Join(once, ", "))
	}
}

// checks says how many answers were right.
func checks(b *strings.Builder, r *Result) {
	if len(r.Checks) == 0 {
		return
	}
	asked, wrong := 0, 0
	b.WriteString("\nAnswers checked against looking at every listing: ")
	var loose []string
	for _, c := range r.Checks {
		if c.Strict {
			asked, wrong = asked+c.Asked, wrong+c.Wrong
		} else if c.Engine == "Gather" && c.State == clean && c.Kind != questions.Suggesting {
			loose = append(loose, fmt.Sprintf("%s %d of %d with the same total and counts, %.2f listings for each of the oracle's", c.Kind, c.Asked-c.Wrong, c.Asked, c.Found))
		}
	}
	fmt.Fprintf(b, "%d of %d as they must be.", asked-wrong, asked)
	if len(loose) > 0 {
		fmt.Fprintf(b, " Where Gather reads words in its own way: %s.", strings.Join(loose, "; "))
	}
	b.WriteString("\n")
}
