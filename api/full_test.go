package api_test

import (
	"context"
	"fmt"
	"net/http"
	"syscall"
	"testing"

	"gather/directory"
)

// fullStore is a store whose disk has no room while it is full.
type fullStore struct {
	directory.Store
	full bool
}

func (f *fullStore) Commit(ctx context.Context, ws []directory.Write) ([]directory.Record, error) {
	if f.full {
		return nil, fmt.Errorf("%w: %w", directory.ErrFull, syscall.ENOSPC)
	}
	return f.Store.Commit(ctx, ws)
}

// A write that the disk has no room for says so; reads and searches go on, and
// the write succeeds once there is room.
func TestFullDiskIsSaid(t *testing.T) {
	store := &fullStore{}
	s := newSiteOver(t, func(s directory.Store) directory.Store { store.Store = s; return store })
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	store.full = true
	r := s.do("PATCH", "/v1/activities/"+a.ID, `{"summary":"New"}`, key(g.Key), ifMatch("*"))
	if r.status != http.StatusServiceUnavailable || r.kind() != "disk-full" || r.header.Get("Retry-After") == "" {
		t.Errorf("a write to a full disk: %d %s, Retry-After %q", r.status, r.body, r.header.Get("Retry-After"))
	}
	s.get("/v1/activities/" + a.ID).is(http.StatusOK)
	s.get("/v1/activities?q=yoga").is(http.StatusOK)
	store.full = false
	s.do("PATCH", "/v1/activities/"+a.ID, `{"summary":"New"}`, key(g.Key), ifMatch("*")).is(http.StatusOK)
}
