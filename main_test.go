package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/directory/mongostore/mongotest"
)

// binary builds the program once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "gather-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "gather")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %v\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := mongotest.Main(m)
	if path, err := binary(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// gather runs a command of the binary and returns its standard output. It fails
// the test if the command fails.
func gather(t *testing.T, args ...string) string {
	t.Helper()
	out, errOut, err := command(t, args...)
	if err != nil {
		t.Fatalf("gather %s: %v\n%s%s", strings.Join(args, " "), err, out, errOut)
	}
	return out
}

// command runs a command of the binary, which may fail.
func command(t *testing.T, args ...string) (out, errOut string, err error) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = append(os.Environ(), "GATHER_ADDR=", "GATHER_DATA=", "GATHER_MONGODB_URI=", "GATHER_PUBLIC_URL=")
	cmd.Stdout, cmd.Stderr = &o, &e
	err = cmd.Run()
	return o.String(), e.String(), err
}

// server is a running binary.
type server struct {
	t    *testing.T
	cmd  *exec.Cmd
	base string
	log  *lockedBuffer
	done chan struct{}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve starts the binary on a free port and waits until it is ready.
func serve(t *testing.T, args ...string) *server {
	t.Helper()
	s := listening(t, args...)
	for deadline := time.Now().Add(60 * time.Second); s.readiness() != http.StatusOK; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not ready after a minute:\n%s", s.log)
		}
	}
	return s
}

// readiness is the status of /readyz, 0 if there is no response.
func (s *server) readiness() int {
	r, err := http.Get(s.base + "/readyz")
	if err != nil {
		return 0
	}
	r.Body.Close()
	return r.StatusCode
}

// listening starts the binary on a free port and waits until it listens.
func listening(t *testing.T, args ...string) *server {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, log: &lockedBuffer{}, done: make(chan struct{})}
	s.cmd = exec.Command(path, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stderr = s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill(); <-s.done })
	lines := make(chan string, 100)
	go func() {
		defer close(s.done)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			fmt.Fprintln(s.log, scan.Text())
			select {
			case lines <- scan.Text():
			default:
			}
		}
		close(lines)
		s.cmd.Wait()
	}()
	timeout := time.After(60 * time.Second)
	for s.base == "" {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("the server ended before it listened:\n%s", s.log)
			}
			if _, rest, found := strings.Cut(line, "http://"); found {
				s.base = "http://" + strings.TrimRight(strings.Fields(rest)[0], "/")
			}
		case <-timeout:
			t.Fatalf("not listening after a minute:\n%s", s.log)
		}
	}
	return s
}

// printed waits until the server has printed what, and returns the rest of the
// line.
func (s *server) printed(what string) string {
	s.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		_, after, found := strings.Cut(s.log.String(), what)
		if rest, _, whole := strings.Cut(strings.TrimLeft(after, " "), "\n"); found && whole {
			return strings.TrimSpace(rest)
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("the server did not print %q:\n%s", what, s.log)
		}
	}
}

// kill9 kills the server with SIGKILL.
func (s *server) kill9() {
	s.cmd.Process.Kill()
	<-s.done
}

// stop interrupts the server, waits for it and wants exit code 0.
func (s *server) stop() {
	s.t.Helper()
	s.cmd.Process.Signal(os.Interrupt)
	select {
	case <-s.done:
	case <-time.After(30 * time.Second):
		s.t.Fatalf("still running 30 seconds after an interrupt:\n%s", s.log)
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		s.t.Errorf("exit code %d after an interrupt:\n%s", code, s.log)
	}
}

// answer is an HTTP response with its body read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request; headers are pairs of name and value.
func (s *server) ask(method, path, key string, body any, headers ...string) answer {
	s.t.Helper()
	a, err := try(s.base, method, path, key, body, headers...)
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s", method, path, err, s.log)
	}
	return a
}

// try is ask for a server that may not be running.
func try(base, method, path, key string, body any, headers ...string) (answer, error) {
	var send io.Reader
	if body != nil {
		b, ok := body.([]byte)
		if !ok {
			var err error
			if b, err = json.Marshal(body); err != nil {
				return answer{}, err
			}
		}
		send = bytes.NewReader(b)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, base+path, send)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		if method == "PATCH" {
			req.Header.Set("Content-Type", "application/merge-patch+json")
		}
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return answer{r.StatusCode, r.Header, b}, err
}

// want fails the test unless the answer has this status, and decodes it into v.
func (a answer) want(t *testing.T, status int, v any) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if v != nil {
		if err := json.Unmarshal(a.body, v); err != nil {
			t.Fatalf("%v: %s", err, a.body)
		}
	}
	return a
}

