package gather_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
	"gather/directory/demo"
)

// carried is d without what Open Referral UK has no field for; docs/import.md
// lists it. Pauses and dates left out are compared as sessions.
func carried(d directory.Details) directory.Details {
	d.Source, d.Images, d.Safeguarding = nil, nil, nil
	if d.Welsh != nil {
		d.Welsh = &directory.Welsh{Title: d.Welsh.Title}
	}
	if d.Audience != nil {
		a := *d.Audience
		a.OpenToAll, d.Audience = nil, &a
	}
	if f := d.FirstVisit; f != nil {
		d.FirstVisit = &directory.FirstVisit{Facts: maps.Clone(f.Facts), WhatToExpect: f.WhatToExpect, Structure: f.Structure, Conversation: f.Conversation, Energy: f.Energy, Commitment: f.Commitment}
		maps.DeleteFunc(d.FirstVisit.Facts, func(_ string, a directory.Answer) bool { return a.Answer == directory.No })
		if f.ContactFirst != "" {
			if d.FirstVisit.WhatToExpect != "" {
				d.FirstVisit.WhatToExpect += "\n\n"
			}
			d.FirstVisit.WhatToExpect += f.ContactFirst
		}
	}
	if j := d.Joining; j != nil {
		d.Joining = &directory.Joining{How: j.How, Referral: j.Referral, URL: j.URL, Note: j.Note}
		if j.Places != nil {
			d.Joining.Places = &directory.Places{Status: j.Places.Status}
		}
	}
	if d.Schedule != nil {
		s := *d.Schedule
		s.Except, s.Pauses = nil, nil
		d.Schedule = &s
	}
	d.Contacts = slices.DeleteFunc(slices.Clone(d.Contacts), func(c directory.Contact) bool { return !c.Public })
	return d
}

// Every listing of the demo goes out as Open Referral UK and comes back the
// same, but for what the standard cannot carry.
func TestTheDemoComesBackFromOpenReferral(t *testing.T) {
	ctx := context.Background()
	from, to := bulktest.NewDirectory(t), bulktest.NewDirectory(t)
	from.Now = func() time.Time { return winter }
	to.Now = from.Now
	if _, err := demo.Load(ctx, from); err != nil {
		t.Fatal(err)
	}
	file := body(t, orukOf(t, from), "/oruk/v3/services?full=true&format=ndjson")
	r, err := bulk.Import(ctx, to, bulktest.Admin, bytes.NewReader(file), bulk.Options{Source: directory.Source{Name: "demo"}})
	if err != nil || r.Refused+r.Warned > 0 {
		t.Fatalf("%v %s", err, bulktest.Report(t, r))
	}
	back := map[string]directory.Activity{}
	for _, a := range bulktest.Activities(t, to) {
		back[a.Source.ID] = a
	}
	n := 0
	for _, a := range bulktest.Activities(t, from) {
		if a.Status != directory.StatusPublished {
			continue
		}
		n++
		got := back[a.ID]
		x, err1 := json.MarshalIndent(carried(got.Details), "", " ")
		y, err2 := json.MarshalIndent(carried(a.Details), "", " ")
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if string(x) != string(y) {
			t.Errorf("%s came back otherwise:\n%s", a.Title, difference(string(x), string(y)))
		}
		a.SessionChanges = nil // changed sessions are not carried
		if x, y := keys(got), keys(a); !slices.Equal(x, y) {
			t.Errorf("%s: sessions %v, want %v", a.Title, x, y)
		}
	}
	if n < 300 || len(back) != n {
		t.Errorf("%d of %d came back", len(back), n)
	}
}

// keys are the sessions of the year from winter.
func keys(a directory.Activity) []string {
	var out []string
	for _, s := range a.Sessions(winter, winter.AddDate(1, 0, 0), 1000) {
		out = append(out, s.Key)
	}
	return out
}
