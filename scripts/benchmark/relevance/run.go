package relevance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"benchmark/listings"
	"benchmark/marked"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search/relevance"
)

// stopWords are the stop words for a database without a list of its own: those of
// the English analyser that listings.Stemmer uses.
var stopWords = map[string]bool{}

// distanceWeights are the weights of nearness to try, where the best score of the
// words is 1. decay is how fast nearness falls: to a third at the search's radius.
var distanceWeights = []float64{0, 0.1, 0.2, 0.4, 0.8}

const decay = 1.1

// sums are the measures by set and kind: "tuned on", "link-worker, tuned on".
type sums map[string]*relevance.Measures

func (s sums) add(j *relevance.Search, keys []string) {
	set := "tuned on"
	if j.Aside {
		set = "aside"
	}
	for _, name := range []string{"all, " + set, j.Kind + ", " + set} {
		if s[name] == nil {
			s[name] = &relevance.Measures{}
		}
		s[name].Add(j, keys)
	}
}

// outcome is the measures of one engine.
type outcome struct {
	engine, set string // set is its settings
	tried       int
	sums        sums
}

// Write judges all engines and writes docs/measurements/relevance.md of the
// project in root, and the totals in docs/relevance.md.
func Write(ctx context.Context, root string) (err error) {
	folder, err := os.MkdirTemp("", "gather-relevance-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	words, err := vocabulary.Default()
	if err != nil {
		return err
	}
	places, err := gazetteer.Open("")
	if err != nil {
		return err
	}
	c, err := relevance.Read(filepath.Join(root, "search", "testdata", "relevance"), places)
	if err != nil {
		return err
	}
	outcomes, err := judge(ctx, folder, c, words, places)
	if err != nil {
		return err
	}
	text := document(c, outcomes)
	fmt.Print(text)
	docs := filepath.Join(root, "docs")
	if err := os.WriteFile(filepath.Join(docs, "measurements", "relevance.md"), []byte(text), 0o644); err != nil {
		return err
	}
	return marked.Write(filepath.Join(docs, "relevance.md"), "totals", totals(outcomes))
}

func judge(ctx context.Context, folder string, c *relevance.Corpus, words *vocabulary.Vocabulary, places *gazetteer.Gazetteer) (all []outcome, err error) {
	g, err := openGather(ctx, folder, c, words, places)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	own := outcome{engine: "Gather", sums: sums{}}
	for _, j := range c.Searches {
		keys, err := g.rank(ctx, j)
		if err != nil {
			return nil, err
		}
		own.sums.add(j, keys)
	}
	all = append(all, own)
	var given [][4]string
	for _, a := range c.Activities {
		given = append(given, texts(a, words))
	}
	b := &bench{corpus: c, gather: g, dictionary: newDictionary(given)}
	if err := b.prepare(ctx); err != nil {
		return nil, err
	}
	p, err := startPostgres(ctx, folder, given)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	s, err := startSQLite(ctx, folder, given)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	for _, d := range []scorer{p, s} {
		for _, mended := range []bool{false, true} {
			best, err := b.best(ctx, d, mended)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", d.name(), err)
			}
			all = append(all, best)
		}
	}
	return all, nil
}

// bench holds the corpus and the searches that databases are judged with.
type bench struct {
	corpus     *relevance.Corpus
	gather     *gather
	dictionary dictionary
	searches   []asked
}

// asked is a search in the form for databases.
type asked struct {
	*relevance.Search
	words    []string
	eligible []near
}

// prepare finds the listings that pass each search's filters.
func (b *bench) prepare(ctx context.Context) error {
	stems, err := listings.NewStemmer()
	if err != nil {
		return err
	}
	for _, j := range b.corpus.Searches {
		q, err := b.gather.query(j)
		if err != nil {
			return err
		}
		a := asked{Search: j, words: listings.Split(q.Words)}
		if a.eligible, err = b.gather.eligible(ctx, j); err != nil {
			return err
		}
		for _, w := range a.words {
			stopWords[w] = stems.Stem(w) == ""
		}
		b.searches = append(b.searches, a)
	}
	return nil
}

// best tries every setting of a database, with unknown words corrected or as
// typed, and returns the one with the highest nDCG over the searches that are not
// held out.
func (b *bench) best(ctx context.Context, d scorer, mended bool) (outcome, error) {
	best := outcome{engine: d.name()}
	if mended {
		best.engine += ", words mended"
	}
	for way, described := range d.ways() {
		found, err := b.scores(ctx, d, way, mended)
		if err != nil {
			return best, err
		}
		for _, w := range distanceWeights {
			best.tried++
			s := sums{}
			for i, a := range b.searches {
				s.add(a.Search, b.order(a, found[i], w))
			}
			if best.sums == nil || s["all, tuned on"].NDCG() > best.sums["all, tuned on"].NDCG() {
				best.sums, best.set = s, fmt.Sprintf("%s; nearness %v", described, w)
			}
		}
	}
	return best, nil
}

func (b *bench) scores(ctx context.Context, d scorer, way int, mended bool) (all []map[int]float64, err error) {
	for _, a := range b.searches {
		words := a.words
		if mended {
			words = b.dictionary.mend(words)
		}
		found, err := d.scores(ctx, way, words)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", strings.Join(words, " "), err)
		}
		all = append(all, found)
	}
	return all, nil
}

// order returns the keys of the first page of listings that pass the filters and
// have a word, by score and nearness.
func (b *bench) order(a asked, found map[int]float64, distance float64) (keys []string) {
	type hit struct {
		key   string
		score float64
	}
	var hits []hit
	most := 0.0
	for _, n := range a.eligible {
		if score, ok := found[number(n.id)]; ok {
			most = max(most, score)
			hits = append(hits, hit{b.corpus.Keys[n.id], score})
		}
	}
	at := 0
	for _, n := range a.eligible {
		if _, ok := found[number(n.id)]; !ok {
			continue
		}
		if most > 0 {
			hits[at].score /= most
		}
		if n.far >= 0 {
			hits[at].score += distance * math.Exp(-decay*n.far)
		}
		at++
	}
	slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Or(cmp.Compare(y.score, x.score), strings.Compare(x.key, y.key)) })
	for _, h := range hits[:min(len(hits), relevance.FoundDepth)] {
		keys = append(keys, h.key)
	}
	return keys
}

// number returns the index of a listing in the corpus, which is part of its id.
func number(id string) (n int) {
	fmt.Sscanf(id[len(id)-12:], "%012d", &n)
	return n
}
