// Command torture runs the program while writers write to it, and injects
// faults: it kills nodes and the database, stalls requests and processes,
// half-closes connections, fills the disk, damages index files and suspends
// groups. Then it compares what is stored with what the writers had
// acknowledged.
//
//	go run ./scripts/torture                          # the short form, under a minute
//	go run ./scripts/torture --kills 200 --each 20    # the long form
//
// It prints a Markdown table, and exits with 1 if anything is wrong. To fill a
// disk it mounts a tmpfs where it may, and otherwise limits the size of files.
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
	only := flag.String("faults", "", "inject only these faults of the table, separated by commas")
	except := flag.String("except", "", "do not inject these faults, separated by commas")
	flag.StringVar(&o.keep, "keep", "", "a folder to keep the nodes' logs in")
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

// options are the command's flags.
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
	// The stores run concurrently, and are printed one after the other.
	done := make([]chan error, len(stores))
	reports := make([]strings.Builder, len(stores))
	for i, store := range stores {
		done[i] = make(chan error, 1)
		go func() { done[i] <- torture(ctx, o, binary, filepath.Join(folder, store), store, &reports[i]) }()
	}
	var failed []error
	for i, store := range stores {
		err := <-done[i]
		fmt.Print(reports[i].String())
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", store, err))
		}
	}
	return errors.Join(failed...)
}

// torture makes a world with one store and runs all faults on it.
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

// torture injects every fault as often as the options say, and prints the table.
// It checks after each kind of fault, and after every checkEvery of one kind.
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
			w.await(2) // so that writers are at work at every fault
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
	fmt.Fprintf(out, "\n%d writes acknowledged, %d unanswered or refused; %d checks of up to %d revisions and %d public listings, in %.0f s.\n",
		w.ledger.acknowledged(), w.ledger.doubtful(), r.checks, r.revisions, r.public, time.Since(start).Seconds())
	return nil
}

// wrong is an error with everything that is wrong, one a line with its count.
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
	return fmt.Errorf("%d violations:\n%s", len(w.ledger.wrong), strings.Join(lines[:min(len(lines), most)], "\n"))
}
