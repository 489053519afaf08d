// Package relevance is the judged corpus of search/testdata/relevance, and the
// measures by which an order of results is held against its judgements. The test
// of the index and the benchmark judge by it alike.
package relevance

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"gather/directory"
)

// Search is a search with the grades of what it should find.
type Search struct {
	// ID names the search and Kind who asks; Query is its query string.
	ID, Kind, Query string
	// Aside is true for a search that no weight is tuned on, Unmet for one that
	// nothing in the corpus answers.
	Aside, Unmet bool
	// Grades are 1 to 3 by the key of a listing; others have none.
	Grades map[string]int `json:"-"`
}

// Corpus is the judged directory.
type Corpus struct {
	// Activities are its listings, published and located. Their ids carry
	// their place in it, and Keys are their names in the judgements, by id.
	Activities []directory.Activity
	Keys       map[string]string
	Searches   []*Search
}

// readLines reads one JSON value a line.
func readLines[T any](path string) (all []T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one T
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		all = append(all, one)
	}
	if err := lines.Err(); err != nil || len(all) == 0 {
		return nil, errors.Join(fmt.Errorf("read %s: %d values", path, len(all)), err)
	}
	return all, nil
}

// Read reads the corpus in a folder, search/testdata/relevance.
func Read(folder string, places directory.Gazetteer) (*Corpus, error) {
	type line struct {
		Key, Group, Confirmed string
		directory.Details
	}
	lines, err := readLines[line](filepath.Join(folder, "corpus.jsonl"))
	if err != nil {
		return nil, err
	}
	c := &Corpus{Keys: map[string]string{}}
	groups := map[string]string{}
	for i, l := range lines {
		confirmed, err := time.Parse(time.DateOnly, l.Confirmed)
		if err != nil {
			return nil, err
		}
		if groups[l.Group] == "" {
			groups[l.Group] = fmt.Sprintf("00000000-0000-4000-9000-%012d", len(groups))
		}
		a := directory.Activity{
			ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), Group: groups[l.Group], GroupName: l.Group, Status: directory.StatusPublished,
			Created: confirmed, Updated: confirmed, Checked: directory.Checked{At: confirmed, By: "publisher", How: "owner"}, Details: l.Details,
		}
		if v := a.Venue; v != nil {
			at, err := places.Postcode(v.Address.Postcode)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", l.Key, err)
			}
			a.Located = &at
		}
		c.Keys[a.ID] = l.Key
		c.Activities = append(c.Activities, a)
	}
	return c, c.readSearches(folder)
}

func (c *Corpus) readSearches(folder string) (err error) {
	if c.Searches, err = readLines[*Search](filepath.Join(folder, "queries.jsonl")); err != nil {
		return err
	}
	byID := map[string]*Search{}
	for _, j := range c.Searches {
		j.Grades = map[string]int{}
		byID[j.ID] = j
	}
	f, err := os.Open(filepath.Join(folder, "judgements.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		grade, err := strconv.Atoi(row[2])
		if err != nil || byID[row[0]] == nil {
			return errors.Join(fmt.Errorf("judgement %q is of no search", row), err)
		}
		byID[row[0]].Grades[row[1]] = grade
	}
	return nil
}
