package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// ErrClosed is the error of every method of an Index that was closed.
var ErrClosed = errors.New("the index is closed")

// ErrNotYet is the error of WaitFor when the index has not seen a change in
// time.
var ErrNotYet = errors.New("the index has not seen this change yet")

// Options are what an Index needs beside its folder. Words and Places must be
// given.
type Options struct {
	Words  *vocabulary.Vocabulary
	Places *gazetteer.Gazetteer
	// Now is the clock, time.Now if nil.
	Now func() time.Time
	// Log gets what is wrong with records and with the index, never anything
	// about queries; slog.Default() if nil.
	Log *slog.Logger
}

// Index answers questions about the published activities of a directory. Its
// methods are safe for concurrent use; a Search sees either all of an Apply or
// nothing of it.
type Index struct {
	dir   string
	words *vocabulary.Vocabulary
	maker maker
	now   func() time.Time
	log   *slog.Logger

	writing    sync.Mutex // held by whoever changes the shelf
	rebuilding sync.Mutex // held by a Rebuild

	mu      sync.Mutex // guards what follows, and facts of the shelf
	shelf   *shelf
	view    *view
	changed chan struct{} // closed at the next change
	closed  bool
}

// The folder of an index holds the shelves index-1, index-2 ..., and a file
// that names the one in use: a shelf is built beside the old one and the file
// is replaced in one step.
const (
	currentFile = "CURRENT"
	shelfPrefix = "index-"
)

// Open opens the index in dir, and makes both when they are not there. An
// index that is damaged or of another version is left aside, and an empty one
// is begun: a Follower fills it. It fails within two seconds when another
// process has the index open. Close lets go of it.
func Open(dir string, o Options) (*Index, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	x := &Index{
		dir: dir, words: o.Words, maker: maker{o.Words, o.Places}, now: o.Now, log: o.Log, changed: make(chan struct{}),
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	s, err := x.openCurrent()
	if err != nil {
		return nil, err
	}
	v, err := newView(s)
	if err != nil {
		return nil, errors.Join(err, s.bleve.Close())
	}
	x.shelf, x.view = s, v
	x.removeOthers()
	return x, nil
}

// openCurrent opens the shelf in use, or begins an empty one.
func (x *Index) openCurrent() (*shelf, error) {
	name, err := os.ReadFile(filepath.Join(x.dir, currentFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	if current := strings.TrimSpace(string(name)); isShelf(current) {
		s, err := openShelf(filepath.Join(x.dir, current), x.maker, x.log)
		if !errors.Is(err, errDamaged) {
			return s, err
		}
		x.log.Warn("search: the index is begun anew", "error", err)
	}
	fresh, s, err := x.begin()
	if err != nil {
		return nil, err
	}
	return s, x.name(fresh)
}

func isShelf(name string) bool {
	number, ok := strings.CutPrefix(name, shelfPrefix)
	_, err := strconv.ParseUint(number, 10, 32)
	return ok && err == nil
}

// begin makes an empty shelf under a name that is not taken.
func (x *Index) begin() (name string, s *shelf, err error) {
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return "", nil, fmt.Errorf("begin an index: %w", err)
	}
	var last uint64
	for _, e := range entries {
		if isShelf(e.Name()) {
			n, _ := strconv.ParseUint(strings.TrimPrefix(e.Name(), shelfPrefix), 10, 32)
			last = max(last, n)
		}
	}
	name = shelfPrefix + strconv.FormatUint(last+1, 10)
	s, err = newShelf(filepath.Join(x.dir, name), x.maker, x.log)
	return name, s, err
}

// name makes a shelf the one in use, also after a crash.
func (x *Index) name(shelf string) error {
	path := filepath.Join(x.dir, currentFile)
	f, err := os.CreateTemp(x.dir, currentFile)
	if err == nil {
		_, err = f.WriteString(shelf + "\n")
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("name the index in use: %w", err)
	}
	return nil
}

// removeOthers removes the shelves that are not in use. One that cannot be
// removed takes up room and does no harm.
func (x *Index) removeOthers() {
	name, err := os.ReadFile(filepath.Join(x.dir, currentFile))
	entries, err2 := os.ReadDir(x.dir)
	if err != nil || err2 != nil {
		x.log.Warn("search: old indexes are left", "error", errors.Join(err, err2))
		return
	}
	for _, e := range entries {
		old := isShelf(e.Name()) && e.Name() != strings.TrimSpace(string(name))
		unfinished := strings.HasPrefix(e.Name(), currentFile) && e.Name() != currentFile
		if !old && !unfinished {
			continue
		}
		if err := os.RemoveAll(filepath.Join(x.dir, e.Name())); err != nil {
			x.log.Warn("search: an old index is left", "error", err)
		}
	}
}

func newView(s *shelf) (*view, error) {
	reader, err := s.reader()
	if err != nil {
		return nil, err
	}
	s.views++
	return &view{reader: reader, mapping: s.mapping, shelf: s, cursor: s.cursor}, nil
}

// acquire takes the newest view for use; release gives it back.
func (x *Index) acquire() (*view, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, ErrClosed
	}
	if x.view.slots == nil {
		if err := x.view.fill(x.shelf.facts); err != nil {
			return nil, err
		}
	}
	x.view.users++
	return x.view, nil
}

func (x *Index) release(v *view) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v.users--
	x.retire(v)
}

