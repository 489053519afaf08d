package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/search"
)

// yoga is a listing in full enough detail for most tests. It meets on
// Tuesdays; the tests' clock stands at Tuesday 2 June 2026, ten in the morning.
const yoga = `{
	"title": "Tuesday Chair Yoga", "summary": "Gentle yoga on chairs.", "interests": ["chair-yoga"], "delivery": ["venue"],
	"venue": {"name": "St Mary's Hall", "address": {"town": "Sale", "postcode": "M33 7DB"}},
	"schedule": {"repeats": [{"every": "week", "days": ["tue"], "start": "14:00", "end": "15:30"}]},
	"access": {"step-free": {"answer": "yes"}}, "first_visit": {"facts": {"companion-welcome": {"answer": "yes"}}},
	"contacts": [{"role": "Host", "phone": "0161 496 0001", "public": true}, {"role": "Home", "phone": "0161 496 0002", "public": false}]
}`

// publish publishes a listing and answers it as the reply has it.
func (s *site) publish(secret, listing string, options ...option) (directory.Activity, reply) {
	s.t.Helper()
	r := s.do("POST", "/v1/activities", listing, append(options, key(secret))...).is(http.StatusCreated)
	var a directory.Activity
	r.into(&a)
	return a, r
}

// find searches and answers the titles found.
func (s *site) find(query string) (titles []string) {
	s.t.Helper()
	var a search.Answer
	s.get("/v1/activities?" + query).is(http.StatusOK).into(&a)
	for _, item := range a.Items {
		titles = append(titles, item.Title)
	}
	return titles
}

func TestActivityFromPublishToWithdraw(t *testing.T) {
	s := newSite(t)
	s.follow()
	g := s.trusted("Northgate Friends")
	a, made := s.publish(g.Key, yoga)
	at := "/v1/activities/" + a.ID
	if a.Status != directory.StatusPublished || made.header.Get("Location") != at || made.header.Get("Change") != fmt.Sprint(a.Change) {
		t.Errorf("published as %q at %q with change %q", a.Status, made.header.Get("Location"), made.header.Get("Change"))
	}

	after := fmt.Sprintf("&after_change=%d", a.Change)
	for _, query := range []string{"q=yoga", "near=M33+7DB&within=1", "access=step-free", "first_visit=companion-welcome", "day=tue", "interest=yoga&near=Sale"} {
		if got := s.find(query + after); len(got) != 1 {
			t.Errorf("search %s finds %q", query, got)
		}
	}

	var public, own directory.Activity
	open := s.get(at).is(http.StatusOK)
	open.into(&public)
	mine := s.get(at, key(g.Key)).is(http.StatusOK)
	mine.into(&own)
	if len(public.Contacts) != 1 || len(own.Contacts) != 2 {
		t.Errorf("the public sees %d contacts, the group %d", len(public.Contacts), len(own.Contacts))
	}
	if open.etag() == mine.etag() || mine.etag() != made.etag() {
		t.Errorf("ETags: public %s, own %s, made %s", open.etag(), mine.etag(), made.etag())
	}

	walk := strings.Replace(yoga, "Tuesday Chair Yoga", "Tuesday Walk", 1)
	for _, row := range []struct {
		method, match string
		status        int
	}{
		{"PUT", "", http.StatusPreconditionRequired},
		{"PUT", `"` + a.ID + `.1"`, http.StatusPreconditionFailed},
		{"PUT", "W/" + made.etag(), http.StatusPreconditionFailed},
		{"PUT", open.etag(), http.StatusPreconditionFailed}, // it would lose the private contact
		{"PATCH", "", http.StatusPreconditionRequired},
		{"PATCH", `"x"`, http.StatusPreconditionFailed},
		{"DELETE", "", http.StatusPreconditionRequired},
		{"DELETE", `"x", "y"`, http.StatusPreconditionFailed},
		{"PUT", `"x", ` + made.etag(), http.StatusOK},
		{"PUT", made.etag(), http.StatusPreconditionFailed}, // now it is the old one
		{"PUT", "*", http.StatusOK},
	} {
		options := []option{key(g.Key)}
		if row.match != "" {
			options = append(options, ifMatch(row.match))
		}
		var body any = walk
		if row.method == "DELETE" {
			body = nil
		}
		if got := s.do(row.method, at, body, options...); got.status != row.status {
			t.Errorf("%s with If-Match %q: %d, want %d: %s", row.method, row.match, got.status, row.status, got.body)
		}
	}

	gone := s.do("DELETE", at, nil, key(g.Key), ifMatch("*")).is(http.StatusOK)
	s.get(at).is(http.StatusGone)
	s.get(at, key(g.Key)).is(http.StatusGone)
	s.do("PATCH", at, `{"summary":"x"}`, key(g.Key), ifMatch("*")).is(http.StatusGone)
	if got := s.find("q=walk&after_change=" + gone.header.Get("Change")); len(got) != 0 {
		t.Errorf("a withdrawn activity is found: %q", got)
	}
}

