package api_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gather/api"
	"gather/directory"
)

func TestBrowsersOfAnyOriginMayCall(t *testing.T) {
	s := newSite(t)
	for _, row := range []struct{ at, method, allow string }{
		{"/v1/activities", "GET", "OPTIONS, GET, POST"},
		{"/v1/activities/" + nobody, "PATCH", "OPTIONS, DELETE, GET, PATCH, PUT"},
	} {
		r := s.do("OPTIONS", row.at, nil, header("Origin", "https://example.org"), header("Access-Control-Request-Method", row.method), header("Access-Control-Request-Headers", "authorization,if-match"))
		if r.status != http.StatusNoContent || !sameWords(r.header.Get("Access-Control-Allow-Methods"), row.allow) {
			t.Errorf("preflight of %s: %d, methods %q", row.at, r.status, r.header.Get("Access-Control-Allow-Methods"))
		}
		for _, name := range []string{"Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key"} {
			if !strings.Contains(r.header.Get("Access-Control-Allow-Headers"), name) {
				t.Errorf("preflight of %s does not allow %s", row.at, name)
			}
		}
		if r.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("preflight of %s allows credentials", row.at)
		}
	}
	r := s.get("/v1/activities", header("Origin", "https://example.org")).is(http.StatusOK)
	for _, name := range []string{"ETag", "Change", "Location", "Retry-After", "RateLimit"} {
		if !strings.Contains(r.header.Get("Access-Control-Expose-Headers"), name) {
			t.Errorf("pages of other origins cannot read %s", name)
		}
	}
}

