// Benchmark measures Gather beside the databases that people would use in its
// place, with the same listings and the same questions, and checks that all
// answer alike before it compares their times. See docs/measurements/method.md.
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

// sizes are the directories that are measured: a town's, a region's, and the
// country's.
var sizes = map[string]int{"10k": 10_000, "100k": 100_000, "1m": 1_000_000}

// engineNames are what can be measured; "beside" is the searching of Gather
// beside writes and a rebuild.
var engineNames = []string{"gather", "postgres", "sqlite", "bleve", "beside", "http", "import", "nodes", "stores"}

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
	flags.StringVar(&o.plans, "plans", strings.Join(planNames(), ","), "the ways to plan that PostgreSQL is asked with")
	flags.StringVar(&o.out, "out", "", "a file for the result as JSON; with none it goes after the table")
	flags.StringVar(&o.root, "root", "../..", "the folder of the project")
	flags.StringVar(&o.results, "results", "results", "the folder of the results that the document shows")
	flags.Uint64Var(&o.seed, "seed", 2026, "the seed of listings and questions")
	flags.BoolVar(&o.document, "document", false, "measure nothing: write docs/measurements and the numbers of docs/performance.md from the results kept")
	flags.BoolVar(&o.relevance, "relevance", false, "measure no time: judge the order of results, and write docs/measurements/relevance.md and the totals of docs/relevance.md")
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
	if slices.Contains(names, "beside") && !slices.Contains(names, "gather") {
		return errors.New("--engines: beside is measured with gather only")
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
	// What was measured before a failure is worth keeping too.
	if err := errors.Join(err, write(o.out, result)); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d kinds of question were answered wrongly: see above", wrong)
	}
	return nil
}

// split parts a list with commas of which each has to be known.
func split(flag, list string, known []string) ([]string, error) {
	names := strings.Split(list, ",")
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s knows %s, not %q", flag, strings.Join(known, ", "), name)
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

// measureAll runs one run in a folder that is gone afterwards.
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

// write prints the table, and the JSON after it or into a file.
func write(out string, result *Result) error {
	fmt.Print(table(result))
	if out != "" {
		return keep(out, result)
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// keep writes the JSON into a file, if there is to be one.
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