func TestPatchMergesAndRemoves(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, made := s.publish(g.Key, yoga)
	at, tag := "/v1/activities/"+a.ID, made.etag()
	for _, row := range []struct {
		patch  string
		status int
		faults string
		holds  func(directory.Activity) bool
	}{
		{`{"summary":"New"}`, 200, "", func(a directory.Activity) bool {
			return a.Summary == "New" && a.Title == "Tuesday Chair Yoga" && len(a.Contacts) == 2
		}},
		{`{"summary":null}`, 200, "", func(a directory.Activity) bool { return a.Summary == "" }},
		{`{"venue":{"name":null,"address":{"street":"1 High Street"}}}`, 200, "", func(a directory.Activity) bool {
			return a.Venue.Name == "" && a.Venue.Address.Street == "1 High Street" && a.Venue.Address.Postcode == "M33 7DB"
		}},
		{`{"access":{"step-free":null,"hearing-loop":{"answer":"no"}}}`, 200, "", func(a directory.Activity) bool {
			return len(a.Access) == 1 && a.Access["hearing-loop"].Answer == "no"
		}},
		{`{}`, 200, "", nil},
		{`{"title":null}`, 422, "title", nil},
		{`{"nonsense":1}`, 400, "nonsense", nil},
		{`{"status":"withdrawn"}`, 400, "status", nil},
		{`{"summary":"a","summary":"b"}`, 400, "summary", nil},
		{`{"venue":{"name":"a","name":"b"}}`, 400, "venue.name", nil},
		{`{"summary":1}`, 400, "summary", nil},
		{`[]`, 400, "", nil},
		{`null`, 400, "", nil},
		{`{"summary":"a"`, 400, "", nil},
		{`{"summary":"a"} {}`, 400, "", nil},
		{"{\"summary\":\"\xff\"}", 400, "", nil},
		{strings.Repeat(`{"a":`, 50) + "1" + strings.Repeat("}", 50), 400, "", nil},
		{``, 400, "", nil},
	} {
		r := s.do("PATCH", at, row.patch, key(g.Key), ifMatch(tag)).is(row.status)
		if row.status != http.StatusOK {
			if got := r.faults(); strings.TrimSpace(got) != row.faults {
				t.Errorf("patch %.60s: faults %q, want %q", row.patch, got, row.faults)
			}
			continue
		}
		tag = r.etag()
		var now directory.Activity
		if s.get(at, key(g.Key)).is(http.StatusOK).into(&now); row.holds != nil && !row.holds(now) {
			t.Errorf("patch %s makes %+v", row.patch, now.Details)
		}
	}
	s.do("PATCH", at, `{}`, key(g.Key), ifMatch(tag), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }).is(http.StatusUnsupportedMediaType)
}

