package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/directory"
)

func fullRecord(t *testing.T, s *store) {
	r := directory.Record{
		Kind: directory.KindActivity, ID: "a1", At: noon, By: "key-7", Action: "publish",
		Lookups: []directory.Lookup{
			{Name: "slug", Value: "tea-dance", Unique: true},
			{Name: "group", Value: "g1"},
			{Name: "group", Value: "g2"},
		},
		Doc: json.RawMessage(`{"title":"Tea dance","ages":{"min":50},"tags":["dance","tea"]}`),
	}
	want := r
	want.Rev, want.Change, want.At = 1, 1, noon.UTC().Truncate(time.Millisecond)
	written := s.commit(r)
	if len(written) != 1 {
		t.Fatalf("Commit returned %d records, want 1", len(written))
	}
	everywhere(t, s, written[0], want)
}

func emptyRecord(t *testing.T, s *store) {
	r := directory.Record{Kind: directory.KindKey, ID: "k"}
	want := r
	want.Rev, want.Change, want.At = 1, 1, time.Time{}.UTC()
	everywhere(t, s, s.commit(r)[0], want)

	r.Lookups, r.Doc, r.Rev = []directory.Lookup{}, json.RawMessage{}, 1
	want.Rev, want.Change = 2, 2
	everywhere(t, s, s.commit(r)[0], want)
}

// everywhere checks that every way to read the newest record returns want.
func everywhere(t *testing.T, s *store, written, want directory.Record) {
	t.Helper()
	same(t, "Commit", written, want)
	same(t, "Get", s.get(want.Kind, want.ID), want)
	for name, rs := range map[string][]directory.Record{
		"Changes": s.all(s.Changes, 10), "Log": s.all(s.Log, 10),
	} {
		if len(rs) == 0 {
			t.Fatalf("%s is empty", name)
		}
		same(t, name, rs[len(rs)-1], want)
	}
	rs, err := s.History(s.ctx, want.Kind, want.ID, 0, 1)
	if err != nil || len(rs) != 1 {
		t.Fatalf("History: %d records, %v", len(rs), err)
	}
	same(t, "History", rs[0], want)
	for _, l := range want.Lookups {
		rs, err := s.Find(s.ctx, want.Kind, l.Name, l.Value, "", 10)
		if err != nil || len(rs) != 1 {
			t.Fatalf("Find(%s, %s): %d records, %v", l.Name, l.Value, len(rs), err)
		}
		same(t, "Find "+l.Name, rs[0], want)
	}
}

// odd has documents as encoding/json writes them, with HTML escaped or not, and
// valid JSON that it would write differently.
var odd = []string{
	`{}`,
	`{"title":"Sport \u0026 \u003cb\u003etea\u003c/b\u003e"}`,
	`{"title":"Sport & <b>tea</b>"}`,
	`{"title":"both & \u0026"}`,
	`{"cy":"Clwb cerdded Llŷn","emoji":"👩🏽‍🦽","rtl":"שלום","nfd":"é","replacement":"\ufffd"}`,
	`{"lines":"a\nb\tc\rd\\\"/\u2028\u2029\u0000\u001f\b\f\u007f"}`,
	`{"numbers":[0,-0,1,-1,2147483647,2147483648,-2147483649,9223372036854775807,-9223372036854775808]}`,
	`{"large":[9223372036854775808,18446744073709551615,123456789012345678901234567890,1e+21,100000000000000000000]}`,
	`{"floats":[0.1,1.5,-2.25,1e-7,0.000001,5e-324,1.7976931348623157e+308,0.30000000000000004]}`,
	`{"other numbers":[1.0,1.10,1E5,1e5,1e400,0.1e1,-0.0,1000000000000000000000000000000000000000000]}`,
	`{"empty":[],"object":{},"null":null,"text":"","false":false,"nested":[[],[[]],{},[{}],null]}`,
	`{"a.b":1,"$set":2,"a.$.b":3,"%2E":4,"%":5,"":6,"_id":7,"x\u0000y":8,"．":9,"$":10,".":11}`,
	`{"z":1,"a":2,"m":{"z":1,"a":2},"10":1,"9":2}`,
	`{"same":1,"same":2}`,
	`{"$ref":"groups","$id":"x","$db":"y"}`,
	`{"$oid":"507f1f77bcf86cd799439011"}`,
	`{"when":"2026-03-29T12:30:15.123Z","$date":{"$numberLong":"1"}}`,
	`{"surrogate":"\ud83d\ude00","lone":"\ud800"}`,
	`{ "spaces" : [ 1 , 2 ] , "x" : { } }`,
	"{\n\t\"lines\": true\n}",
	`{"deep":` + strings.Repeat(`[`, 300) + strings.Repeat(`]`, 300) + `}`,
	`{"deep":` + strings.Repeat(`{"a":`, 95) + `1` + strings.Repeat(`}`, 95) + `}`,
	`{"many":[` + strings.Repeat(`1,`, 2000) + `1]}`,
}

