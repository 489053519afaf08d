// Benchmark compares Gather with the databases that people would use in its
// place, on the same listings and the same questions, and checks that all return
// the same results before it compares their times. See
// docs/measurements/method.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"benchmark/engines"
	"benchmark/listings"
	"benchmark/questions"
	"benchmark/relevance"
)

// sizes are the numbers of listings that are measured: a town's, a region's and
// the country's.
var sizes = map[string]int{"10k": 10_000, "100k": 100_000, "1m": 1_000_000}

// engineNames are what can be measured; "concurrent" is the search of Gather
// during writes and a rebuild.
var engineNames = []string{"gather", "postgres", "sqlite", "bleve", "concurrent", "http", "import", "nodes", "stores"}

type options struct {
	size, engines, kinds, plans, out, root, results string
	seed                                            uint64
	document, relevance                             bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&o.size, "size", "10k", "how many listings: 10k, 100k or 1m")
	flags.StringVar(&o.engines, "engines", strings.Join(engineNames, ","), "what to measure")
	flags.StringVar(&o.kinds, "kinds", strings.Join(kindNames(), ","), "the kinds of question to ask")
	flags.StringVar(&o.plans, "plans", strings.Join(planNames(), ","), "the planner settings to try with PostgreSQL")
	flags.StringVar(&o.out, "out", "", "a file for the result as JSON; without one it is printed after the table")
	flags.StringVar(&o.root, "root", "../..", "the folder of the project")
	flags.StringVar(&o.results, "results", "results", "the folder of the stored results that --document reads")
	flags.Uint64Var(&o.seed, "seed", 2026, "the seed of listings and questions")
	flags.BoolVar(&o.document, "document", false, "measure nothing: write docs/measurements and the numbers of docs/performance.md from the stored results")
	flags.BoolVar(&o.relevance, "relevance", false, "measure no times: judge the ranking of results, and write docs/measurements/relevance.md and the totals of docs/relevance.md")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.relevance {
		return relevance.Write(ctx, o.root)
	}
	if o.document {
		return document(o.results, filepath.Join(o.root, "docs"))
	}
	size, ok := sizes[o.size]
	if !ok {
		return fmt.Errorf("--size is 10k, 100k or 1m, not %q", o.size)
	}
	names, err := split("--engines", o.engines, engineNames)
	if err != nil {
		return err
	}
	if slices.Contains(names, "concurrent") && !slices.Contains(names, "gather") {
		return errors.New("--engines: concurrent is measured with gather only")
	}
	kinds, err := split("--kinds", o.kinds, kindNames())
	if err != nil {
		return err
	}
	plans, err := split("--plans", o.plans, planNames())
	if err != nil {
		return err
	}
	result := &Result{Started: time.Now().UTC().Truncate(time.Second), Size: size, Seed: o.seed, Engines: names, Plans: plans, Machine: machine()}
	for _, k := range kinds {
		result.Kinds = append(result.Kinds, questions.Kind(k))
	}
	wrong, err := measureAll(ctx, o, result)
	// A failed run keeps what it measured before the failure.
	if err := errors.Join(err, write(o.out, result)); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d kinds of question had wrong answers: see above", wrong)
	}
	return nil
}

// split returns the items of a comma-separated list; the error names an unknown
// one.
func split(flag, list string, known []string) ([]string, error) {
	names := strings.Split(list, ",")
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s: unknown name %q; want %s", flag, name, strings.Join(known, ", "))
		}
	}
	return names, nil
}

func kindNames() (names []string) {
	for _, k := range questions.Kinds {
		names = append(names, string(k.Kind))
	}
	return names
}

func planNames() (names []string) {
	for _, p := range engines.AllPlans {
		names = append(names, p.Name)
	}
	return names
}

// measureAll runs the measurements in a temporary folder, which it removes, and
// returns how many kinds of question had wrong answers.
func measureAll(ctx context.Context, o options, result *Result) (wrong int, err error) {
	folder, err := os.MkdirTemp("", "gather-bench-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	g, err := listings.New(o.seed, filepath.Join(o.root, "directory", "gazetteer", "gazetteer.bin"))
	if err != nil {
		return 0, err
	}
	stems, err := listings.NewStemmer()
	if err != nil {
		return 0, err
	}
	r := &runner{
		result: result, root: o.root, folder: folder, stems: stems, facts: listings.NewFacts(g),
		corpus: &listings.Corpus{Generator: g, Size: result.Size},
		keep:   func() error { return keep(o.out, result) },
	}
	err = r.all(ctx)
	return r.wrong, err
}

// write prints the table, and the JSON after it or to a file.
func write(out string, result *Result) error {
	fmt.Print(table(result))
	if out != "" {
		return keep(out, result)
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// keep writes the JSON to the file out, if one is named.
func keep(out string, result *Result) error {
	if out == "" {
		return nil
	}
	b, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(b, '\n'), 0o644)
}
