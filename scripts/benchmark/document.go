package main

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// introduction says what is measured and how; the tables follow it.
//
//go:embed introduction.md
var introduction string

// numbersHere is where in the introduction the numbers to hold are put.
const numbersHere = "<!-- numbers -->\n"

// document writes performance.md and performance.svg in the folder docs from
// the results kept.
func document(results, docs string) error {
	paths, err := filepath.Glob(filepath.Join(results, "*.json"))
	if err != nil {
		return err
	}
	var all []*Result
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var r Result
		if err := json.Unmarshal(b, &r); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		all = append(all, &r)
	}
	if len(all) == 0 {
		return fmt.Errorf("there is no result in %s: run scripts/bench with --out first", results)
	}
	slices.SortStableFunc(all, func(a, b *Result) int { return cmp.Or(a.Size-b.Size, a.Started.Compare(b.Started)) })
	all = joined(all)
	var text strings.Builder
	// The numbers to hold come first, before how they were measured.
	first, rest, _ := strings.Cut(introduction, numbersHere)
	text.WriteString(first + numbers(all) + rest)
	for _, r := range all {
		text.WriteString("\n" + strings.TrimRight(table(r), "\n") + "\n")
	}
	if err := os.WriteFile(filepath.Join(docs, "performance.md"), []byte(text.String()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(docs, "performance.svg"), []byte(plot(all)), 0o644)
}

// joined makes one result of runs with the same listings and questions, which
// measured different engines; of what several measured, the first counts.
func joined(all []*Result) []*Result {
	var out []*Result
	for _, r := range all {
		if len(out) == 0 || out[len(out)-1].Size != r.Size || out[len(out)-1].Seed != r.Seed {
			out = append(out, r)
			continue
		}
		to := out[len(out)-1]
		to.also = append(to.also, r)
		for _, t := range r.Timings {
			if to.timing(t.Engine, t.State, t.Kind) == nil {
				to.Timings = append(to.Timings, t)
			}
		}
		for _, f := range r.Facts {
			if !slices.ContainsFunc(to.Facts, func(have Fact) bool { return have.About == f.About && have.What == f.What }) {
				to.Facts = append(to.Facts, f)
			}
		}
		for _, c := range r.Checks {
			if !slices.ContainsFunc(to.Checks, func(have Check) bool { return have.Engine == c.Engine && have.State == c.State && have.Kind == c.Kind }) {
				to.Checks = append(to.Checks, c)
			}
		}
	}
	return out
}
