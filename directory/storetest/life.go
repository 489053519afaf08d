package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/directory"
)

func cancelled(t *testing.T, s *store) {
	s.commit(activity("a", 0, "g"))
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	for name, call := range map[string]func() error{
		"Get":     func() error { _, err := s.Get(ctx, directory.KindActivity, "a"); return err },
		"GetMany": func() error { _, err := s.GetMany(ctx, directory.KindActivity, []string{"a"}); return err },
		"Find":    func() error { _, err := s.Find(ctx, directory.KindActivity, "group", "g", "", 1); return err },
		"History": func() error { _, err := s.History(ctx, directory.KindActivity, "a", 0, 1); return err },
		"Commit":  func() error { _, err := s.Commit(ctx, writes(activity("b", 0, "g"))); return err },
		"Changes": func() error { _, err := s.Changes(ctx, 0, 1); return err },
		"Last":    func() error { _, err := s.Last(ctx); return err },
		"Log":     func() error { _, err := s.Log(ctx, 0, 1); return err },
		"Restore": func() error { return s.Restore(ctx, []directory.Record{{Kind: "key", ID: "k", Rev: 1, Change: 9}}) },
		"Redact": func() error {
			return s.Redact(ctx, []directory.Record{{Kind: directory.KindActivity, ID: "a", Rev: 1, Change: 1}})
		},
		"FinishRestore": func() error { return s.FinishRestore(ctx) },
		"Wait":          func() error { return s.Wait(ctx, 5) },
		"Ping":          func() error { return s.Ping(ctx) },
	} {
		is(t, name, call(), context.Canceled)
	}
	if n := s.last(); n != 1 {
		t.Errorf("a cancelled call wrote: last is %d", n)
	}
}

func limits(t *testing.T, s *store) {
	with := func(change func(*directory.Record)) []directory.Write {
		r := activity("b", 0, "g")
		change(&r)
		return writes(activity("a", 0, "g"), r)
	}
	many := make([]directory.Write, directory.MaxWrites+1)
	for i := range many {
		many[i].Record = activity(fmt.Sprint(i), 0, "g")
	}
	doc := func(doc string) []directory.Write {
		return with(func(r *directory.Record) { r.Doc = json.RawMessage(doc) })
	}
	for name, ws := range map[string][]directory.Write{
		"too many writes":      many,
		"too large a document": doc(`{"a":"` + strings.Repeat("x", directory.MaxDoc) + `"}`),
		"not JSON":             doc(`{"a":`),
		"not an object":        doc(`[1]`),
		"two objects":          doc(`{}{}`),
		"not UTF-8":            doc("{\"a\":\"\xff\"}"),
		"no id":                with(func(r *directory.Record) { r.ID = "" }),
		"an id of bytes":       with(func(r *directory.Record) { r.ID = "\xff" }),
		"an endless id":        with(func(r *directory.Record) { r.ID = strings.Repeat("x", 1<<16) }),
		"no kind":              with(func(r *directory.Record) { r.Kind = "" }),
		"a lookup of nothing":  with(func(r *directory.Record) { r.Lookups[0].Name = "" }),
		"an endless lookup":    with(func(r *directory.Record) { r.Lookups[0].Value = strings.Repeat("x", 1<<16) }),
		"a revision below 0":   with(func(r *directory.Record) { r.Rev = -1 }),
		"a verb of bytes":      with(func(r *directory.Record) { r.Action = "\xff" }),
	} {
		if _, err := s.Commit(s.ctx, ws); err == nil {
			t.Errorf("%s: no error", name)
		}
		if n := s.last(); n != 0 {
			t.Fatalf("%s: something was written, last is %d", name, n)
		}
	}
	if written, err := s.Commit(s.ctx, nil); err != nil || len(written) != 0 {
		t.Errorf("a commit of nothing: %v, %v", written, err)
	}
}

func largest(t *testing.T, s *store) {
	doc := func(fill string, n int) json.RawMessage { // of all JSON, arrays grow most as BSON
		body := `{"a":[` + strings.TrimSuffix(strings.Repeat(fill+",", n), ",") + `]}`
		return json.RawMessage(body)
	}
	for i, d := range []json.RawMessage{
		json.RawMessage(`{"a":"` + strings.Repeat("x", directory.MaxDoc-8) + `"}`),
		doc("0", (directory.MaxDoc-8)/2),
	} {
		r := activity(fmt.Sprint("large", i), 0, "g")
		r.Doc = d
		s.commit(r)
		if got := s.get(r.Kind, r.ID); !bytes.Equal(got.Doc, d) {
			t.Errorf("document %d of %d bytes came back with %d", i, len(d), len(got.Doc))
		}
	}
	rs := make([]directory.Record, directory.MaxWrites)
	for i := range rs {
		rs[i] = activity(fmt.Sprint(i), 0, "many")
	}
	before := s.last()
	s.commit(rs...)
	again := rs[:directory.MaxWrites/5]
	for i := range again {
		again[i].Rev = 1
	}
	s.commit(again...)
	if got, want := s.last()-before, int64(len(rs)+len(again)); got != want {
		t.Errorf("%d changes, want %d", got, want)
	}
	if got := len(s.find(directory.KindActivity, "group", "many")); got != directory.MaxWrites {
		t.Errorf("%d found, want %d", got, directory.MaxWrites)
	}
}

