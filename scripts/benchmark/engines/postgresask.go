package engines

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"benchmark/listings"
	"benchmark/questions"
)

// rows is the reply to a question with facets.
type rows struct {
	total             int
	ids               []string
	interests, counts []int32 // the most common interests and their counts
	access            []int32
	days, cost        []int32
}

// Ask asks the server with a prepared statement.
func (p *Postgres) Ask(ctx context.Context, worker int, q *questions.Question) (any, error) {
	c := p.conns[worker]
	var r rows
	switch q.Kind {
	case questions.Deep:
		found, err := c.Query(ctx, "SELECT id FROM listing WHERE (newest, id) > ($1, $2) ORDER BY newest, id LIMIT 20", -q.After.Updated, q.After.ID)
		if err != nil {
			return nil, err
		}
		return collect(found)
	case questions.Suggesting:
		found, err := c.Query(ctx, `SELECT text FROM completion WHERE key >= $1 AND key < $1 || chr(1114111)
			GROUP BY kind, text ORDER BY min(inside::int), kind, text LIMIT 8`, q.Beginning)
		if err != nil {
			return nil, err
		}
		return collect(found)
	case questions.Box:
		// The box is in degrees: a rectangle of the grid around it narrows first.
		west, south, east, north := gridAround(q)
		err := c.QueryRow(ctx, `WITH hit AS MATERIALIZED (SELECT newest, id FROM listing WHERE spot IS NOT NULL AND interests @> $9
			AND spot && ST_MakeEnvelope($1,$2,$3,$4,27700) AND lat BETWEEN $5 AND $6 AND lon BETWEEN $7 AND $8)
			SELECT (SELECT count(*) FROM hit), ARRAY(SELECT id FROM hit ORDER BY newest, id LIMIT 20)`,
			west, south, east, north, q.Box.South, q.Box.North, q.Box.West, q.Box.East, []int16{int16(q.Interest)}).Scan(&r.total, &r.ids)
		return r, err
	case questions.Typo:
		words, err := p.mended(ctx, worker, q)
		if err != nil {
			return nil, err
		}
		err = c.QueryRow(ctx, `WITH hit AS MATERIALIZED (SELECT id, ts_rank(words, $1::text::tsquery) AS score FROM listing WHERE words @@ $1::text::tsquery)
			SELECT (SELECT count(*) FROM hit), ARRAY(SELECT id FROM hit ORDER BY score DESC, id LIMIT 20)`, words).Scan(&r.total, &r.ids)
		return r, err
	}
	statement, args := p.counted(q)
	err := c.QueryRow(ctx, statement, args...).Scan(&r.total, &r.ids, &r.interests, &r.counts, &r.access, &r.days, &r.cost)
	return r, err
}

// mended returns the tsquery of a question with a misspelt word, which is
// corrected from the words of all listings.
func (p *Postgres) mended(ctx context.Context, worker int, q *questions.Question) (string, error) {
	found, err := p.conns[worker].Query(ctx, `SELECT stem FROM slip WHERE key = ANY($1)
		AND levenshtein_less_equal(text, $2, 1) = 1 GROUP BY text, stem, listings ORDER BY listings DESC, text LIMIT 3`, slips(q.Misspelt), q.Misspelt)
	if err != nil {
		return "", err
	}
	stems, err := collect(found)
	if err != nil {
		return "", err
	}
	for _, w := range strings.Fields(q.Query.Words)[1:] {
		if stem := p.stems.Stem(w); stem != "" {
			stems = append(stems, stem)
		}
	}
	return anyOf(stems), nil
}

// anyOf returns a tsquery for any of the stems.
func anyOf(stems []string) string {
	quoted := make([]string, len(stems))
	for i, s := range stems {
		quoted[i] = "'" + s + "'"
	}
	return strings.Join(quoted, " | ")
}

type stringRows interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close()
}

