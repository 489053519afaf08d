package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"benchmark/questions"
)

// Result is everything that one run measured. Times are in microseconds.
type Result struct {
	Started time.Time `json:"started"`
	Size    int       `json:"size"`
	Seed    uint64    `json:"seed"`
	Engines []string  `json:"engines"`
	// Kinds are the kinds of question that were asked, and Plans the planner
	// settings that were tried with PostgreSQL; empty means all.
	Kinds   []questions.Kind `json:"kinds,omitempty"`
	Plans   []string         `json:"plans,omitempty"`
	Machine Machine          `json:"machine"`
	// Timings have the times of single questions and the throughput of two
	// workers.
	Timings []Timing `json:"timings"`
	// Facts are all other numbers.
	Facts []Fact `json:"facts"`
	// Checks compare the engines' answers with the right ones.
	Checks []Check `json:"checks"`

	// LeftOut lists what could not be measured, and why.
	LeftOut []string `json:"left_out,omitempty"`

	also []*Result // other runs merged into this one
}

// Machine is the computer of a run.
type Machine struct {
	Cores    int     `json:"cores"`
	MemoryGB float64 `json:"memory_gb"`
	CPU      string  `json:"cpu"`
	Go       string  `json:"go"`
	Postgres string  `json:"postgres,omitempty"`
	// LoadBefore and LoadAfter are the load averages over the last minute
	// when the run began and ended. The run itself adds about one.
	LoadBefore float64 `json:"load_before"`
	LoadAfter  float64 `json:"load_after"`
}

// Timing is the times of one kind of question with one engine.
type Timing struct {
	Engine string         `json:"engine"`
	State  string         `json:"state"` // clean or updated
	Kind   questions.Kind `json:"kind"`
	Asked  int            `json:"asked"`
	Passes int            `json:"passes,omitempty"` // timed ones
	P50    float64        `json:"p50"`
	P95    float64        `json:"p95"`
	// Each is the median of each question, in order.
	Each []float64 `json:"each"`
	// PerSecond is the throughput of two workers, in questions a second.
	PerSecond float64 `json:"per_second,omitempty"`
	// Note is the engine's settings, where several were tried.
	Note string `json:"note,omitempty"`
	// Hits is the median number of hits.
	Hits int `json:"hits"`
}

// Fact is one number.
type Fact struct {
	About string  `json:"about"` // Gather, PostGIS, HTTP ...
	What  string  `json:"what"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// Check compares the answers of an engine with the right ones.
type Check struct {
	Engine string         `json:"engine"`
	State  string         `json:"state"`
	Kind   questions.Kind `json:"kind"`
	Asked  int            `json:"asked"`
	Wrong  int            `json:"wrong"`
	// Strict is false where Gather may find more: it also finds synonyms, and
	// the oracle only the words themselves.
	Strict bool `json:"strict"`
	// Found is the number of its hits divided by the oracle's.
	Found float64 `json:"found"`
	First string  `json:"first,omitempty"` // the first that was wrong
}

func (r *Result) fact(about, what string, value float64, unit string) {
	r.Facts = append(r.Facts, Fact{about, what, value, unit})
	fmt.Fprintf(os.Stderr, "  %s: %s: %s %s\n", about, what, short(value), unit)
}

// timing returns the timing of a kind by an engine in a state, nil if not measured.
func (r *Result) timing(engine, state string, kind questions.Kind) *Timing {
	for i := range r.Timings {
		if t := &r.Timings[i]; t.Engine == engine && t.State == state && t.Kind == kind {
			return t
		}
	}
	return nil
}

// ratio returns how many times slower t is than base: the geometric mean over the
// questions, NaN without a base of the same questions.
func (t *Timing) ratio(base *Timing) float64 {
	if base == nil || len(base.Each) != len(t.Each) {
		return math.NaN()
	}
	sum := 0.0
	for i := range t.Each {
		sum += math.Log(t.Each[i] / base.Each[i])
	}
	return math.Exp(sum / float64(len(t.Each)))
}

// medianRatio returns how many times slower t is than base: the median over the
// questions, NaN without a base of the same questions.
func (t *Timing) medianRatio(base *Timing) float64 {
	if t == nil || base == nil || len(base.Each) != len(t.Each) {
		return math.NaN()
	}
	ratios := make([]float64, len(t.Each))
	for i := range t.Each {
		ratios[i] = t.Each[i] / base.Each[i]
	}
	return percentile(ratios, 50)
}

// kinds returns the kinds of question of the run, in order.
func (r *Result) kinds() (all []questions.Kind) {
	for _, k := range questions.Kinds {
		if len(r.Kinds) == 0 || slices.Contains(r.Kinds, k.Kind) {
			all = append(all, k.Kind)
		}
	}
	return all
}

// only returns those of the given kinds that the run asks.
func (r *Result) only(kinds ...questions.Kind) []questions.Kind {
	return slices.DeleteFunc(kinds, func(k questions.Kind) bool { return !slices.Contains(r.kinds(), k) })
}

// value returns the value of a fact and its unit, NaN if it was not measured.
func (r *Result) value(about, what string) (float64, string) {
	for _, f := range r.Facts {
		if f.About == about && f.What == what {
			return f.Value, f.Unit
		}
	}
	return math.NaN(), ""
}

// percentile returns the smallest value that at least p percent of the values do
// not exceed, NaN without values.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, max(0, int(math.Ceil(p/100*float64(len(sorted))))-1))]
}

func microseconds(ds []time.Duration) []float64 {
	out := make([]float64, len(ds))
	for i, d := range ds {
		out[i] = float64(d.Nanoseconds()) / 1000
	}
	return out
}

func machine() Machine {
	m := Machine{Cores: runtime.NumCPU(), Go: runtime.Version(), LoadBefore: loadAverage()}
	info, _ := os.ReadFile("/proc/cpuinfo") // only on Linux
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			m.CPU = strings.TrimSpace(value)
		}
	}
	memory, _ := os.ReadFile("/proc/meminfo")
	if fields := strings.Fields(string(memory)); len(fields) > 1 {
		kilobytes, _ := strconv.ParseFloat(fields[1], 64)
		m.MemoryGB = math.Round(kilobytes / (1 << 20))
	}
	return m
}

func loadAverage() float64 {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	load, _ := strconv.ParseFloat(first, 64)
	return load
}