func documents(t *testing.T, s *store) {
	var rs []directory.Record
	for i, doc := range odd {
		rs = append(rs, directory.Record{Kind: directory.KindActivity, ID: fmt.Sprint(i), Doc: json.RawMessage(doc)})
	}
	written := s.commit(rs...)
	logged := s.all(s.Log, 7)
	for i, doc := range odd {
		for from, r := range map[string]directory.Record{
			"Commit": written[i], "Log": logged[i], "Get": s.get(directory.KindActivity, fmt.Sprint(i)),
		} {
			if got := string(r.Doc); got != doc {
				t.Errorf("%s:\n got %.200s\nwant %.200s", from, got, doc)
			}
		}
	}
}

func oddIDs(t *testing.T, s *store) {
	names := []string{
		"a", "A", "ab", "a b", "a/b", "a/", "/a", "a\x00", "a\x00b", "\x00", "\x01", " ", ".", "..", "$a", "a.b",
		"a:b", "a=b", "%", "%2F", "Ll\u0177n", "Lly\u0302n", "健康", "👩🏽‍🦽", "\u2028", "\U0010ffff", "'\"\\", "-1", "0", "00",
		"null", "{}", strings.Repeat("x", 1000), strings.Repeat("x", 1001), strings.Repeat("ŷ", 1000),
	}
	for _, id := range names {
		r := activity(id, 0, id)
		r.Lookups = append(r.Lookups, directory.Lookup{Name: "all", Value: "x"}, directory.Lookup{Name: "slug", Value: id, Unique: true})
		s.commit(r)
	}
	for _, id := range names {
		if got := s.get(directory.KindActivity, id); got.ID != id {
			t.Errorf("Get(%q) returned %q", id, got.ID)
		}
		if got := s.find(directory.KindActivity, "group", id); !slices.Equal(got, []string{id}) {
			t.Errorf("Find(group, %q) = %q", id, got)
		}
		rs, err := s.History(s.ctx, directory.KindActivity, id, 0, 10)
		if err != nil || !slices.Equal(ids(rs), []string{id}) {
			t.Errorf("History(%q) = %q, %v", id, ids(rs), err)
		}
	}
	want := slices.Sorted(slices.Values(names))
	if got := s.find(directory.KindActivity, "all", "x"); !slices.Equal(got, want) {
		t.Errorf("Find in order of id:\n got %q\nwant %q", got, want)
	}
}

func kinds(t *testing.T, s *store) {
	for _, kind := range []directory.Kind{directory.KindActivity, directory.KindGroup, "activity-x"} {
		r := owning("one", 0, "same")
		r.Kind, r.By = kind, string(kind)
		s.commit(r)
	}
	for _, kind := range []directory.Kind{directory.KindActivity, directory.KindGroup, "activity-x"} {
		if got := s.get(kind, "one").By; got != string(kind) {
			t.Errorf("Get(%s) returned the record of %s", kind, got)
		}
		if got := s.find(kind, "slug", "same"); !slices.Equal(got, []string{"one"}) {
			t.Errorf("Find in %s = %q", kind, got)
		}
	}
	_, err := s.Get(s.ctx, directory.KindKey, "one")
	is(t, "Get of another kind", err, directory.ErrNotFound)
}

