package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"benchmark/engines"
	"benchmark/questions"
)

// target is a performance target.
type target struct {
	what, want string
	// at are the sizes at which it has to hold; at others it is only shown.
	at []int
	// read takes the number from a result; its value is NaN when it was not
	// measured.
	read func(r *Result) number
}

// number is a measured number.
type number struct {
	value float64
	said  string // with its unit
	holds bool   // whether it meets the target
}

var (
	million         = []int{1_000_000}
	hundredThousand = []int{100_000}
	both            = []int{100_000, 1_000_000}
)

// times reads how many times as long PostGIS takes for a kind of question, the
// median over the questions, which should be at least least.
func times(kind questions.Kind, state string, least float64) func(*Result) number {
	return func(r *Result) number {
		v := r.timing("PostGIS", state, kind).medianRatio(r.timing("Gather", state, kind))
		return number{v, short(v) + " times", v >= least}
	}
}

// timed reads the time of Gather, freshly built, for a kind of question, which
// should be under most microseconds.
func timed(kind questions.Kind, p95 bool, most float64) func(*Result) number {
	return func(r *Result) number {
		t := r.timing("Gather", clean, kind)
		if t == nil {
			return number{value: math.NaN()}
		}
		v := t.P50
		if p95 {
			v = t.P95
		}
		return number{v, span(v), v < most}
	}
}

// under reads a fact that should be under most.
func under(about, what string, most float64) func(*Result) number {
	return func(r *Result) number {
		v, unit := r.value(about, what)
		return number{v, short(v) + " " + unit, v < most}
	}
}

// worst combines several numbers into one that holds when all do; said lists
// them. Its value is NaN when one of them was not measured.
func worst(all ...func(*Result) number) func(*Result) number {
	return func(r *Result) number {
		out := number{holds: true}
		var said []string
		for _, read := range all {
			n := read(r)
			if math.IsNaN(n.value) {
				return n
			}
			out.holds = out.holds && n.holds
			said = append(said, n.said)
		}
		out.said = strings.Join(said, ", ")
		return out
	}
}

// nextP95 reads the ratio of PostGIS's 95th percentile to Gather's, which should
// be at least least.
func nextP95(kind questions.Kind, least float64) func(*Result) number {
	return func(r *Result) number {
		p, g := r.timing("PostGIS", clean, kind), r.timing("Gather", clean, kind)
		if p == nil || g == nil {
			return number{value: math.NaN()}
		}
		v := p.P95 / g.P95
		return number{v, short(v) + " times", v >= least}
	}
}

// pressed reads the requests a second over many connections, which should be at
// least least.
func pressed(kind questions.Kind, least float64) func(*Result) number {
	return func(r *Result) number {
		v, _ := r.value("HTTP", fmt.Sprintf("%s, %d connections", kind, engines.Connections))
		return number{v, short(v) + " a second", v >= least}
	}
}

// megabytes reads an amount of memory, which should be under most MB.
func megabytes(about, what string, most float64) func(*Result) number {
	return func(r *Result) number {
		v, _ := r.value(about, what)
		v *= 1.048576 // MiB
		return number{v, short(v) + " MB", v < most}
	}
}

// targets are the performance targets in the order of the table.
var targets = []target{
	{"words, 5 miles, facets", "20 times faster at 1M, 40 at 100k", million, times(questions.WordsNear, clean, 20)},
	{"words, 5 miles, facets", "", hundredThousand, times(questions.WordsNear, clean, 40)},
	{"the same, once a tenth was revised", "10 times at 1M", million, times(questions.WordsNear, updated, 10)},
	{"10 miles, three filters, facets", "100 times", both, times(questions.Filters, clean, 100)},
	{"an interest in a box, newest first", "300 times", both, times(questions.Box, clean, 300)},
	{"words nationwide with a typo, median", "level", both, times(questions.Typo, clean, 1)},
	{"words nationwide with a typo, 95 in 100", "5 times", both, nextP95(questions.Typo, 5)},
	{"any page of a sorted list, however deep", "under 20 µs at 1M", million, timed(questions.Deep, false, 20)},
	{"suggestions, 95 in 100", "under 20 µs", both, timed(questions.Suggesting, true, 20)},
	{"published to found, 99 in 100", "100 ms", both, under("HTTP", "published to found, 99 in 100", 100)},
	{"published to found on another node, 99 in 100", "2 s", both, under("nodes", "published on one to found on the other, 99 in 100", 2000)},
	{"HTTP, words, place and facets, 64 connections", "5,000 a second, 99 in 100 under 80 ms, at 100k", hundredThousand,
		worst(pressed(questions.WordsNear, 5000), under("HTTP", fmt.Sprintf("%s, %d connections, 99 in 100", questions.WordsNear, engines.Connections), 80))},
	{"memory of the server, mapped files too", "under 2 GB at 1M", million, megabytes("HTTP", "memory of the server, all", 2000)},
	{"rebuild the index from the store", "under 10 minutes at 1M", million, under("gather", "rebuild the index from the store", 600)},
	{"open the index", "under 10 seconds at 1M", million, under("Gather", "open the index", 10_000)},
	{"start the server and answer a search", "under 10 seconds at 1M", million, under("HTTP", "start and answer the first search", 10)},
	{"a search during a rebuild, 95 in 100 (Q1, Q2)", "under twice what it is in quiet", both,
		worst(under("Gather", "Q1 during a rebuild, 95 in 100, against quiet", 2), under("Gather", "Q2 during a rebuild, 95 in 100, against quiet", 2))},
	{"a search during writes and a compaction, 95 in 100 (Q1, Q2)", "under twice what it is in quiet", both,
		worst(under("Gather", "Q1 during writes and a compaction, 95 in 100, against quiet", 2), under("Gather", "Q2 during writes and a compaction, 95 in 100, against quiet", 2))},
}

// numbers returns the table of the targets.
func numbers(all []*Result) string {
	var b strings.Builder
	head, line := "| what | at least |", "|---|---|"
	for _, size := range both {
		head, line = head+" "+thousands(int64(size))+" |", line+"---|"
	}
	b.WriteString(head + "\n" + line + "\n")
	for _, t := range rows(targets) {
		fmt.Fprintf(&b, "| %s | %s |", t[0].what, t[0].want)
		for _, size := range both {
			b.WriteString(" " + cell(t, all, size) + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// rows groups the targets for the same number at different sizes.
func rows(all []target) (out [][]target) {
	for _, t := range all {
		if t.want == "" {
			out[len(out)-1] = append(out[len(out)-1], t)
			continue
		}
		out = append(out, []target{t})
	}
	return out
}

// cell returns what was measured at a size, and whether it holds there.
func cell(row []target, all []*Result, size int) string {
	i := slices.IndexFunc(all, func(r *Result) bool { return r.Size == size })
	if i < 0 {
		return "not measured"
	}
	for _, t := range row {
		n := t.read(all[i])
		switch {
		case math.IsNaN(n.value):
			return "not measured"
		case slices.Contains(t.at, size) && n.holds:
			return n.said + ": holds"
		case slices.Contains(t.at, size):
			return "**" + n.said + ": does not hold**"
		}
	}
	return row[0].read(all[i]).said
}
