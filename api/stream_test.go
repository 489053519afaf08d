package api_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gather/api"
	"gather/directory"
)

// crowd fills a site with n published activities, spread over 20 groups.
func (s *site) crowd(n int) {
	s.t.Helper()
	root := directory.Principal{Key: "test", Role: directory.RoleAdmin}
	for g := range 20 {
		group := s.trusted(fmt.Sprintf("Group %d", g)).Group.ID
		var ls []directory.Listing
		for i := range n / 20 {
			d := directory.Details{
				Title: fmt.Sprintf("Walk %d of group %d", i, g), Summary: "Along the river.", Description: strings.Repeat("Slowly, and with a rest half-way. ", 30),
				Interests: []string{"walking"}, Delivery: []string{"venue"}, Cost: &directory.Cost{Kind: "free"},
				Venue:    &directory.Venue{Name: "The gate", Address: directory.Address{Street: "1 High Street", Town: "Sale", Postcode: "M33 7DB"}},
				Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"wed"}, Start: "10:00", End: "11:00"}}},
				Source:   &directory.Source{Name: "test", ID: fmt.Sprintf("%d-%d", g, i)},
			}
			ls = append(ls, directory.Listing{Details: d})
		}
		for _, done := range must(s.deps.Directory.Import(s.t.Context(), root, group, ls, false))(s.t) {
			if done.Outcome != directory.Created {
				s.t.Fatalf("listing not taken: %+v", done)
			}
		}
	}
	s.catchUp()
}

// meter is a writer that keeps nothing. Every so many bytes it measures how
// much memory is in use.
type meter struct {
	header  http.Header
	status  int
	every   int
	written int
	lines   int
	next    int
	inUse   []uint64
}

func (m *meter) Header() http.Header    { return m.header }
func (m *meter) WriteHeader(status int) { m.status = status }
func (m *meter) Write(p []byte) (int, error) {
	m.written += len(p)
	m.lines += bytes.Count(p, []byte("\n"))
	if m.written >= m.next {
		m.next += m.every
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		m.inUse = append(m.inUse, stats.HeapAlloc)
	}
	return len(p), nil
}

func TestLongAnswersNeedNoMemory(t *testing.T) {
	s := newSite(t)
	const n = 5000
	s.crowd(n)
	s.get("/oruk/v3/services?per_page=1").is(http.StatusOK) // which fills its catalogue
	const most = 1 << 20                                    // for what others in the process come to hold meanwhile
	// each is what an activity has once.
	for at, each := range map[string]string{
		"/v1/activities.ics":                        "BEGIN:VEVENT",
		"/v1/activities.geojson":                    `"Feature"`,
		"/v1/activities.csv":                        "",
		"/v1/activities.jsonld":                     "",
		"/v1/activities.ics?near=M33&sort=title":    "BEGIN:VEVENT",
		"/oruk/v3/services?format=ndjson&full=true": "",
		"/sitemap.xml":                              "",
	} {
		m := &meter{header: http.Header{}, every: 1 << 20}
		s.handler.ServeHTTP(m, httptest.NewRequest("GET", at, nil))
		// Others come and go; what an answer gathers stays until it ends.
		third := (len(m.inUse) + 2) / 3
		first, last := slices.Min(m.inUse[:third]), slices.Min(m.inUse[len(m.inUse)-third:])
		t.Logf("%s: %d bytes, %d lines, memory in use at first %d, at last %d", at, m.written, m.lines, first, last)
		if m.status != http.StatusOK || m.lines < n {
			t.Errorf("%s: %d, %d lines of %d activities", at, m.status, m.lines, n)
		}
		if last > first+most {
			t.Errorf("%s: memory in use grew by %d bytes while %d were sent", at, last-first, m.written)
		}
		if each != "" {
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, httptest.NewRequest("GET", at, nil))
			if got := strings.Count(w.Body.String(), each); got != n {
				t.Errorf("%s has %d of %d activities", at, got, n)
			}
		}
	}
}

