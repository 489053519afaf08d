package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/demo"
)

// awayStore is a store that cannot be reached, or does not answer, while it is
// so set.
type awayStore struct {
	directory.Store
	away, silent bool
}

func (a *awayStore) reached(ctx context.Context) error {
	switch {
	case a.silent:
		<-ctx.Done()
		return ctx.Err()
	case a.away:
		return fmt.Errorf("read: %w", directory.ErrUnavailable)
	}
	return nil
}

func (a *awayStore) Get(ctx context.Context, kind directory.Kind, id string) (directory.Record, error) {
	if err := a.reached(ctx); err != nil {
		return directory.Record{}, err
	}
	return a.Store.Get(ctx, kind, id)
}

func (a *awayStore) GetMany(ctx context.Context, kind directory.Kind, ids []string) ([]directory.Record, error) {
	if err := a.reached(ctx); err != nil {
		return nil, err
	}
	return a.Store.GetMany(ctx, kind, ids)
}

func (a *awayStore) Find(ctx context.Context, kind directory.Kind, name, value, after string, limit int) ([]directory.Record, error) {
	if err := a.reached(ctx); err != nil {
		return nil, err
	}
	return a.Store.Find(ctx, kind, name, value, after, limit)
}

func (a *awayStore) History(ctx context.Context, kind directory.Kind, id string, before int64, limit int) ([]directory.Record, error) {
	if err := a.reached(ctx); err != nil {
		return nil, err
	}
	return a.Store.History(ctx, kind, id, before, limit)
}

func (a *awayStore) Commit(ctx context.Context, ws []directory.Write) ([]directory.Record, error) {
	if err := a.reached(ctx); err != nil {
		return nil, err
	}
	return a.Store.Commit(ctx, ws)
}

// newAwaySite starts a site whose store can be made to go away.
func newAwaySite(t *testing.T) (*site, *awayStore) {
	store := &awayStore{}
	s := newSiteOver(t, func(s directory.Store) directory.Store { store.Store = s; return store })
	return s, store
}

// same fails the test unless two replies differ only in the headers that say
// that the second is of the index, age seconds old, and in those of the moment.
func (r reply) same(of reply, age int) {
	r.t.Helper()
	if r.status != of.status || string(r.body) != string(of.body) {
		r.t.Errorf("%s: while the store is away %d\n%s\nbefore %d\n%s", r.what, r.status, r.body, of.status, of.body)
	}
	want := map[string]string{"Age": fmt.Sprint(age), "Cache-Status": fmt.Sprintf("gather-index; hit; ttl=%d; detail=store-unreachable", -age)}
	for name, value := range want {
		if got := r.header.Get(name); got != value {
			r.t.Errorf("%s: %s is %q, want %q", r.what, name, got, value)
		}
	}
	for name, values := range r.header {
		if name == "Date" || name == "Request-Id" || want[name] != "" {
			continue
		}
		if !slices.Equal(values, of.header[name]) {
			r.t.Errorf("%s: %s is %q while the store is away, before %q", r.what, name, values, of.header[name])
		}
	}
	if len(r.header) != len(of.header)+len(want) {
		r.t.Errorf("%s: headers %v while the store is away, before %v", r.what, r.header, of.header)
	}
}

