package oruk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/api/oruk"
	"gather/directory"
)

// names returns the names of a list of services, sorted.
func (w *world) names(path string) []string {
	w.t.Helper()
	var p oruk.Page[struct {
		Name    string `json:"name"`
		Service struct {
			Name string `json:"name"`
		} `json:"service"`
	}]
	w.read(path, &p)
	out := []string{}
	for _, s := range p.Contents {
		out = append(out, s.Name+s.Service.Name)
	}
	slices.Sort(out)
	return out
}

// term is the id of a taxonomy term, taxonomy that of a taxonomy.
func (w *world) term(code, name string) string {
	w.t.Helper()
	var p oruk.Page[oruk.TaxonomyTerm]
	w.read("/taxonomy_terms?search="+url.QueryEscape(name), &p)
	for _, t := range p.Contents {
		if t.Code == code && t.Name == name {
			return t.ID
		}
	}
	w.t.Fatalf("no term %s", code)
	return ""
}

func (w *world) taxonomy(name string) string {
	w.t.Helper()
	var p oruk.Page[oruk.Taxonomy]
	w.read("/taxonomies?search="+url.QueryEscape(name), &p)
	return p.Contents[0].ID
}

const (
	yoga, friend, quiz, visits, shopping = "Tuesday Chair Yoga", "Phone a friend", "Online quiz", "Home visits", "Trafford shopping help"
	walk, fair, summer, gardening        = "Walk and talk", "Winter fair", "Summer fair", "Gardening club"
)

func TestEveryParameterNarrowsTheList(t *testing.T) {
	w, byName := full(t)
	term := func(code, name string) string { return "taxonomy_term_id=" + w.term(code, name) }
	last := byName["everything"].Updated.Add(time.Millisecond) // when it was written, after all others
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"", []string{gardening, visits, quiz, friend, summer, shopping, yoga, walk, fair}},
		{"search=fair", []string{summer, fair}},
		{"search=nothing+of+the+kind", []string{}},
		{term("chair-yoga", "Chair yoga"), []string{yoga}},
		{term("yoga", "Yoga"), []string{yoga}}, // a broader interest finds it too
		{term("step-free", "Step-free entrance"), []string{yoga}},
		{term("hearing-loop", "Hearing loop"), []string{}}, // it says no
		{term("met-on-arrival", "Someone meets you at the door"), []string{yoga}},
		{term("phone", "By phone"), []string{quiz, friend, shopping}},
		{term("phone", "By phone") + "&" + term("online", "Online"), []string{quiz}},
		{"taxonomy_id=" + w.taxonomy("Interests"), []string{gardening, quiz, yoga, walk}},
		{"taxonomy_id=" + w.taxonomy("Referral"), []string{visits}},
		{"taxonomy_term_id=00000000-0000-4000-8000-00000000dead", []string{}},
		{"organization_id=" + byName["least"].Group, []string{friend, visits, walk, summer}},
		{"modified_after=" + url.QueryEscape(last.Add(-2*time.Millisecond).Format(time.RFC3339Nano)), []string{yoga}},
		{"modified_after=" + url.QueryEscape(last.Format(time.RFC3339Nano)), []string{}},
		{"modified_after=2026-11-01", []string{gardening, visits, quiz, friend, summer, shopping, yoga, walk, fair}},
		{"minimum_age=50", []string{visits, yoga}},
		{"minimum_age=51", []string{visits}},
		{"minimum_age=0", []string{visits, yoga, walk}},
		{"maximum_age=17", []string{walk}},
		{"maximum_age=99", []string{yoga, walk}},
		{"day=TU", []string{yoga}},
		{"day=SA,TU", []string{yoga, walk, fair}},
		{"day=TU&day=WE", []string{gardening, yoga}},
		{"day=SU", []string{}}, // the summer fair is over, the winter one leaves Sunday out
		{"start_time=14:00", []string{gardening, quiz, yoga}},
		{"end_time=11:30", []string{yoga, walk}},
		{"start_time=10:00&end_time=11:30:00&day=SA", []string{walk}},
		{"day=TU&start_time=12:00", []string{}},
		{"postcode=M33+7DB", []string{gardening, visits, quiz, friend, summer, shopping, yoga, walk, fair}},
		{"postcode=TR1+1AA", []string{gardening, quiz, friend, summer, yoga, fair}},
		{"postcode=M33+7DB&proximity=1000", []string{gardening, summer, yoga, walk, fair}},
		{"postcode=TR1+1AA&proximity=1000", []string{}},
		{"search=fair&day=SA&postcode=m337db&proximity=10", []string{fair}}, // all at once
	} {
		slices.Sort(c.want)
		if got := w.names("/services?" + c.query); !reflect.DeepEqual(got, c.want) {
			t.Errorf("services?%s\n got %v\nwant %v", c.query, got, c.want)
		}
		both := []string{}
		for _, name := range c.want { // one for each place; near a place, the venue only
			both = append(both, slices.Repeat([]string{name}, map[string]int{visits: 0, quiz: 2, yoga: 2 - strings.Count(c.query, "proximity")}[name]+
				map[string]int{friend: 1, shopping: 1, walk: 1, fair: 1, summer: 1, gardening: 1}[name])...)
		}
		if got := w.names("/service_at_locations?" + c.query); !reflect.DeepEqual(got, both) {
			t.Errorf("service_at_locations?%s\n got %v\nwant %v", c.query, got, both)
		}
	}
}