// hurry is how much faster time passes for the deadlines of a connection.
const hurry = 20

// hurried is a connection in memory: what is written waits until it is read.
type hurried struct{ net.Conn }

func (h hurried) SetWriteDeadline(t time.Time) error {
	if !t.IsZero() {
		t = time.Now().Add(time.Until(t) / hurry)
	}
	return h.Conn.SetWriteDeadline(t)
}

// pipes is a listener of connections in memory.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// Who reads slowly gets everything, though it takes longer than one answer may
// take to be written; who stops reading is cut off.
func TestSlowReadersAreServedAndStalledOnesCutOff(t *testing.T) {
	s := newSite(t)
	s.crowd(1000)
	server := api.Server(s.handler, "", s.deps.Log)
	listener := &pipes{make(chan net.Conn), make(chan struct{})}
	served := make(chan error)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Close()
		<-served
	})
	for _, c := range []struct {
		name  string
		pause time.Duration // before each 4 KiB
		stall time.Duration // once, after the first
		whole bool
	}{{"slow", server.WriteTimeout / hurry / 50, 0, true}, {"stalled", 0, 2 * server.WriteTimeout / hurry, false}} {
		before := strings.Count(s.log.String(), `"status":499`)
		client, end := net.Pipe()
		listener.conns <- hurried{end}
		must(io.WriteString(client, "GET /v1/activities.geojson HTTP/1.1\r\nHost: gather.example\r\nConnection: close\r\n\r\n"))(t)
		start, read := time.Now(), bufio.NewReaderSize(client, 4096)
		r := must(http.ReadResponse(read, nil))(t)
		buf, got := make([]byte, 4096), 0
		var err error
		for pause := c.stall; err == nil; pause = 0 {
			var n int
			n, err = r.Body.Read(buf)
			got += n
			time.Sleep(c.pause + pause)
		}
		took := time.Since(start)
		t.Logf("%s: %d bytes in %v, then %v", c.name, got, took, err)
		if whole := err == io.EOF; whole != c.whole || whole && took < server.WriteTimeout/hurry {
			t.Errorf("%s: %d bytes in %v, then %v", c.name, got, took, err)
		}
		client.Close()
		if cut := strings.Count(s.log.String(), `"status":499`) > before; cut == c.whole {
			t.Errorf("%s: the log says that it was cut off: %v\n%s", c.name, cut, s.log)
		}
	}
}

// failing is a store that cannot be reached after so many reads.
type failing struct {
	directory.Store
	left atomic.Int64
}

func (f *failing) Find(ctx context.Context, kind directory.Kind, name, value, after string, limit int) ([]directory.Record, error) {
	if f.left.Add(-1) < 0 {
		return nil, fmt.Errorf("disk of the store: %w", directory.ErrUnavailable)
	}
	return f.Store.Find(ctx, kind, name, value, after, limit)
}

func TestHalfAnAnswerIsNotTakenForAWholeOne(t *testing.T) {
	store := &failing{}
	store.left.Store(1 << 40)
	s := newSiteOver(t, func(s directory.Store) directory.Store { store.Store = s; return store })
	s.crowd(400)
	for _, c := range []struct {
		reads  int64
		status int // 0: broken off
	}{{1000, http.StatusOK}, {14, 0}, {0, http.StatusServiceUnavailable}} {
		for form := range forms {
			if form == "json" || form == "atom" {
				continue // pages
			}
			for _, encoding := range []string{"identity", "gzip"} {
				store.left.Store(c.reads)
				r := must(http.NewRequest("GET", s.url+"/v1/activities."+form, nil))(t)
				r.Header.Set("Accept-Encoding", encoding)
				res := must(s.client.RoundTrip(r))(t)
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				if broken := err != nil; broken != (c.status == 0) || c.status != 0 && res.StatusCode != c.status {
					// What fits into the first chunk is a problem, not half an answer.
					if c.status != 0 || res.StatusCode != http.StatusServiceUnavailable {
						t.Errorf("%s as %s after %d reads: %d, ends with %v", form, encoding, c.reads, res.StatusCode, err)
					}
				}
				if res.StatusCode >= 400 && (res.Header.Get("Content-Type") != "application/problem+json" || res.Header.Get("Content-Disposition") != "" || res.Header.Get("Content-Encoding") != "" || strings.Contains(string(body), "disk")) {
					t.Errorf("%s as %s after %d reads: %v %s", form, encoding, c.reads, res.Header, body)
				}
			}
		}
	}
	if !strings.Contains(s.log.String(), "disk of the store") {
		t.Error("the log does not say why")
	}
}

