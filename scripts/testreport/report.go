package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// event is one line of go test -json, as go doc test2json describes it.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output and build-fail
	Test       string // empty for events of the package
	Elapsed    float64
	Output     string
}

// test is a test that has started, or, without a name, what its package printed
// outside tests.
type test struct {
	pkg, name string
	output    strings.Builder
	result    string // pass, fail or skip, empty while it runs
	elapsed   float64
}

// report collects the events of a run.
type report struct {
	out    io.Writer
	tests  map[string]*test
	order  []*test
	builds map[string]*strings.Builder // compiler output by import path
	broken []string                    // import paths that did not build
}

func newReport(out io.Writer) *report {
	return &report{out: out, tests: map[string]*test{}, builds: map[string]*strings.Builder{}}
}

// notable matches lines that are printed at once: results of packages, and what
// tests print about the servers they ran on.
var notable = regexp.MustCompile(`^(ok|FAIL|panic:)\s+\S|SKIPPED|MongoDB server|tests ran on`)

// read reads events until in ends. A line that is no event is printed as it is.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(r.out, "%s", line)
			} else {
				r.add(e)
			}
		}
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (r *report) add(e event) {
	switch e.Action {
	case "build-output":
		if r.builds[e.ImportPath] == nil {
			r.builds[e.ImportPath] = &strings.Builder{}
		}
		r.builds[e.ImportPath].WriteString(e.Output)
	case "build-fail":
		r.broken = append(r.broken, e.ImportPath)
	case "output":
		t := r.test(e)
		t.output.WriteString(e.Output)
		if notable.MatchString(e.Output) && !strings.Contains(e.Output, "[no test files]") {
			fmt.Fprint(r.out, e.Output)
		}
	case "pass", "fail", "skip":
		t := r.test(e)
		t.result, t.elapsed = e.Action, e.Elapsed
	default: // start, run, pause, cont, bench
		r.test(e)
	}
}

func (r *report) test(e event) *test {
	key := e.Package + "\x00" + e.Test
	t := r.tests[key]
	if t == nil {
		t = &test{pkg: e.Package, name: e.Test}
		r.tests[key] = t
		r.order = append(r.order, t)
	}
	return t
}

// finish prints what failed and why, what was skipped, and the counts. It
// reports whether the run passed.
func (r *report) finish(nothingSkipped bool) bool {
	for _, path := range r.broken {
		fmt.Fprintf(r.out, "\n--- does not build: %s\n", path)
		if b := r.builds[path]; b != nil {
			fmt.Fprint(r.out, b)
		}
	}
	counts := map[string]int{}
	inPackage := map[string]int{}
	failed := len(r.broken)
	for _, t := range r.order {
		if t.name == "" {
			continue
		}
		what := t.result
		if what == "" {
			what = "fail"
		}
		counts[what]++
		switch {
		case t.result == "skip":
			r.show("SKIP", t)
		case what == "fail":
			inPackage[t.pkg]++
			if t.messages() != "" || !r.hasSubtests(t) {
				r.show("FAIL", t)
			}
		}
	}
	for _, t := range r.order {
		if t.name != "" || t.result == "pass" || t.result == "skip" {
			continue
		}
		failed++
		if inPackage[t.pkg] == 0 && !r.isBroken(t.pkg) {
			r.show("FAIL", t) // it failed outside its tests
		}
	}
	fmt.Fprintf(r.out, "\ntests passed: %d, failed: %d, skipped: %d\n", counts["pass"], counts["fail"], counts["skip"])
	if len(r.order) == 0 {
		fmt.Fprintln(r.out, "no test ran")
		return false
	}
	return failed+counts["fail"] == 0 && !(nothingSkipped && counts["skip"] > 0)
}

func (r *report) isBroken(pkg string) bool {
	for _, path := range r.broken {
		if path == pkg || strings.HasPrefix(path, pkg+" [") || strings.HasPrefix(path, pkg+"_test [") {
			return true
		}
	}
	return false
}

// hasSubtests reports whether t has subtests, whose messages say why it failed.
func (r *report) hasSubtests(t *test) bool {
	for _, other := range r.order {
		if other.pkg == t.pkg && strings.HasPrefix(other.name, t.name+"/") {
			return true
		}
	}
	return false
}

// progress matches what -v prints for every test, which does not say why it failed.
var progress = regexp.MustCompile(`(?m)^\s*(=== (RUN|PAUSE|CONT|NAME) .*|--- (FAIL|PASS|SKIP): .*)\n`)

func (t *test) messages() string {
	return strings.TrimRight(progress.ReplaceAllString(t.output.String(), ""), "\n")
}

// show prints a test's own messages under its name.
func (r *report) show(what string, t *test) {
	name := t.pkg
	if t.name != "" {
		name += " " + t.name
	}
	if t.result == "" {
		name += " (did not end)"
	}
	fmt.Fprintf(r.out, "\n--- %s: %s (%.2f s)\n", what, name, t.elapsed)
	if own := t.messages(); own != "" {
		fmt.Fprintln(r.out, own)
	}
}
