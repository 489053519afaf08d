package api

import (
	"context"
	"errors"
	"fmt"

	"gather/directory"
)

// visible answers an activity as directory.Activity does, but for one that was
// withdrawn and had never been published: to those who could not see it before
// it is directory.ErrNotFound, as it always was.
func (s *server) visible(ctx context.Context, by directory.Principal, id string) (directory.Activity, error) {
	a, err := s.Directory.Activity(ctx, by, id)
	if !errors.Is(err, directory.ErrGone) {
		return a, err
	}
	if _, own := s.Directory.ForRevision(ctx, by, id); errors.Is(own, directory.ErrGone) {
		return a, err
	}
	was, historyErr := s.wasPublished(ctx, id)
	switch {
	case historyErr != nil:
		return a, historyErr
	case !was:
		return a, fmt.Errorf("activity %s, which was never published: %w", id, directory.ErrNotFound)
	}
	return a, err
}

// wasPublished reports whether any revision of an activity was published. It
// reads as far back as the last that was: for nearly all that is withdrawn,
// the one before.
func (s *server) wasPublished(ctx context.Context, id string) (bool, error) {
	for before := int64(0); ; {
		rs, err := s.Directory.Store.History(ctx, directory.KindActivity, id, before, historyPage)
		if err != nil {
			return false, fmt.Errorf("history of activity %s: %w", id, err)
		}
		for _, r := range rs {
			a, err := directory.ReadActivity(r)
			if err != nil {
				return false, err
			}
			if a.Status == directory.StatusPublished {
				return true, nil
			}
		}
		if len(rs) < historyPage {
			return false, nil
		}
		before = rs[len(rs)-1].Rev
	}
}

// historyPage is how many revisions are read at a time: the withdrawal, what
// stood before, and a few more for a group that lost its trust in between.
const historyPage = 5
