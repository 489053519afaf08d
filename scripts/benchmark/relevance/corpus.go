// Package relevance judges in what order Gather and the databases answer the
// searches of search/testdata/relevance.
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
	"strings"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// now is the day on which the corpus stands.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// judged is a search with the grades of what it should find.
type judged struct {
	ID, Kind, Query string
	Aside, Unmet    bool
	grades          map[string]int // by key
}

// corpus is the judged directory.
type corpus struct {
	activities []directory.Activity
	keys       map[string]string // by id
	searches   []*judged
}

// texts are what a database is given of a listing, the weightiest first: the
// title, the labels and other names of its interests, what is short, and the
// rest.
func texts(a directory.Activity, words *vocabulary.Vocabulary) [4]string {
	var labels []string
	for _, id := range a.Interests {
		if t, ok := words.Interest(id); ok {
			labels = append(append(append(labels, t.Label, t.LabelCy), t.Words...), t.WordsCy...)
		}
	}
	brief := a.Summary + " " + a.GroupName
	if v := a.Venue; v != nil {
		brief += " " + strings.Join([]string{v.Name, v.Address.Street, v.Address.Locality, v.Address.Town}, " ")
	}
	title, body := a.Title, a.Description
	if w := a.Welsh; w != nil {
		title, brief, body = title+" "+w.Title, brief+" "+w.Summary, body+" "+w.Description
	}
	if v := a.FirstVisit; v != nil {
		body += " " + v.WhatToExpect
	}
	return [4]string{title, strings.Join(labels, " "), brief, body}
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
	return all, lines.Err()
}

// readCorpus reads the folder testdata/relevance as its test does.
func readCorpus(folder string, places *gazetteer.Gazetteer) (*corpus, error) {
	type line struct {
		Key, Group, Confirmed string
		directory.Details
	}
	lines, err := readLines[line](filepath.Join(folder, "corpus.jsonl"))
	if err != nil {
		return nil, err
	}
	c := &corpus{keys: map[string]string{}}
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
		c.keys[a.ID] = l.Key
		c.activities = append(c.activities, a)
	}
	return c, c.readSearches(folder)
}

func (c *corpus) readSearches(folder string) (err error) {
	if c.searches, err = readLines[*judged](filepath.Join(folder, "queries.jsonl")); err != nil {
		return err
	}
	byID := map[string]*judged{}
	for _, j := range c.searches {
		j.grades = map[string]int{}
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
		byID[row[0]].grades[row[1]] = grade
	}
	return nil
}
