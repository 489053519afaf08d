package main

import (
	"fmt"
	"strings"

	"gather/directory"
)

// verb is an action, as a method of the directory and as a route.
type verb struct {
	method func(s *stage, by directory.Principal) (any, error)
	route  func(s *stage, caller string) (method, path string, body any)
	// result returns the cell for the body of a success.
	result func(s *stage, body string) string
	// prepare is called once for each new group.
	prepare func(s *stage)
	// reads is set for verbs that write nothing, open for routes that need no
	// key, and ownKey for verbs that revoke the caller's key.
	reads, open, ownKey bool
}

func done(*stage, string) string { return "yes" }

// shown returns how much of the listing or the group is in the body.
func shown(s *stage, body string) string {
	switch {
	case strings.Contains(body, private):
		return "all"
	case strings.Contains(body, s.listing.ID) || strings.Contains(body, `"id":"`+s.group.ID):
		return "public"
	}
	return "empty"
}

func keyShown(s *stage, body string) string {
	if strings.Contains(body, s.key) {
		return "all"
	}
	return "empty"
}

// statusMade returns the status of the group that was created.
func statusMade(_ *stage, body string) string {
	for _, status := range []string{"pending", "trusted"} {
		if strings.Contains(body, `"status":"`+status+`"`) {
			return status
		}
	}
	return body
}

var verbs = map[string]*verb{
	"read": {reads: true, open: true, result: shown,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Activity(s.t.Context(), by, s.listing.ID)
		},
		route: at("GET", "/v1/activities/LISTING", nil)},
	"sessions": {reads: true, open: true, result: done, route: at("GET", "/v1/activities/LISTING/sessions", nil)},
	"history": {reads: true, result: shown,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.History(s.t.Context(), by, s.listing.ID, 0, 100)
		},
		route: at("GET", "/v1/activities/LISTING/history", nil)},
	"revise": {result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Revise(s.t.Context(), by, s.listing.ID, s.rev(), aListing())
		},
		route: at("PUT", "/v1/activities/LISTING", aListing())},
	"patch": {result: done, route: at("PATCH", "/v1/activities/LISTING", map[string]any{"summary": "Singing."})},
	"withdraw": {result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Withdraw(s.t.Context(), by, s.listing.ID, s.rev())
		},
		route: at("DELETE", "/v1/activities/LISTING", nil)},
	"change-session": {result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.ChangeSession(s.t.Context(), by, s.listing.ID, s.rev(), directory.SessionChange{Session: aSession, Status: directory.SessionFull})
		},
		route: at("PUT", "/v1/activities/LISTING/sessions/"+aSession, map[string]any{"status": "full"})},
	"restore-session": {result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.ChangeSession(s.t.Context(), by, s.listing.ID, s.rev(), directory.SessionChange{Session: aSession, Status: directory.SessionOn})
		},
		route: at("DELETE", "/v1/activities/LISTING/sessions/"+aSession, nil)},
	"check-visit": checks("visit"),
	"check-owner": checks("owner"),

	"read-group": {reads: true, open: true, result: shown,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Group(s.t.Context(), by, s.group.ID)
		},
		route: at("GET", "/v1/groups/GROUP", nil)},
	"list-activities": {reads: true, open: true, result: shown,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Activities(s.t.Context(), by, s.group.ID, "", 100)
		},
		route: at("GET", "/v1/groups/GROUP/activities", nil)},
	"list-groups": {reads: true, result: shown,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Groups(s.t.Context(), by, s.group.Status, before(s.group.ID), 1)
		},
		route: func(s *stage, _ string) (string, string, any) {
			return "GET", fmt.Sprintf("/v1/groups?status=%s&after=%s&limit=1", s.group.Status, before(s.group.ID)), nil
		}},
	"publish":      publishing(nil),
	"claim-source": publishing(&directory.Source{Name: "Council", ID: "1"}),
	"import": {result: done, method: func(s *stage, by directory.Principal) (any, error) {
		return s.d.Import(s.t.Context(), by, s.group.ID, []directory.Listing{s.imported()}, false)
	}},
	"vanish": {result: done,
		prepare: func(s *stage) {
			if _, err := s.d.Import(s.t.Context(), root, s.group.ID, []directory.Listing{s.imported()}, false); err != nil {
				s.t.Fatal(err)
			}
		},
		method: func(s *stage, by directory.Principal) (any, error) {
			source := s.imported().Details.Source
			return s.d.Vanish(s.t.Context(), by, source.Name, source.ID, false)
		}},
	"revise-group":         revising(func(g *directory.GroupDetails) { g.Description = "Singers." }),
	"rename-group":         revising(func(g *directory.GroupDetails) { g.Name = "Eastgate Friends" }),
	"move-group":           revising(func(g *directory.GroupDetails) { g.Postcode = "M1 1AE" }),
	"trust":                setting(directory.GroupTrusted),
	"suspend":              setting(directory.GroupSuspended),
	"untrust":              setting(directory.GroupPending),
	"make-publisher-key":   making(directory.RolePublisher),
	"list-publisher-keys":  listed(directory.RolePublisher),
	"revoke-publisher-key": revoking(directory.RolePublisher),

	"register": {open: true, result: statusMade,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Register(s.t.Context(), by, aGroup(), "")
		},
		route: at("POST", "/v1/groups", aGroup())},
	"register-by-import": {result: statusMade, method: func(s *stage, by directory.Principal) (any, error) {
		return s.d.EnsureGroup(s.t.Context(), by, "Council", s.group.ID, aGroup())
	}},
	"make-worker-key":    making(directory.RoleLinkWorker),
	"make-builder-key":   making(directory.RoleBuilder),
	"make-admin-key":     making(directory.RoleAdmin),
	"list-worker-keys":   listed(directory.RoleLinkWorker),
	"list-builder-keys":  listed(directory.RoleBuilder),
	"list-admin-keys":    listed(directory.RoleAdmin),
	"revoke-worker-key":  revoking(directory.RoleLinkWorker),
	"revoke-builder-key": revoking(directory.RoleBuilder),
	"revoke-admin-key":   revoking(directory.RoleAdmin),
	"revoke-own-key": {ownKey: true, result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.RevokeKey(s.t.Context(), by, s.ownKey(by.Key))
		},
		route: func(s *stage, caller string) (string, string, any) {
			return "DELETE", "/v1/keys/" + s.ownKey(s.people[caller].by.Key), nil
		}},
	"revoke-unknown-key": {result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.RevokeKey(s.t.Context(), by, before(s.group.ID))
		},
		route: func(s *stage, _ string) (string, string, any) {
			return "DELETE", "/v1/keys/" + before(s.group.ID), nil
		}},
}

