package api_test

import (
	"net/http"
	"strings"
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

// A key that is refused is told what it is and what would do.
func TestRefusalsSayWhatIsWrongWithTheKey(t *testing.T) {
	s := newSite(t)
	own, other := s.trusted("Northgate Friends"), s.trusted("Southgate Friends")
	worker, _ := s.keyOf(directory.NewKey{Label: "Surgery", Role: directory.RoleLinkWorker})
	far, _ := s.keyOf(directory.NewKey{Label: "Leeds", Role: directory.RoleBuilder, Area: &directory.Area{Outcodes: []string{"LS1"}}})
	revoked, id := s.keyOf(directory.NewKey{Label: "Old surgery", Role: directory.RoleLinkWorker})
	s.do("DELETE", "/v1/keys/"+id, nil, key(s.admin)).is(http.StatusOK)
	until := s.clock.Now().Add(time.Minute)
	expired, _ := s.keyOf(directory.NewKey{Label: "Visitor", Role: directory.RoleLinkWorker, Expires: &until})
	s.clock.forward(time.Hour)
	a, _ := s.publish(own.Key, yoga)
	held := s.trusted("Eastgate Friends")
	theirs, _ := s.publish(held.Key, yoga)
	s.do("PUT", "/v1/groups/"+held.Group.ID+"/status", `{"status":"suspended"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	unknown := "gather_" + strings.Repeat("A", 43)
	for _, row := range []struct {
		method, at, body, secret string
		status                   int
		says                     []string
	}{
		{"GET", "/v1/activities", "", unknown, 401, []string{"not known"}},
		{"GET", "/v1/activities", "", "gather_guess", 401, []string{"not a key"}},
		{"GET", "/v1/activities", "", revoked, 401, []string{"revoked on 2026-06-02"}},
		{"GET", "/v1/activities", "", expired, 401, []string{"expired on 2026-06-02"}},
		{"PATCH", "/v1/activities/" + a.ID, `{}`, "", 401, []string{"Send your key"}},
		{"PATCH", "/v1/activities/" + a.ID, `{}`, other.Key, 403, []string{"that of a publisher for group " + other.Group.ID, "publisher of the group"}},
		{"PATCH", "/v1/activities/" + a.ID, `{}`, worker, 403, []string{"that of a link worker", "publisher of the group"}},
		{"PATCH", "/v1/activities/" + a.ID, `{}`, far, 403, []string{"that of a builder for LS1", "whose area"}},
		{"PATCH", "/v1/activities/" + theirs.ID, `{}`, held.Key, 403, []string{"is suspended"}},
		{"POST", "/v1/activities", yoga, held.Key, 403, []string{"is suspended"}},
		{"PUT", "/v1/groups/" + held.Group.ID, `{"name":"Eastgate"}`, held.Key, 403, []string{"is suspended"}},
		{"PUT", "/v1/groups/" + own.Group.ID + "/status", `{"status":"trusted"}`, own.Key, 403, []string{"builder whose area"}},
		{"GET", "/v1/groups", "", worker, 403, []string{"that of a link worker", "of a builder"}},
		{"GET", "/v1/keys?role=admin", "", far, 403, []string{"that of a builder for LS1", "key of an admin"}},
	} {
		options := []option{ifMatch("*")}
		if row.secret != "" {
			options = append(options, key(row.secret))
		}
		var body any
		if row.body != "" {
			body = row.body
		}
		r := s.do(row.method, row.at, body, options...)
		for _, part := range row.says {
			if r.status != row.status || !strings.Contains(r.problem().Detail, part) {
				t.Errorf("%s %s: %d %q, want %d with %q", row.method, row.at, r.status, r.problem().Detail, row.status, part)
			}
		}
	}
}

// A key is what was said, and nothing by leaving something out.
func TestKeysAreMadeAsTheyAreMeant(t *testing.T) {
	s := newSite(t)
	group := s.trusted("Northgate Friends").Group.ID
	for _, row := range []struct{ body, faults, says string }{
		{`"role":"builder"`, "area", "is missing"},
		{`"role":"builder","area":{}`, "area", "is missing"},
		{`"role":"builder","area":{"districts":[],"outcodes":[]}`, "area", "is missing"},
		{`"role":"builder","area":{"outcodes":["M33"]},"everywhere":true`, "everywhere", "cannot go with an area"},
		{`"role":"admin","everywhere":true`, "everywhere", "does not go with role"},
		{`"role":"link-worker","area":{"outcodes":["M33"]}`, "area", "does not go with role"},
		{`"role":"publisher"`, "group", "is missing"},
		{`"role":"admin","group":"` + group + `"`, "group", "does not go with role"},
		{`"role":"builder","area":{"outcodes":["M33"]}`, "", `"outcodes":["M33"]`},
		{`"role":"builder","everywhere":true`, "", `"role":"builder"`},
		{`"role":"publisher","group":"` + strings.ToUpper(group) + `"`, "", group},
	} {
		r := s.do("POST", "/v1/keys", `{"label":"x",`+row.body+`}`, key(s.admin))
		if good := row.faults == ""; good != (r.status == http.StatusCreated) || !good && r.faults() != row.faults || !strings.Contains(string(r.body), row.says) {
			t.Errorf("%s: %d %s, want faults of %q, and %q", row.body, r.status, r.body, row.faults, row.says)
		}
	}
	for query, says := range map[string]string{"role=publisher": "is missing", "role=admin&group=" + group: "does not go with role"} {
		if r := s.get("/v1/keys?"+query, key(s.admin)).is(http.StatusBadRequest); r.faults() != "group" || !strings.Contains(string(r.body), says) {
			t.Errorf("?%s: %s", query, r.body)
		}
	}
}
