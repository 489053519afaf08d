package engines

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"benchmark/listings"
	"benchmark/questions"
)

// Server is the real program, asked over HTTP on this machine.
type Server struct {
	name   string
	store  []string // arguments that say where the directory is kept
	facts  *listings.Facts
	corpus *listings.Corpus
	binary string
	data   string
	base   string
	secret string
	cmd    *exec.Cmd
	client *http.Client
}

// BuildServer builds the program from the source in root.
func BuildServer(ctx context.Context, root, folder string, corpus *listings.Corpus, facts *listings.Facts) (*Server, error) {
	s := &Server{
		name: "HTTP", facts: facts, corpus: corpus, binary: filepath.Join(folder, "gather"), data: filepath.Join(folder, "gather-data"),
		client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: Connections, DisableCompression: true}},
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", s.binary, ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the program: %w: %s", err, out)
	}
	return s, nil
}

// Used is the time and memory of a command of the program.
type Used struct {
	Took time.Duration
	// Peak is its greatest resident memory, in bytes.
	Peak int64
}

// run runs a command of the program until it exits.
func (s *Server) run(ctx context.Context, args ...string) (string, Used, error) {
	cmd := exec.CommandContext(ctx, s.binary, slices.Concat(args, []string{"--data", s.data}, s.store)...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	began := time.Now()
	err := cmd.Run()
	used := Used{Took: time.Since(began)}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		used.Peak = usage.Maxrss * 1024
	}
	if err != nil {
		return "", used, fmt.Errorf("gather %s: %w: %s", args[0], err, errOut.String())
	}
	return out.String(), used, nil
}

// Import imports a file of the corpus's listings into an empty directory and
// checks that all were created.
func (s *Server) Import(ctx context.Context) (Used, error) {
	path := filepath.Join(filepath.Dir(s.data), "listings.jsonl")
	f, err := os.Create(path)
	if err != nil {
		return Used{}, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(s.corpus.WriteLines(w, s.corpus.Size), w.Flush(), f.Close()); err != nil {
		return Used{}, fmt.Errorf("write the listings: %w", err)
	}
	out, used, err := s.run(ctx, "import", path, "--format", "jsonl", "--source", "benchmark", "--report", "json")
	if err != nil {
		return used, err
	}
	var report struct {
		Created int `json:"created"`
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		return used, fmt.Errorf("read the report of the import: %w", err)
	}
	if report.Created != s.corpus.Size {
		return used, fmt.Errorf("import: %d of %d listings were created: %.600s", report.Created, s.corpus.Size, out)
	}
	return used, nil
}

// Reindex builds the index from scratch.
func (s *Server) Reindex(ctx context.Context) (Used, error) {
	_, used, err := s.run(ctx, "reindex")
	return used, err
}

// Start starts the server, and returns the time until the response to the first
// search.
func (s *Server) Start(ctx context.Context) (time.Duration, error) {
	if s.secret == "" {
		secret, _, err := s.run(ctx, "keys", "create", "--quiet", "--label", "benchmark")
		if err != nil {
			return 0, err
		}
		s.secret = strings.TrimSpace(secret)
	}
	s.cmd = exec.CommandContext(ctx, s.binary, slices.Concat([]string{"serve", "--addr", "127.0.0.1:0", "--rate-limit", "0", "--log-level", "error", "--data", s.data}, s.store)...)
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = time.Minute
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return 0, fmt.Errorf("start serving: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, s.base, _ = strings.Cut(strings.TrimSpace(line), "listening on ")
	if err != nil || s.base == "" {
		return 0, fmt.Errorf("start serving: it says %q: %w", line, err)
	}
	_, err = s.get(ctx, "/v1/activities?limit=1")
	return time.Since(began), err
}

// Memory is the current resident memory of a process, in bytes: all pages,
// anonymous ones, and those of mapped files.
type Memory struct{ All, Anonymous, Files int64 }

// Memory returns the current memory of the server.
func (s *Server) Memory() (m Memory, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return m, fmt.Errorf("read a process's memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch name {
		case "VmRSS":
			m.All = kilobytes * 1024
		case "RssAnon":
			m.Anonymous = kilobytes * 1024
		case "RssFile":
			m.Files = kilobytes * 1024
		}
	}
	return m, nil
}

// Name returns "HTTP".
func (s *Server) Name() string { return s.name }

// Measure is by great circles.
func (s *Server) Measure() questions.Measure { return questions.GreatCircle }

// Prepare has nothing to do.
func (s *Server) Prepare(context.Context, []*questions.Question) error { return nil }

// Target returns the path and query of a question.
func Target(q *questions.Question) string {
	if q.Kind == questions.Suggesting {
		return "/v1/suggest?" + url.Values{"q": {q.Beginning}, "limit": {strconv.Itoa(questions.Suggestions)}}.Encode()
	}
	return "/v1/activities?" + q.Query.String()
}

func (s *Server) get(ctx context.Context, target string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+target, nil)
	if err != nil {
		return nil, err
	}
	return s.do(req, http.StatusOK)
}

