package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"
	"go.etcd.io/bbolt"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/complete"
	"gather/search/segment"
)

// schema is the number of the form of documents and facts. Raise it when
// either changes: an index of another number is rebuilt.
const schema = 9

// The keys under which a disk index keeps what it knows of itself, written in the
// same batch as the documents.
var (
	keyCursor = []byte("gather cursor")
	keySchema = []byte("gather schema")
	keyWords  = []byte("gather words")
	keySize   = []byte("gather listings")
	keyMark   = []byte("gather mark")
)

// lockWait is how long opening waits for another process to close it.
const lockWait = "1s"

// ordinary configures Bleve for a disk index in use. Bleve changes the map.
func ordinary() map[string]any {
	return map[string]any{"bolt_timeout": lockWait, "scorchMergePlanOptions": map[string]any{}}
}

// disk is a disk index: words in Bleve, and the file of listings beside them.
// One goroutine writes at a time.
type disk struct {
	folder   string
	bleve    bleve.Index
	listings *segment.ListingFile
	encoder  segment.Encoder
	caches   tokenCaches
	log      *slog.Logger
	// vocabulary is the vocabularyNumber of the encoder's vocabulary.
	vocabulary uint64

	builder     *segment.ColumnBuilder
	view        *segment.View              // the newest state, published or not
	completions *complete.Sets             // of the main segment
	recent      complete.RecentCompletions // of the delta segment
	at          position
	// snapshots is how many use it; guarded by the mutex of its Index.
	snapshots int
	// failed is set once a write has failed, see fail.
	failed atomic.Pointer[failure]
	// reopened is true after a failure until something was written.
	reopened bool
	// stale is true when the vocabulary has changed since it was built, or
	// most of the file of listings is out of date.
	stale atomic.Bool
}

func emptyDisk(folder string, b bleve.Index, m segment.Encoder, log *slog.Logger) *disk {
	return &disk{folder: folder, bleve: b, encoder: m, caches: newTokenCaches(), log: log, vocabulary: vocabularyNumber(m.Vocabulary)}
}

// createDisk makes an empty disk index in a folder that does not exist yet, with a
// configuration of Bleve.
func createDisk(folder string, m segment.Encoder, log *slog.Logger, config map[string]any) (*disk, error) {
	described, err := segment.NewMapping()
	if err != nil {
		return nil, err
	}
	b, err := bleve.NewUsing(folder, described, bleve.Config.DefaultIndexType, bleve.Config.DefaultKVStore, config)
	if err != nil {
		return nil, fmt.Errorf("make an index: %w", err)
	}
	s := emptyDisk(folder, b, m, log)
	if s.listings, err = segment.OpenListings(filepath.Join(folder, segment.ListingsFile), 0); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	batch := b.NewBatch()
	s.describe(batch, position{})
	if err := b.Batch(batch); err != nil {
		return nil, errors.Join(fmt.Errorf("make an index: %w", err), s.close())
	}
	if err := s.load(runtime.GOMAXPROCS(0)); err != nil {
		return nil, errors.Join(fmt.Errorf("make an index: %w", err), s.close())
	}
	return s, nil
}

// openDisk opens a disk index; ErrDamaged says that it must be rebuilt.
func openDisk(folder string, m segment.Encoder, log *slog.Logger) (s *disk, err error) {
	// Bleve maps its files into memory, and reading a file that was cut short
	// panics instead of failing.
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("open the index: %v: %w", r, segment.ErrDamaged)
		}
	}()
	b, err := bleve.OpenUsing(folder, ordinary())
	if errors.Is(err, bbolt.ErrTimeout) {
		return nil, fmt.Errorf("open the index: another process has it open: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("open the index: %w: %w", err, segment.ErrDamaged)
	}
	s = emptyDisk(folder, b, m, log)
	if err := s.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the index: %w: %w", err, segment.ErrDamaged), s.close())
	}
	return s, nil
}

func (s *disk) close() error {
	var err error
	switch {
	case s.bleve == nil: // closed, and not opened again
	case s.failure() != nil:
		err = s.abandon()
	default:
		err = s.bleve.Close()
	}
	if s.listings != nil {
		err = errors.Join(err, s.listings.Close())
	}
	return err
}

// describe puts what a disk index knows of itself into a batch.
func (s *disk) describe(batch *bleve.Batch, at position) {
	for _, known := range []struct {
		key    []byte
		number uint64
	}{
		{keyCursor, uint64(at.change)}, {keySchema, schema}, {keyWords, s.vocabulary},
		{keySize, uint64(s.listings.Size)},
	} {
		batch.SetInternal(known.key, binary.BigEndian.AppendUint64(nil, known.number))
	}
	batch.SetInternal(keyMark, []byte(at.mark))
}