func times(t *testing.T, s *store) {
	for i, at := range []time.Time{
		noon,
		time.UnixMilli(0),
		time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Date(2026, 10, 25, 1, 30, 0, 999_499_999, time.FixedZone("", -3600)),
		time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC),
	} {
		r := directory.Record{Kind: directory.KindKey, ID: fmt.Sprint(i), At: at}
		want := time.UnixMilli(at.UnixMilli()).UTC()
		written := s.commit(r)[0].At
		for from, got := range map[string]time.Time{"Commit": written, "Get": s.get(r.Kind, r.ID).At} {
			if got != want {
				t.Errorf("%s of %v = %v, want %v", from, at, got, want)
			}
		}
	}
}

func ownMemory(t *testing.T, s *store) {
	r := activity("a", 0, "g")
	want := string(r.Doc)
	written := s.commit(r)[0]
	r.Doc[2], r.Lookups[0].Value = '#', "changed"
	written.Doc[3], written.Lookups[0].Value = '#', "changed too"
	s.get(directory.KindActivity, "a").Doc[4] = '#'
	got := s.get(directory.KindActivity, "a")
	if string(got.Doc) != want || got.Lookups[0].Value != "g" {
		t.Errorf("after changing what was written and returned: %s", text(got))
	}
}

func getMany(t *testing.T, s *store) {
	for _, r := range []directory.Record{activity("a", 0, "g"), activity("b", 0, "g"), activity("c", 0, "g"), owning("a", 0, "slug"), gone(activity("b", 1, "g"))} {
		s.commit(r)
	}
	for _, row := range []struct {
		kind      directory.Kind
		ids, want []string
	}{
		{directory.KindActivity, []string{"c", "nobody", "a", "b"}, []string{"c1", "a1", "b2"}},
		{directory.KindActivity, []string{"a", "c", "a"}, []string{"a1", "c1", "a1"}},
		{directory.KindGroup, []string{"a", "b", "c"}, []string{"a1"}},
		{directory.KindKey, []string{"a"}, nil},
		{directory.KindActivity, nil, nil},
	} {
		rs, err := s.GetMany(s.ctx, row.kind, row.ids)
		var got []string
		for _, r := range rs {
			got = append(got, fmt.Sprint(r.ID, r.Rev))
			if r.Kind != row.kind || r.Gone != (r.ID == "b") || len(r.Doc) == 0 {
				t.Errorf("GetMany(%s, %q) returned %s", row.kind, row.ids, text(r))
			}
		}
		if err != nil || !slices.Equal(got, row.want) {
			t.Errorf("GetMany(%s, %q) = %q, %v, want %q", row.kind, row.ids, got, err, row.want)
		}
	}
}

func notFound(t *testing.T, s *store) {
	_, err := s.Get(s.ctx, directory.KindActivity, "nobody")
	is(t, "Get", err, directory.ErrNotFound)
	for name, read := range map[string]func() ([]directory.Record, error){
		"Find": func() ([]directory.Record, error) {
			return s.Find(s.ctx, directory.KindActivity, "group", "g", "", 10)
		},
		"History": func() ([]directory.Record, error) {
			return s.History(s.ctx, directory.KindActivity, "nobody", 0, 10)
		},
		"GetMany": func() ([]directory.Record, error) {
			return s.GetMany(s.ctx, directory.KindActivity, []string{"nobody"})
		},
		"Changes": func() ([]directory.Record, error) { return s.Changes(s.ctx, 0, 10) },
		"Log":     func() ([]directory.Record, error) { return s.Log(s.ctx, 0, 10) },
	} {
		if rs, err := read(); err != nil || len(rs) != 0 {
			t.Errorf("%s of an empty store: %d records, %v", name, len(rs), err)
		}
	}
	if n := s.last(); n != 0 {
		t.Errorf("Last of an empty store = %d", n)
	}
	if err := s.Ping(s.ctx); err != nil {
		t.Errorf("Ping: %v", err)
	}
}
