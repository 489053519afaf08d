package index_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"gather/directory"
	"gather/search/index"
)

// unread is a log of which no page can be read.
type unread struct{ *log }

func (unread) Changes(context.Context, int64, int) ([]directory.Record, error) {
	return nil, errors.New("the log cannot be read")
}

// A whole listing is read from the index wherever it is kept, but only of an
// index that is known to have had all of its log.
func TestActivityIsReadFromTheIndex(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, directory.Details{
		Title: "Tea by phone", Delivery: []string{"phone"}, Catchment: &directory.Catchment{RadiusMiles: 3, Around: "M33 7DB"},
		Welsh: &directory.Welsh{Title: "Te dros y ffôn"}, Schedule: weekly("mon", "14:00", "15:00"),
		Contacts: []directory.Contact{{Phone: "0161 496 0001", Public: true}, {Phone: "0161 496 0002"}},
	})
	id := w.as["Tea by phone"].ID
	is := func(when string) {
		t.Helper()
		want, err := w.dir.Activity(ctx, directory.Principal{}, id)
		if err != nil {
			t.Fatal(err)
		}
		got, asOf, err := w.index.Activity(id)
		if err != nil || !reflect.DeepEqual(got, want) || !asOf.Equal(w.clock()) {
			t.Errorf("%s, as of %v:\n%+v, %v\nwant\n%+v", when, asOf, got, err, want)
		}
	}
	fails := func(when string, want error) {
		t.Helper()
		if a, _, err := w.index.Activity(id); !errors.Is(err, want) {
			t.Errorf("%s: %+v, %v, want %v", when, a, err, want)
		}
	}
	is("in the delta segment")
	if err := w.index.Rebuild(ctx, w.dir); err != nil {
		t.Fatal(err)
	}
	is("in the main segment")
	w.at(noon.AddDate(0, 6, 0))
	if err := w.index.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	is("refreshed")

	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	fails("closed", index.ErrClosed)
	w.index = openIndex(t, w)
	fails("opened, with a log that nobody asked", index.ErrNotYet)
	w.catchUp()
	is("caught up")

	// Another, shorter log, of which the index cannot be rebuilt.
	running, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- (&index.Follower{Source: unread{&log{}}, Index: w.index}).Run(running) }()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, _, err := w.index.Activity(id); errors.Is(err, index.ErrNotYet) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a listing of another log is read")
		}
	}
	cancel()
	<-done
	w.catchUp()
	is("caught up with its own log")

	if _, err := w.dir.Withdraw(ctx, admin, id, 1); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	fails("withdrawn", directory.ErrNotFound)
}