// retire lets go of a view that is neither used nor the newest, and closes a
// shelf that was replaced once its last view is gone. x.mu is held.
func (x *Index) retire(v *view) {
	if v.users > 0 || v == x.view && !x.closed {
		return
	}
	err := v.reader.Close()
	v.shelf.views--
	if v.shelf.views == 0 && (v.shelf != x.shelf || x.closed) {
		err = errors.Join(err, v.shelf.bleve.Close())
	}
	if err != nil {
		x.log.Error("search: closing an index", "error", err)
	}
}

// Cursor is the change number up to which the index has seen the log.
func (x *Index) Cursor() int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.shelf.cursor
}

// Len is how many listings can be found.
func (x *Index) Len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.shelf.facts)
}

// Stale reports whether the index was built with another vocabulary: it
// answers, and should be rebuilt.
func (x *Index) Stale() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.shelf.stale
}

// Apply indexes a page of the change log: it puts in the activities that are
// published, takes out all others, and moves the cursor to the last change of
// the page, in one durable batch. Records at or before the cursor are left
// alone, so a page may come twice. Pages come in the order of the log.
func (x *Index) Apply(ctx context.Context, records []directory.Record) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	s, err := x.writable()
	if err != nil {
		return err
	}
	var news []directory.Record
	for _, r := range records {
		if r.Change > s.cursor {
			news = append(news, r)
		}
	}
	if len(news) == 0 {
		return nil
	}
	put, out, last := s.sort(news)
	return x.write(ctx, s, put, out, last)
}

// writable is the shelf in use. x.writing is held.
func (x *Index) writable() (*shelf, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, ErrClosed
	}
	return x.shelf, nil
}

// write writes to the shelf in use and shows the result. x.writing is held.
func (x *Index) write(ctx context.Context, s *shelf, put []directory.Activity, out []string, cursor int64) error {
	made, err := s.write(ctx, put, out, cursor, x.now())
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return ErrClosed
	}
	s.lay(made, cursor)
	return x.show(s)
}

// show makes the newest state of s what searches see. x.mu is held.
func (x *Index) show(s *shelf) error {
	v, err := newView(s)
	if err != nil {
		return err
	}
	old := x.view
	x.shelf, x.view = s, v
	x.retire(old)
	close(x.changed)
	x.changed = make(chan struct{})
	return nil
}

// refreshPage is how many listings Refresh writes at a time.
const refreshPage = 500

// Refresh computes the sessions of listings anew that were indexed so long ago
// that the furthest dates one may ask about are no longer among them. Calling
// it once a day is enough.
func (x *Index) Refresh(ctx context.Context) error {
	need := wallMinutes(x.now()) + (MaxRangeDays+2)*dayMinutes
	for {
		n, err := x.refreshPage(ctx, need)
		if err != nil {
			return fmt.Errorf("refresh the sessions: %w", err)
		}
		if n < refreshPage {
			return nil
		}
	}
}

