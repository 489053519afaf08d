package engines

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"benchmark/listings"
	"benchmark/questions"
)

//go:embed sql/postgres.sql
var postgresTables string

//go:embed sql/indexes.sql
var postgresIndexes string

// Plans is how PostgreSQL makes plans.
type Plans string

// The ways to make plans that are tried: the best for a kind of question is
// what PostgreSQL is measured by.
const (
	CustomPlans Plans = "custom plans"
	AutoPlans   Plans = "auto plans"
	NoIndexScan Plans = "no plain index scan"
)

// AllPlans are the ways to make plans.
var AllPlans = []Plans{CustomPlans, AutoPlans, NoIndexScan}

var planSettings = map[Plans]string{
	CustomPlans: "SET plan_cache_mode = force_custom_plan; SET enable_indexscan = on",
	AutoPlans:   "SET plan_cache_mode = auto; SET enable_indexscan = on",
	NoIndexScan: "SET plan_cache_mode = force_custom_plan; SET enable_indexscan = off",
}

// Postgres is PostgreSQL with PostGIS.
type Postgres struct {
	cluster *cluster
	corpus  *listings.Corpus
	facts   *listings.Facts
	stems   *listings.Stemmer
	conns   [Workers]*pgx.Conn
	// Plans is the way in force, set by SetPlans.
	plans Plans
	// Version is what the server says of itself.
	Version string
}

// StartPostgres starts a server with an empty database in folder.
func StartPostgres(ctx context.Context, folder string, corpus *listings.Corpus, facts *listings.Facts, stems *listings.Stemmer) (*Postgres, error) {
	c, err := startCluster(ctx, folder)
	if err != nil {
		return nil, err
	}
	p := &Postgres{cluster: c, corpus: corpus, facts: facts, stems: stems}
	for i := range p.conns {
		if p.conns[i], err = pgx.Connect(ctx, c.address()); err != nil {
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

// SetPlans sets how plans are made.
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

// Name is "PostGIS".
func (p *Postgres) Name() string { return "PostGIS" }

// Measure is by the National Grid.
func (p *Postgres) Measure() questions.Measure { return questions.NationalGrid }

// Prepare has nothing to do.
func (p *Postgres) Prepare(context.Context, []*questions.Question) error { return nil }

var listingColumns = []string{"number", "id", "spot", "lat", "lon", "curve", "access", "days", "pounds", "interests", "catchment", "radius",
	"centre_east", "centre_north", "newest", "words"}

// Build loads the corpus and makes the indexes.
func (p *Postgres) Build(ctx context.Context, words *questions.Dictionary) error {
	c := p.conns[0]
	// A point goes in as well-known text, which COPY takes as it is.
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx) // after Commit it does nothing
	if _, err := tx.Exec(ctx, strings.NewReplacer("geometry(Point, 27700)", "text", "CREATE TABLE listing", "CREATE TEMP TABLE arriving",
		"words       tsvector", "words       text").Replace(tableOf(postgresTables, "listing"))); err != nil {
		return fmt.Errorf("load PostgreSQL: %w", err)
	}
	n := 0
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"arriving"}, listingColumns, pgx.CopyFromFunc(func() ([]any, error) {
		if n == p.corpus.Size {
			return nil, nil
		}
		row := p.facts.Row(p.corpus.Listing(n))
		n++
		return p.values(row), nil
	})); err != nil {
		return fmt.Errorf("load PostgreSQL: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO listing SELECT number, id, spot::geometry, lat, lon, curve, access, days, pounds, interests, catchment,
		radius, centre_east, centre_north, newest, words::tsvector FROM arriving; DROP TABLE arriving`); err != nil {
		return fmt.Errorf("load PostgreSQL: %w", err)
	}
	if err := p.loadBodies(ctx, tx); err != nil {
		return err
	}
	if err := p.loadWords(ctx, tx, words); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	// VACUUM does not run in a transaction, which several statements at once are.
	for _, statement := range strings.Split(postgresIndexes, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := c.Exec(ctx, statement); err != nil {
			return fmt.Errorf("index PostgreSQL: %w", err)
		}
	}
	return nil
}

// tableOf is the statement that makes one table.
func tableOf(statements, name string) string {
	from := strings.Index(statements, "CREATE TABLE "+name+" ")
	return statements[from : from+strings.Index(statements[from:], ");")+1]
}

func (p *Postgres) loadBodies(ctx context.Context, tx pgx.Tx) error {
	n := 0
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"body"}, []string{"number", "json"}, pgx.CopyFromFunc(func() ([]any, error) {
		if n == p.corpus.Size {
			return nil, nil
		}
		r, err := listings.Record(p.corpus.Listing(n), 0)
		n++
		return []any{n - 1, string(r.Doc)}, err
	}))
	if err != nil {
		return fmt.Errorf("load the bodies: %w", err)
	}
	return nil
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
	rows = rows[:0]
	for _, s := range prompts(p.corpus) {
		rows = append(rows, []any{s.key, s.inside, s.kind, s.text})
	}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"prompt"}, []string{"key", "inside", "kind", "text"}, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("load the suggestions: %w", err)
	}
	return nil
}

// values are the columns of a row.
func (p *Postgres) values(r listings.Row) []any {
	var spot any
	var lat, lon, centreEast, centreNorth any
	if r.Venue {
		spot, lat, lon = fmt.Sprintf("SRID=27700;POINT(%s %s)", exact(r.East), exact(r.North)), r.Position.Lat, r.Position.Lon
	}
	if r.Radius > 0 {
		centreEast, centreNorth = r.CentreEast, r.CentreNorth
	}
	interests := make([]int16, len(r.Interests))
	for i, n := range r.Interests {
		interests[i] = int16(n)
	}
	return []any{r.Number, r.ID, spot, lat, lon, curve(r), int64(r.Access), int(r.Days), r.Pounds, interests, r.Catchment, r.Radius,
		centreEast, centreNorth, -r.Updated, p.vector(r)}
}

func exact(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// curve is the place of a row along a Z-curve over its position, as a geohash
// would be.
func curve(r listings.Row) int64 {
	if !r.Venue {
		return -1
	}
	var z int64
	x, y := uint32((r.Position.Lon+10)*(1<<31)/15), uint32((r.Position.Lat-48)*(1<<31)/15)
	for bit := 30; bit >= 0; bit-- {
		z = z<<2 | int64(y>>bit&1)<<1 | int64(x>>bit&1)
	}
	return z & math.MaxInt64
}

// maxPositions is how many places of one word a tsvector keeps.
const maxPositions = 255

// vector writes the words of a row as a tsvector: stems, where they stand, and
// how much the text weighs.
func (p *Postgres) vector(r listings.Row) string {
	places := map[string][]string{}
	var order []string
	at := 0
	for i, text := range []string{r.TitleText, r.LabelText, r.BriefText, r.Body} {
		for _, stem := range p.stems.Stems(text) {
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
			a := p.corpus.Revised(n)
			r := p.facts.Row(a)
			v := p.values(r)
			batch.Queue(updateListing, r.Number, v[6], v[7], v[8], v[9], v[14], v[15])
			record, err := listings.Record(a, 0)
			if err != nil {
				return err
			}
			batch.Queue("UPDATE body SET json=$2 WHERE number=$1", r.Number, string(record.Doc))
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
	return errors.Join(append(errs, p.cluster.stop())...)
}
