package engines

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"benchmark/listings"
	"benchmark/questions"
)

//go:embed sql/postgres.sql
var postgresTables string

//go:embed sql/indexes.sql
var postgresIndexes string

//go:embed sql/words.sql
var postgresWords string

// Plans is a planner setting of PostgreSQL.
type Plans string

// The planner settings that are tried; PostgreSQL is measured with the best for
// each kind of question.
const (
	CustomPlans Plans = "custom plans"
	AutoPlans   Plans = "auto plans"
	NoIndexScan Plans = "no plain index scan"
)

// AllPlans are the planner settings, with short names.
var AllPlans = []struct {
	Name  string
	Plans Plans
}{{"custom", CustomPlans}, {"auto", AutoPlans}, {"noindexscan", NoIndexScan}}

var planSettings = map[Plans]string{
	CustomPlans: "SET plan_cache_mode = force_custom_plan; SET enable_indexscan = on",
	AutoPlans:   "SET plan_cache_mode = auto; SET enable_indexscan = on",
	NoIndexScan: "SET plan_cache_mode = force_custom_plan; SET enable_indexscan = off",
}

// Postgres is PostgreSQL with PostGIS.
type Postgres struct {
	cluster *Cluster
	corpus  *listings.Corpus
	facts   *listings.Facts
	stems   *listings.Stemmer
	conns   [Workers]*pgx.Conn
	// Plans is the current setting, see SetPlans.
	plans Plans
	// Version is the server's version text.
	Version string
}

// StartPostgres starts a server with an empty database in folder.
func StartPostgres(ctx context.Context, folder string, corpus *listings.Corpus, facts *listings.Facts, stems *listings.Stemmer) (*Postgres, error) {
	c, err := StartCluster(ctx, folder)
	if err != nil {
		return nil, err
	}
	p := &Postgres{cluster: c, corpus: corpus, facts: facts, stems: stems}
	for i := range p.conns {
		if p.conns[i], err = pgx.Connect(ctx, c.Address()); err != nil {
			return nil, errors.Join(fmt.Errorf("connect to PostgreSQL: %w", err), p.Close())
		}
	}
	if err := p.conns[0].QueryRow(ctx, "SELECT version()").Scan(&p.Version); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	if _, err := p.conns[0].Exec(ctx, postgresTables); err != nil {
		return nil, errors.Join(fmt.Errorf("make the tables: %w", err), p.Close())
	}
	return p, nil
}

// SetPlans changes the planner setting.
func (p *Postgres) SetPlans(ctx context.Context, plans Plans) error {
	p.plans = plans
	for _, c := range p.conns {
		if c == nil {
			continue
		}
		if err := c.DeallocateAll(ctx); err != nil {
			return err
		}
		if _, err := c.Exec(ctx, planSettings[plans]); err != nil {
			return fmt.Errorf("set the plans: %w", err)
		}
	}
	return nil
}

// Name returns "PostGIS".
func (p *Postgres) Name() string { return "PostGIS" }

// Measure is by the National Grid.
func (p *Postgres) Measure() questions.Measure { return questions.NationalGrid }

// Prepare does nothing.
func (p *Postgres) Prepare(context.Context, []*questions.Question) error { return nil }

// Build loads the corpus and makes the indexes.
func (p *Postgres) Build(ctx context.Context, words *questions.Dictionary) error {
	tx, err := p.conns[0].Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx) // after Commit it does nothing
	// COPY into a table that the same transaction truncated needs no WAL, and
	// its rows are frozen from the start.
	if _, err := tx.Exec(ctx, "TRUNCATE listing, body, slip, completion"); err != nil {
		return fmt.Errorf("load PostgreSQL: %w", err)
	}
	if err := p.loadListings(ctx, tx); err != nil {
		return err
	}
	if err := p.loadWords(ctx, tx, words); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	// The index of words takes as long as all others together, so it gets one of
	// the two connections to itself.
	var all sync.WaitGroup
	var errs [Workers]error
	for i, statements := range []string{postgresWords, postgresIndexes} {
		all.Go(func() { errs[i] = statement(ctx, p.conns[i], statements) })
	}
	all.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("index PostgreSQL: %w", err)
	}
	if _, err := p.conns[0].Exec(ctx, "VACUUM (FREEZE, ANALYZE)"); err != nil {
		return fmt.Errorf("index PostgreSQL: %w", err)
	}
	return nil
}

