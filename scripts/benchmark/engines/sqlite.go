package engines

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/mattn/go-sqlite3" // needs the build tag sqlite_fts5

	"benchmark/listings"
	"benchmark/questions"
)

//go:embed sql/sqlite.sql
var sqliteTables string

// SQLite is SQLite with FTS5 and an R*Tree, in this process.
type SQLite struct {
	db       *sql.DB
	conns    [Workers]*sql.Conn
	corpus   *listings.Corpus
	facts    *listings.Facts
	stems    *listings.Stemmer
	rows     []int64 // row by number of the listing
	prepared [Workers]map[string]*sql.Stmt
}

// sqlitePragmas allow a cache for all data, and writes as durable as Gather's.
const sqlitePragmas = "?_journal_mode=WAL&_synchronous=FULL&_cache_size=-2000000&_mmap_size=8000000000&_temp_store=MEMORY"

// StartSQLite creates an empty database in folder.
func StartSQLite(ctx context.Context, folder string, corpus *listings.Corpus, facts *listings.Facts, stems *listings.Stemmer) (*SQLite, error) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, "sqlite.db")+sqlitePragmas)
	if err != nil {
		return nil, err
	}
	s := &SQLite{db: db, corpus: corpus, facts: facts, stems: stems}
	if _, err := db.ExecContext(ctx, sqliteTables); err != nil {
		return nil, errors.Join(fmt.Errorf("make SQLite's tables: %w", err), db.Close())
	}
	return s, nil
}

// Name returns "SQLite".
func (s *SQLite) Name() string { return "SQLite" }

// Measure is by the National Grid.
func (s *SQLite) Measure() questions.Measure { return questions.NationalGrid }

// Prepare does nothing.
func (s *SQLite) Prepare(context.Context, []*questions.Question) error { return nil }

