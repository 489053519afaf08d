package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gather/api/apitest"
	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/gazetteer"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
	"gather/directory/vocabulary"
)

// authority says who may do what: a row for each verb and status, a column for
// each caller. The group is based in M33 and its listing takes place in M1, to
// tell apart builders of the one, the other, neither (LS1) and everywhere.
// Status is the group's. "withdrawn" is a withdrawn listing of a trusted group,
// and "unseen" one that was withdrawn before it was public.
//
//	yes       it is done
//	all       it is returned with what is not public
//	public    it is returned without that
//	empty     a list is returned without it
//	pending   a group is created that has yet to be trusted
//	trusted   a group is created that is trusted
//	no        ErrForbidden, 403, and 401 without a key
//	none      ErrNotFound, 404
//	gone      ErrGone, 410
//	bad       *Invalid, 422
//
// "bad:none" is the result of the method and that of the route, if they differ:
// a route looks a listing up before it reads the body. Routes that need a key
// return 401 to nobody, whatever the method returns.
const authority = `
verb                  status     nobody   own      other     worker    b-M33    b-M1      b-LS1     b-all    admin

read                  pending    none     all      none      none      all      all       none      all      all
read                  trusted    public   all      public    public    all      all       public    all      all
read                  suspended  none     all      none      none      all      all       none      all      all
read                  withdrawn  gone     gone     gone      gone      gone     gone      gone      gone     gone
read                  unseen     none     gone     none      none      gone     gone      none      gone     gone
sessions              pending    none     yes      none      none      yes      yes       none      yes      yes
sessions              trusted    yes      yes      yes       yes       yes      yes       yes       yes      yes
sessions              suspended  none     yes      none      none      yes      yes       none      yes      yes
sessions              withdrawn  gone     gone     gone      gone      gone     gone      gone      gone     gone
sessions              unseen     none     gone     none      none      gone     gone      none      gone     gone
history               pending    none     all      none      none      all      all       none      all      all
history               trusted    no       all      no        no        all      all       no        all      all
history               suspended  none     all      none      none      all      all       none      all      all
history               withdrawn  no       all      no        no        all      all       no        all      all
history               unseen     none     all      none      none      all      all       none      all      all
revise                pending    none     yes      none      none      yes      yes       none      yes      yes
revise                trusted    no       yes      no        no        yes      yes       no        yes      yes
revise                suspended  none     no       none      none      yes      yes       none      yes      yes
revise                withdrawn  gone     gone     gone      gone      gone     gone      gone      gone     gone
revise                unseen     none     gone     none      none      gone     gone      none      gone     gone
patch                 pending    none     yes      none      none      yes      yes       none      yes      yes
patch                 trusted    no       yes      no        no        yes      yes       no        yes      yes
patch                 suspended  none     no       none      none      yes      yes       none      yes      yes
patch                 withdrawn  gone     gone     gone      gone      gone     gone      gone      gone     gone
patch                 unseen     none     gone     none      none      gone     gone      none      gone     gone
withdraw              pending    none     yes      none      none      yes      yes       none      yes      yes
withdraw              trusted    no       yes      no        no        yes      yes       no        yes      yes
withdraw              suspended  none     no       none      none      yes      yes       none      yes      yes
withdraw              withdrawn  gone     gone     gone      gone      gone     gone      gone      gone     gone
withdraw              unseen     none     gone     none      none      gone     gone      none      gone     gone
change-session        pending    none     yes      none      none      yes      yes       none      yes      yes
change-session        trusted    no       yes      no        no        yes      yes       no        yes      yes
change-session        suspended  none     no       none      none      yes      yes       none      yes      yes
change-session        withdrawn  gone     gone     gone      gone      gone     gone      gone      gone     gone
change-session        unseen     none     gone     none      none      gone     gone      none      gone     gone
restore-session       pending    none     yes      none      none      yes      yes       none      yes      yes
restore-session       trusted    no       yes      no        no        yes      yes       no        yes      yes
restore-session       suspended  none     no       none      none      yes      yes       none      yes      yes
restore-session       withdrawn  gone     gone     gone      gone      gone     gone      gone      gone     gone
restore-session       unseen     none     gone     none      none      gone     gone      none      gone     gone
check-visit           pending    none     bad      bad:none  none      yes      yes       none      yes      yes
check-visit           trusted    no       bad      bad       yes       yes      yes       no        yes      yes
check-visit           suspended  none     bad      bad:none  none      yes      yes       none      yes      yes
check-visit           withdrawn  gone     bad:gone bad:gone  gone      gone     gone      gone     gone     gone
check-visit           unseen     none     bad:gone bad:none  none      gone     gone      none      gone     gone
check-owner           pending    bad      yes      none      bad:none  bad      bad       bad:none  bad      bad
check-owner           trusted    bad      yes      no        bad       bad      bad       bad       bad      bad
check-owner           suspended  bad      no       none      bad:none  bad      bad       bad:none  bad      bad
check-owner           withdrawn  bad      gone     gone      bad:gone  bad:gone bad:gone  bad:gone  bad:gone bad:gone
check-owner           unseen     bad      gone     none      bad:none  bad:gone bad:gone  bad:none  bad:gone bad:gone

read-group            pending    none     all      none      none      all      none      none      all      all
read-group            trusted    public   all      public    public    all      public    public    all      all
read-group            suspended  none     all      none      none      all      none      none      all      all
list-activities       pending    none     all      none      none      all      none      none      all      all
list-activities       trusted    public   all      public    public    all      public    public    all      all
list-activities       suspended  none     all      none      none      all      none      none      all      all
list-groups           pending    no       no       no        no        all      empty     empty     all      all
list-groups           trusted    no       no       no        no        all      empty     empty     all      all
list-groups           suspended  no       no       no        no        all      empty     empty     all      all
publish               pending    no       yes      no        no        yes      no        no        yes      yes
publish               trusted    no       yes      no        no        yes      no        no        yes      yes
publish               suspended  no       no       no        no        yes      no        no        yes      yes
claim-source          pending    no       bad      bad       no        yes      no        no        yes      yes
claim-source          trusted    no       bad      bad       no        yes      no        no        yes      yes
claim-source          suspended  no       bad      bad       no        yes      no        no        yes      yes
import                pending    no       yes      no        no        yes      no        no        yes      yes
import                trusted    no       yes      no        no        yes      no        no        yes      yes
import                suspended  no       no       no        no        yes      no        no        yes      yes
vanish                pending    none     yes      none      none      yes      yes       none      yes      yes
vanish                trusted    no       yes      no        no        yes      yes       no        yes      yes
vanish                suspended  none     no       none      none      yes      yes       none      yes      yes
revise-group          pending    no:none  yes      no:none   no:none   yes      no:none   no:none   yes      yes
revise-group          trusted    no       yes      no        no        yes      no        no        yes      yes
revise-group          suspended  no:none  no       no:none   no:none   yes      no:none   no:none   yes      yes
rename-group          pending    no:none  yes      no:none   no:none   yes      no:none   no:none   yes      yes
rename-group          trusted    no       bad      no        no        yes      no        no        yes      yes
rename-group          suspended  no:none  no       no:none   no:none   yes      no:none   no:none   yes      yes
move-group            pending    no:none  yes      no:none   no:none   no       no:none   no:none   yes      yes
move-group            trusted    no       bad      no        no        no       no        no        yes      yes
move-group            suspended  no:none  no       no:none   no:none   no       no:none   no:none   yes      yes
trust                 pending    no:none  no       no:none   no:none   yes      no:none   no:none   yes      yes
trust                 trusted    no       no       no        no        yes      no        no        yes      yes
trust                 suspended  no:none  no       no:none   no:none   yes      no:none   no:none   yes      yes
suspend               pending    no:none  no       no:none   no:none   yes      no:none   no:none   yes      yes
suspend               trusted    no       no       no        no        yes      no        no        yes      yes
suspend               suspended  no:none  no       no:none   no:none   yes      no:none   no:none   yes      yes
untrust               pending    no:none  no       no:none   no:none   yes      no:none   no:none   yes      yes
untrust               trusted    no       no       no        no        yes      no        no        yes      yes
untrust               suspended  no:none  no       no:none   no:none   yes      no:none   no:none   yes      yes
make-publisher-key    pending    no       no       no        no        yes      no        no        yes      yes
make-publisher-key    trusted    no       no       no        no        yes      no        no        yes      yes
make-publisher-key    suspended  no       no       no        no        yes      no        no        yes      yes
list-publisher-keys   pending    no       no       no        no        all      no        no        all      all
list-publisher-keys   trusted    no       no       no        no        all      no        no        all      all
list-publisher-keys   suspended  no       no       no        no        all      no        no        all      all
revoke-publisher-key  pending    no       no       no        no        yes      no        no        yes      yes
revoke-publisher-key  trusted    no       no       no        no        yes      no        no        yes      yes
revoke-publisher-key  suspended  no       no       no        no        yes      no        no        yes      yes

register              -          pending  pending  pending   pending   trusted  pending   pending   trusted  trusted
register-by-import    -          no       no       no        no        trusted  no        no        trusted  trusted
make-worker-key       -          no       no       no        no        no       no        no        no       yes
make-builder-key      -          no       no       no        no        no       no        no        no       yes
make-admin-key        -          no       no       no        no        no       no        no        no       yes
list-worker-keys      -          no       no       no        no        no       no        no        no       all
list-builder-keys     -          no       no       no        no        no       no        no        no       all
list-admin-keys       -          no       no       no        no        no       no        no        no       all
revoke-worker-key     -          no       no       no        no        no       no        no        no       yes
revoke-builder-key    -          no       no       no        no        no       no        no        no       yes
revoke-admin-key      -          no       no       no        no        no       no        no        no       yes
revoke-own-key        -          no       yes      yes       yes       yes      yes       yes       yes      yes
revoke-unknown-key    -          no       no       no        no        none     none      none      none     none
`