func TestOnlySoManyLongAnswersAtOnce(t *testing.T) {
	s := newSite(t, func(d *api.Deps) { d.Proxies = 1 })
	s.crowd(400)
	var held []*http.Response
	defer func() {
		for _, r := range held {
			r.Body.Close()
		}
	}()
	// Buffers between client and server hold no more than the headers and the
	// beginning, so that these stay open.
	dial := &net.Dialer{Control: smallBuffers}
	client := &http.Transport{DialContext: dial.DialContext, DisableCompression: true, ReadBufferSize: 512, DisableKeepAlives: true}
	ask := func(from string) *http.Response {
		r := must(http.NewRequest("GET", s.url+"/v1/activities.jsonld", nil))(t)
		r.Header.Set("X-Forwarded-For", from)
		res := must(client.RoundTrip(r))(t)
		held = append(held, res)
		return res
	}
	turnedAway := func(from string, status, after int) {
		t.Helper()
		for range after {
			if r := ask(from); r.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d", from, r.StatusCode)
			}
		}
		r := ask(from)
		if r.StatusCode != status || r.Header.Get("Retry-After") == "" {
			t.Errorf("%s after %d: %d, Retry-After %q; want %d", from, after, r.StatusCode, r.Header.Get("Retry-After"), status)
		}
	}
	turnedAway("192.0.2.1", http.StatusTooManyRequests, 4)
	turnedAway("2001:db8:1:1::1", http.StatusTooManyRequests, 4)
	turnedAway("2001:db8:1:2::1", http.StatusTooManyRequests, 0) // the same network
	for i := range 6 {
		turnedAway(fmt.Sprintf("192.0.2.%d", 10+i), http.StatusTooManyRequests, 4)
	}
	turnedAway("192.0.2.100", http.StatusServiceUnavailable, 0)
	if got := s.get("/v1/activities?limit=1").status; got != http.StatusOK {
		t.Errorf("meanwhile a search answers %d", got)
	}
	for _, r := range held {
		r.Body.Close()
	}
	for try := 0; ; try++ { // until the server has noticed
		r := ask("192.0.2.1")
		if r.Body.Close(); r.StatusCode == http.StatusOK {
			return
		} else if try == 1000 {
			t.Fatalf("nothing is left after all were closed: %d", r.StatusCode)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestHeadOfALongAnswer(t *testing.T) {
	s := newSite(t)
	s.crowd(400)
	for _, at := range []string{"/v1/activities.csv", "/v1/activities.ics?q=walk", "/sitemap.xml", "/oruk/v3/services?format=ndjson"} {
		head, get := s.do("HEAD", at, nil).is(http.StatusOK), s.get(at).is(http.StatusOK)
		for _, name := range []string{"Content-Type", "Cache-Control", "Etag", "Content-Disposition"} {
			if at == "/oruk/v3/services?format=ndjson" && name == "Cache-Control" {
				continue // said with the first line
			}
			if head.header.Get(name) != get.header.Get(name) {
				t.Errorf("HEAD %s: %s %q, GET %q", at, name, head.header.Get(name), get.header.Get(name))
			}
		}
		if len(head.body) > 0 || len(get.body) == 0 {
			t.Errorf("HEAD %s has %d bytes, GET %d", at, len(head.body), len(get.body))
		}
	}
}