func TestPublishIsRepeatedSafely(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	once := header("Idempotency-Key", "6a1f0e6e-8a53-4f5e-8a0e-3f1f2b7c9d10")
	a, _ := s.publish(g.Key, yoga, once)
	again, _ := s.publish(g.Key, yoga, once)
	if a.ID != again.ID || a.Change != again.Change {
		t.Errorf("published twice: %s at %d, %s at %d", a.ID, a.Change, again.ID, again.Change)
	}
	other := strings.Replace(yoga, "Gentle", "Brisk", 1)
	if got := s.do("POST", "/v1/activities", other, key(g.Key), once).is(http.StatusUnprocessableEntity).kind(); got != "reused" {
		t.Errorf("another listing with the same key is %q", got)
	}
	imported := withYoga(`"title"`, `"group":"`+g.Group.ID+`","source":{"name":"Trafford","id":"1"},"title"`)
	s.publish(s.admin, imported)
	if got := s.do("POST", "/v1/activities", imported, key(s.admin)).is(http.StatusConflict).kind(); got != "taken" {
		t.Errorf("a second listing of one source and id is %q", got)
	}
	b, _ := s.publish(g.Key, yoga)
	if b.ID == a.ID {
		t.Error("without an Idempotency-Key nothing new was made")
	}
}

func TestListingIsConfirmed(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	at := "/v1/activities/" + a.ID
	worker, _ := s.keyOf(directory.NewKey{Label: "Sale surgery", Role: directory.RoleLinkWorker})
	other := s.trusted("Southgate Friends")
	seen := s.get(at, key(worker)).is(http.StatusOK)
	s.clock.forward(time.Hour)
	for _, row := range []struct {
		secret, match, body string
		status              int
	}{
		{"", seen.etag(), `{"how":"phone"}`, http.StatusUnauthorized},
		{other.Key, seen.etag(), `{"how":"owner"}`, http.StatusForbidden},
		{worker, "", `{"how":"phone"}`, http.StatusPreconditionRequired},
		{worker, `"x"`, `{"how":"phone"}`, http.StatusPreconditionFailed},
		{worker, seen.etag(), `{"how":"import"}`, http.StatusUnprocessableEntity},
		{worker, seen.etag(), `{"how":"phone","by":"me"}`, http.StatusBadRequest},
		{worker, seen.etag(), `{"how":"phone"}`, http.StatusCreated},
	} {
		var options []option
		if row.secret != "" {
			options = append(options, key(row.secret))
		}
		if row.match != "" {
			options = append(options, ifMatch(row.match))
		}
		if got := s.do("POST", at+"/checks", row.body, options...); got.status != row.status {
			t.Errorf("%+v: %d: %s", row, got.status, got.body)
		}
	}
	var now directory.Activity
	s.get(at).into(&now)
	if now.Checked.By != "link-worker" || now.Checked.How != "phone" || !now.Checked.At.Equal(s.clock.Now()) {
		t.Errorf("checked %+v", now.Checked)
	}

	var history struct {
		Items []directory.Revision
		Next  int64
	}
	s.get(at+"/history?limit=1", key(g.Key)).is(http.StatusOK).into(&history)
	if len(history.Items) != 1 || history.Items[0].Action != "check" || history.Next != 2 {
		t.Errorf("history %+v", history)
	}
	s.get(at+"/history?before=2", key(g.Key)).is(http.StatusOK).into(&history)
	if len(history.Items) != 1 || history.Items[0].Action != "publish" {
		t.Errorf("history before 2: %+v", history.Items)
	}
	s.get(at+"/history", key(worker)).is(http.StatusForbidden)
	s.get(at + "/history").is(http.StatusUnauthorized)
}

