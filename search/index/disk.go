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
// either changes: an index of another number is built anew.
const schema = 6

// The keys under which a shelf keeps what it knows of itself, written in the
// same batch as the documents.
var (
	keyCursor = []byte("gather cursor")
	keySchema = []byte("gather schema")
	keyWords  = []byte("gather words")
	keySize   = []byte("gather listings")
)

// lockWait is how long opening waits for another process to let go.
const lockWait = "1s"

// ordinary is how Bleve works on a shelf that is in use. Bleve writes into it.
func ordinary() map[string]any {
	return map[string]any{"bolt_timeout": lockWait, "scorchMergePlanOptions": map[string]any{}}
}

// disk is one index on the disk: words in Bleve, and the listings beside them.
// One goroutine writes at a time.
type disk struct {
	bleve    bleve.Index
	listings *segment.ListingFile
	encoder  segment.Encoder
	caches   tokenCaches
	log      *slog.Logger
	// vocabulary is the vocabularyNumber of the maker's words.
	vocabulary uint64

	builder     *segment.ColumnBuilder
	view        *segment.View              // the newest state, published or not
	completions *complete.Sets             // of the main segment
	recent      complete.RecentCompletions // of the delta segment
	cursor      int64
	// snapshots is how many read it; guarded by the mutex of its Index.
	snapshots int
	// stale is true when the vocabulary has changed since it was built, or
	// most of the file of listings is out of date.
	stale atomic.Bool
}

func emptyDisk(b bleve.Index, m segment.Encoder, log *slog.Logger) *disk {
	return &disk{bleve: b, encoder: m, caches: newTokenCaches(), log: log, vocabulary: vocabularyNumber(m.Vocabulary)}
}

// createDisk makes an empty shelf in a folder that does not exist yet, in which
// Bleve works as works says.
func createDisk(folder string, m segment.Encoder, log *slog.Logger, works map[string]any) (*disk, error) {
	described, err := segment.NewMapping()
	if err != nil {
		return nil, err
	}
	b, err := bleve.NewUsing(folder, described, bleve.Config.DefaultIndexType, bleve.Config.DefaultKVStore, works)
	if err != nil {
		return nil, fmt.Errorf("make an index: %w", err)
	}
	s := emptyDisk(b, m, log)
	if s.listings, err = segment.OpenListings(filepath.Join(folder, segment.ListingsFile), 0); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	batch := b.NewBatch()
	s.describe(batch, 0)
	if err := b.Batch(batch); err != nil {
		return nil, errors.Join(fmt.Errorf("make an index: %w", err), s.close())
	}
	if err := s.load(runtime.GOMAXPROCS(0)); err != nil {
		return nil, errors.Join(fmt.Errorf("make an index: %w", err), s.close())
	}
	return s, nil
}

// openDisk opens a shelf; errDamaged says that it cannot be used.
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
	s = emptyDisk(b, m, log)
	if err := s.open(folder); err != nil {
		return nil, errors.Join(fmt.Errorf("open the index: %w: %w", err, segment.ErrDamaged), s.close())
	}
	return s, nil
}

func (s *disk) close() error {
	var err error
	if s.bleve != nil { // else it could not be opened again
		err = s.bleve.Close()
	}
	if s.listings != nil {
		err = errors.Join(err, s.listings.Close())
	}
	return err
}

// describe puts what a shelf knows of itself into a batch.
func (s *disk) describe(batch *bleve.Batch, cursor int64) {
	for _, known := range []struct {
		key    []byte
		number uint64
	}{
		{keyCursor, uint64(cursor)}, {keySchema, schema}, {keyWords, s.vocabulary},
		{keySize, uint64(s.listings.Size)},
	} {
		batch.SetInternal(known.key, binary.BigEndian.AppendUint64(nil, known.number))
	}
}

// open reads what the shelf knows of itself, and its listings.
func (s *disk) open(folder string) error {
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
	s.cursor = int64(known[2])
	s.stale.Store(known[1] != s.vocabulary)
	var err error
	if s.listings, err = segment.OpenListings(filepath.Join(folder, segment.ListingsFile), int64(known[3])); err != nil {
		return err
	}
	return s.load(runtime.GOMAXPROCS(0))
}

// reader is a snapshot of the words. Whoever takes it closes it.
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

// rewrite writes listings whose words are as they were.
func (s *disk) rewrite(entries []segment.Entry) error {
	before := s.listings.Size
	if _, err := s.listings.Append(entries); err != nil {
		return err
	}
	batch := s.bleve.NewBatch()
	s.describe(batch, s.cursor)
	if err := s.bleve.Batch(batch); err != nil {
		s.listings.Size = before // what was written does not count
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

// split tells the activities in records that can be found from those that
// cannot (any more). Of a record that comes twice, the newest counts. A record
// that cannot be read is taken out: one bad document must not stop the rest. So
// are all listings of a group that nobody may see any more.
func (s *disk) split(records []directory.Record) (put []directory.Activity, out []string, last int64) {
	newest := map[string]int{}
	for i, r := range records {
		if last = max(last, r.Change); r.Kind == directory.KindActivity {
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
			s.log.Error("search: a record cannot be read and is left out", "id", r.ID, "change", r.Change, "error", err)
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
	return put, out, last
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