func reopen(t *testing.T, s *store) {
	fillStore(s)
	log, chg := s.all(s.Log, 100), s.all(s.Changes, 100)
	s.reopen()
	if got := s.all(s.Log, 100); !reflect.DeepEqual(got, log) {
		t.Errorf("Log after reopening: %d revisions, want %d, or they differ", len(got), len(log))
	}
	if got := s.all(s.Changes, 100); !reflect.DeepEqual(got, chg) {
		t.Errorf("Changes after reopening: %d records, want %d, or they differ", len(got), len(chg))
	}
	last := s.last()
	if r := s.commit(activity("after", 0, "g"))[0]; r.Change != last+1 {
		t.Errorf("the first change after reopening is %d, want %d", r.Change, last+1)
	}
	_, err := s.Commit(s.ctx, writes(owning("thief", 0, "held")))
	is(t, "a unique lookup after reopening", err, directory.ErrTaken)
}

// fillStore writes some records of every sort.
func fillStore(s *store) {
	s.commit(owning("holder", 0, "held"), owning("loser", 0, "lost"))
	s.commit(gone(owning("loser", 1, "lost")), owning("winner", 0, "lost"))
	for i, doc := range odd {
		r := activity(fmt.Sprint("odd", i), 0, "g")
		r.Doc = json.RawMessage(doc)
		s.commit(r)
	}
	for rev := range int64(5) {
		r := activity("often", rev, fmt.Sprint("g", rev))
		r.Gone = rev == 2
		s.commit(r, activity(fmt.Sprint("other", rev), 0, "g"))
	}
	s.commit(directory.Record{Kind: directory.KindKey, ID: "empty"})
}

func wait(t *testing.T, s *store) {
	s.commit(activity("a", 0, "g"))
	if err := s.Wait(s.ctx, 0); err != nil {
		t.Errorf("Wait for what is there: %v", err)
	}
	short, cancel := context.WithTimeout(s.ctx, 50*time.Millisecond)
	defer cancel()
	for {
		if err := s.Wait(short, 1); err != nil { // it may return early
			is(t, "Wait for a change that does not come", err, context.DeadlineExceeded)
			break
		}
	}
	woken := make(chan error, 8)
	for range cap(woken) {
		go func() { woken <- s.Wait(s.ctx, 1) }()
	}
	s.commit(activity("b", 0, "g"))
	for range cap(woken) {
		select {
		case err := <-woken:
			if err != nil {
				t.Errorf("Wait for what came: %v", err)
			}
		case <-time.After(hungAfter):
			t.Fatal("Wait did not return after a commit")
		}
	}
}

func closing(t *testing.T, s *store) {
	s.commit(activity("a", 0, "g"))
	waiting := make(chan error, 1)
	go func() { waiting <- s.Wait(s.ctx, 1<<40) }()
	const writers = 8
	acked := make([]int64, writers)
	var all, begun sync.WaitGroup
	begun.Add(writers)
	for w := range writers {
		all.Go(func() {
			for rev := int64(0); ; rev++ {
				_, err := s.Commit(s.ctx, writes(activity(fmt.Sprint("w", w), rev, "g")))
				if rev == 0 {
					begun.Done()
				}
				if err != nil {
					is(t, "Commit while closing", err, directory.ErrUnavailable)
					return
				}
				acked[w] = rev + 1
			}
		})
	}
	begun.Wait()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	all.Wait()
	is(t, "Wait while closing", <-waiting, directory.ErrUnavailable)
	_, err := s.Get(s.ctx, directory.KindActivity, "a")
	is(t, "Get after Close", err, directory.ErrUnavailable)
	is(t, "Ping after Close", s.Ping(s.ctx), directory.ErrUnavailable)
	is(t, "Wait after Close", s.Wait(s.ctx, 1<<40), directory.ErrUnavailable)
	s.reopen() // closes a second time
	for w := range writers {
		if r := s.get(directory.KindActivity, fmt.Sprint("w", w)); r.Rev != acked[w] {
			t.Errorf("writer %d: revision %d was acknowledged, the store has %d", w, acked[w], r.Rev)
		}
	}
}