func collect(found stringRows) ([]string, error) {
	defer found.Close()
	var out []string
	for found.Next() {
		var s string
		if err := found.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, found.Err()
}

// counted returns the statement of a question with facets. Each facet ignores its
// own filter, so the rows within reach are found once and counted four times.
func (p *Postgres) counted(q *questions.Question) (string, []any) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where, score := "true", "0"
	if q.Here != nil {
		point := fmt.Sprintf("ST_SetSRID(ST_MakePoint(%s, %s), 27700)", arg(q.Here.East), arg(q.Here.North))
		where = "spot IS NOT NULL AND ST_DWithin(spot, " + point + ", " + arg(q.Metres) + ")" +
			" AND (catchment IS NULL OR catchment && " + arg([]string{q.Here.Outcode, q.Here.District}) + ")" +
			" AND (radius = 0 OR sqrt((centre_east-$1)*(centre_east-$1) + (centre_north-$2)*(centre_north-$2)) <= radius)"
		score = "0.22*exp(-2.1*ST_Distance(spot, " + point + ")/$3)"
	}
	if len(q.Stems) > 0 {
		words := arg(anyOf(q.Stems)) + "::text::tsquery"
		where += " AND words @@ " + words
		score += " + 0.55*ts_rank(words, " + words + ")"
	}
	access, free, day := "true", "true", "true"
	if q.Access != questions.None {
		access = "access & " + arg(int64(1)<<q.Access) + "::bigint <> 0"
	}
	if q.Free {
		free = "pounds = 0"
	}
	if q.Day != questions.None {
		day = "days & " + arg(1<<q.Day) + "::int <> 0"
	}
	return "WITH base AS MATERIALIZED (SELECT id, access, days, pounds, interests, " + score + " AS score FROM listing WHERE " + where + "), " +
		"hit AS (SELECT * FROM base WHERE " + and(access, free, day) + "), " +
		"top AS (SELECT i, count(*)::int AS n FROM hit, unnest(interests) AS i GROUP BY i ORDER BY n DESC, i LIMIT 50) " +
		"SELECT (SELECT count(*) FROM hit), ARRAY(SELECT id FROM hit ORDER BY score DESC, id LIMIT 20), " +
		"ARRAY(SELECT i::int FROM top), ARRAY(SELECT n FROM top), " +
		"(SELECT ARRAY[" + each(len(p.facts.Access), "access & %d <> 0", func(i int) any { return int64(1) << i }) + "] FROM base WHERE " + and(free, day) + "), " +
		"(SELECT ARRAY[" + each(7, "days & %d <> 0", func(i int) any { return 1 << i }) + "] FROM base WHERE " + and(access, free) + "), " +
		"(SELECT ARRAY[" + each(len(listings.CostSteps), "pounds >= 0 AND pounds <= %v", func(i int) any { return listings.CostSteps[i] }) + "] FROM base WHERE " + and(access, day) + ")", args
}

func and(conditions ...string) string { return strings.Join(conditions, " AND ") }

// each returns an expression that counts the rows that meet each of n conditions.
func each(n int, condition string, value func(int) any) string {
	counts := make([]string, n)
	for i := range counts {
		counts[i] = "count(*) FILTER (WHERE " + fmt.Sprintf(condition, value(i)) + ")::int"
	}
	return strings.Join(counts, ",")
}

// Read decodes the reply of Ask.
func (p *Postgres) Read(q *questions.Question, reply any) Answer {
	if ids, ok := reply.([]string); ok {
		return Answer{Total: -1, IDs: ids}
	}
	return reply.(rows).answer(q, p.facts)
}

func (r rows) answer(q *questions.Question, facts *listings.Facts) Answer {
	a := Answer{Total: r.total, IDs: r.ids}
	if len(q.Query.Facets) == 0 {
		return a
	}
	a.Counts = &questions.Counts{Interest: make([]int, len(facts.Interests)), Access: make([]int, len(facts.Access))}
	for i, interest := range r.interests {
		a.Counts.Interest[interest] = int(r.counts[i])
	}
	for i, n := range r.access {
		a.Counts.Access[i] = int(n)
	}
	for i, n := range r.days {
		a.Counts.Days[i] = int(n)
	}
	for i, n := range r.cost {
		a.Counts.Cost[i] = int(n)
	}
	return a
}