func TestSessionsAreChanged(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	at := "/v1/activities/" + a.ID + "/sessions"
	list := func(query string) (out []string) {
		t.Helper()
		var page struct{ Items []directory.Session }
		s.get(at + query).is(http.StatusOK).into(&page)
		for _, one := range page.Items {
			out = append(out, one.Key+" "+one.Status+" "+one.Start.Format(time.RFC3339))
		}
		return out
	}
	for _, row := range []struct{ method, session, body, query, want string }{
		{"", "", "", "?limit=1", "2026-06-02T14:00 on 2026-06-02T14:00:00+01:00"},
		{"", "", "", "?from=2026-10-20&to=2026-11-01", "2026-10-20T14:00 on 2026-10-20T14:00:00+01:00 | 2026-10-27T14:00 on 2026-10-27T14:00:00Z"},
		{"PUT", "2026-06-09T14:00", `{"status":"cancelled","note":"Painting"}`, "?from=2026-06-09&to=2026-06-10", "2026-06-09T14:00 cancelled 2026-06-09T14:00:00+01:00"},
		{"PUT", "2026-06-09T14:00", `{"status":"moved","to":{"date":"2026-06-11","start":"10:00"}}`, "?from=2026-06-09&to=2026-06-12", "2026-06-09T14:00 moved 2026-06-11T10:00:00+01:00"},
		{"DELETE", "2026-06-09T14:00", "", "?from=2026-06-09&to=2026-06-12", "2026-06-09T14:00 on 2026-06-09T14:00:00+01:00"},
		{"", "", "", "?from=2026-06-10&to=2026-06-12", ""},
	} {
		if row.method != "" {
			var body any
			if row.body != "" {
				body = row.body
			}
			s.do(row.method, at+"/"+row.session, body, key(g.Key), ifMatch("*")).is(http.StatusOK)
		}
		if got := strings.Join(list(row.query), " | "); got != row.want {
			t.Errorf("%s %s: sessions %s are %q, want %q", row.method, row.body, row.query, got, row.want)
		}
	}
	for _, row := range []struct {
		session, body string
		status        int
		faults        string
	}{
		{"2026-06-10T14:00", `{"status":"cancelled"}`, 422, "session"},
		{"nonsense", `{"status":"cancelled"}`, 422, "session"},
		{"2026-06-09T14:00", `{"status":"lost"}`, 422, "status"},
		{"2026-06-09T14:00", `{"status":"moved"}`, 422, "to"},
		{"2026-06-09T14:00", `{"status":"full","to":{"date":"2026-06-11","start":"10:00"}}`, 422, "to"},
		{"2026-06-09T14:00", `{"session":"2026-06-16T14:00","status":"full"}`, 400, "session"},
	} {
		if got := s.do("PUT", at+"/"+row.session, row.body, key(g.Key), ifMatch("*")).is(row.status).faults(); got != row.faults {
			t.Errorf("%s %s: faults %q", row.session, row.body, got)
		}
	}
	for _, row := range []struct{ query, faults string }{
		{"?from=tomorrow", "from"}, {"?to=2020-01-01", "to"}, {"?from=2026-01-01&to=2029-01-01", "to"}, {"?limit=0&from=&x=1", "x from limit"},
	} {
		if got := s.get(at + row.query).is(http.StatusBadRequest).faults(); got != row.faults {
			t.Errorf("sessions %s: faults %q, want %q", row.query, got, row.faults)
		}
	}
	s.do("PUT", at+"/2026-06-09T14:00", `{"status":"full"}`, key(g.Key)).is(http.StatusPreconditionRequired)
	s.do("DELETE", at+"/2026-06-09T14:00", nil, key(g.Key)).is(http.StatusPreconditionRequired)
}