type found struct {
	Total int
	Items []struct {
		ID            string
		Title         string
		DistanceMiles *float64 `json:"distance_miles"`
	}
}

// search searches for activities.
func (s *server) search(query url.Values) found {
	s.t.Helper()
	var f found
	s.ask("GET", "/v1/activities?"+query.Encode(), "", nil).want(s.t, 200, &f)
	return f
}

// finds reports whether a search returns this activity.
func (s *server) finds(id string, query url.Values) bool {
	s.t.Helper()
	for _, item := range s.search(query).Items {
		if item.ID == id {
			return true
		}
	}
	return false
}

// within waits until a search finds the activity, or no longer finds it: at
// most a second after the call.
func (s *server) within(id string, want bool, query url.Values) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Second); s.finds(id, query) != want; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("a second after the write, found is not %v by %s\n%s", want, query.Encode(), s.log)
		}
	}
}

func TestPublishAndFind(t *testing.T) {
	for name, store := range map[string]func(*testing.T) []string{
		"bolt":    func(*testing.T) []string { return nil },
		"mongodb": func(t *testing.T) []string { return []string{"--mongodb", mongotest.URI(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Logf("end-to-end tests ran on %s: %d", name, publishAndFind(t, store(t)))
		})
	}
}

// publishAndFind tests the main workflow end to end, through the real binary.
// It returns how many tests it ran.
func publishAndFind(t *testing.T, store []string) (ran int) {
	data := append([]string{"--data", t.TempDir()}, store...)
	admin := strings.TrimSpace(gather(t, append([]string{"keys", "create", "--role", "admin", "--label", "test", "--quiet"}, data...)...))
	s := serve(t, data...)

	var registered struct {
		Group struct{ ID, Status string }
		Key   string
	}
	r := s.ask("POST", "/v1/groups", "", map[string]any{"name": "Northgate Friends", "postcode": "M33 7DB"}).want(t, 201, &registered)
	var builder struct{ Secret string }
	s.ask("POST", "/v1/keys", admin, map[string]any{"label": "Trafford builders", "role": "builder", "area": map[string]any{"districts": []string{"E08000009"}}}).want(t, 201, &builder)

	listing := map[string]any{
		"title": "Tuesday Chair Yoga", "summary": "Gentle yoga on chairs, then tea and a chat.", "interests": []string{"chair-yoga"}, "delivery": []string{"venue"},
		"venue":       map[string]any{"name": "St Mary's Hall", "address": map[string]any{"town": "Sale", "postcode": "M33 7DB"}},
		"schedule":    map[string]any{"repeats": []any{map[string]any{"every": "week", "days": []string{"tue"}, "start": "10:00", "end": "11:30"}}},
		"access":      map[string]any{"step-free": map[string]any{"answer": "yes"}},
		"first_visit": map[string]any{"facts": map[string]any{"companion-welcome": map[string]any{"answer": "yes"}}},
	}
	var published struct{ ID, Status string }
	r = s.ask("POST", "/v1/activities", registered.Key, listing).want(t, 201, &published)
	if published.Status != "pending" {
		t.Fatalf("a new group's activity is %q", published.Status)
	}
	words := url.Values{"q": {"yoga"}}
	time.Sleep(200 * time.Millisecond)
	if s.finds(published.ID, words) {
		t.Fatal("a pending activity is found")
	}
	group := s.ask("GET", "/v1/groups/"+registered.Group.ID, builder.Secret, nil).want(t, 200, nil)
	s.ask("PUT", "/v1/groups/"+registered.Group.ID+"/status", builder.Secret, map[string]any{"status": "trusted"}, "If-Match", group.header.Get("ETag")).want(t, 200, nil)

	for name, q := range map[string]url.Values{
		"words":               words,
		"postcode and radius": {"near": {"M33 7DB"}, "within": {"1"}},
		"a typo":              {"q": {"yogga"}},
		"an access need":      {"access": {"step-free"}, "near": {"M33"}, "within": {"3"}},
		"the first visit":     {"first_visit": {"companion-welcome"}},
		"the day":             {"day": {"tue"}, "time": {"morning"}},
		"all together":        {"q": {"yoga"}, "near": {"Sale, Trafford"}, "within": {"2"}, "access": {"step-free"}, "first_visit": {"companion-welcome"}, "day": {"tue"}},
	} {
		t.Run("found by "+name, func(t *testing.T) { s.within(published.ID, true, q) })
		ran++
	}
	for name, q := range map[string]url.Values{
		"another day":         {"day": {"wed"}},
		"another place":       {"near": {"EH1 1YZ"}, "within": {"5"}},
		"a need it lacks":     {"access": {"hearing-loop"}},
		"words it lacks":      {"q": {"woodwork"}},
		"another first visit": {"first_visit": {"met-on-arrival"}},
	} {
		if s.finds(published.ID, q) {
			t.Errorf("found by %s: %s", name, q.Encode())
		}
	}

	first := r.header.Get("ETag")
	r = s.ask("GET", "/v1/activities/"+published.ID, registered.Key, nil).want(t, 200, nil)
	current := r.header.Get("ETag")
	if first == current {
		t.Error("trusting the group did not change the ETag")
	}
	listing["title"] = "Tuesday Chair Pilates"
	s.ask("PUT", "/v1/activities/"+published.ID, registered.Key, listing).want(t, 428, nil)
	s.ask("PUT", "/v1/activities/"+published.ID, registered.Key, listing, "If-Match", first).want(t, 412, nil)
	r = s.ask("PUT", "/v1/activities/"+published.ID, registered.Key, listing, "If-Match", current).want(t, 200, nil)
	s.within(published.ID, true, url.Values{"q": {"pilates"}})

	// A second listing stays, so that the restart has something to find.
	listing["title"] = "Thursday Chair Yoga"
	var kept struct{ ID string }
	s.ask("POST", "/v1/activities", registered.Key, listing).want(t, 201, &kept)

	s.ask("DELETE", "/v1/activities/"+published.ID, registered.Key, nil, "If-Match", r.header.Get("ETag")).want(t, 200, nil)
	s.within(published.ID, false, url.Values{"q": {"pilates"}})
	s.ask("GET", "/v1/activities/"+published.ID, "", nil).want(t, 410, nil)

	s.kill9()
	s = serve(t, data...)
	s.ask("GET", "/v1/activities/"+published.ID, "", nil).want(t, 410, nil)
	s.ask("GET", "/v1/activities/"+kept.ID, "", nil).want(t, 200, nil)
	s.within(kept.ID, true, url.Values{"q": {"yoga"}, "near": {"M33 7DB"}, "within": {"1"}})
	if s.finds(published.ID, words) {
		t.Error("a withdrawn activity is found after kill -9")
	}
	s.ask("GET", "/v1/keys/self", registered.Key, nil).want(t, 200, nil)
	s.stop()
	return ran + 1
}

func TestDemo(t *testing.T) {
	s := serve(t, "--demo")
	example := strings.TrimPrefix(s.printed("Try a search:"), s.base)
	if key := s.printed("An admin key:"); !strings.HasPrefix(key, "gather_") {
		t.Errorf("the demo's key is %q", key)
	}
	if n := s.search(url.Values{}).Total; n < 250 {
		t.Errorf("the demo holds %d activities, want about 300", n)
	}
	var f found
	s.ask("GET", example, "", nil).want(t, 200, &f)
	if f.Total == 0 {
		t.Errorf("the example search %s finds nothing", example)
	}
	s.stop()
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"gather", "serve", "--nonsense"}, 2, "nonsense"},
		{[]string{"gather", "frobnicate"}, 2, "frobnicate"},
		{[]string{"gather", "serve", "--public-url", "example.org"}, 2, "public-url"},
		{[]string{"gather", "serve", "--log-level", "loud"}, 2, "log-level"},
		{[]string{"gather", "serve", "demo"}, 2, "takes no arguments"},
		{[]string{"gather", "reindex", "extra"}, 2, "takes no arguments"},
		{[]string{"gather", "keys", "list", "extra"}, 2, "takes no arguments"},
		{[]string{"gather", "places", "frobnicate"}, 2, "no command \"gather places frobnicate\""},
		{[]string{"gather", "import", "--format", "xml", "nothing.csv"}, 2, "is not one of csv, jsonl"},
		{[]string{"gather", "import", "--data", filepath.Join("no", "such")}, 2, "FILE"},
		{[]string{"gather", "import", "--data", "", "nothing.csv"}, 1, "nothing.csv"},
		{[]string{"gather", "keys", "create", "--role", "king", "--label", "x"}, 1, "role"},
	} {
		t.Run(strings.Join(c.args[1:], " "), func(t *testing.T) {
			for i, a := range c.args {
				if a == "" {
					c.args[i] = t.TempDir()
				}
			}
			if c.args[1] == "keys" {
				c.args = append(c.args, "--data", t.TempDir())
			}
			var out, errOut bytes.Buffer
			code := run(context.Background(), c.args, func(string) string { return "" }, &out, &errOut)
			if code != c.code || !strings.Contains(errOut.String(), c.says) {
				t.Errorf("exit %d, want %d; printed %q, want %q in it", code, c.code, errOut.String(), c.says)
			}
		})
	}
}