func TestParametersOfOtherLists(t *testing.T) {
	w, _ := full(t)
	for _, c := range []struct {
		path string
		want []string
	}{
		{"/organizations", []string{"Northgate Friends", "Trafford Helpers"}},
		{"/organizations?search=sing", []string{"Northgate Friends"}},
		{"/organizations?taxonomy_term_id=" + w.term("referral", "By referral"), []string{"Trafford Helpers"}},
		{"/taxonomy_terms?search=braille", []string{"Braille"}},
		{"/taxonomy_terms?taxonomy_id=" + w.taxonomy("Joining"), []string{"Book or get in touch first", "By referral", "Just come", "Waiting list"}},
		{"/taxonomy_terms?top_only=true&taxonomy_id=" + w.taxonomy("Delivery") + "&search=phone", []string{"By phone"}},
		{"/taxonomy_terms?top_only=true&search=" + url.QueryEscape("chair yoga"), []string{}},
		{"/taxonomy_terms?search=laughter&parent_id=" + w.term("yoga", "Yoga"), []string{"Laughter yoga"}},
		{"/taxonomies?search=visit", []string{"First visit"}},
	} {
		if got := w.names(c.path); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s\n got %v\nwant %v", c.path, got, c.want)
		}
	}
	var o oruk.Page[oruk.Organization]
	w.read("/organizations?full_service=true&search=helpers", &o)
	if len(o.Contents) != 1 || len(o.Contents[0].Services) != 4 || o.Contents[0].Services[0].Attributes == nil {
		t.Errorf("full_service: %+v", o.Contents)
	}
}

func TestBadParametersAreFaults(t *testing.T) {
	w, byName := full(t)
	for _, c := range []struct{ path, field string }{
		{"/services?sort=name", "sort"}, {"/services?Page=1", "Page"}, {"/services?page=0", "page"}, {"/services?page=-1", "page"},
		{"/services?page=99999999999999999999", "page"}, {"/services?per_page=101", "per_page"}, {"/services?page=1&page=2", "page"},
		{"/services?format=xml", "format"}, {"/services?format=ndjson&page=2", "page"}, {"/services?minimal=maybe", "minimal"},
		{"/services?minimal=true&full=true", "minimal"}, {"/services?taxonomy_term_id=yoga", "taxonomy_term_id"}, {"/services?taxonomy_id=1", "taxonomy_id"},
		{"/services?organization_id=x", "organization_id"}, {"/services?modified_after=yesterday", "modified_after"},
		{"/services?minimum_age=old", "minimum_age"}, {"/services?maximum_age=-1", "maximum_age"}, {"/services?start_time=25:00", "start_time"},
		{"/services?end_time=noon", "end_time"}, {"/services?day=XX", "day"}, {"/services?postcode=nowhere", "postcode"},
		{"/services?postcode=M33+7DB&proximity=0", "proximity"}, {"/services?proximity=100", "proximity"},
		{"/services?search=" + strings.Repeat("x", 201), "search"}, {"/services?%zz", ""},
		{"/services?" + strings.Repeat("day=MO&", 21), "day"},
		{"/organizations?day=MO", "day"}, {"/taxonomies?full=true", "full"}, {"/taxonomy_terms?top_only=1&parent_id=2", "parent_id"},
		{"/?page=1", "page"}, {"/services/" + byName["least"].ID + "?full=true", "full"},
	} {
		var problem struct{ Errors []directory.Fault }
		if err := json.Unmarshal(w.get(c.path, http.StatusBadRequest), &problem); err != nil {
			t.Fatal(err)
		}
		faults := problem.Errors
		if len(faults) == 0 || faults[0].Field != c.field || faults[0].Fix == "" {
			t.Errorf("%s: faults %+v, want one of %q with a fix", c.path, faults, c.field)
		}
	}
	if w.names("/services?search=&postcode=&day=&minimal=") == nil {
		t.Error("empty parameters do not count as none")
	}
}