// TestAuthority checks every cell of the table on both stores, through the
// directory's methods and over HTTP. What is refused or only reads writes
// nothing. After each write the public sees the listings of a trusted group that
// are not withdrawn, and nothing else.
func TestAuthority(t *testing.T) {
	rows, callers := authorityRows(t)
	for _, c := range []struct {
		name string
		open func(t *testing.T) (directory.Store, error)
	}{
		{"boltstore", func(t *testing.T) (directory.Store, error) { return boltstore.Open(t.TempDir()) }},
		{"mongostore", func(t *testing.T) (directory.Store, error) { return mongostore.Open(t.Context(), mongotest.URI(t)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, err := c.open(t)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { store.Close() })
			s := newStage(t, store)
			for _, row := range rows {
				s.group = nil // the next row starts with a new group
				for i, caller := range callers {
					method, route, differ := strings.Cut(row.cells[i], ":")
					if !differ {
						route = method
					}
					s.try(row, caller, method, s.callMethod)
					s.try(row, caller, route, s.callRoute)
				}
			}
		})
	}
}

type authorityRow struct {
	verb, status string
	cells        []string
}

func authorityRows(t *testing.T) (rows []authorityRow, callers []string) {
	t.Helper()
	inTable := map[string]bool{}
	for line := range strings.Lines(authority) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0:
		case callers == nil:
			callers = fields[2:]
		case len(fields) != len(callers)+2 || verbs[fields[0]] == nil:
			t.Fatalf("not a row of the table: %q", line)
		default:
			rows = append(rows, authorityRow{fields[0], fields[1], fields[2:]})
			inTable[fields[0]] = true
		}
	}
	if len(inTable) != len(verbs) {
		t.Errorf("the table has %d of %d verbs", len(inTable), len(verbs))
	}
	return rows, callers
}

