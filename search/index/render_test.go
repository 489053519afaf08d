package index_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"gather/directory"
	"gather/search"
)

// What is written is a search.Answer and nothing else, whatever is asked of
// whatever listings, from the main and the delta segment; and Find finds the
// same.
func TestAnswersAreWhatTheTypeSays(t *testing.T) {
	ctx := context.Background()
	for _, d := range directories {
		p := newPair(t)
		all := directoryOf(newInventor(t, d.seed), d.listings, d.alter)
		for i := range all {
			if i%7 == 0 {
				all[i].Title = fmt.Sprintf("Te & <b>“%d”</b> \\ \"tŷ\" \u2028", i)
				all[i].Welsh = &directory.Welsh{Title: "Te a chacen"}
			}
		}
		p.apply(all)
		ask := func(n int) {
			r := newInventor(t, d.seed+7)
			for range n {
				values := Question(r)
				if r.in(20) {
					values.Set("lang", "cy")
				}
				if r.in(20) {
					values.Set("explain", "true")
				}
				q, err := search.ParseQuery(values, Words(t))
				if err != nil {
					continue
				}
				a, err1 := p.index.Search(ctx, q)
				got, err2 := p.index.AppendAnswer(ctx, q, []byte("before "))
				found, err3 := p.index.Find(ctx, q)
				if err1 != nil || err2 != nil || err3 != nil {
					if fmt.Sprint(err1) != fmt.Sprint(err2) || fmt.Sprint(err1) != fmt.Sprint(err3) || string(got) != "before " {
						t.Errorf("%s: %v, %v and %v", values.Encode(), err1, err2, err3)
					}
					continue
				}
				sameJSON(t, values.Encode(), a, bytes.TrimPrefix(got, []byte("before ")))
				if found.Total != a.Total || found.Next != a.Next || len(found.IDs) != len(a.Items) || !reflect.DeepEqual(found.Facets, a.Facets) {
					t.Errorf("%s: found %+v", values.Encode(), found)
				}
				for i := range found.IDs {
					if found.IDs[i] != a.Items[i].ID {
						t.Errorf("%s: %d is %s, not %s", values.Encode(), i, found.IDs[i], a.Items[i].ID)
					}
				}
			}
		}
		ask(150)
		if err := p.index.Close(); err != nil {
			t.Fatal(err)
		}
		p.index = openIndex(t, p.world)
		ask(150)
	}
}

// sameJSON compares an answer with JSON.
func sameJSON(t *testing.T, question string, a search.Answer, got []byte) {
	t.Helper()
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		t.Fatal(err)
	}
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("%s: %v in %s", question, err, got)
	}
	if err := json.Unmarshal(want.Bytes(), &w); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, w) || len(got) != want.Len() {
		t.Errorf("%s:\n%s\nis not\n%s", question, got, want.Bytes())
	}
}