func TestGroupsListingsFollowItsStatus(t *testing.T) {
	s := newSite(t)
	g := s.register("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	if a.Status != directory.StatusPending {
		t.Errorf("a pending group's listing is %q", a.Status)
	}
	s.get("/v1/activities/" + a.ID).is(http.StatusNotFound)
	s.get("/v1/activities/"+a.ID, key(g.Key)).is(http.StatusOK)
	list := "/v1/groups/" + g.Group.ID + "/activities"
	s.get(list).is(http.StatusNotFound)
	s.do("PUT", "/v1/groups/"+g.Group.ID+"/status", `{"status":"trusted"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	s.get("/v1/activities/" + a.ID).is(http.StatusOK)
	second, _ := s.publish(g.Key, yoga)
	ids := map[string]bool{}
	next := ""
	for range 3 {
		var page struct {
			Items []directory.Activity
			Next  string
		}
		s.get(list + "?limit=1" + next).is(http.StatusOK).into(&page)
		for _, item := range page.Items {
			ids[item.ID] = true
		}
		if page.Next == "" {
			break
		}
		next = "&after=" + page.Next
	}
	if !ids[a.ID] || !ids[second.ID] || len(ids) != 2 {
		t.Errorf("page by page: %v", ids)
	}
	if got := s.do("PUT", "/v1/groups/"+g.Group.ID+"/status", `{"status":"famous"}`, key(s.admin), ifMatch("*")).is(http.StatusUnprocessableEntity).faults(); got != "status" {
		t.Errorf("an unknown status: faults %q", got)
	}
	s.do("PUT", "/v1/groups/"+g.Group.ID+"/status", `{"status":"suspended"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	s.do("POST", "/v1/activities", yoga, key(g.Key)).is(http.StatusForbidden)
}

func TestWhatWasNeverPublishedWasNeverThere(t *testing.T) {
	s := newSite(t)
	other, worker := s.trusted("Southgate Friends"), ""
	worker, _ = s.keyOf(directory.NewKey{Label: "Surgery", Role: directory.RoleLinkWorker})
	trust := func(g directory.Registered, status string) {
		s.do("PUT", "/v1/groups/"+g.Group.ID+"/status", `{"status":"`+status+`"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	}
	withdraw := func(g directory.Registered, id string) {
		s.do("DELETE", "/v1/activities/"+id, nil, key(s.admin), ifMatch("*")).is(http.StatusOK)
	}
	for _, row := range []struct {
		name   string
		happen func(g directory.Registered, id string)
		status int
	}{
		{"pending all the time", func(directory.Registered, string) {}, http.StatusNotFound},
		{"pending, and revised often", func(g directory.Registered, id string) {
			for range 12 {
				s.do("PATCH", "/v1/activities/"+id, `{}`, key(g.Key), ifMatch("*")).is(http.StatusOK)
			}
		}, http.StatusNotFound},
		{"published", func(g directory.Registered, _ string) { trust(g, "trusted") }, http.StatusGone},
		{"published long ago", func(g directory.Registered, id string) {
			trust(g, "trusted")
			trust(g, "pending")
			for range 12 {
				s.do("PATCH", "/v1/activities/"+id, `{}`, key(g.Key), ifMatch("*")).is(http.StatusOK)
			}
		}, http.StatusGone},
	} {
		g := s.register("Northgate Friends")
		a, _ := s.publish(g.Key, yoga)
		row.happen(g, a.ID)
		withdraw(g, a.ID)
		s.catchUp()
		for _, at := range []string{
			"/v1/activities/" + a.ID, "/v1/activities/" + a.ID + ".ics", "/v1/activities/" + a.ID + "/sessions", "/v1/activities/" + a.ID + "/sessions/2026-06-09T14:00",
			"/activities/" + a.ID, "/activities/" + a.ID + "/sessions/2026-06-09T14:00", "/oruk/v3/services/" + a.ID,
		} {
			for name, options := range map[string][]option{"the public": nil, "another group": {key(other.Key)}, "a link worker": {key(worker)}} {
				if r := s.get(at, options...); r.status != row.status {
					t.Errorf("%s: %s gets %d at %s, want %d", row.name, name, r.status, at, row.status)
				}
			}
		}
		s.get("/v1/activities/"+a.ID, key(g.Key)).is(http.StatusGone)
		s.get("/v1/activities/"+a.ID, key(s.admin)).is(http.StatusGone)
		if feed := string(s.get("/v1/activities.atom").is(http.StatusOK).body); strings.Contains(feed, a.ID) == (row.status == http.StatusNotFound) {
			t.Errorf("%s: the feed tells of it: %v", row.name, strings.Contains(feed, a.ID))
		}
	}
}
