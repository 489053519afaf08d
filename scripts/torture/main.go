// Command torture runs the program under writers and breaks everything around
// it: it kills nodes and the database, stalls requests and processes, closes
// connections half, fills the disk, loses index files and suspends groups.
// Then one checker holds what is there against what the writers were told.
//
//	go run ./scripts/torture                          # the short form, under a minute
//	go run ./scripts/torture --kills 200 --each 20    # the long form
//
// It prints a Markdown table, and exits with 1 when anything is wrong. A full
// disk is a small file system in memory where one may be mounted, else a limit
// on the size of files.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	var o options
	stores := flag.String("stores", "bolt,mongodb", "the stores to run on")
	flag.IntVar(&o.kills, "kills", 3, "how often a node is killed, on each store")
	flag.IntVar(&o.each, "each", 1, "how often every other fault is injected, on each store")
	only := flag.String("faults", "", "inject these faults only, of those in the table, with commas between them")
	except := flag.String("except", "", "do not inject these")
	flag.StringVar(&o.keep, "keep", "", "a folder in which to keep what the nodes said")
	flag.Parse()
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	o.except = strings.Split(*except, ",")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, strings.Split(*stores, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		stop()
		os.Exit(1)
	}
}

// options are what a run is asked for.
type options struct {
	kills, each int
	only        []string // nil for all
	except      []string
	keep        string
}

func run(ctx context.Context, o options, stores []string) error {
	folder, err := os.MkdirTemp("", "gather-torture-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary := filepath.Join(folder, "gather")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	// The stores are tortured at once, and told of one after the other.
	done := make([]chan error, len(stores))
	said := make([]strings.Builder, len(stores))
	for i, store := range stores {
		done[i] = make(chan error, 1)
		go func() { done[i] <- torture(ctx, o, binary, filepath.Join(folder, store), store, &said[i]) }()
	}
	var failed []error
	for i, store := range stores {
		err := <-done[i]
		fmt.Print(said[i].String())
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", store, err))
		}
	}
	return errors.Join(failed...)
}

// torture is all that is done to one store.
func torture(ctx context.Context, o options, binary, folder, store string, out io.Writer) error {
	w, err := newWorld(ctx, o, binary, folder, store)
	defer w.end()
	if err != nil {
		return err
	}
	if err := w.torture(out); err != nil {
		return errors.Join(err, w.wrong())
	}
	return w.wrong()
}

// torture injects every fault so often, checks after each kind and, of the
// many kills, now and then, and prints what came out.
func (w *world) torture(out io.Writer) error {
	const checkEvery = 50 // kills
	start := time.Now()
	fmt.Fprintf(out, "\n%s, %s\n\n", w.store, w.disk)
	fmt.Fprintf(out, "| fault | injected | longest until ready |\n|---|---:|---:|\n")
	w.write()
	for _, f := range faults {
		times := f.times(w)
		w.ledger.inject(f.name)
		longest := time.Duration(0)
		for n := range f.calls(times) {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			began := time.Now()
			if err := f.inject(w, n); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			w.revive()
			longest = max(longest, time.Since(began))
			w.await(2) // so that every fault meets writers at work
			if n%checkEvery == checkEvery-1 {
				w.check()
			}
		}
		if times > 0 {
			w.check()
			fmt.Fprintf(out, "| %s | %d | %.1f s |\n", f.name, times, longest.Seconds())
		}
	}
	w.pause()
	r := &w.report
	fmt.Fprintf(out, "\n%d writes acknowledged, %d not answered or refused; %d checks of up to %d revisions and %d public listings, in %.0f s.\n",
		w.ledger.acknowledged(), w.ledger.doubtful(), r.checks, r.revisions, r.public, time.Since(start).Seconds())
	return nil
}

// wrong is what is wrong, one thing a line, with how often.
func (w *world) wrong() error {
	w.ledger.mu.Lock()
	defer w.ledger.mu.Unlock()
	if len(w.ledger.wrong) == 0 {
		return nil
	}
	const most = 50 // lines
	times := map[string]int{}
	for _, what := range w.ledger.wrong {
		times[what]++
	}
	var lines []string
	for _, what := range slices.Sorted(maps.Keys(times)) {
		lines = append(lines, fmt.Sprintf("%d × %s", times[what], what))
	}
	return fmt.Errorf("%d things are wrong:\n%s", len(w.ledger.wrong), strings.Join(lines[:min(len(lines), most)], "\n"))
}
