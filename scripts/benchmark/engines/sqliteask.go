package engines

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"benchmark/listings"
	"benchmark/questions"
)

// query runs a statement, which is prepared once for each worker.
func (s *SQLite) query(ctx context.Context, worker int, statement string, args ...any) (*sql.Rows, error) {
	prepared, ok := s.prepared[worker][statement]
	if !ok {
		var err error
		if prepared, err = s.conns[worker].PrepareContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("prepare %s: %w", statement, err)
		}
		s.prepared[worker][statement] = prepared
	}
	return prepared.QueryContext(ctx, args...)
}

// strings returns one column.
func (s *SQLite) strings(ctx context.Context, worker int, statement string, args ...any) ([]string, error) {
	found, err := s.query(ctx, worker, statement, args...)
	if err != nil {
		return nil, err
	}
	return collect(sqlRows{found})
}

// sqlRows has a Close without a result, like pgx's rows: Err returns the error.
type sqlRows struct{ *sql.Rows }

func (r sqlRows) Close() { _ = r.Rows.Close() }

// Ask asks the database.
func (s *SQLite) Ask(ctx context.Context, worker int, q *questions.Question) (any, error) {
	switch q.Kind {
	case questions.Deep:
		return s.strings(ctx, worker, "SELECT id FROM listing WHERE (newest, id) > (?, ?) ORDER BY newest, id LIMIT 20", -q.After.Updated, q.After.ID)
	case questions.Suggesting:
		return s.strings(ctx, worker, `SELECT text FROM completion WHERE key >= ? AND key < ? || char(1114111)
			GROUP BY kind, text ORDER BY min(inside), kind, text LIMIT 8`, q.Beginning, q.Beginning)
	}
	stems := q.Stems
	if q.Kind == questions.Typo {
		var err error
		if stems, err = s.mended(ctx, worker, q); err != nil {
			return nil, err
		}
	}
	from, args := s.find(q, stems)
	// The rows found are stored once and counted several times.
	for _, statement := range []struct {
		sql  string
		args []any
	}{{"DELETE FROM temp.base", nil}, {"INSERT INTO temp.base " + from, args}} {
		found, err := s.query(ctx, worker, statement.sql, statement.args...)
		if err != nil {
			return nil, err
		}
		found.Next()
		if err := found.Close(); err != nil {
			return nil, err
		}
	}
	return s.count(ctx, worker, q)
}

