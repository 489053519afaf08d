package relevance

import (
	"benchmark/engines"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	_ "github.com/mattn/go-sqlite3" // needs the build tag sqlite_fts5
)

// scorer is a database that scores listings by words, in one of several ways.
type scorer interface {
	name() string
	// ways are the names of its settings.
	ways() []string
	// scores returns a score for each listing that has any of the words, by
	// its index in the corpus.
	scores(ctx context.Context, way int, words []string) (map[int]float64, error)
	close() error
}

// weighting is the weights of the four texts.
var weightings = [][4]float64{{1, 0.4, 0.2, 0.1}, {1, 0.6, 0.4, 0.15}, {1, 1, 0.5, 0.25}}

// postgres scores with ts_rank and ts_rank_cd.
type postgres struct {
	server *engines.Cluster
	conn   *pgx.Conn
}

// postgresFunctions are the ranking functions, each without normalisation and with
// that by the logarithm of a text's length.
var postgresFunctions = []struct {
	function string
	length   int
}{{"ts_rank", 0}, {"ts_rank", 1}, {"ts_rank_cd", 0}, {"ts_rank_cd", 1}}

func startPostgres(ctx context.Context, folder string, all [][4]string) (*postgres, error) {
	server, err := engines.StartCluster(ctx, filepath.Join(folder, "postgres"))
	if err != nil {
		return nil, err
	}
	p := &postgres{server: server}
	if p.conn, err = pgx.Connect(ctx, server.Address()); err != nil {
		return nil, errors.Join(err, p.close())
	}
	if _, err := p.conn.Exec(ctx, "CREATE EXTENSION unaccent; CREATE TABLE listing (number int PRIMARY KEY, words tsvector)"); err != nil {
		return nil, errors.Join(err, p.close())
	}
	for n, texts := range all {
		if _, err := p.conn.Exec(ctx, `INSERT INTO listing VALUES ($1, setweight(to_tsvector('english', unaccent($2)), 'A') || setweight(to_tsvector('english', unaccent($3)), 'B')
			|| setweight(to_tsvector('english', unaccent($4)), 'C') || setweight(to_tsvector('english', unaccent($5)), 'D'))`, n, texts[0], texts[1], texts[2], texts[3]); err != nil {
			return nil, errors.Join(err, p.close())
		}
	}
	return p, nil
}

func (p *postgres) name() string { return "PostgreSQL" }

func (p *postgres) ways() (all []string) {
	for _, f := range postgresFunctions {
		for _, w := range weightings {
			all = append(all, fmt.Sprintf("%s, weights %v, normalisation %d", f.function, w, f.length))
		}
	}
	return all
}

func (p *postgres) scores(ctx context.Context, way int, words []string) (map[int]float64, error) {
	f, w := postgresFunctions[way/len(weightings)], weightings[way%len(weightings)]
	// Weights go from D to A.
	rows, err := p.conn.Query(ctx, `SELECT number, `+f.function+`($1::float4[], words, q, $2) FROM listing,
		(SELECT replace(plainto_tsquery('english', unaccent($3))::text, '&', '|')::tsquery AS q) AS asked WHERE words @@ q`,
		[]float32{float32(w[3]), float32(w[2]), float32(w[1]), float32(w[0])}, f.length, strings.Join(words, " "))
	if err != nil {
		return nil, err
	}
	return collect(rows, 1)
}

func (p *postgres) close() error {
	var err error
	if p.conn != nil {
		err = p.conn.Close(context.Background())
	}
	return errors.Join(err, p.server.Stop())
}

// sqlite scores with the bm25 of FTS5.
type sqlite struct{ db *sql.DB }

func startSQLite(ctx context.Context, folder string, all [][4]string) (*sqlite, error) {
	db, err := sql.Open("sqlite3", filepath.Join(folder, "relevance.db"))
	if err != nil {
		return nil, err
	}
	s := &sqlite{db}
	if _, err := db.ExecContext(ctx, `CREATE VIRTUAL TABLE words USING fts5(title, label, brief, body, tokenize="porter unicode61 remove_diacritics 2")`); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	for n, texts := range all {
		if _, err := db.ExecContext(ctx, "INSERT INTO words(rowid, title, label, brief, body) VALUES (?,?,?,?,?)", n, texts[0], texts[1], texts[2], texts[3]); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return s, nil
}

func (s *sqlite) name() string { return "SQLite" }

func (s *sqlite) ways() (all []string) {
	for _, w := range weightings {
		all = append(all, fmt.Sprintf("bm25, weights %v", w))
	}
	return all
}

func (s *sqlite) scores(ctx context.Context, way int, words []string) (map[int]float64, error) {
	var quoted []string
	for _, w := range words {
		if !stopWords[w] { // FTS5 has no stop words
			quoted = append(quoted, `"`+w+`"`)
		}
	}
	if len(quoted) == 0 {
		return nil, nil
	}
	w := weightings[way]
	rows, err := s.db.QueryContext(ctx, "SELECT rowid, bm25(words, ?, ?, ?, ?) FROM words WHERE words MATCH ?", w[0], w[1], w[2], w[3], strings.Join(quoted, " OR "))
	if err != nil {
		return nil, err
	}
	return collect(sqlRows{rows}, -1) // the best of bm25 is the least
}

func (s *sqlite) close() error { return s.db.Close() }

// scored are rows of a number and a score, of either driver.
type scored interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close()
}

// sqlRows has a Close without a result, like pgx's rows: Err returns the error.
type sqlRows struct{ *sql.Rows }

func (r sqlRows) Close() { _ = r.Rows.Close() }

func collect(rows scored, sign float64) (map[int]float64, error) {
	defer rows.Close()
	all := map[int]float64{}
	for rows.Next() {
		var n int
		var score float64
		if err := rows.Scan(&n, &score); err != nil {
			return nil, err
		}
		all[n] = sign * score
	}
	return all, rows.Err()
}