// at is a route with the id of the listing or the group in its path.
func at(method, path string, body any) func(*stage, string) (string, string, any) {
	return func(s *stage, _ string) (string, string, any) {
		return method, strings.NewReplacer("LISTING", s.listing.ID, "GROUP", s.group.ID).Replace(path), body
	}
}

func checks(how string) *verb {
	return &verb{result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Check(s.t.Context(), by, s.listing.ID, s.rev(), how)
		},
		route: at("POST", "/v1/activities/LISTING/checks", map[string]any{"how": how})}
}

func publishing(source *directory.Source) *verb {
	details := aListing()
	details.Source = source
	return &verb{result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Publish(s.t.Context(), by, s.group.ID, s.once(details), "")
		},
		route: func(s *stage, _ string) (string, string, any) {
			return "POST", "/v1/activities", struct {
				Group string `json:"group"`
				directory.Details
			}{s.group.ID, s.once(details)}
		}}
}

func revising(alter func(*directory.GroupDetails)) *verb {
	details := aGroup()
	alter(&details)
	return &verb{result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.ReviseGroup(s.t.Context(), by, s.group.ID, s.group.Rev, details)
		},
		route: at("PUT", "/v1/groups/GROUP", details)}
}

func setting(status directory.GroupStatus) *verb {
	return &verb{result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.SetGroupStatus(s.t.Context(), by, s.group.ID, s.group.Rev, status)
		},
		route: at("PUT", "/v1/groups/GROUP/status", map[string]any{"status": status})}
}

// keyOf is a key to create with a role; a publisher's is for the group.
func (s *stage) keyOf(role directory.Role) directory.NewKey {
	k := directory.NewKey{Label: "Tests", Role: role}
	switch role {
	case directory.RolePublisher:
		k.Group = s.group.ID
	case directory.RoleBuilder:
		k.Everywhere = true
	}
	return k
}

func making(role directory.Role) *verb {
	return &verb{result: done,
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.CreateKey(s.t.Context(), by, s.keyOf(role))
		},
		route: func(s *stage, _ string) (string, string, any) { return "POST", "/v1/keys", s.keyOf(role) }}
}

// aKey creates a key with a role that a verb is tried on.
func aKey(role directory.Role) func(*stage) {
	return func(s *stage) { s.key = s.newKey(s.keyOf(role)).Key.ID }
}

func listed(role directory.Role) *verb {
	return &verb{reads: true, result: keyShown, prepare: aKey(role),
		method: func(s *stage, by directory.Principal) (any, error) {
			return s.d.Keys(s.t.Context(), by, role, s.keyOf(role).Group, before(s.key), 1)
		},
		route: func(s *stage, _ string) (string, string, any) {
			path := fmt.Sprintf("/v1/keys?role=%s&after=%s&limit=1", role, before(s.key))
			if group := s.keyOf(role).Group; group != "" {
				path += "&group=" + group
			}
			return "GET", path, nil
		}}
}

func revoking(role directory.Role) *verb {
	return &verb{result: done, prepare: aKey(role),
		method: func(s *stage, by directory.Principal) (any, error) { return s.d.RevokeKey(s.t.Context(), by, s.key) },
		route:  func(s *stage, _ string) (string, string, any) { return "DELETE", "/v1/keys/" + s.key, nil }}
}

// ownKey is the caller's own key, or the group's key for nobody, who has none.
func (s *stage) ownKey(key string) string {
	if key == "" {
		return s.people["own"].by.Key
	}
	return key
}

// rev is the revision of the listing.
func (s *stage) rev() int64 {
	s.t.Helper()
	of, err := s.d.History(s.t.Context(), root, s.listing.ID, 0, 1)
	if err != nil || len(of) == 0 {
		s.t.Fatalf("the newest revision: %d, %v", len(of), err)
	}
	return of[0].Rev
}

// imported is a listing of the group with a source.
func (s *stage) imported() directory.Listing {
	d := aListing()
	d.Source = &directory.Source{Name: "Council", ID: s.group.ID}
	return directory.Listing{Details: d}
}

// once gives details with a source one that no other listing has.
func (s *stage) once(d directory.Details) directory.Details {
	if d.Source != nil {
		s.made++
		source := *d.Source
		source.ID = fmt.Sprint(s.made)
		d.Source = &source
	}
	return d
}

// before is the id just before another, for a page that starts with that.
func before(id string) string {
	at := len(id) - 12
	var n uint64
	if _, err := fmt.Sscanf(id[at:], "%x", &n); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s%012x", id[:at], n-1)
}
