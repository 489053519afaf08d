package engines

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"benchmark/questions"
)

//go:embed press.lua
var pressScript string

// Connections is the number of connections of the load generator.
const Connections = 64

// Load is the result of a load test. Times are in microseconds.
type Load struct {
	Requests int     `json:"requests"`
	Elapsed  float64 `json:"us"`
	P50      float64 `json:"p50"`
	P99      float64 `json:"p99"`
	// Failed counts responses other than 2xx and 3xx, and broken connections.
	Failed int `json:"failed"`
}

// PerSecond returns the rate of requests.
func (l Load) PerSecond() float64 { return float64(l.Requests) / l.Elapsed * 1e6 }

// warmFor is how long the server is under load before it is measured.
const warmFor = 2 * time.Second

// Press sends questions over Connections connections for the given time, with
// wrk, which is cheap: it shares the cores with the server. Any failed request is
// an error.
func (s *Server) Press(ctx context.Context, qs []*questions.Question, most time.Duration) (Load, error) {
	folder := filepath.Dir(s.data)
	script, paths := filepath.Join(folder, "press.lua"), filepath.Join(folder, "paths")
	var targets strings.Builder
	for _, q := range qs {
		targets.WriteString(Target(q) + "\n")
	}
	if err := errors.Join(os.WriteFile(script, []byte(pressScript), 0o600), os.WriteFile(paths, []byte(targets.String()), 0o600)); err != nil {
		return Load{}, err
	}
	if _, err := s.wrk(ctx, script, paths, warmFor); err != nil {
		return Load{}, err
	}
	return s.wrk(ctx, script, paths, most)
}

func (s *Server) wrk(ctx context.Context, script, paths string, most time.Duration) (l Load, err error) {
	out, err := exec.CommandContext(ctx, "wrk", "--threads", "1", "--connections", strconv.Itoa(Connections), "--timeout", "30s",
		"--duration", fmt.Sprint(int(most.Seconds()), "s"), "--script", script, s.base, "--", paths).CombinedOutput()
	if err != nil {
		return l, fmt.Errorf("press the server with wrk: %w: %s", err, out)
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], &l); err != nil {
		return l, fmt.Errorf("press the server with wrk: %w: %s", err, out)
	}
	if l.Failed > 0 {
		return l, fmt.Errorf("press the server: %d of %d requests failed", l.Failed, l.Requests)
	}
	return l, nil
}
