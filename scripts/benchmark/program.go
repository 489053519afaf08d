package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"benchmark/engines"
	"benchmark/questions"
)

// program measures the real program: its import, the rebuild of its index, and
// its server. Without the import its store is filled as by a restore.
func (r *runner) program(ctx context.Context, imports, http bool) error {
	say("building the program and filling its store")
	s, err := engines.BuildServer(ctx, r.root, r.folder, r.corpus, r.facts)
	if err != nil {
		return err
	}
	size := float64(r.corpus.Size)
	if imports {
		used, err := s.Import(ctx)
		if err != nil {
			return err
		}
		r.result.fact("import", "records imported", size/used.Took.Seconds(), "a second")
		r.result.fact("import", "most memory of the import", float64(used.Peak)/(1<<20), "MiB")
	} else {
		began := time.Now()
		if err := s.Fill(ctx); err != nil {
			return err
		}
		r.result.fact("gather", "listings restored into the store", size/time.Since(began).Seconds(), "a second")
	}
	say("gather reindex")
	used, err := s.Reindex(ctx)
	if err != nil {
		return err
	}
	r.result.fact("gather", "rebuild the index from the store", used.Took.Seconds(), "s")
	r.result.fact("gather", "documents indexed from the store", size/used.Took.Seconds(), "a second")
	r.result.fact("gather", "most memory of the indexing", float64(used.Peak)/(1<<20), "MiB")
	if !http {
		return nil
	}
	took, err := s.Start(ctx)
	if err != nil {
		return err
	}
	r.result.fact("HTTP", "start and answer the first search", took.Seconds(), "s")
	if err := r.serve(ctx, s); err != nil {
		_ = s.Close() // err is the cause
		return err
	}
	return s.Close()
}

// serve measures the server over HTTP.
func (r *runner) serve(ctx context.Context, s *engines.Server) error {
	for _, k := range r.result.only(questions.WordsNear, questions.WordsAll, questions.Filters, questions.Circle, questions.Typo, questions.Box, questions.Suggesting) {
		t, _, err := measure(ctx, s, r.asked[k], 0, nil)
		if err != nil {
			return err
		}
		t.State, t.Hits = clean, r.hits(k)
		say("HTTP %s: p50 %s us, p95 %s us", k, short(t.P50), short(t.P95))
		r.result.Timings = append(r.result.Timings, t)
	}
	for _, k := range r.result.only(questions.WordsNear, questions.Filters, questions.Suggesting) {
		load, err := s.Press(ctx, r.asked[k], pressFor)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("%s, %d connections", k, engines.Connections)
		r.result.fact("HTTP", what, load.PerSecond(), "requests a second")
		r.result.fact("HTTP", what+", median", load.P50/1000, "ms")
		r.result.fact("HTTP", what+", 99 in 100", load.P99/1000, "ms")
	}
	m, err := s.Memory()
	if err != nil {
		return err
	}
	r.result.fact("HTTP", "memory of the server, all", float64(m.All)/(1<<20), "MiB")
	r.result.fact("HTTP", "memory of the server, without mapped files", float64(m.Anonymous)/(1<<20), "MiB")
	r.result.fact("HTTP", "memory of the server, mapped files", float64(m.Files)/(1<<20), "MiB")
	took, err := s.Publish(ctx, published, s)
	if err != nil {
		return err
	}
	r.latency("HTTP", "published to found", took)
	return nil
}

// nodes measures how soon a publication on one node is found on another.
func (r *runner) nodes(ctx context.Context) (err error) {
	say("starting two nodes on one database")
	n, err := engines.StartNodes(ctx, r.root, r.folder, r.corpus, r.facts)
	if errors.Is(err, engines.ErrNoDatabase) {
		say("NOT MEASURED: nodes: %v", err)
		r.result.LeftOut = append(r.result.LeftOut, "nodes: "+engines.ErrNoDatabase.Error())
		return nil
	}
	if err != nil {
		return fmt.Errorf("two nodes: %w", err)
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	took, err := n.Servers[0].Publish(ctx, published, n.Servers[1])
	if err != nil {
		return err
	}
	r.latency("nodes", "published on one to found on the other", took)
	return nil
}

// stores runs the Go benchmarks of the embedded store.
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