// root prepares what the verbs are tried on.
var root = directory.Principal{Key: "root", Role: directory.RoleAdmin}

// private is in what only those who may write a group or a listing can see.
const private = "treasurer@example.org"

var authorityContacts = []directory.Contact{{Role: "Treasurer", Email: private}, {Role: "Host", Phone: "0161 496 0001", Public: true}}

func aGroup() directory.GroupDetails {
	return directory.GroupDetails{Name: "Northgate Friends", Postcode: "M33 7DB", Contacts: authorityContacts}
}

func aListing() directory.Details {
	return directory.Details{
		Title: "Choir", Summary: "Singing for everybody.", Delivery: []string{"venue"}, Contacts: authorityContacts,
		Venue:    &directory.Venue{Name: "Town Hall", Address: directory.Address{Town: "Manchester", Postcode: "M1 1AE"}},
		Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "19:00", End: "21:00"}}},
	}
}

// aSession is a session of aListing.
const aSession = "2026-11-24T19:00"

// stage is a directory with all the callers, and one group with one listing that
// a verb is tried on.
type stage struct {
	t       *testing.T
	d       *directory.Directory
	handler http.Handler
	people  map[string]person

	group   *directory.Group
	listing directory.Activity
	// key is a key that a verb makes, lists or revokes.
	key  string
	made int
}