// What can be found can be read while the store is away, with the same bytes, and
// nothing else can.
func TestActivitiesAreReadWhileTheStoreIsAway(t *testing.T) {
	s, store := newAwaySite(t)
	g := s.trusted("Northgate Friends")
	cy := `"cy": {"title": "Ioga Cadair Dydd Mawrth", "summary": "Ioga ysgafn ŵ ŷ.", "what_to_expect": "Dewch i mewn."}, `
	a, _ := s.publish(g.Key, strings.Replace(yoga, `"interests"`, cy+`"interests"`, 1))
	at, page := "/v1/activities/"+a.ID, "/activities/"+a.ID
	s.do("PUT", at+"/sessions/2026-06-09T14:00", `{"status":"cancelled","note":"The hall is being painted"}`, key(g.Key), ifMatch("*")).is(http.StatusOK)
	home, _ := s.publish(g.Key, `{"title":"Zephyr visits","delivery":["home"],"catchment":{"radius_miles":5,"around":"M33 7DB"}}`)

	gone, _ := s.publish(g.Key, strings.Replace(yoga, "Tuesday", "Zephyr", 1))
	s.do("DELETE", "/v1/activities/"+gone.ID, nil, key(g.Key), ifMatch("*")).is(http.StatusOK)
	pending, _ := s.publish(s.register("Zephyr Walkers").Key, strings.Replace(yoga, "Tuesday", "Zephyr", 1))
	bad := s.trusted("Zephyr Suspended")
	hidden, _ := s.publish(bad.Key, strings.Replace(yoga, "Tuesday", "Zephyr", 1))
	s.catchUp() // so that the index had it
	s.do("PUT", "/v1/groups/"+bad.Group.ID+"/status", `{"status":"suspended"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	s.catchUp()

	var before []reply
	paths := []string{
		at, at + ".ics", page, "/v1/activities/" + home.ID, "/activities/" + home.ID, at + ".csv", at + ".atom", at + ".geojson", at + ".jsonld",
		at + "/sessions?from=2026-06-01&to=2026-07-01", at + "/sessions/2026-06-09T14:00", at + "/sessions/2026-06-09T14:00.ics", page + "/sessions/2026-06-09T14:00",
	}
	for _, path := range paths {
		before = append(before, s.get(path).is(http.StatusOK))
	}
	if !strings.Contains(string(before[0].body), "Ioga ysgafn ŵ ŷ.") || !strings.Contains(string(before[2].body), "Ioga Cadair") {
		t.Fatalf("nothing is proved of the Welsh: %s", before[0].body)
	}
	own := s.get(at, key(g.Key)).is(http.StatusOK)

	const age = 42
	store.away = true
	if r := s.do("PATCH", at, `{"summary":"New"}`, key(g.Key), ifMatch(own.etag())); r.status != http.StatusServiceUnavailable || r.kind() != "unavailable" {
		t.Errorf("a write while the store is away: %d %s", r.status, r.body)
	}
	// The key is remembered for some seconds: its holder reads what anybody may.
	if r := s.get(at, key(g.Key)).is(http.StatusOK); string(r.body) != string(before[0].body) || r.etag() != before[0].etag() {
		t.Errorf("the group reads %s with ETag %s while the store is away", r.body, r.etag())
	}
	s.clock.forward(age * time.Second)
	for i, path := range paths {
		s.get(path).same(before[i], age)
		s.get(path, header("If-None-Match", `"x"`)).same(before[i], age)
		if r := s.get(path, header("If-None-Match", before[i].etag())).is(http.StatusNotModified); len(r.body) != 0 || r.header.Get("Age") != fmt.Sprint(age) {
			t.Errorf("%s: 304 with %d bytes and Age %q", path, len(r.body), r.header.Get("Age"))
		}
	}
	for what, id := range map[string]string{"withdrawn": gone.ID, "pending": pending.ID, "suspended": hidden.ID, "unknown": nobody} {
		for _, path := range []string{"/v1/activities/" + id, "/v1/activities/" + id + ".ics", "/activities/" + id} {
			r := s.get(path, header("If-None-Match", "*"))
			if r.status != http.StatusServiceUnavailable || r.kind() != "unavailable" || r.header.Get("Cache-Status") != "" {
				t.Errorf("%s, %s: %d %v %s", path, what, r.status, r.header, r.body)
			}
		}
	}
	s.get("/groups/" + g.Group.ID).is(http.StatusServiceUnavailable)
	if n := strings.Count(s.log.String(), "the store cannot be reached; activities are read from the index"); n != 1 {
		t.Errorf("that the store is away is logged %d times", n)
	}

	store.away, store.silent = false, true
	s.get(at).same(before[0], age)
	store.silent = false
	if r := s.get(at).is(http.StatusOK); r.header.Get("Cache-Status") != "" || r.header.Get("Age") != "" || string(r.body) != string(before[0].body) {
		t.Errorf("the store is back: %v %s", r.header, r.body)
	}
	if n := strings.Count(s.log.String(), "the store can be reached again"); n != 1 {
		t.Errorf("that the store is back is logged %d times", n)
	}
	s.get("/v1/activities/" + gone.ID).is(http.StatusGone)
	s.get("/v1/activities/" + hidden.ID).is(http.StatusNotFound)
	// What was read of the index lacks the group's own contact, so it cannot replace.
	s.do("PUT", at, yoga, key(g.Key), ifMatch(before[0].etag())).is(http.StatusPreconditionFailed)
	s.do("PUT", at, yoga, key(g.Key), ifMatch(own.etag())).is(http.StatusOK)
}

// Every listing of the demo, which says nearly all that one can, is the same from
// the index as from the store.
func TestTheIndexKeepsWholeListings(t *testing.T) {
	s, store := newAwaySite(t)
	must(demo.Load(t.Context(), s.deps.Directory))(t)
	var ids []string
	for a, err := range s.deps.Directory.EachPublished(t.Context()) {
		check(t, err)
		ids = append(ids, a.ID)
	}
	if len(ids) < 300 {
		t.Fatalf("the demo has %d listings", len(ids))
	}
	before := map[string]reply{}
	for _, id := range ids {
		before[id] = s.get("/v1/activities/" + id).is(http.StatusOK)
	}
	store.away = true
	// An index that has never had all of the log does not say what is hidden since.
	s.get("/v1/activities/" + ids[0]).is(http.StatusServiceUnavailable)
	s.catchUp()
	for _, id := range ids {
		s.get("/v1/activities/"+id).same(before[id], 0)
	}
}
