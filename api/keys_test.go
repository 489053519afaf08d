package api_test

import (
	"net/http"
	"testing"
	"time"

	"gather/api"
	"gather/directory"
)

// Who may do what: one row for each thing to do, one column for each caller.
func TestWhoMayDoWhat(t *testing.T) {
	s := newSite(t)
	own := s.trusted("Northgate Friends")
	other := s.trusted("Southgate Friends")
	worker, _ := s.keyOf(directory.NewKey{Label: "Surgery", Role: directory.RoleLinkWorker})
	near, _ := s.keyOf(directory.NewKey{Label: "Sale", Role: directory.RoleBuilder, Area: &directory.Area{Outcodes: []string{"M33"}}})
	far, _ := s.keyOf(directory.NewKey{Label: "Leeds", Role: directory.RoleBuilder, Area: &directory.Area{Outcodes: []string{"LS1"}}})
	callers := []struct{ name, secret string }{
		{"nobody", ""}, {"own", own.Key}, {"other", other.Key}, {"worker", worker}, {"builder", near}, {"builder elsewhere", far}, {"admin", s.admin},
	}
	a, _ := s.publish(own.Key, yoga)
	activity, group := "/v1/activities/"+a.ID, "/v1/groups/"+own.Group.ID
	withGroup := withYoga(`"title"`, `"group":"`+own.Group.ID+`","title"`)
	for _, row := range []struct {
		method, at, body string
		want             [7]int
	}{
		{"GET", activity, "", [7]int{200, 200, 200, 200, 200, 200, 200}},
		{"GET", activity + "/history", "", [7]int{401, 200, 403, 403, 200, 403, 200}},
		{"POST", "/v1/activities", withGroup, [7]int{401, 201, 403, 403, 201, 403, 201}},
		{"PUT", activity, yoga, [7]int{401, 200, 403, 403, 200, 403, 200}},
		{"PATCH", activity, `{"summary":"New"}`, [7]int{401, 200, 403, 403, 200, 403, 200}},
		{"PUT", activity + "/sessions/2026-06-09T14:00", `{"status":"full"}`, [7]int{401, 200, 403, 403, 200, 403, 200}},
		{"DELETE", activity + "/sessions/2026-06-09T14:00", "", [7]int{401, 200, 403, 403, 200, 403, 200}},
		{"POST", activity + "/checks", `{"how":"visit"}`, [7]int{401, 422, 422, 201, 201, 403, 201}},
		{"POST", activity + "/checks", `{"how":"owner"}`, [7]int{401, 201, 403, 422, 422, 422, 422}},
		{"PUT", group, `{"name":"Northgate Friends","postcode":"M33 7DB"}`, [7]int{401, 200, 403, 403, 200, 403, 200}},
		{"PUT", group + "/status", `{"status":"trusted"}`, [7]int{401, 403, 403, 403, 200, 403, 200}},
		{"GET", "/v1/groups", "", [7]int{401, 403, 403, 403, 200, 200, 200}},
		{"GET", "/v1/keys/self", "", [7]int{401, 200, 200, 200, 200, 200, 200}},
		{"GET", "/v1/keys?role=admin", "", [7]int{401, 403, 403, 403, 403, 403, 200}},
		{"GET", "/v1/keys?role=publisher&group=" + own.Group.ID, "", [7]int{401, 403, 403, 403, 200, 403, 200}},
		{"POST", "/v1/keys", `{"label":"x","role":"admin"}`, [7]int{401, 403, 403, 403, 403, 403, 201}},
		{"POST", "/v1/keys", `{"label":"x","role":"publisher","group":"` + own.Group.ID + `"}`, [7]int{401, 403, 403, 403, 201, 403, 201}},
		{"DELETE", "/v1/keys/" + nobody, "", [7]int{401, 403, 403, 403, 404, 404, 404}},
	} {
		for i, who := range callers {
			options := []option{ifMatch("*")}
			if who.secret != "" {
				options = append(options, key(who.secret))
			}
			var body any
			if row.body != "" {
				body = row.body
			}
			if r := s.do(row.method, row.at, body, options...); r.status != row.want[i] {
				t.Errorf("%s: %s %s: %d, want %d: %.300s", who.name, row.method, row.at, r.status, row.want[i], r.body)
			}
		}
	}
}

func TestKeyIsRevoked(t *testing.T) {
	s := newSite(t)
	secret, id := s.keyOf(directory.NewKey{Label: "Surgery", Role: directory.RoleLinkWorker})
	s.get("/v1/keys/self", key(secret)).is(http.StatusOK)
	var k directory.Key
	s.do("DELETE", "/v1/keys/"+id, nil, key(s.admin)).is(http.StatusOK).into(&k)
	if k.Revoked == nil || k.Hash != "" {
		t.Errorf("revoked: %+v", k)
	}
	s.get("/v1/keys/self", key(secret)).is(http.StatusUnauthorized)
	s.get("/v1/activities", key(secret)).is(http.StatusUnauthorized)
	s.do("DELETE", "/v1/keys/"+id, nil, key(s.admin)).is(http.StatusOK)

	// Another process revokes: this one notices within seconds.
	secret, id = s.keyOf(directory.NewKey{Label: "Surgery", Role: directory.RoleLinkWorker})
	s.get("/v1/keys/self", key(secret)).is(http.StatusOK)
	root := directory.Principal{Key: "test", Role: directory.RoleAdmin}
	must(s.deps.Directory.RevokeKey(t.Context(), root, id))(t)
	s.clock.forward(4 * time.Second)
	s.get("/v1/keys/self", key(secret)).is(http.StatusUnauthorized)
}

func TestKeyExpires(t *testing.T) {
	s := newSite(t)
	until := s.clock.Now().Add(time.Hour)
	secret, id := s.keyOf(directory.NewKey{Label: "Surgery", Role: directory.RoleBuilder, Area: &directory.Area{Outcodes: []string{"M33"}}, Expires: &until})
	var own api.OwnKey
	s.get("/v1/keys/self", key(secret)).is(http.StatusOK).into(&own)
	if own.ID != id || own.Role != directory.RoleBuilder || own.Area == nil || own.Area.Outcodes[0] != "M33" {
		t.Errorf("own key: %+v", own)
	}
	s.clock.forward(time.Hour)
	s.get("/v1/keys/self", key(secret)).is(http.StatusUnauthorized)
}

func TestOtherSchemesAreNoKeys(t *testing.T) {
	s := newSite(t)
	for _, value := range []string{"Basic YTpi", "Bearer", "Bearer ", s.admin, "Token " + s.admin} {
		s.get("/v1/activities", header("Authorization", value)).is(http.StatusUnauthorized)
	}
	s.get("/v1/keys/self", header("Authorization", "bearer "+s.admin)).is(http.StatusOK)
	s.get("/v1/keys/self", key(s.admin), key(s.admin)).is(http.StatusUnauthorized)
	if got := s.get("/v1/keys/self").is(http.StatusUnauthorized).header.Get("WWW-Authenticate"); got != `Bearer realm="gather"` {
		t.Errorf("without a key: WWW-Authenticate %q", got)
	}
}
