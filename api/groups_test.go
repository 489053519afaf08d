package api_test

import (
	"net/http"
	"strings"
	"testing"

	"gather/directory"
)

// register registers a group and answers it with the secret of its key.
func (s *site) register(name string) directory.Registered {
	s.t.Helper()
	var r directory.Registered
	s.do("POST", "/v1/groups", directory.GroupDetails{Name: name, Postcode: "M33 7DB", Kind: "community-group"}).is(http.StatusCreated).into(&r)
	return r
}

// trusted registers a group and has it trusted.
func (s *site) trusted(name string) directory.Registered {
	s.t.Helper()
	r := s.register(name)
	s.do("PUT", "/v1/groups/"+r.Group.ID+"/status", `{"status":"trusted"}`, key(s.admin), ifMatch("*")).is(http.StatusOK).into(&r.Group)
	return r
}

// keyOf makes a key and answers its secret and id.
func (s *site) keyOf(n directory.NewKey) (secret, id string) {
	s.t.Helper()
	var k directory.CreatedKey
	s.do("POST", "/v1/keys", n, key(s.admin)).is(http.StatusCreated).into(&k)
	return k.Secret, k.Key.ID
}

func TestGroupIsRegisteredAndTrusted(t *testing.T) {
	s := newSite(t)
	made := s.do("POST", "/v1/groups", `{"name":"Northgate Friends","postcode":"m33 7db","contacts":[{"role":"Host","phone":"0161 496 0001","public":false}]}`).is(http.StatusCreated)
	var r directory.Registered
	made.into(&r)
	if r.Group.Status != directory.GroupPending || r.Group.Postcode != "M33 7DB" || !strings.HasPrefix(r.Key, "gather_") {
		t.Errorf("registered %+v", r)
	}
	at := "/v1/groups/" + r.Group.ID
	if made.header.Get("Location") != at || made.header.Get("Change") == "" {
		t.Errorf("registering answers Location %q and Change %q", made.header.Get("Location"), made.header.Get("Change"))
	}
	s.get(at).is(http.StatusNotFound)
	own := s.get(at, key(r.Key)).is(http.StatusOK)
	if own.etag() != made.etag() {
		t.Errorf("ETag %s when read and %s when made", own.etag(), made.etag())
	}

	var list struct{ Items []directory.Group }
	s.get("/v1/groups?status=pending", key(s.admin)).is(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].ID != r.Group.ID {
		t.Errorf("pending groups: %+v", list.Items)
	}
	s.do("PUT", at+"/status", `{"status":"trusted"}`, key(r.Key), ifMatch(own.etag())).is(http.StatusForbidden)
	now := s.do("PUT", at+"/status", `{"status":"trusted"}`, key(s.admin), ifMatch(own.etag())).is(http.StatusOK)
	s.do("PUT", at+"/status", `{"status":"suspended"}`, key(s.admin), ifMatch(own.etag())).is(http.StatusPreconditionFailed)

	var public directory.Group
	seen := s.get(at).is(http.StatusOK)
	seen.into(&public)
	if public.Status != directory.GroupTrusted || public.Postcode != "" || len(public.Contacts) != 0 || public.Outcode != "M33" {
		t.Errorf("the public sees %+v", public)
	}
	revised := `{"name":"Northgate Friends","postcode":"M33 7DB","website":"https://northgate.example.org"}`
	s.do("PUT", at, revised, key(r.Key), ifMatch(seen.etag())).is(http.StatusPreconditionFailed)
	s.do("PUT", at, revised, key(r.Key), ifMatch(now.etag())).is(http.StatusOK)
}

func TestRegistrationIsRepeatedSafely(t *testing.T) {
	s := newSite(t)
	once := header("Idempotency-Key", "0b0f3a5e-6f1c-4f0e-9d8e-2d7a3c1b5e4f")
	var first, again directory.Registered
	s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, once).is(http.StatusCreated).into(&first)
	s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, once).is(http.StatusCreated).into(&again)
	if first.Group.ID != again.Group.ID || first.Key == again.Key {
		t.Errorf("repeated: group %s then %s; the secret is fresh: %v", first.Group.ID, again.Group.ID, first.Key != again.Key)
	}
	s.get("/v1/keys/self", key(again.Key)).is(http.StatusOK)
	if got := s.do("POST", "/v1/groups", `{"name":"Another"}`, once).is(http.StatusUnprocessableEntity).kind(); got != "reused" {
		t.Errorf("another body with the same key is %q", got)
	}
	s.do("PUT", "/v1/groups/"+first.Group.ID+"/status", `{"status":"trusted"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	if got := s.do("POST", "/v1/groups", `{"name":"Northgate Friends"}`, once).is(http.StatusConflict).kind(); got != "conflict" {
		t.Errorf("repeated after the group was changed: %q", got)
	}
	for _, bad := range []string{"short", strings.Repeat("x", 101), "has a space in its middle", "caf\u00e9-caf\u00e9-caf\u00e9-caf\u00e9"} {
		if got := s.do("POST", "/v1/groups", `{"name":"Another"}`, header("Idempotency-Key", bad)).is(http.StatusBadRequest).faults(); got != "Idempotency-Key" {
			t.Errorf("Idempotency-Key %q: faults %q", bad, got)
		}
	}
}