// open reads what the disk index knows of itself, and its listings.
func (s *disk) open() error {
	var known [4]uint64
	for i, key := range [][]byte{keySchema, keyWords, keyCursor, keySize} {
		b, err := s.bleve.GetInternal(key)
		if err == nil && len(b) != 8 {
			err = fmt.Errorf("there is no %s", key)
		}
		if err != nil {
			return err
		}
		known[i] = binary.BigEndian.Uint64(b)
	}
	if known[0] != schema {
		return fmt.Errorf("its schema is %d, not %d", known[0], schema)
	}
	mark, err := s.bleve.GetInternal(keyMark)
	if err != nil {
		return err
	}
	s.at = position{int64(known[2]), directory.Mark(mark)}
	s.stale.Store(known[1] != s.vocabulary)
	if s.listings, err = segment.OpenListings(filepath.Join(s.folder, segment.ListingsFile), int64(known[3])); err != nil {
		return err
	}
	return s.load(runtime.GOMAXPROCS(0))
}

// reader is a snapshot of the words, which the caller closes.
func (s *disk) reader() (index.IndexReader, error) {
	advanced, err := s.bleve.Advanced()
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	return reader, nil
}

// commitBatch commits a batch to Bleve with the position and the size of the file of
// listings, which were appended before it. After an error s has failed: it takes no
// more writes, and is opened again at the size that was committed last.
func (s *disk) commitBatch(batch *bleve.Batch, at position) error {
	s.describe(batch, at)
	if err := s.batchWithin(batch); err != nil {
		s.fail(err)
		return err
	}
	s.reopened = false
	return nil
}

// append appends entries to the file of listings. A failed append can be
// repeated, unless the disk did not say what of it is written.
func (s *disk) append(entries []segment.Entry) (at []int64, err error) {
	at, err = s.listings.Append(entries)
	if errors.Is(err, segment.ErrUnsynced) {
		s.fail(err)
	}
	return at, err
}

// rewrite writes listings whose words are as they were.
func (s *disk) rewrite(entries []segment.Entry) error {
	if _, err := s.append(entries); err != nil {
		return err
	}
	if err := s.commitBatch(s.bleve.NewBatch(), s.at); err != nil {
		return fmt.Errorf("write %d listings: %w", len(entries), err)
	}
	return nil
}

// apply adds written listings to the delta segment. Searches see them once the
// disk index is published.
func (s *disk) apply(written []segment.Indexed) {
	doc := int32(s.view.Len())
	s.view = s.view.Apply(written, s.builder)
	var fresh []complete.RecentCompletion
	for _, w := range written {
		if w.Facts != nil {
			fresh = append(fresh, complete.RecentOf(w.Facts, doc)...)
			doc++
		}
	}
	s.recent = s.recent.With(fresh)
}

// position is how far an index has followed a log: the number of the last change
// it has seen, and its mark, empty where the log has none.
type position struct {
	change int64
	mark   directory.Mark
}

// after is the position after records in their order, at least one.
func after(records []directory.Record, mark func(directory.Record) directory.Mark) position {
	last := records[len(records)-1]
	return position{change: last.Change, mark: mark(last)}
}

// split returns the activities in records that are to be indexed, and the ids of
// those to be taken out. Of a record that comes twice, the newest counts. A record
// that cannot be read is taken out: one bad document must not stop the rest. So are
// all listings of a group that is not public any more.
func (s *disk) split(records []directory.Record) (put []directory.Activity, out []string) {
	newest := map[string]int{}
	for i, r := range records {
		if r.Kind == directory.KindActivity {
			newest[r.ID] = i
		}
	}
	for i, r := range records {
		if at, ok := newest[r.ID]; !ok || at != i || r.Kind != directory.KindActivity {
			continue
		}
		if r.Gone {
			out = append(out, r.ID)
			continue
		}
		a, err := directory.ReadActivity(r)
		if err != nil {
			s.log.Error("search: a record cannot be read, so it is not found: mend or erase it", "id", r.ID, "change", r.Change, "error", err)
		}
		if err != nil || !a.Published() || a.ID != r.ID {
			out = append(out, r.ID)
			continue
		}
		put = append(put, a)
	}
	groups := withheld{}
	groups.read(s, records)
	put, out = groups.from(s, put, out)
	return put, out
}

// vocabularyNumber is a number that changes when what is indexed of the
// interests and of the choices does.
func vocabularyNumber(words *vocabulary.Vocabulary) uint64 {
	h := fnv.New64a()
	for _, t := range words.Interests() {
		fmt.Fprintf(h, "%q%q%q%q%q%q\n", t.ID, t.Label, t.LabelCy, t.Words, t.WordsCy, t.Broader)
	}
	for _, c := range search.Choices {
		fmt.Fprintf(h, "%q %t\n", c.Name, c.Stated != nil)
	}
	return h.Sum64()
}
