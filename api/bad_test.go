package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// withYoga is the yoga listing with one part of its text replaced.
func withYoga(old, new string) string {
	if !strings.Contains(yoga, old) {
		panic("the listing has no " + old)
	}
	return strings.Replace(yoga, old, new, 1)
}

func TestBadListingsAreRefusedWhole(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	before := must(s.store.Last(t.Context()))(t)
	deep := strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100)
	for _, row := range []struct {
		name, body string
		status     int
		kind       string
		faults     string
	}{
		{"empty", ``, 400, "malformed", ""},
		{"blank", "  \n", 400, "malformed", ""},
		{"not JSON", `title=Yoga`, 400, "malformed", ""},
		{"a list", `[]`, 400, "malformed", ""},
		{"null", `null`, 400, "malformed", ""},
		{"a text", `"yoga"`, 400, "malformed", ""},
		{"cut short", yoga[:len(yoga)/2], 400, "malformed", ""},
		{"two values", yoga + yoga, 400, "malformed", ""},
		{"bad UTF-8", withYoga("Gentle", "\xc3\x28"), 400, "malformed", ""},
		{"nested deep", withYoga(`"chair-yoga"`, deep), 400, "malformed", "interests[0]"},
		{"nested very deep", `{"access":` + strings.Repeat(`{"a":`, 100000) + `1` + strings.Repeat(`}`, 100000) + `}`, 400, "malformed", "access.a.a"},
		{"field twice", withYoga(`"title"`, `"title": "First", "title"`), 400, "malformed", "title"},
		{"unknown fields", withYoga(`"title"`, `"colour": "red", "Title": "x", "title"`), 400, "malformed", "colour Title"},
		{"wrong types", `{"title": 1, "delivery": "venue", "venue": [], "access": true, "images": {}, "cost": {"kind": "fixed", "pounds": "3"}}`, 400, "malformed", "title delivery venue access images cost.pounds"},
		{"a number too large", withYoga(`"summary": "Gentle yoga on chairs."`, `"cost": {"kind": "fixed", "pounds": 1e999}`), 400, "malformed", "cost.pounds"},
		{"what only we set", withYoga(`"title"`, `"id": "x", "status": "published", "checked": {}, "title"`), 400, "malformed", "id status checked"},
		{"nothing said", `{}`, 422, "invalid", "title delivery"},
		{"too long", withYoga("Tuesday Chair Yoga", strings.Repeat("x", 121)), 422, "invalid", "title"},
		{"control characters", withYoga("Gentle", `Gentle\u0000\u0007`), 422, "invalid", "summary"},
		{"impossible date", withYoga(`"repeats"`, `"dates": [{"date": "2026-02-30", "start": "10:00"}], "repeats"`), 422, "invalid", "schedule.dates[0].date"},
		{"impossible time", withYoga("14:00", "25:00"), 422, "invalid", "schedule.repeats[0].start"},
		{"ends before it starts", withYoga("15:30", "13:30"), 422, "invalid", "schedule.repeats[0].end"},
		{"postcode with no place", withYoga("M33 7DB", "GIR 0AA"), 422, "invalid", "venue.address.postcode"},
		{"not a postcode", withYoga("M33 7DB", "nowhere"), 422, "invalid", "venue.address.postcode"},
		{"swapped coordinates", withYoga(`"address"`, `"position": {"lat": -2.32, "lon": 53.42}, "address"`), 422, "invalid", "venue.position"},
		{"elsewhere", withYoga(`"address"`, `"position": {"lat": 40.7, "lon": -74}, "address"`), 422, "invalid", "venue.position"},
		{"unknown words", withYoga(`"step-free": {"answer": "yes"}`, `"step-fre": {"answer": "maybe"}`), 422, "invalid", "access.step-fre"},
		{"unknown interest", withYoga("chair-yoga", "chair-yogga"), 422, "invalid", "interests[0]"},
		{"script for a website", withYoga(`"title"`, `"website": "javascript:alert(1)", "title"`), 422, "invalid", "website"},
		{"unknown group", withYoga(`"title"`, `"group": "`+nobody+`", "title"`), 403, "not-allowed", ""},
		{"10 MB", `{"title":"` + strings.Repeat("x", 10<<20) + `"}`, 413, "too-large", ""},
		{"just over 1 MiB", `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "too-large", ""},
	} {
		r := s.do("POST", "/v1/activities", row.body, key(g.Key))
		if r.status != row.status || r.kind() != row.kind {
			t.Errorf("%s: %d %s, want %d %s: %.500s", row.name, r.status, r.kind(), row.status, row.kind, r.body)
			continue
		}
		if got := strings.TrimSpace(r.faults()); got != row.faults {
			t.Errorf("%s: faults %q, want %q: %s", row.name, got, row.faults, r.body)
		}
		if len(r.body) > 32<<10 {
			t.Errorf("%s: the problem has %d bytes", row.name, len(r.body))
		}
	}
	if after := must(s.store.Last(t.Context()))(t); after != before {
		t.Errorf("bad listings were stored: the last change was %d, and is %d", before, after)
	}
}

func TestHTMLIsText(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, r := s.publish(g.Key, withYoga("Gentle", `<script>alert('x')</script> & gentle`))
	if want := `<script>alert('x')</script> & gentle yoga on chairs.`; a.Summary != want {
		t.Errorf("stored %q, want %q", a.Summary, want)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("sent as %q", got)
	}
}

func TestBodiesOfOtherTypesAreRefused(t *testing.T) {
	s := newSite(t)
	for _, row := range []struct {
		name    string
		options []option
	}{
		{"no type", []option{func(r *http.Request) { r.Header.Set("Content-Type", "none") }}},
		{"a form", []option{func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }}},
		{"a text", []option{func(r *http.Request) { r.Header.Set("Content-Type", "text/json") }}},
		{"nonsense", []option{func(r *http.Request) { r.Header.Set("Content-Type", "///") }}},
		{"Latin-1", []option{func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=latin1") }}},
		{"compressed", []option{header("Content-Encoding", "gzip")}},
	} {
		r := s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, row.options...)
		if r.status != http.StatusUnsupportedMediaType || r.kind() != "media-type" || r.header.Get("Accept") != "application/json" {
			t.Errorf("%s: %d %s, Accept %q", row.name, r.status, r.kind(), r.header.Get("Accept"))
		}
	}
	s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=UTF-8") }).is(http.StatusCreated)
}

func TestAddressesThatAreNotThere(t *testing.T) {
	s := newSite(t)
	for _, row := range []struct {
		method, at string
		status     int
		kind       string
	}{
		{"GET", "/nonsense", 404, "no-such-address"},
		{"GET", "/v1", 404, "no-such-address"},
		{"GET", "/v1/", 404, "no-such-address"},
		{"GET", "/v1/activities/1", 404, "not-found"},
		{"GET", "/v1/activities/" + strings.ToUpper("0b0f3a5e-6f1c-4f0e-9d8e-2d7a3c1b5e4f"), 404, "not-found"},
		{"GET", "/v1/activities/%00", 404, "not-found"},
		{"GET", "/v1/activities/..%2f..%2fetc", 404, "not-found"},
		{"GET", "/v1/activities/" + nobody, 404, "not-found"},
		{"GET", "/v1/activities/" + nobody + "/sessions", 404, "not-found"},
		{"GET", "/v1/groups/" + nobody, 404, "not-found"},
		{"GET", "/v1/groups/" + nobody + "/activities", 404, "not-found"},
		{"GET", "/v1/vocabularies/nonsense", 404, "not-found"},
		{"DELETE", "/v1/activities", 405, "method-not-allowed"},
		{"PATCH", "/v1/groups/" + nobody, 405, "method-not-allowed"},
		{"DELETE", "/v1/keys/self", 405, "method-not-allowed"},
		{"PUT", "/v1/activities/search", 405, "method-not-allowed"},
		{"POST", "/", 405, "method-not-allowed"},
	} {
		if r := s.do(row.method, row.at, nil); r.status != row.status || r.kind() != row.kind {
			t.Errorf("%s %s: %d %s, want %d %s", row.method, row.at, r.status, r.kind(), row.status, row.kind)
		}
	}
}

func TestBadParametersAreAllNamed(t *testing.T) {
	s := newSite(t)
	for _, row := range []struct{ at, faults string }{
		{"/v1/activities?nonsense=1&within=3&day=someday&limit=1000&sort=worst", "nonsense sort limit day within"},
		{"/v1/activities?near=GIR+0AA", "near"},
		{"/v1/activities?near=Nowhereville", "near"},
		{"/v1/activities?near=Nowhereville&limit=1000&colour=red", "colour limit near"},
		{"/v1/activities?near=Nowhereville&cursor=nonsense", "cursor near"},
		{"/v1/activities?near=GIR+0AA&near=M33", "near"},
		{"/v1/activities.csv?near=Nowhereville&limit=5", "limit near"},
		{"/v1/activities?cursor=nonsense", "cursor"},
		{"/v1/activities?q=%ff", "q"},
		{"/v1/activities?q=a%00b", "q"},
		{"/v1/activities?bbox=53.3,-2.4,53.5,-2.2,1", "bbox"},
		{"/v1/activities?from=2026-02-30", "from"},
		{"/v1/activities?q=%zz", ""},
		{"/v1/suggest", "q"},
		{"/v1/suggest?q=a&q=b&limit=0&lang=fr", "q lang limit"},
		{"/v1/suggest?q=" + strings.Repeat("x", 501), "q"},
		{"/v1/places", "q"},
		{"/v1/places?q=M33&q=M34", "q"},
		{"/v1/places/nearest", "lat lon"},
		{"/v1/places/nearest?lat=NaN&lon=x", "lat lon"},
		{"/v1/places/nearest?lat=53.4&lon=181", "lon"},
		{"/v1/places/nearest?lat=-2.32&lon=53.42", "lat"},
		{"/v1/places/nearest?lat=40.7&lon=-74", "lat"},
		{"/v1/vocabularies?name=access", "name"},
		{"/v1/groups/" + nobody + "/activities?after=x&limit=101", "after limit"},
		{"/v1/keys?role=publisher", "group"},
		{"/v1/keys?role=king", "role"},
		{"/v1/groups?status=famous", "status"}, {"/v1/groups?status=&after=", "status after"},
		{"/v1/activities/" + nobody + "/history?before=0", "before"},
		{"/v1/keys?role=admin&group=", "group"},
		{"/v1/suggest?q=a&limit=", "limit"},
		{"/v1/activities/" + nobody + "/sessions?from=&to=", "from to"},
		{"/v1/activities/" + nobody + "/sessions?from=9999-12-31T23:59:59-12:00", "from"},
	} {
		r := s.get(row.at, key(s.admin))
		if r.status != http.StatusBadRequest || r.kind() != "parameters" {
			t.Errorf("%s: %d %s", row.at, r.status, r.body)
			continue
		}
		got := strings.Fields(r.faults())
		want := strings.Fields(row.faults)
		for _, field := range want {
			if !strings.Contains(" "+strings.Join(got, " ")+" ", " "+field+" ") {
				t.Errorf("%s: faults %q lack %q", row.at, got, field)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: faults %q, want %q", row.at, got, want)
		}
	}
}

func TestBadQuestionsInABody(t *testing.T) {
	s := newSite(t)
	for _, row := range []struct {
		body   string
		status int
		faults string
	}{
		{`{"nonsense":1}`, 400, "nonsense"},
		{`{"q":1}`, 400, "q"},
		{``, 400, ""},
		{`{"near":"M33 7DB","within":1000}`, 400, "within"},
		{`{"access":["step-fre"]}`, 400, "access"},
		{`{"near":"Nowhereville"}`, 400, "near"},
		{`{"near":"Nowhereville","limit":1000}`, 400, "limit near"},
		{`{"near":"Nowhereville","nonsense":1}`, 400, "nonsense near"},
		{`{"near":"Nowhereville","cursor":"nonsense"}`, 400, "cursor near"},
	} {
		if got := strings.TrimSpace(s.do("POST", "/v1/activities/search", row.body).is(row.status).faults()); got != row.faults {
			t.Errorf("%s: faults %q", row.body, got)
		}
	}
	if got := s.do("POST", "/v1/activities/search", `{}`, header("Idempotency-Key", nobody)).is(http.StatusBadRequest).faults(); got != "Idempotency-Key" {
		t.Errorf("an Idempotency-Key where none is kept: faults %q", got)
	}
}