type person struct {
	by     directory.Principal
	secret string
}

func newStage(t *testing.T, store directory.Store) *stage {
	t.Helper()
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	places, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, d: directory.New(store, words, places)}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s.d.Now = func() time.Time { return now }
	s.handler = apitest.New(t, s.d, apitest.Options{}).Handler
	s.everybody()
	return s
}

// everybody gives every caller but "own" a key.
func (s *stage) everybody() {
	s.t.Helper()
	other, err := s.d.Register(s.t.Context(), root, directory.GroupDetails{Name: "Southgate Friends"}, "")
	if err != nil {
		s.t.Fatal(err)
	}
	s.people = map[string]person{"nobody": {}, "other": s.person(other.Key)}
	for name, k := range map[string]directory.NewKey{
		"worker": {Role: directory.RoleLinkWorker},
		"b-M33":  {Role: directory.RoleBuilder, Area: &directory.Area{Outcodes: []string{"M33"}}},
		"b-M1":   {Role: directory.RoleBuilder, Area: &directory.Area{Outcodes: []string{"M1"}}},
		"b-LS1":  {Role: directory.RoleBuilder, Area: &directory.Area{Outcodes: []string{"LS1"}}},
		"b-all":  {Role: directory.RoleBuilder, Everywhere: true},
		"admin":  {Role: directory.RoleAdmin},
	} {
		s.people[name] = s.person(s.newKey(k).Secret)
	}
}

