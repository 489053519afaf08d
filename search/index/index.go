package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search/complete"
	"gather/search/language"
	"gather/search/segment"
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
	// Synonyms is a file of an operator's own words, of the form that
	// synonyms.csv describes; empty for none. It is read after the built-in
	// ones. Open fails when it cannot be read; its faults are a
	// *directory.Invalid, by row. See RefreshSynonyms.
	Synonyms string
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
	dir      string
	words    *vocabulary.Vocabulary
	language *language.Interpreter
	encoder  segment.Encoder
	own      *language.SynonymFile
	now      func() time.Time
	log      *slog.Logger

	writing    sync.Mutex // held by whoever changes the disk index
	rebuilding sync.Mutex // held by a Rebuild
	compacting sync.WaitGroup
	// compactionRuns is guarded by writing.
	compactionRuns bool
	throttle       *throttle

	mu      sync.Mutex // guards what follows
	disk    *disk
	current *snapshot
	// mainUsers is how many snapshots use each main segment.
	mainUsers map[*segment.Main]int
	moved     time.Time     // see Moved
	caughtUp  time.Time     // see Activity
	changed   chan struct{} // closed at the next change
	closing   chan struct{} // closed by Close
	closed    bool
}

// Open opens the index in dir, and creates both when they are not there. An index
// that is damaged or of another version is replaced by an empty one, which a
// Follower fills. It fails within two seconds when another process has the index
// open.
func Open(dir string, o Options) (*Index, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	english, plain, err := language.NewAnalysers()
	if err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	own := &language.SynonymFile{Path: o.Synonyms}
	words, err := own.Read(o.Words)
	if err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	m := segment.Encoder{Vocabulary: o.Words, Places: o.Places, English: english, Plain: plain}
	in := language.NewInterpreter(o.Words, o.Places, english, plain, words)
	x := &Index{
		dir: dir, words: o.Words, language: in, encoder: m, own: own, now: o.Now, log: o.Log,
		mainUsers: map[*segment.Main]int{}, throttle: newThrottle(), changed: make(chan struct{}), closing: make(chan struct{}),
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	s, err := x.openCurrent()
	if err != nil {
		return nil, err
	}
	x.disk, x.current, x.moved = s, x.newSnapshot(s), x.now()
	x.removeOthers()
	return x, nil
}

// snapshot is what searches see of a disk index: its segments and completions
// as they were at a change number. It never changes; Index counts who uses it.
type snapshot struct {
	view        *segment.View
	completions *complete.Sets // of the main segment
	recent      complete.RecentCompletions
	disk        *disk
	cursor      int64
	users       int
}

// newSnapshot is a snapshot of the newest state of s. x.mu is held, or nobody
// else has x yet.
func (x *Index) newSnapshot(s *disk) *snapshot {
	s.snapshots++
	x.mainUsers[s.view.Main]++
	return &snapshot{view: s.view, completions: s.completions, recent: s.recent, disk: s, cursor: s.at.change}
}

// acquire takes the newest snapshot for use; release gives it back.
func (x *Index) acquire() (*snapshot, error) {
	x.throttle.noteSearch()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, ErrClosed
	}
	x.current.users++
	return x.current, nil
}

func (x *Index) release(v *snapshot) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v.users--
	x.retire(v)
}

// retire drops a snapshot that is neither used nor the newest, and closes the main
// segment and the disk index that it was the last to use. x.mu is held.
func (x *Index) retire(v *snapshot) {
	if v.users > 0 || v == x.current && !x.closed {
		return
	}
	var err error
	if x.mainUsers[v.view.Main]--; x.mainUsers[v.view.Main] == 0 {
		delete(x.mainUsers, v.view.Main)
		err = v.view.Main.Close()
	}
	if v.disk.snapshots--; v.disk.snapshots == 0 {
		err = errors.Join(err, v.disk.close())
	}
	if err != nil {
		x.log.Warn("search: an index could not be closed; its files use disk space until the process ends", "error", err)
	}
}

// Cursor is the change number up to which the index has seen the log.
func (x *Index) Cursor() int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.disk.at.change
}

// Len is how many listings can be found.
func (x *Index) Len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.current.view.Live
}

// Tail is the number of rows of the delta segment: see deltaShare for how many
// there may be.
func (x *Index) Tail() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.current.view.Delta.Len()
}

// Stale reports whether the index was built with another vocabulary, or most of
// its file of listings is out of date: it answers, and should be rebuilt.
func (x *Index) Stale() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.disk.stale.Load()
}

// Mark is the mark of the change at Cursor; empty where the log has none.
func (x *Index) Mark() directory.Mark {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.disk.at.mark
}

// Moved is when Cursor moved last, or the index was opened.
func (x *Index) Moved() time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.moved
}

// Apply indexes a page of the change log: it puts in the activities that are
// published, takes out all others, and moves the cursor to the last change of
// the page, in one durable batch. Records at or before the cursor are ignored,
// so a page may be applied twice. Pages come in the order of the log. After an
// error of the disk it fails until Recover has succeeded.
func (x *Index) Apply(ctx context.Context, records []directory.Record) error {
	return x.follow(ctx, records, func(directory.Record) directory.Mark { return "" })
}

// follow is Apply of records whose marks the log knows.
func (x *Index) follow(ctx context.Context, records []directory.Record, mark func(directory.Record) directory.Mark) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	s, err := x.writable()
	if err != nil {
		return err
	}
	var news []directory.Record
	for _, r := range records {
		if r.Change > s.at.change {
			news = append(news, r)
		}
	}
	if len(news) == 0 {
		return nil
	}
	put, out := s.split(news)
	return x.write(ctx, s, put, out, after(news, mark))
}

// inUse is the disk index in use. x.writing is held.
func (x *Index) inUse() (*disk, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, ErrClosed
	}
	return x.disk, nil
}

// writable is the disk index in use, or why it takes no writes. x.writing is
// held.
func (x *Index) writable() (*disk, error) {
	s, err := x.inUse()
	if err == nil {
		err = s.failure()
	}
	return s, err
}

// write writes to the disk index in use and publishes the result. x.writing is
// held.
func (x *Index) write(ctx context.Context, s *disk, put []directory.Activity, out []string, at position) error {
	made, err := s.write(ctx, put, out, at, x.now())
	if err != nil {
		return err
	}
	s.apply(made)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return ErrClosed
	}
	s.at = at
	x.publish(s)
	x.compact(s)
	return nil
}

// publish makes the newest state of s what searches see. x.mu is held.
func (x *Index) publish(s *disk) {
	old := x.current
	if old.cursor != s.at.change {
		x.moved = x.now()
	}
	if s.at.change < old.cursor {
		x.caughtUp = time.Time{} // it has to see changes again
	}
	x.disk, x.current = s, x.newSnapshot(s)
	x.retire(old)
	close(x.changed)
	x.changed = make(chan struct{})
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
		seen, closed, changed := x.disk.at.change, x.closed, x.changed
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

// Close waits for a running write and closes the index. Running searches finish.
func (x *Index) Close() error {
	if !x.close() {
		return nil
	}
	x.compacting.Wait()
	x.release(x.current)
	return nil
}

// close makes every method fail from now on, and reports whether none did yet.
func (x *Index) close() bool {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return false
	}
	x.closed = true
	close(x.changed)
	close(x.closing)
	// Held until what runs in the background has ended.
	x.current.users++
	return true
}
