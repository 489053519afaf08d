package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"benchmark/engines"
	"benchmark/questions"
)

// program measures the real program: its import, its index, and, with http,
// how it serves.
func (r *runner) program(ctx context.Context, http bool) error {
	say("building the program and importing")
	s, err := engines.BuildServer(ctx, r.root, r.folder, r.corpus, r.facts)
	if err != nil {
		return err
	}
	size := float64(r.corpus.Size)
	used, err := s.Import(ctx)
	if err != nil {
		return err
	}
	r.result.fact("import", "records imported", size/used.Took.Seconds(), "a second")
	r.result.fact("import", "most memory of the import", float64(used.Peak)/(1<<20), "MiB")
	if used, err = s.Reindex(ctx); err != nil {
		return err
	}
	r.result.fact("import", "documents indexed from the store", size/used.Took.Seconds(), "a second")
	r.result.fact("import", "most memory of the indexing", float64(used.Peak)/(1<<20), "MiB")
	if !http {
		return nil
	}
	took, err := s.Start(ctx)
	if err != nil {
		return err
	}
	if err := r.serve(ctx, s, took.Seconds()); err != nil {
		_ = s.Close() // the first error says more
		return err
	}
	return s.Close()
}

// serve measures the server over HTTP.
func (r *runner) serve(ctx context.Context, s *engines.Server, start float64) error {
	r.result.fact("HTTP", "start and answer the first search", start, "s")
	for _, k := range []questions.Kind{questions.WordsNear, questions.WordsAll, questions.Filters, questions.Circle, questions.Typo, questions.Box, questions.Suggesting} {
		t, _, err := measure(ctx, s, r.asked[k], nil)
		if err != nil {
			return err
		}
		t.State, t.Hits = clean, r.hits(k)
		say("HTTP %s: p50 %s us, p95 %s us", k, short(t.P50), short(t.P95))
		r.result.Timings = append(r.result.Timings, t)
	}
	for _, k := range []questions.Kind{questions.WordsNear, questions.Filters, questions.Suggesting} {
		load, err := s.Press(ctx, r.asked[k], pressFor)
		if err != nil {
			return err
		}
		r.result.fact("HTTP", fmt.Sprintf("%s, %d connections", k, engines.Connections), load.PerSec, "requests a second")
		r.latency("HTTP", fmt.Sprintf("%s, %d connections", k, engines.Connections), load.Took)
	}
	resident, anonymous, err := s.Memory()
	if err != nil {
		return err
	}
	r.result.fact("HTTP", "memory of the server, all", float64(resident)/(1<<20), "MiB")
	r.result.fact("HTTP", "memory of the server, without mapped files", float64(anonymous)/(1<<20), "MiB")
	took, err := s.Publish(ctx, published)
	if err != nil {
		return err
	}
	r.latency("HTTP", "published to found", took)
	return nil
}

// stores runs the stores' own benchmarks, which the store's contract has.
func (r *runner) stores(ctx context.Context) error {
	say("measuring the embedded store")
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", ".", "-benchtime", "2s", "./directory/boltstore")
	cmd.Dir = r.root
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("measure the embedded store: %w: %s", err, out)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if unit, ok := strings.CutSuffix(fields[i+1], "/s"); ok && err == nil {
				r.result.fact("embedded store", fields[0], value, unit+" a second")
			}
		}
	}
	return lines.Err()
}
