package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"gather/directory"
)

const (
	// storePatience is how long the store may take to read an activity that the
	// index may have: longer than MongoDB takes to say that it cannot be reached.
	storePatience = 4 * time.Second
	// outagePatience is how long it may take while it is known to be away: long
	// enough for any read once it is back, short enough that nobody waits.
	outagePatience = 250 * time.Millisecond
	// outageLogEvery is how often the log says at most that the store is away: it
	// may come and go.
	outageLogEvery = time.Minute
)

// outage is whether the store could be reached when an activity was last read.
type outage struct {
	mu     sync.Mutex
	away   bool
	told   bool      // the log says that it is away
	toldAt time.Time // when that was last logged
}

// patience is how long the store may take to read an activity.
func (o *outage) patience() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.away {
		return outagePatience
	}
	return storePatience
}

// note notes whether the store could be reached, err if not, and logs when that
// changes.
func (o *outage) note(log *slog.Logger, now time.Time, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.away = err != nil
	switch {
	case o.away && !o.told && now.Sub(o.toldAt) >= outageLogEvery:
		o.told, o.toldAt = true, now
		log.Warn("api: the store cannot be reached; activities are read from the index until it can, and writes are refused", "error", err)
	case o.told && !o.away:
		o.told = false
		log.Info("api: the store can be reached again")
	}
}

// readActivity reads the activity that the path names, as by may see it. While the
// store cannot be reached it reads what the index has, as anybody may see it, and
// the response says so. What the index does not have may be new, hidden or
// withdrawn: then the error is that of the store.
func (s *server) readActivity(c *call, by directory.Principal) (directory.Activity, error) {
	asked := c.Request().Context()
	ctx, cancel := context.WithTimeout(asked, s.outage.patience())
	defer cancel()
	a, err := s.Directory.Activity(ctx, by, c.Param("id"))
	if errors.Is(err, context.DeadlineExceeded) && asked.Err() == nil {
		err = fmt.Errorf("%w in time: %w", directory.ErrUnavailable, err)
	}
	switch {
	case asked.Err() != nil:
		return a, err // the caller has gone, which says nothing about the store
	case !errors.Is(err, directory.ErrUnavailable):
		s.outage.note(s.Log, s.Now(), nil)
		return a, err
	}
	s.outage.note(s.Log, s.Now(), err)
	kept, asOf, missing := s.Index.Activity(c.Param("id"))
	if missing != nil {
		return a, fmt.Errorf("%w; from the index: %v", err, missing) // which decides no status
	}
	c.fromIndex = true
	age := max(0, int(s.Now().Sub(asOf)/time.Second))
	h := c.Response().Header()
	h.Set("Age", strconv.Itoa(age))
	h.Set("Cache-Status", fmt.Sprintf("gather-index; hit; ttl=%d; detail=store-unreachable", -age))
	return kept, nil
}