// statement runs statements one after the other.
func statement(ctx context.Context, c *pgx.Conn, statements string) error {
	for _, s := range strings.Split(statements, ";\n") {
		if strings.TrimSpace(s) == "" {
			continue
		}
		if _, err := c.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// loadListings copies the listings in the order of a space-filling curve, which
// clusters the tables by it.
func (p *Postgres) loadListings(ctx context.Context, tx pgx.Tx) error {
	if err := p.copyLines(ctx, tx, "listing", p.line); err != nil {
		return err
	}
	return p.copyLines(ctx, tx, "body", func(n int) (string, error) {
		doc, err := p.corpus.Doc(n)
		return strconv.Itoa(n) + "\t" + strings.ReplaceAll(string(doc), `\`, `\\`) + "\n", err
	})
}

// copyLines copies a line of each listing to a table, in the text format of COPY.
func (p *Postgres) copyLines(ctx context.Context, tx pgx.Tx, table string, line func(n int) (string, error)) error {
	read, write := io.Pipe()
	var making sync.WaitGroup
	making.Go(func() {
		w := bufio.NewWriterSize(write, 1<<20)
		err := listings.InOrder(ctx, p.corpus.Size, Workers, func(i int) (string, error) { return line(int(p.corpus.ByPlace[i])) },
			func(s string) error {
				_, err := w.WriteString(s)
				return err
			})
		write.CloseWithError(errors.Join(err, w.Flush()))
	})
	_, err := tx.Conn().PgConn().CopyFrom(ctx, read, "COPY "+table+" FROM STDIN (FREEZE)")
	read.CloseWithError(err)
	making.Wait()
	if err != nil {
		return fmt.Errorf("load PostgreSQL's table %s: %w", table, err)
	}
	return nil
}

// line returns the line of a listing. A point is written as well-known text.
func (p *Postgres) line(n int) (string, error) {
	a, err := p.corpus.Listing(n)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, v := range p.values(p.facts.Row(a)) {
		if i > 0 {
			b.WriteByte('\t')
		}
		switch v := v.(type) {
		case nil:
			b.WriteString(`\N`)
		case float64:
			b.WriteString(exact(v))
		case []int16:
			b.WriteString("{" + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(v)), ","), "[]") + "}")
		case []string:
			b.WriteString(`{"` + strings.Join(v, `","`) + `"}`)
		default:
			fmt.Fprint(&b, v)
		}
	}
	b.WriteByte('\n')
	return b.String(), nil
}

func (p *Postgres) loadWords(ctx context.Context, tx pgx.Tx, words *questions.Dictionary) error {
	var rows [][]any
	for w, n := range words.Plain {
		stem := p.stems.Stem(w)
		if stem == "" {
			continue
		}
		for _, key := range slips(w) {
			rows = append(rows, []any{key, w, stem, n})
		}
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"slip"}, []string{"key", "text", "stem", "listings"}, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("load the words: %w", err)
	}
	all, err := completions(ctx, p.corpus)
	if err != nil {
		return err
	}
	// In the order of their keys, which clusters the table by them.
	slices.SortFunc(all, func(a, b completion) int { return strings.Compare(a.key, b.key) })
	n := 0
	next := func() ([]any, error) {
		if n == len(all) {
			return nil, nil
		}
		s := all[n]
		n++
		return []any{s.key, s.inside, s.kind, s.text}, nil
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"completion"}, []string{"key", "inside", "kind", "text"}, pgx.CopyFromFunc(next)); err != nil {
		return fmt.Errorf("load the suggestions: %w", err)
	}
	return nil
}

// values returns the columns of a row, in their order in the table.
func (p *Postgres) values(r listings.Row) []any {
	var spot, lat, lon, centreEast, centreNorth, catchment any
	if r.Venue {
		spot, lat, lon = fmt.Sprintf("SRID=27700;POINT(%s %s)", exact(r.East), exact(r.North)), r.Position.Lat, r.Position.Lon
	}
	if r.Radius > 0 {
		centreEast, centreNorth = r.CentreEast, r.CentreNorth
	}
	if r.Catchment != nil {
		catchment = r.Catchment
	}
	interests := make([]int16, len(r.Interests))
	for i, n := range r.Interests {
		interests[i] = int16(n)
	}
	return []any{r.Number, r.ID, spot, lat, lon, int64(r.Access), int(r.Days), r.Pounds, interests, catchment, r.Radius,
		centreEast, centreNorth, -r.Updated, p.vector(r)}
}

func exact(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// maxPositions is the greatest number of positions of one word in a tsvector.
const maxPositions = 255

// vector returns the words of a row as a tsvector: stems, positions, and the
// weights of the texts.
func (p *Postgres) vector(r listings.Row) string {
	return vector(p.stems, r.TitleText, r.LabelText, r.BriefText, r.Body)
}

// vector returns up to four texts as a tsvector, the one with most weight first.
func vector(stems *listings.Stemmer, texts ...string) string {
	places := map[string][]string{}
	var order []string
	at := 0
	for i, text := range texts {
		for _, stem := range stems.Stems(text) {
			at++
			if places[stem] == nil {
				order = append(order, stem)
			}
			if len(places[stem]) < maxPositions {
				places[stem] = append(places[stem], strconv.Itoa(at)+string("ABCD"[i]))
			}
		}
	}
	var b strings.Builder
	for _, stem := range order {
		b.WriteString("'" + stem + "':" + strings.Join(places[stem], ",") + " ")
	}
	return b.String()
}

const updateListing = `UPDATE listing SET access=$2, days=$3, pounds=$4, interests=$5, newest=$6, words=$7::text::tsvector WHERE number=$1`

// Update writes the revisions of the corpus, several to a transaction as
// Gather does.
func (p *Postgres) Update(ctx context.Context) error {
	ns := p.corpus.Revisions()
	for len(ns) > 0 {
		batch := &pgx.Batch{}
		now := ns[:min(len(ns), updatesAtOnce)]
		ns = ns[len(now):]
		for _, n := range now {
			a, err := p.corpus.Listing(n)
			if err != nil {
				return err
			}
			doc, err := p.corpus.Doc(n)
			if err != nil {
				return err
			}
			v := p.values(p.facts.Row(a))
			batch.Queue(updateListing, n, v[5], v[6], v[7], v[8], v[13], v[14])
			batch.Queue("UPDATE body SET json=$2 WHERE number=$1", n, string(doc))
		}
		if err := p.conns[0].SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("update PostgreSQL: %w", err)
		}
	}
	return nil
}

// Close stops the server.
func (p *Postgres) Close() error {
	var errs []error
	for _, c := range p.conns {
		if c != nil {
			errs = append(errs, c.Close(context.Background()))
		}
	}
	return errors.Join(append(errs, p.cluster.Stop())...)
}
