package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"gather/directory"
)

// busyStore is a store where others write between what a change reads and what
// it writes: overtake is called before each transaction.
type busyStore struct {
	directory.Store
	overtake func(ctx context.Context, ws []directory.Write)
}

func (b *busyStore) Commit(ctx context.Context, ws []directory.Write) ([]directory.Record, error) {
	if f := b.overtake; f != nil {
		b.overtake = nil // what is done meanwhile is not overtaken itself
		f(ctx, ws)
		b.overtake = f
	}
	return b.Store.Commit(ctx, ws)
}

func TestChangesThatAreOvertaken(t *testing.T) {
	busy := &busyStore{}
	s := newSiteOver(t, func(s directory.Store) directory.Store { busy.Store = s; return busy })
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	at := "/v1/activities/" + a.ID
	worker, _ := s.keyOf(directory.NewKey{Label: "Surgery", Role: directory.RoleLinkWorker})

	// left is how many more times somebody else confirms the listing, or
	// changes the group, in the middle of a change.
	var left int
	confirm := func(ctx context.Context, _ []directory.Write) {
		if left--; left >= 0 {
			now := must(s.deps.Directory.Activity(ctx, directory.Principal{}, a.ID))(t)
			must(s.deps.Directory.Check(ctx, directory.Principal{Key: "x", Role: directory.RoleLinkWorker}, a.ID, now.Rev, "phone"))(t)
		}
	}
	regroup := func(ctx context.Context, _ []directory.Write) {
		if left--; left >= 0 {
			admin := directory.Principal{Key: "x", Role: directory.RoleAdmin}
			now := must(s.deps.Directory.Group(ctx, admin, g.Group.ID))(t)
			must(s.deps.Directory.ReviseGroup(ctx, admin, now.ID, now.Rev, now.GroupDetails))(t)
		}
	}
	storm := 1000
	tag := func() string { return s.get(at, key(g.Key)).is(http.StatusOK).etag() }
	for _, row := range []struct {
		name, method, at, body, secret string
		overtake                       func(context.Context, []directory.Write)
		times                          int
		named                          bool // the version, rather than *
		status                         int
		kind                           string
	}{
		{"whatever is there", "PUT", at, yoga, g.Key, confirm, 2, false, 200, ""},
		{"whatever is there", "PATCH", at, `{"summary":"New"}`, g.Key, confirm, 2, false, 200, ""},
		{"whatever is there", "POST", at + "/checks", `{"how":"visit"}`, worker, confirm, 2, false, 201, ""},
		{"whatever is there", "PUT", at + "/sessions/2026-06-09T14:00", `{"status":"full"}`, g.Key, confirm, 2, false, 200, ""},
		{"whatever is there", "DELETE", at + "/sessions/2026-06-09T14:00", "", g.Key, confirm, 2, false, 200, ""},
		{"whatever is there", "PUT", "/v1/groups/" + g.Group.ID + "/status", `{"status":"trusted"}`, s.admin, regroup, 2, false, 200, ""},
		{"a version", "PUT", at, yoga, g.Key, confirm, 1, true, 412, "stale"},
		{"a version, while the group changes", "PUT", at, yoga, g.Key, regroup, 1, true, 200, ""},
		{"in a storm", "PATCH", at, `{"summary":"Newer"}`, g.Key, confirm, storm, false, 409, "conflict"},
		{"in a storm", "PUT", "/v1/groups/" + g.Group.ID + "/status", `{"status":"suspended"}`, s.admin, regroup, storm, false, 409, "conflict"},
		{"whatever is there", "DELETE", at, "", g.Key, confirm, 2, false, 200, ""},
	} {
		match := ifMatch("*")
		if row.named {
			match = ifMatch(tag())
		}
		left, busy.overtake = row.times, row.overtake
		var body any
		if row.body != "" {
			body = row.body
		}
		r := s.do(row.method, row.at, body, key(row.secret), match)
		busy.overtake = nil
		if r.status != row.status {
			t.Errorf("%s, %s %s: %d, want %d: %s", row.name, row.method, row.at, r.status, row.status, r.body)
			continue
		}
		if left == row.times {
			t.Errorf("%s, %s %s: nobody came between", row.name, row.method, row.at)
		}
		if row.kind != "" && (r.kind() != row.kind || strings.Contains(r.problem().Detail, "you read") && row.kind == "conflict") {
			t.Errorf("%s, %s: %s", row.name, row.method, r.body)
		}
	}
}