// Build loads the corpus in the order of a space-filling curve, and creates the
// indexes.
func (s *SQLite) Build(ctx context.Context, words *questions.Dictionary) error {
	s.rows = make([]int64, s.corpus.Size)
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit it does nothing
	w, err := s.writer(ctx, tx)
	if err != nil {
		return err
	}
	for i, n := range s.corpus.ByPlace {
		s.rows[n] = int64(i + 1)
	}
	if err := listings.InOrder(ctx, s.corpus.Size, Workers, func(i int) (sqliteListing, error) { return s.read(int(s.corpus.ByPlace[i])) },
		func(l sqliteListing) error { return w.insert(ctx, s, l) }); err != nil {
		return fmt.Errorf("load SQLite: %w", err)
	}
	if err := s.loadWords(ctx, tx, words); err != nil {
		return err
	}
	for _, statement := range []string{
		"CREATE INDEX listing_newest ON listing (newest, id)", "CREATE INDEX interest_first ON interest (interest, number)",
		"INSERT INTO words(words) VALUES ('optimize')",
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("index SQLite: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	return s.connect(ctx)
}

// connect gives each worker a connection with a temporary table for its results.
func (s *SQLite) connect(ctx context.Context) (err error) {
	for i := range s.conns {
		if s.conns[i], err = s.db.Conn(ctx); err != nil {
			return err
		}
		s.prepared[i] = map[string]*sql.Stmt{}
		if _, err = s.conns[i].ExecContext(ctx, "CREATE TEMP TABLE base (number INTEGER PRIMARY KEY, id TEXT, access INTEGER, days INTEGER, pounds REAL, score REAL)"); err != nil {
			return err
		}
	}
	return nil
}

type sqliteWriter struct{ listing, body, interest, place, words *sql.Stmt }

func (s *SQLite) writer(ctx context.Context, tx *sql.Tx) (w sqliteWriter, err error) {
	for _, p := range []struct {
		to  **sql.Stmt
		sql string
	}{
		{&w.listing, "INSERT OR REPLACE INTO listing VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
		{&w.body, "INSERT OR REPLACE INTO body VALUES (?,?)"},
		{&w.interest, "INSERT OR IGNORE INTO interest VALUES (?,?)"},
		{&w.place, "INSERT OR REPLACE INTO place VALUES (?,?,?,?,?)"},
		{&w.words, "INSERT OR REPLACE INTO words(rowid, title, label, brief, body) VALUES (?,?,?,?,?)"},
	} {
		if *p.to, err = tx.PrepareContext(ctx, p.sql); err != nil {
			return w, err
		}
	}
	return w, nil
}

// sqliteListing is the data of a listing to write.
type sqliteListing struct {
	row   listings.Row
	doc   string
	texts [4]any // their stems
}

func (s *SQLite) read(n int) (l sqliteListing, err error) {
	a, err := s.corpus.Listing(n)
	if err != nil {
		return l, err
	}
	doc, err := s.corpus.Doc(n)
	l.row, l.doc = s.facts.Row(a), string(doc)
	for i, text := range []string{l.row.TitleText, l.row.LabelText, l.row.BriefText, l.row.Body} {
		l.texts[i] = strings.Join(s.stems.Stems(text), " ")
	}
	return l, err
}

// insert writes a listing and replaces its earlier version.
func (w sqliteWriter) insert(ctx context.Context, s *SQLite, l sqliteListing) error {
	r := l.row
	row := s.rows[r.Number]
	var east, north, lat, lon, catchment any
	if r.Venue {
		east, north, lat, lon = r.East, r.North, r.Position.Lat, r.Position.Lon
		if _, err := w.place.ExecContext(ctx, row, r.East, r.East, r.North, r.North); err != nil {
			return err
		}
	}
	if r.Catchment != nil {
		catchment = "|" + strings.Join(r.Catchment, "|") + "|"
	}
	if _, err := w.listing.ExecContext(ctx, row, r.ID, east, north, lat, lon, int64(r.Access), r.Days, r.Pounds, catchment, r.Radius, r.CentreEast, r.CentreNorth, -r.Updated); err != nil {
		return err
	}
	if _, err := w.body.ExecContext(ctx, row, l.doc); err != nil {
		return err
	}
	for _, i := range r.Interests {
		if _, err := w.interest.ExecContext(ctx, row, i); err != nil {
			return err
		}
	}
	_, err := w.words.ExecContext(ctx, append([]any{row}, l.texts[:]...)...)
	return err
}

func (s *SQLite) loadWords(ctx context.Context, tx *sql.Tx, words *questions.Dictionary) error {
	slip, err := tx.PrepareContext(ctx, "INSERT OR IGNORE INTO slip VALUES (?,?,?,?)")
	if err != nil {
		return err
	}
	for w, n := range words.Plain {
		stem := s.stems.Stem(w)
		if stem == "" {
			continue
		}
		for _, key := range slips(w) {
			if _, err := slip.ExecContext(ctx, key, w, stem, n); err != nil {
				return fmt.Errorf("load the words: %w", err)
			}
		}
	}
	insert, err := tx.PrepareContext(ctx, "INSERT OR IGNORE INTO completion VALUES (?,?,?,?)")
	if err != nil {
		return err
	}
	all, err := completions(ctx, s.corpus)
	if err != nil {
		return err
	}
	for _, p := range all {
		if _, err := insert.ExecContext(ctx, p.key, p.inside, p.kind, p.text); err != nil {
			return fmt.Errorf("load the suggestions: %w", err)
		}
	}
	return nil
}

// Update writes the revisions of the corpus, several to a transaction.
func (s *SQLite) Update(ctx context.Context) error {
	for ns := range slices.Chunk(s.corpus.Revisions(), updatesAtOnce) {
		if err := s.update(ctx, ns); err != nil {
			return fmt.Errorf("update SQLite: %w", err)
		}
	}
	return nil
}

func (s *SQLite) update(ctx context.Context, ns []int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit it does nothing
	w, err := s.writer(ctx, tx)
	if err != nil {
		return err
	}
	for _, n := range ns {
		if _, err := tx.ExecContext(ctx, "DELETE FROM interest WHERE number = ?", s.rows[n]); err != nil {
			return err
		}
		l, err := s.read(n)
		if err != nil {
			return err
		}
		if err := w.insert(ctx, s, l); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Close closes the database.
func (s *SQLite) Close() error {
	var errs []error
	for i, c := range s.conns {
		for _, statement := range s.prepared[i] {
			errs = append(errs, statement.Close())
		}
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(append(errs, s.db.Close())...)
}