// mended returns the stems of a question whose first word is misspelt.
func (s *SQLite) mended(ctx context.Context, worker int, q *questions.Question) ([]string, error) {
	keys := slips(q.Misspelt)
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	found, err := s.query(ctx, worker, "SELECT text, stem FROM slip WHERE key IN (?"+strings.Repeat(",?", len(keys)-1)+") GROUP BY text, stem ORDER BY max(listings) DESC, text", args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var stems []string
	for found.Next() {
		var text, stem string
		if err := found.Scan(&text, &stem); err != nil {
			return nil, err
		}
		if len(stems) < 3 && questions.OneEdit(text, q.Misspelt) {
			stems = append(stems, stem)
		}
	}
	for _, w := range strings.Fields(q.Query.Words)[1:] {
		if stem := s.stems.Stem(w); stem != "" {
			stems = append(stems, stem)
		}
	}
	return stems, found.Err()
}

// find returns the statement for the rows within reach that match the words.
func (s *SQLite) find(q *questions.Question, stems []string) (string, []any) {
	var args []any
	var where []string
	add := func(condition string, values ...any) {
		where = append(where, condition)
		args = append(args, values...)
	}
	from, score := "listing l", "0"
	if q.Here != nil || q.Box != nil {
		from += " JOIN place p ON p.number = l.number"
	}
	if len(stems) > 0 {
		from += " JOIN words ON words.rowid = l.number"
		score = "-0.55*bm25(words, 4.0, 2.5, 1.5, 0.6)"
	}
	if q.Here != nil {
		// These three are the first arguments wherever they are used.
		args = []any{q.Here.East, q.Here.North, q.Metres}
		score += " + 0.22*exp(-2.1*sqrt((l.east-?1)*(l.east-?1)+(l.north-?2)*(l.north-?2))/?3)"
		// The coordinates in the tree are rounded outwards.
		add("p.west <= ?1+?3 AND p.east >= ?1-?3 AND p.south <= ?2+?3 AND p.north >= ?2-?3")
		add("(l.east-?1)*(l.east-?1) + (l.north-?2)*(l.north-?2) <= ?3*?3")
		add("(l.radius = 0 OR (l.centre_east-?1)*(l.centre_east-?1) + (l.centre_north-?2)*(l.centre_north-?2) <= l.radius*l.radius)")
		add("(l.catchment IS NULL OR instr(l.catchment, ?) OR instr(l.catchment, ?))", "|"+q.Here.Outcode+"|", "|"+q.Here.District+"|")
	}
	if q.Box != nil {
		west, south, east, north := gridAround(q)
		add("p.west <= ? AND p.east >= ? AND p.south <= ? AND p.north >= ?", east, west, north, south)
		add("l.lat BETWEEN ? AND ? AND l.lon BETWEEN ? AND ?", q.Box.South, q.Box.North, q.Box.West, q.Box.East)
		add("EXISTS (SELECT 1 FROM interest i WHERE i.number = l.number AND i.interest = ?)", q.Interest)
		score = "-l.newest"
	}
	if len(stems) > 0 {
		add("words MATCH ?", `"`+strings.Join(stems, `" OR "`)+`"`)
	}
	return "SELECT l.number, l.id, l.access, l.days, l.pounds, " + score + " FROM " + from + " WHERE " + and(where...), args
}

// count reads the page and the facets from what was found.
func (s *SQLite) count(ctx context.Context, worker int, q *questions.Question) (any, error) {
	access, free, day := "1", "1", "1"
	if q.Access != questions.None {
		access = fmt.Sprintf("access & %d <> 0", int64(1)<<q.Access)
	}
	if q.Free {
		free = "pounds = 0"
	}
	if q.Day != questions.None {
		day = fmt.Sprintf("days & %d <> 0", 1<<q.Day)
	}
	hit := and(access, free, day)
	var r rows
	ids, err := s.strings(ctx, worker, "SELECT id FROM temp.base WHERE "+hit+" ORDER BY score DESC, id LIMIT 20")
	if err != nil {
		return nil, err
	}
	r.ids = ids
	columns := []string{"count(*) FILTER (WHERE " + hit + ")"}
	if len(q.Query.Facets) > 0 {
		columns = append(columns,
			count(len(s.facts.Access), and(free, day)+" AND access & %d <> 0", func(i int) any { return int64(1) << i }),
			count(7, and(access, free)+" AND days & %d <> 0", func(i int) any { return 1 << i }),
			count(len(listings.CostSteps), and(access, day)+" AND pounds >= 0 AND pounds <= %v", func(i int) any { return listings.CostSteps[i] }))
		r.access, r.days, r.cost = make([]int32, len(s.facts.Access)), make([]int32, 7), make([]int32, len(listings.CostSteps))
	}
	into := []any{&r.total}
	for _, list := range [][]int32{r.access, r.days, r.cost} {
		for i := range list {
			into = append(into, &list[i])
		}
	}
	found, err := s.query(ctx, worker, "SELECT "+strings.Join(columns, ",")+" FROM temp.base")
	if err != nil {
		return nil, err
	}
	found.Next()
	if err := found.Scan(into...); err != nil {
		return nil, err
	}
	if err := found.Close(); err != nil || len(q.Query.Facets) == 0 {
		return r, err
	}
	top, err := s.query(ctx, worker, "SELECT i.interest, count(*) AS n FROM temp.base b JOIN interest i ON i.number = b.number WHERE "+hit+" GROUP BY 1 ORDER BY n DESC, 1 LIMIT 50")
	if err != nil {
		return nil, err
	}
	defer top.Close()
	for top.Next() {
		var i, n int32
		if err := top.Scan(&i, &n); err != nil {
			return nil, err
		}
		r.interests, r.counts = append(r.interests, i), append(r.counts, n)
	}
	return r, top.Err()
}

// count returns an expression that counts the rows that meet each of n conditions.
func count(n int, condition string, value func(int) any) string {
	counts := make([]string, n)
	for i := range counts {
		counts[i] = "count(*) FILTER (WHERE " + fmt.Sprintf(condition, value(i)) + ")"
	}
	return strings.Join(counts, ",")
}

// Read decodes the reply of Ask.
func (s *SQLite) Read(q *questions.Question, reply any) Answer {
	if ids, ok := reply.([]string); ok {
		return Answer{Total: -1, IDs: ids}
	}
	return reply.(rows).answer(q, s.facts)
}