func (s *stage) newKey(k directory.NewKey) directory.CreatedKey {
	s.t.Helper()
	k.Label = "Tests"
	made, err := s.d.CreateKey(s.t.Context(), root, k)
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

func (s *stage) person(secret string) person {
	s.t.Helper()
	by, err := s.d.Authenticate(s.t.Context(), secret)
	if err != nil {
		s.t.Fatal(err)
	}
	return person{by, secret}
}

// set creates a group with a listing, both with this status.
func (s *stage) set(status string) {
	s.t.Helper()
	ctx := s.t.Context()
	fatal := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	r, err := s.d.Register(ctx, directory.Principal{}, aGroup(), "")
	fatal(err)
	g := r.Group
	s.people["own"] = s.person(r.Key)
	become := func(status directory.GroupStatus) {
		s.t.Helper()
		g, err = s.d.SetGroupStatus(ctx, root, g.ID, g.Rev, status)
		fatal(err)
	}
	if status != "pending" && status != "unseen" {
		become(directory.GroupTrusted)
	}
	s.listing, err = s.d.Publish(ctx, s.people["own"].by, "", aListing(), "")
	fatal(err)
	switch status {
	case "withdrawn", "unseen":
		_, err = s.d.Withdraw(ctx, root, s.listing.ID, s.listing.Rev)
		fatal(err)
	case "suspended":
		become(directory.GroupSuspended)
	}
	s.group = &g
}

// try makes the call of one cell and compares its result with the cell.
func (s *stage) try(row authorityRow, caller, want string, call func(row authorityRow, caller string) string) {
	s.t.Helper()
	v := verbs[row.verb]
	if s.group == nil {
		s.set(row.status)
		if v.prepare != nil {
			v.prepare(s)
		}
	}
	before := s.last()
	got := call(row, caller)
	if got == "" {
		return // the verb has no method, or no route
	}
	if caller == "nobody" && !v.open && strings.HasPrefix(got, "401") {
		got = want
	}
	if got != want {
		s.t.Errorf("%s %s by %s: %s, want %s", row.verb, row.status, caller, got, want)
	}
	done := got == "yes" || got == "pending" || got == "trusted"
	if moved := s.last() > before; moved != (done && !v.reads) {
		s.t.Errorf("%s %s by %s: %s, but something was written: %v", row.verb, row.status, caller, got, moved)
	}
	if done && !v.reads {
		s.checkPublic(row, caller)
		s.group = nil
		if v.ownKey {
			s.everybody()
		}
	}
}

func (s *stage) last() int64 {
	s.t.Helper()
	n, err := s.d.Last(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// checkPublic wants the listings of a trusted group to be public, and those of
// any other group not.
func (s *stage) checkPublic(row authorityRow, caller string) {
	s.t.Helper()
	ctx := s.t.Context()
	g, err := s.d.Group(ctx, root, s.group.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	of, err := s.d.Activities(ctx, root, g.ID, "", 100)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range of {
		if _, err := s.d.PublicActivity(ctx, a.ID); (err == nil) != g.Published() {
			s.t.Errorf("%s %s by %s: the group is %s, and its listing is public: %v", row.verb, row.status, caller, g.Status, err == nil)
		}
	}
}

// callMethod calls the directory and returns the result as in the table.
func (s *stage) callMethod(row authorityRow, caller string) string {
	v := verbs[row.verb]
	if v.method == nil {
		return ""
	}
	got, err := v.method(s, s.people[caller].by)
	var invalid *directory.Invalid
	switch {
	case errors.Is(err, directory.ErrForbidden):
		return "no"
	case errors.Is(err, directory.ErrNotFound):
		return "none"
	case errors.Is(err, directory.ErrGone):
		return "gone"
	case errors.As(err, &invalid):
		return "bad"
	case err != nil:
		return err.Error()
	}
	body, err := json.Marshal(got)
	if err != nil {
		return err.Error()
	}
	return v.result(s, string(body))
}

// callRoute is callMethod over HTTP.
func (s *stage) callRoute(row authorityRow, caller string) string {
	v := verbs[row.verb]
	if v.route == nil {
		return ""
	}
	method, path, body := v.route(s, caller)
	sent, err := json.Marshal(body)
	if err != nil {
		return err.Error()
	}
	if body == nil {
		sent = nil
	}
	r := httptest.NewRequestWithContext(s.t.Context(), method, apitest.URL+path, bytes.NewReader(sent))
	r.Header.Set("If-Match", "*")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
		if method == "PATCH" {
			r.Header.Set("Content-Type", "application/merge-patch+json")
		}
	}
	if secret := s.people[caller].secret; secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	switch w.Code {
	case http.StatusOK, http.StatusCreated:
		return v.result(s, w.Body.String())
	case http.StatusForbidden:
		return "no"
	case http.StatusNotFound:
		return "none"
	case http.StatusGone:
		return "gone"
	case http.StatusUnprocessableEntity:
		return "bad"
	}
	return fmt.Sprintf("%d %s", w.Code, w.Body)
}