func (s *Server) do(req *http.Request, want int) ([]byte, error) {
	r, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err := errors.Join(err, r.Body.Close()); err != nil {
		return nil, err
	}
	if r.StatusCode != want {
		return nil, fmt.Errorf("%s %s: %s: %.300s", req.Method, req.URL.Path, r.Status, body)
	}
	return body, nil
}

// Ask asks the server.
func (s *Server) Ask(ctx context.Context, _ int, q *questions.Question) (any, error) {
	return s.get(ctx, Target(q))
}

// Read decodes the body of a response.
func (s *Server) Read(q *questions.Question, reply any) Answer {
	if q.Kind == questions.Suggesting {
		return Answer{Total: -1}
	}
	return readJSON(reply.([]byte), s.facts)
}

// send posts body as JSON, with the key, and decodes the response.
func (s *Server) send(ctx context.Context, path string, body any, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.secret)
	answer, err := s.do(req, http.StatusCreated)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// Publish publishes n listings one after the other, and returns the time of each
// from the response to its publication to being found. Another server than s is
// polled; on s itself the search waits for the listing.
func (s *Server) Publish(ctx context.Context, n int, on *Server) ([]time.Duration, error) {
	var group struct {
		Group struct {
			ID string `json:"id"`
		} `json:"group"`
	}
	if err := s.send(ctx, "/v1/groups", map[string]string{"name": "Measured Friends"}, &group); err != nil {
		return nil, err
	}
	var took []time.Duration
	for i := range n {
		details, err := merged(s.corpus.Revised(i).Details, map[string]any{"group": group.Group.ID})
		if err != nil {
			return nil, err
		}
		var a struct {
			ID     string `json:"id"`
			Change int64  `json:"change"`
		}
		if err := s.send(ctx, "/v1/activities", details, &a); err != nil {
			return nil, err
		}
		began := time.Now()
		search := url.Values{"group": {group.Group.ID}, "limit": {"20"}, "sort": {"updated"}}
		if on == s {
			search.Set("after_change", strconv.FormatInt(a.Change, 10))
		}
		if err := on.until(ctx, "/v1/activities?"+search.Encode(), a.ID); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		time.Sleep(publishPause)
	}
	return took, nil
}

const (
	// lookEvery is the pause between two polls of another node.
	lookEvery = time.Millisecond
	// lookFor is the time limit of polling.
	lookFor = 10 * time.Second
)

// until polls until the response has an id.
func (s *Server) until(ctx context.Context, target, id string) error {
	for began := time.Now(); ; time.Sleep(lookEvery) {
		body, err := s.get(ctx, target)
		if err != nil {
			return err
		}
		if bytes.Contains(body, []byte(id)) {
			return nil
		}
		if time.Since(began) > lookFor {
			return fmt.Errorf("listing %s was published and is not found", id)
		}
	}
}

// merged returns the JSON object of v with more fields.
func merged(v any, more map[string]any) (map[string]any, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, err
	}
	for k, v := range more {
		m[k] = v
	}
	return m, nil
}

// Close stops the server.
func (s *Server) Close() error {
	if s.cmd == nil {
		return nil
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	return nil
}