func (x *Index) refreshPage(ctx context.Context, need int32) (int, error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	s, err := x.writable()
	if err != nil {
		return 0, err
	}
	var ids []string
	for id, f := range s.facts { // only writers change it, and x.writing is held
		if f.Horizon < need && len(ids) < refreshPage {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	activities, err := s.activities(ids)
	if err != nil {
		return 0, err
	}
	return len(ids), x.write(ctx, s, activities, nil, s.cursor)
}

// activities are the listings with these ids as the index keeps them.
func (s *shelf) activities(ids []string) (as []directory.Activity, err error) {
	reader, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, id := range ids {
		doc, err := reader.Document(id)
		if err != nil {
			return nil, fmt.Errorf("read activity %s: %w", id, err)
		}
		a, err := activityIn(doc)
		if err != nil {
			return nil, fmt.Errorf("read activity %s: %w", id, err)
		}
		as = append(as, a)
	}
	return as, nil
}

func activityIn(doc index.Document) (directory.Activity, error) {
	var a directory.Activity
	if doc == nil {
		return a, errDamaged
	}
	err := json.Unmarshal(storedText(doc, fieldActivity), &a)
	return a, err
}

// rebuildPage is how many changes Rebuild indexes at a time: larger batches
// take more memory and are no faster.
const rebuildPage = 1000

// Rebuild builds the index anew from the whole change log, beside the old one,
// which goes on answering and may go on following; then it takes its place in
// one step. An error leaves the old one as it was.
func (x *Index) Rebuild(ctx context.Context, source Source) error {
	x.rebuilding.Lock()
	defer x.rebuilding.Unlock()
	name, s, err := x.begin()
	if err != nil {
		return fmt.Errorf("rebuild the index: %w", err)
	}
	if err := x.rebuild(ctx, name, s, source); err != nil {
		return errors.Join(fmt.Errorf("rebuild the index: %w", err), s.bleve.Close(), os.RemoveAll(filepath.Join(x.dir, name)))
	}
	x.removeOthers()
	return nil
}

func (x *Index) rebuild(ctx context.Context, name string, s *shelf, source Source) error {
	if err := x.drain(ctx, s, source); err != nil {
		return err
	}
	// What came meanwhile, while nobody else writes: the new index must not
	// be behind the old.
	x.writing.Lock()
	defer x.writing.Unlock()
	if err := x.drain(ctx, s, source); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return ErrClosed
	}
	if err := x.name(name); err != nil {
		return err
	}
	return x.show(s)
}

// drain indexes all that source has after the cursor of a shelf that nobody
// sees yet.
func (x *Index) drain(ctx context.Context, s *shelf, source Source) error {
	for {
		records, err := source.Changes(ctx, s.cursor, rebuildPage)
		if err != nil {
			return fmt.Errorf("read the change log: %w", err)
		}
		if len(records) == 0 {
			return nil
		}
		put, out, last := s.sort(records)
		made, err := s.write(ctx, put, out, last, x.now())
		if err != nil {
			return err
		}
		s.lay(made, last)
	}
}

// maxWait is how long WaitFor waits: far longer than a healthy index takes,
// short enough for a request.
const maxWait = 5 * time.Second

// WaitFor returns once the index has seen a change number, at most after five
// seconds or when ctx ends: then with ErrNotYet or the context's error.
func (x *Index) WaitFor(ctx context.Context, change int64) error {
	timeout := time.NewTimer(maxWait)
	defer timeout.Stop()
	for {
		x.mu.Lock()
		seen, closed, changed := x.shelf.cursor, x.closed, x.changed
		x.mu.Unlock()
		switch {
		case seen >= change:
			return nil
		case closed:
			return ErrClosed
		}
		select {
		case <-changed:
		case <-timeout.C:
			return fmt.Errorf("wait for change %d, at %d: %w", change, seen, ErrNotYet)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close waits for a running write, and lets go of the index. Running searches
// end as they would have.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	close(x.changed)
	x.retire(x.view)
	return nil
}