func sameWords(a, b string) bool {
	count := map[string]int{}
	for _, w := range strings.FieldsFunc(a, func(r rune) bool { return r == ',' || r == ' ' }) {
		count[w]++
	}
	for _, w := range strings.FieldsFunc(b, func(r rune) bool { return r == ',' || r == ' ' }) {
		count[w]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestReadsAreNotSentTwice(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	for _, at := range []string{
		"/v1/activities/" + a.ID, "/v1/activities/" + a.ID + "/sessions?from=2026-06-01&to=2026-07-01", "/v1/groups/" + g.Group.ID,
		"/v1/vocabularies/access", "/v1/places?q=M33+7DB", "/openapi.yaml", "/docs", "/",
	} {
		r := s.get(at).is(http.StatusOK)
		again := s.get(at, header("If-None-Match", `"x", `+r.etag())).is(http.StatusNotModified)
		if len(again.body) != 0 || again.etag() != r.etag() {
			t.Errorf("%s: 304 with %d bytes and ETag %s, not %s", at, len(again.body), again.etag(), r.etag())
		}
		s.get(at, header("If-None-Match", `"x"`)).is(http.StatusOK)
		s.get(at, header("If-None-Match", `*`)).is(http.StatusNotModified)
		small := s.get(at, header("Accept-Encoding", "gzip")).is(http.StatusOK)
		if small.header.Get("Content-Encoding") == "gzip" {
			if small.etag() == r.etag() {
				t.Errorf("%s: the compressed answer has the ETag of the plain one", at)
			}
			s.get(at, header("If-None-Match", small.etag())).is(http.StatusNotModified)
		}
	}
	compressed := s.get("/v1/activities/"+a.ID, key(g.Key), header("Accept-Encoding", "gzip")).is(http.StatusOK)
	s.do("PATCH", "/v1/activities/"+a.ID, `{}`, key(g.Key), ifMatch(compressed.etag())).is(http.StatusOK)
}

func TestLargeAnswersAreCompressed(t *testing.T) {
	s := newSite(t)
	plain := s.get("/docs").is(http.StatusOK)
	for _, row := range []struct {
		accept string
		want   bool
	}{
		{"gzip", true}, {"br, gzip;q=0.5", true}, {"*", true}, {"gzip;q=0", false}, {"identity", false}, {"gzip;q=0, *", false}, {"br", false}, {"gzip;q=x", false},
	} {
		r := s.get("/docs", header("Accept-Encoding", row.accept)).is(http.StatusOK)
		if got := r.header.Get("Content-Encoding") == "gzip"; got != row.want || !strings.Contains(strings.Join(r.header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("Accept-Encoding %q: compressed %v, Vary %q", row.accept, got, r.header.Values("Vary"))
		}
		if !row.want {
			continue
		}
		unzip := must(gzip.NewReader(strings.NewReader(string(r.body))))(t)
		if body := must(io.ReadAll(unzip))(t); string(body) != string(plain.body) || len(r.body) > len(body)/2 {
			t.Errorf("Accept-Encoding %q: %d bytes become %d", row.accept, len(r.body), len(body))
		}
	}
	if r := s.get("/healthz", header("Accept-Encoding", "gzip")).is(http.StatusOK); r.header.Get("Content-Encoding") != "" {
		t.Error("a small answer is compressed")
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	s := newSite(t)
	for _, at := range []string{"/v1/activities", "/docs", "/healthz"} {
		get := s.get(at)
		head := s.do("HEAD", at, nil).is(get.status)
		if len(head.body) != 0 || head.header.Get("Content-Length") != get.header.Get("Content-Length") || head.etag() != get.etag() {
			t.Errorf("HEAD %s: %d bytes, length %q, not %q", at, len(head.body), head.header.Get("Content-Length"), get.header.Get("Content-Length"))
		}
	}
}

func TestCallersAreLimited(t *testing.T) {
	s := newSite(t, func(d *api.Deps) {
		d.Proxies = 1
		d.Limits = api.Limits{Address: api.Rate{Requests: 3, Per: time.Minute}, Key: api.Rate{Requests: 5, Per: time.Minute}, Registrations: api.Rate{Requests: 1, Per: time.Hour}, BuilderRegistrations: api.Rate{Requests: 2, Per: time.Hour}, BadKeys: api.Rate{Requests: 2, Per: time.Minute}}
	})
	from := func(addresses string) option { return header("X-Forwarded-For", addresses) }
	for i, left := range []string{`"address";r=2;t=20`, `"address";r=1;t=20`, `"address";r=0;t=20`} {
		r := s.get("/v1/vocabularies", from("192.0.2.1")).is(http.StatusOK)
		if r.header.Get("RateLimit") != left || r.header.Get("RateLimit-Policy") != `"address";q=3;w=60` {
			t.Errorf("request %d: RateLimit %q of %q, want %q", i+1, r.header.Get("RateLimit"), r.header.Get("RateLimit-Policy"), left)
		}
	}
	r := s.get("/v1/vocabularies", from("192.0.2.1")).is(http.StatusTooManyRequests)
	if r.kind() != "too-many-requests" || r.header.Get("Retry-After") != "20" {
		t.Errorf("too many: %s, Retry-After %q", r.kind(), r.header.Get("Retry-After"))
	}
	// What the caller says about itself counts for nothing.
	s.get("/v1/vocabularies", from("198.51.100.7, 192.0.2.1")).is(http.StatusTooManyRequests)
	s.get("/v1/vocabularies", from("192.0.2.2")).is(http.StatusOK)
	s.get("/v1/vocabularies", from("192.0.2.1"), key(s.admin)).is(http.StatusOK)
	s.clock.forward(20 * time.Second)
	s.get("/v1/vocabularies", from("192.0.2.1")).is(http.StatusOK)
	s.get("/v1/vocabularies", from("192.0.2.1")).is(http.StatusTooManyRequests)

	// A household is one caller, whichever of its addresses it uses.
	for i, want := range []int{200, 200, 200, 429} {
		s.get("/v1/vocabularies", from("2001:db8:1:2::"+string(rune('1'+i)))).is(want)
	}
	s.get("/v1/vocabularies", from("2001:db8:1:3::1")).is(http.StatusOK)

	// What is refused is not a registration.
	for range 2 {
		r := s.do("POST", "/v1/groups", `{"name":""}`, from("192.0.2.3")).is(http.StatusUnprocessableEntity)
		if got := r.header.Get("RateLimit"); got != `"registrations";r=1;t=0` {
			t.Errorf("after a registration that failed: RateLimit %q", got)
		}
	}
	s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, from("192.0.2.3")).is(http.StatusCreated)
	s.do("POST", "/v1/groups", `{"name":"Southgate Friends"}`, from("192.0.2.4")).is(http.StatusCreated)
	r = s.do("POST", "/v1/groups", `{"name":"Southgate Friends"}`, from("192.0.2.4")).is(http.StatusTooManyRequests)
	if r.header.Get("RateLimit") != `"registrations";r=0;t=3600` || r.header.Get("Retry-After") != "3600" {
		t.Errorf("a second registration: RateLimit %q, Retry-After %q", r.header.Get("RateLimit"), r.header.Get("Retry-After"))
	}
	s.do("POST", "/v1/groups", `{"name":""}`, from("192.0.2.4")).is(http.StatusTooManyRequests)
	s.do("POST", "/v1/groups", `{"name":""}`, from("192.0.2.4")).is(http.StatusTooManyRequests) // held by the common limit
	s.do("POST", "/v1/groups", `{"name":"Southgate Friends"}`, from("192.0.2.7")).is(http.StatusCreated)
	for _, want := range []int{201, 201, 429} { // a builder may register more, and not without end
		s.do("POST", "/v1/groups", `{"name":"Eastgate Friends"}`, key(s.admin), from("192.0.2.6")).is(want)
	}

	for i, want := range []int{401, 401, 429} {
		if r := s.get("/v1/vocabularies", from("192.0.2.5"), key("gather_guess")); r.status != want {
			t.Errorf("guess %d: %d, want %d", i+1, r.status, want)
		}
	}
	s.get("/v1/vocabularies", from("192.0.2.5")).is(http.StatusOK)
}

// A key that anybody can have is worth no more than no key.
func TestKeysOfPendingGroupsCountAgainstTheirAddress(t *testing.T) {
	s := newSite(t, func(d *api.Deps) {
		d.Proxies = 1
		d.Limits = api.Limits{Address: api.Rate{Requests: 8, Per: time.Hour}, Key: api.Rate{Requests: 50, Per: time.Hour}, Registrations: api.Rate{Requests: 2, Per: time.Hour}}
	})
	from := header("X-Forwarded-For", "192.0.2.1")
	var g directory.Registered
	s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, from).is(http.StatusCreated).into(&g)
	if r := s.get("/v1/keys/self", key(g.Key), from).is(http.StatusOK); !strings.HasPrefix(r.header.Get("RateLimit"), `"address";r=6;`) {
		t.Errorf("a pending group's key: RateLimit %q", r.header.Get("RateLimit"))
	}
	for _, want := range []int{201, 429} {
		s.do("POST", "/v1/groups", `{"name":"Eastgate Friends"}`, key(g.Key), from).is(want)
	}
	at := "/v1/groups/" + g.Group.ID + "/status"
	s.do("PUT", at, `{"status":"trusted"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	s.clock.forward(5 * time.Second) // until it is known
	if r := s.get("/v1/keys/self", key(g.Key), from).is(http.StatusOK); !strings.HasPrefix(r.header.Get("RateLimit"), `"key";r=49;`) {
		t.Errorf("a trusted group's key: RateLimit %q", r.header.Get("RateLimit"))
	}
	for _, want := range []int{201, 201, 429} {
		s.do("POST", "/v1/groups", `{"name":"Eastgate Friends"}`, key(g.Key), from).is(want)
	}
}

// A network of many addresses has ten times as much as one of them.
func TestNetworksAreLimited(t *testing.T) {
	s := newSite(t, func(d *api.Deps) {
		d.Proxies = 1
		d.Limits = api.Limits{Address: api.Rate{Requests: 2, Per: time.Hour}, Registrations: api.Rate{Requests: 1, Per: time.Hour}}
	})
	from := func(format string, n int) option { return header("X-Forwarded-For", fmt.Sprintf(format, n)) }
	for i := range 10 {
		s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, from("2001:db8:1:%x::1", i)).is(http.StatusCreated)
	}
	s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, from("2001:db8:1:%x::1", 100)).is(http.StatusTooManyRequests)
	s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, from("2001:db8:2:%x::1", 100)).is(http.StatusCreated)
	for i := range 9 { // eleven came before
		s.get("/v1/vocabularies", from("2001:db8:1:%x::2", i)).is(http.StatusOK)
	}
	r := s.get("/v1/vocabularies", from("2001:db8:1:%x::2", 50)).is(http.StatusTooManyRequests)
	if r.header.Get("RateLimit") != `"address";r=0;t=180` || r.header.Get("Retry-After") != "180" || r.header.Get("RateLimit-Policy") != `"address";q=20;w=3600` {
		t.Errorf("a network that has nothing left: %v", r.header)
	}
	for i := range 30 { // IPv4 addresses are counted each for itself
		s.get("/v1/vocabularies", from("192.0.2.%d", i)).is(http.StatusOK)
	}
}

func TestForwardedAddressesAreNotBelievedByThemselves(t *testing.T) {
	s := newSite(t, func(d *api.Deps) { d.Limits.Address = api.Rate{Requests: 2, Per: time.Minute} })
	s.get("/v1/vocabularies", header("X-Forwarded-For", "192.0.2.1")).is(http.StatusOK)
	s.get("/v1/vocabularies", header("X-Forwarded-For", "192.0.2.2")).is(http.StatusOK)
	s.get("/v1/vocabularies", header("X-Forwarded-For", "192.0.2.3")).is(http.StatusTooManyRequests)
}

func TestProbesAreNotLimited(t *testing.T) {
	s := newSite(t, func(d *api.Deps) {
		one := api.Rate{Requests: 1, Per: time.Minute}
		d.Limits = api.Limits{Address: one, Key: one, BadKeys: one}
	})
	probe := func(options ...option) {
		t.Helper()
		for _, at := range []string{"/healthz", "/readyz", "/metrics"} {
			for range 3 {
				if r := s.get(at, options...).is(http.StatusOK); r.header.Get("RateLimit") != "" {
					t.Errorf("%s counts: RateLimit %q", at, r.header.Get("RateLimit"))
				}
			}
		}
	}
	probe()
	probe(key("gather_guess"))
	s.get("/v1/vocabularies").is(http.StatusOK)
	s.get("/v1/vocabularies").is(http.StatusTooManyRequests)
	probe()
}

func TestTheLogKeepsNothingOfWhoSearches(t *testing.T) {
	s := newSite(t)
	s.get("/v1/activities?q=panic+attacks&near=M33+7DB", header("X-Forwarded-For", "192.0.2.77")).is(http.StatusOK)
	s.get("/v1/places?q=M33+7DB").is(http.StatusOK)
	s.get("/v1/places/nearest?lat=53.4243&lon=-2.3226").is(http.StatusOK)
	s.do("POST", "/v1/activities/search", `{"q":"panic attacks","near":"M33 7DB"}`).is(http.StatusOK)
	s.get("/secret/M33").is(http.StatusNotFound)
	last := s.get("/v1/keys/self", key(s.admin)).is(http.StatusOK)
	text := s.log.String()
	for _, private := range []string{"panic", "M33", "7DB", "53.4", "127.0.0.1", "192.0.2", "gather_", "User-Agent"} {
		if strings.Contains(text, private) {
			t.Errorf("the log has %q in it:\n%s", private, text)
		}
	}
	rows := strings.Split(strings.TrimSpace(text), "\n")
	if len(rows) != 6 {
		t.Errorf("6 requests make %d lines:\n%s", len(rows), text)
	}
	var line struct {
		Method, Route, Request, Key string
		Status                      int
		Bytes                       int64
		MS                          *float64
	}
	check(t, json.Unmarshal([]byte(rows[len(rows)-1]), &line))
	if line.Method != "GET" || line.Route != "/v1/keys/self" || line.Status != 200 || line.Key == "" || line.Request != last.header.Get("Request-Id") || line.Bytes != int64(len(last.body)) || line.MS == nil {
		t.Errorf("the line of a request is %s", rows[len(rows)-1])
	}
}

func TestFaultsOfOursShowNothing(t *testing.T) {
	var fault error
	s := newSite(t, func(d *api.Deps) {
		d.Ready = func(context.Context) error {
			if fault != nil {
				return fault
			}
			panic("the secret of the panic")
		}
	})
	r := s.get("/readyz").is(http.StatusInternalServerError)
	if r.kind() != "internal" || strings.Contains(string(r.body), "secret") {
		t.Errorf("after a panic: %s", r.body)
	}
	if text := s.log.String(); !strings.Contains(text, "the secret of the panic") || !strings.Contains(text, "http_test.go") || strings.Count(text, "\n") != 1 {
		t.Errorf("the log has not the panic, with its stack, on one line:\n%s", text)
	}
	fault = errors.New("the index is 12 changes behind")
	r = s.get("/readyz").is(http.StatusServiceUnavailable)
	if r.kind() != "not-ready" || r.header.Get("Retry-After") == "" || strings.Contains(string(r.body), "12 changes") {
		t.Errorf("not ready: %s", r.body)
	}
	s.get("/healthz").is(http.StatusOK)
}

func TestSlowRequestsAreCutOff(t *testing.T) {
	s := newSite(t, func(d *api.Deps) {
		d.Ready = func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}
	})
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := s.answer(httptest.NewRequest("GET", "/readyz", nil))
		if took := time.Since(start); w.Code != http.StatusServiceUnavailable || took != 10*time.Second {
			t.Errorf("a request without an end: %d after %v", w.Code, took)
		}
	})
}

func TestSearchWorksWhileTheStoreIsDown(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	s.catchUp()
	check(t, s.store.Close())
	if got := s.find("q=yoga"); len(got) != 1 {
		t.Errorf("found %q", got)
	}
	s.get("/v1/activities/" + a.ID).is(http.StatusOK)
	r := s.get("/v1/groups/" + g.Group.ID)
	if r.status < 500 || strings.Contains(string(r.body), "bolt") || strings.Contains(string(r.body), "closed") {
		t.Errorf("reading the store: %d %s", r.status, r.body)
	}
}

func TestMetricsCountRoutesOnly(t *testing.T) {
	s := newSite(t)
	s.get("/v1/activities?q=yoga&near=M33").is(http.StatusOK)
	s.get("/v1/activities/" + nobody).is(http.StatusNotFound)
	s.do("BREW", "/v1/activities", nil).is(http.StatusMethodNotAllowed)
	text := string(s.get("/metrics").is(http.StatusOK).body)
	for _, want := range []string{
		`gather_http_requests_total{method="GET",route="/v1/activities",status="200"} 1`,
		`gather_http_requests_total{method="GET",route="/v1/activities/:id",status="404"} 1`,
		`gather_http_requests_total{method="other",route="none",status="405"} 1`,
		`gather_http_request_seconds_count{route="/v1/activities"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, "yoga") || strings.Contains(text, nobody) {
		t.Error("the metrics have queries or ids in them")
	}
}

func TestServerHasTimeouts(t *testing.T) {
	s := newSite(t)
	server := api.Server(http.NotFoundHandler(), "127.0.0.1:0", s.deps.Log)
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.WriteTimeout <= 0 || server.IdleTimeout <= 0 || server.MaxHeaderBytes <= 0 || server.MaxHeaderBytes > 1<<20 {
		t.Errorf("the server has no bounds: %+v", server)
	}
}

// What means the same is the same address.
func TestAddressesAreReadAsTheyAreMeant(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	want := s.get("/v1/activities/" + a.ID).is(http.StatusOK)
	s.catchUp()
	upper, session := strings.ToUpper(a.ID), "2026-06-09T14:00"
	for at, plain := range map[string]string{
		"/v1/activities/" + upper:                                        "/v1/activities/" + a.ID,
		"/v1/activities/" + a.ID + "/":                                   "/v1/activities/" + a.ID,
		"/v1/activities/" + upper + ".jsonld":                            "/v1/activities/" + a.ID + ".jsonld",
		"/v1/%61ctivities/" + strings.ReplaceAll(a.ID, "-", "%2D"):       "/v1/activities/" + a.ID,
		"/v1/activities/" + upper + "/sessions/2026-06-09T14%3A00":       "/v1/activities/" + a.ID + "/sessions/" + session,
		"/v1/activities/" + a.ID + "/sessions/2026-06-09T14%3A00.ics":    "/v1/activities/" + a.ID + "/sessions/" + session + ".ics",
		"/v1/activities/?limit=1":                                        "/v1/activities?limit=1",
		"/v1/vocabularies//":                                             "/v1/vocabularies",
		"/v1/groups/" + strings.ToUpper(g.Group.ID) + "/activities/":     "/v1/groups/" + g.Group.ID + "/activities",
		"/v1/activities?group=" + strings.ToUpper(g.Group.ID):            "/v1/activities?group=" + g.Group.ID,
		"/oruk/v3/services?organization_id=" + strings.ToUpper(a.Group):  "/oruk/v3/services?organization_id=" + a.Group,
		"/oruk/v3/services/" + upper + "/":                               "/oruk/v3/services/" + a.ID,
		"/v1/activities/" + a.ID + "/sessions?from=2026-06-01&to=2026-7": "",
	} {
		got := s.get(at)
		if plain == "" {
			got.is(http.StatusBadRequest)
			continue
		}
		if other := s.get(plain).is(http.StatusOK); got.status != http.StatusOK || string(got.body) != string(other.body) {
			t.Errorf("%s: %d %.200s, not as %s", at, got.status, got.body, plain)
		}
	}
	for _, at := range []string{"/v1/activities%2F" + a.ID, "/v1/activities/" + a.ID + "%2Fhistory", "/v1/activities/" + a.ID + "%00", "//"} {
		if r := s.get(at); r.status != http.StatusNotFound && at != "//" {
			t.Errorf("%s: %d", at, r.status)
		}
	}
	change := s.do("PUT", "/v1/activities/"+upper+"/sessions/2026-06-09T14%3A00", `{"status":"cancelled"}`, key(g.Key), ifMatch("*"))
	if change.status != http.StatusOK || change.etag() == want.etag() {
		t.Errorf("cancelling a session by an address that is encoded: %d %s", change.status, change.body)
	}
	body := strings.Replace(yoga, "{", `{"group":"`+strings.ToUpper(g.Group.ID)+`",`, 1)
	s.do("POST", "/v1/activities", body, key(s.admin)).is(http.StatusCreated)
}

// Whoever sends an If-Match that names nothing learns what is wrong with it.
func TestIfMatchSaysWhatIsWrongWithIt(t *testing.T) {
	s := newSite(t)
	a, made := s.publish(s.trusted("Northgate Friends").Key, yoga)
	bare := strings.Trim(made.etag(), `"`)
	for _, row := range []struct {
		match  string
		status int
		says   string
	}{
		{bare, 400, "is no ETag"}, {`*, "x"`, 400, "is no ETag"}, {`"x", *`, 400, "is no ETag"}, {`"x" "y"`, 400, "is no ETag"}, {`"x`, 400, "is no ETag"},
		{"", 400, "is no ETag"}, {",", 400, "is no ETag"}, {`'` + bare + `'`, 400, "is no ETag"}, {"w/" + made.etag(), 400, "is no ETag"},
		{"W/" + made.etag(), 412, "weak ETag"}, {`W/"x", W/"y"`, 412, "weak ETag"}, {`"x,y"`, 412, "Read it again"}, {`"x"`, 412, "Read it again"},
		{`"x",, ` + made.etag(), 200, ""}, {`W/"x", "*"`, 412, "Read it again"}, {" * ", 200, ""},
	} {
		r := s.do("PATCH", "/v1/activities/"+a.ID, `{"summary":"x"}`, key(s.admin), ifMatch(row.match))
		if r.status != row.status || !strings.Contains(string(r.body), row.says) || r.status == 400 && r.faults() != "If-Match" {
			t.Errorf("If-Match: %s: %d %s, want %d with %q", row.match, r.status, r.body, row.status, row.says)
		}
	}
}