func TestNotFound(t *testing.T) {
	w, byName := full(t)
	for path, status := range map[string]int{
		"/services/" + byName["withdrawn"].ID:         http.StatusGone,
		"/services/" + byName["pending"].ID:           http.StatusNotFound,
		"/organizations/" + byName["pending"].Group:   http.StatusNotFound,
		"/services/" + byName["least"].Group:          http.StatusNotFound,
		"/services/x":                                 http.StatusNotFound,
		"/service_at_locations/" + byName["least"].ID: http.StatusNotFound,
		"/taxonomies/x":                               http.StatusNotFound,
		"/taxonomy_terms/x":                           http.StatusNotFound,
		"/elsewhere":                                  http.StatusNotFound,
		"/services/" + byName["least"].ID + "/":       http.StatusOK,
		"/services/":                                  http.StatusOK,
	} {
		w.get(path, status)
	}
}

func TestPaging(t *testing.T) {
	w, _ := full(t)
	var all []string
	for page := 1; page <= 4; page++ {
		var p oruk.Page[oruk.Service]
		w.read(fmt.Sprintf("/services?per_page=4&page=%d", page), &p)
		want := oruk.Page[oruk.Service]{TotalItems: 9, TotalPages: 3, PageNumber: page, Size: []int{0, 4, 4, 1, 0}[page],
			FirstPage: page == 1, LastPage: page >= 3, Empty: page == 4}
		for _, s := range p.Contents {
			all = append(all, s.ID)
		}
		if p.Contents == nil {
			t.Errorf("page %d has no contents member", page)
		}
		p.Contents = nil
		if !reflect.DeepEqual(p, want) {
			t.Errorf("page %d is %+v, want %+v", page, p, want)
		}
	}
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != 9 {
		t.Errorf("all pages together hold %v", all)
	}
	var none oruk.Page[oruk.Service]
	w.read("/services?search=zzz", &none)
	if none.TotalItems != 0 || !none.FirstPage || !none.LastPage || !none.Empty {
		t.Errorf("an empty list is %+v", none)
	}
}

func TestChangesShowAtOnce(t *testing.T) {
	w, byName := full(t)
	a := byName["least"]
	changed := a.Details
	changed.Title = "Ring a friend"
	a, err := w.dir.Revise(t.Context(), admin, a.ID, a.Rev, changed)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.names("/services?search=ring"); !reflect.DeepEqual(got, []string{"Ring a friend"}) {
		t.Errorf("after a revision: %v", got)
	}
	if _, err := w.dir.Withdraw(t.Context(), admin, a.ID, a.Rev); err != nil {
		t.Fatal(err)
	}
	if got := w.names("/services?per_page=100"); len(got) != 8 || slices.Contains(got, "Ring a friend") {
		t.Errorf("after it was withdrawn: %v", got)
	}
	g, err := w.dir.Group(t.Context(), admin, a.Group)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.dir.SetGroupStatus(t.Context(), admin, g.ID, g.Rev, directory.GroupSuspended); err != nil {
		t.Fatal(err)
	}
	if got := w.names("/organizations"); !reflect.DeepEqual(got, []string{"Northgate Friends"}) {
		t.Errorf("after a group was suspended: %v", got)
	}
	if got := w.names("/services?per_page=100"); len(got) != 5 {
		t.Errorf("after a group was suspended: %v", got)
	}
}

func TestHeaders(t *testing.T) {
	w, _ := full(t)
	do := func(method, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, prefix+"/services", nil)
		r.Header.Set("If-None-Match", tag)
		res := httptest.NewRecorder()
		w.site.Handler.ServeHTTP(res, r)
		if got := res.Header().Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: Access-Control-Allow-Origin %q", method, got)
		}
		return res
	}
	first := do(http.MethodGet, `"other"`)
	tag := first.Header().Get("ETag")
	if first.Code != http.StatusOK || tag == "" || first.Header().Get("Content-Type") != "application/json" || first.Header().Get("Cache-Control") != "public, max-age=60" {
		t.Errorf("%d, ETag %q, %v", first.Code, tag, first.Header())
	}
	for _, same := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
		if res := do(http.MethodGet, same); res.Code != http.StatusNotModified || res.Body.Len() != 0 {
			t.Errorf("If-None-Match %s: %d", same, res.Code)
		}
	}
	w.serve(w.store, opened)
	if again := do(http.MethodGet, tag); again.Code != http.StatusNotModified {
		t.Errorf("another server responds to the ETag %s with %d and %s", tag, again.Code, again.Header().Get("ETag"))
	}
	if res := do(http.MethodPost, ""); res.Code != http.StatusMethodNotAllowed || res.Header().Get("Allow") == "" {
		t.Errorf("POST: %d, Allow %q", res.Code, res.Header().Get("Allow"))
	}
	if res := do(http.MethodOptions, ""); res.Code != http.StatusNoContent {
		t.Errorf("OPTIONS: %d", res.Code)
	}
}
