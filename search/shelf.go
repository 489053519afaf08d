package search

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
	"go.etcd.io/bbolt"

	"gather/directory"
	"gather/directory/vocabulary"
)

// schema is the number of the form of documents and facts. Raise it when
// either changes: an index of another number is built anew.
const schema = 1

// The keys under which a shelf keeps what it knows of itself, written in the
// same batch as the documents.
var (
	keyCursor = []byte("gather cursor")
	keySchema = []byte("gather schema")
	keyWords  = []byte("gather words")
)

// lockWait is how long opening waits for another process to let go.
const lockWait = "1s"

// shelf is one Bleve index on the disk with the facts of its documents. One
// goroutine writes at a time.
type shelf struct {
	bleve   bleve.Index
	mapping mapping.IndexMapping
	maker   maker
	log     *slog.Logger

	facts  map[string]*facts
	cursor int64
	// views is how many views read it; guarded by the mutex of its Index.
	views int
	// stale is true when the vocabulary has changed since it was built.
	stale bool
}

// errDamaged marks a shelf that cannot be read and must be built anew.
var errDamaged = errors.New("the index is damaged or of another version")

// newShelf makes an empty shelf in a folder that does not exist yet.
func newShelf(folder string, m maker, log *slog.Logger) (*shelf, error) {
	described, err := newMapping()
	if err != nil {
		return nil, err
	}
	b, err := bleve.NewUsing(folder, described, bleve.Config.DefaultIndexType, bleve.Config.DefaultKVStore, map[string]any{"bolt_timeout": lockWait})
	if err != nil {
		return nil, fmt.Errorf("make an index: %w", err)
	}
	s := &shelf{bleve: b, mapping: described, maker: m, log: log, facts: map[string]*facts{}}
	batch := b.NewBatch()
	s.describe(batch, 0)
	if err := b.Batch(batch); err != nil {
		return nil, errors.Join(fmt.Errorf("make an index: %w", err), b.Close())
	}
	return s, nil
}

// openShelf opens a shelf; errDamaged says that it cannot be used.
func openShelf(folder string, m maker, log *slog.Logger) (s *shelf, err error) {
	// Bleve maps its files into memory, and reading a file that was cut short
	// panics instead of failing.
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("open the index: %v: %w", r, errDamaged)
		}
	}()
	b, err := bleve.OpenUsing(folder, map[string]any{"bolt_timeout": lockWait})
	if errors.Is(err, bbolt.ErrTimeout) {
		return nil, fmt.Errorf("open the index: another process has it open: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("open the index: %w: %w", err, errDamaged)
	}
	s = &shelf{bleve: b, mapping: b.Mapping(), maker: m, log: log, facts: map[string]*facts{}}
	if err := s.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the index: %w: %w", err, errDamaged), b.Close())
	}
	return s, nil
}

// describe puts what a shelf knows of itself into a batch.
func (s *shelf) describe(batch *bleve.Batch, cursor int64) {
	batch.SetInternal(keyCursor, binary.BigEndian.AppendUint64(nil, uint64(cursor)))
	batch.SetInternal(keySchema, binary.BigEndian.AppendUint64(nil, schema))
	batch.SetInternal(keyWords, binary.BigEndian.AppendUint64(nil, vocabularyNumber(s.maker.words)))
}

// load reads what the shelf knows of itself and the facts of all documents.
func (s *shelf) load() error {
	number := func(key []byte) (uint64, error) {
		b, err := s.bleve.GetInternal(key)
		if err == nil && len(b) != 8 {
			err = fmt.Errorf("there is no %s", key)
		}
		if err != nil {
			return 0, err
		}
		return binary.BigEndian.Uint64(b), nil
	}
	version, err := number(keySchema)
	if err != nil {
		return err
	}
	if version != schema {
		return fmt.Errorf("its schema is %d, not %d", version, schema)
	}
	words, err := number(keyWords)
	if err != nil {
		return err
	}
	cursor, err := number(keyCursor)
	if err != nil {
		return err
	}
	s.cursor, s.stale = int64(cursor), words != vocabularyNumber(s.maker.words)
	return s.eachDocument(func(id string, doc index.Document) error {
		var f facts
		if err := json.Unmarshal(storedText(doc, fieldFacts), &f); err != nil {
			return fmt.Errorf("read the facts of %s: %w", id, err)
		}
		s.facts[id] = &f
		return nil
	})
}

// eachDocument calls do with every document of the shelf.
func (s *shelf) eachDocument(do func(id string, doc index.Document) error) (err error) {
	reader, err := s.reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	docs, err := reader.DocIDReaderAll()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, docs.Close()) }()
	for {
		internal, err := docs.Next()
		if err != nil || internal == nil {
			return err
		}
		id, err := reader.ExternalID(internal)
		if err != nil {
			return err
		}
		doc, err := reader.Document(id)
		if err != nil {
			return err
		}
		if err := do(id, doc); err != nil {
			return err
		}
	}
}

// storedText is the text stored in one field of doc.
func storedText(doc index.Document, field string) []byte {
	var text []byte
	doc.VisitFields(func(f index.Field) {
		if f.Name() == field {
			text = f.Value()
		}
	})
	return text
}

// reader is a snapshot of the shelf. Whoever takes it closes it.
func (s *shelf) reader() (index.IndexReader, error) {
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

// write indexes activities and takes others out, and moves the cursor, in one
// batch that is on the disk when write returns. It answers the facts of what
// it wrote, nil of what it took out; the caller lays them over s.facts.
func (s *shelf) write(ctx context.Context, put []directory.Activity, out []string, cursor int64, now time.Time) (map[string]*facts, error) {
	batch := s.bleve.NewBatch()
	made := make(map[string]*facts, len(put)+len(out))
	for _, id := range out {
		batch.Delete(id)
		made[id] = nil
	}
	for i := range put {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := put[i].Public()
		f := s.maker.facts(&a, now)
		doc, err := s.maker.document(&a, f)
		if err != nil {
			return nil, err
		}
		if err := batch.Index(a.ID, doc); err != nil {
			return nil, fmt.Errorf("index activity %s: %w", a.ID, err)
		}
		made[a.ID] = f
	}
	s.describe(batch, cursor)
	if err := s.bleve.Batch(batch); err != nil {
		return nil, fmt.Errorf("index %d activities: %w", len(put), err)
	}
	return made, nil
}

// lay puts facts that write made over those of the shelf.
func (s *shelf) lay(made map[string]*facts, cursor int64) {
	for id, f := range made {
		if f == nil {
			delete(s.facts, id)
		} else {
			s.facts[id] = f
		}
	}
	s.cursor = cursor
}

// sort tells the activities in records that can be found from those that
// cannot (any more). Of a record that comes twice, the newest counts. A record
// that cannot be read is taken out: one bad document must not stop the rest.
func (s *shelf) sort(records []directory.Record) (put []directory.Activity, out []string, last int64) {
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
		if err != nil || a.Status != directory.StatusPublished || a.ID != r.ID {
			out = append(out, r.ID)
			continue
		}
		put = append(put, a)
	}
	return put, out, last
}

// vocabularyNumber is a number that changes when what is indexed of the
// interests does.
func vocabularyNumber(words *vocabulary.Vocabulary) uint64 {
	h := fnv.New64a()
	for _, t := range words.Interests() {
		fmt.Fprintf(h, "%q%q%q%q%q%q\n", t.ID, t.Label, t.LabelCy, t.Words, t.WordsCy, t.Broader)
	}
	return h.Sum64()
}
