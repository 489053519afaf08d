package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"benchmark/marked"
)

// document writes from the stored results a page for each measured size and the
// plot of all sizes to docs/measurements, and the table of targets to
// docs/performance.md.
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
	folder := filepath.Join(docs, "measurements")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, r := range all {
		if err := os.WriteFile(filepath.Join(folder, sizeName(r.Size)+".md"), []byte(page(r)), 0o644); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "performance.svg"), []byte(plot(all)), 0o644); err != nil {
		return err
	}
	return marked.Write(filepath.Join(docs, "performance.md"), "numbers", numbers(all))
}

// page returns a result as a page of its own.
func page(r *Result) string {
	title, rest, _ := strings.Cut(table(r), "\n")
	return "#" + strings.TrimLeft(title, "#") + "\n\nWhat is asked, of whom and how is in [method.md](method.md).\n" + strings.TrimRight(rest, "\n") + "\n"
}

// sizeName returns a size in the form of the flag --size.
func sizeName(size int) string {
	for name, n := range sizes {
		if n == size {
			return name
		}
	}
	return fmt.Sprint(size)
}

// joined merges runs over the same listings and questions that measured different
// engines into one result; for what several runs measured, the first counts.
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
