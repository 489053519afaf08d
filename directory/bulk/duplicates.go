package bulk

import (
	"context"
	"fmt"
	"sort"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/vocabulary"
)

// Duplicate is a pair of listings of two sources that may be the same
// activity. It is only suggested: nothing is merged.
type Duplicate struct {
	// Item is the row's, and ID its id at the source.
	Item int    `json:"item"`
	ID   string `json:"id"`
	// Title is what the row is called.
	Title string `json:"title"`
	// Other is the activity it may be, Source where that one comes from,
	// empty for one that was published here.
	Other  string `json:"other"`
	Source string `json:"source,omitempty"`
	// Metres lie between the two; -1 where only the postcode is the same.
	Metres int `json:"metres"`
}

// How near two listings of one title have to be, and how many pairs are told.
const (
	// sameMetres is how far apart two sources put the same hall: a gate, a
	// door, the middle of the postcode.
	sameMetres = 200
	// maxDuplicates keeps a report readable.
	maxDuplicates = 1000
	// comparePage is how many activities are read at once.
	comparePage = 1000
)

// candidate is a row that was taken, for comparison.
type candidate struct {
	row      int // index in the report
	item     int
	id       string
	title    string
	postcode string
	at       *directory.Position
}

// candidateOf is what a row is compared by; false for one without a venue.
func candidateOf(d *draft.Draft) (candidate, bool) {
	v := d.Details.Venue
	if v == nil {
		return candidate{}, false
	}
	c := candidate{item: d.Item, id: d.SourceID(), title: d.Details.Title, at: v.Position}
	if loc, err := d.File.Places.Postcode(v.Address.Postcode); err == nil {
		c.postcode = loc.Postcode
		if c.at == nil && loc.Precision == directory.PrecisionUnit {
			c.at = &loc.Position
		}
	}
	return c, true
}

// duplicates compares the rows that are new or changed with all activities of
// other sources.
func (r *runner) duplicates(ctx context.Context) error {
	byTitle := map[string][]candidate{}
	for _, c := range r.candidates {
		if o := r.report.Rows[c.row].Outcome; o == directory.Created || o == directory.Revised {
			title := vocabulary.Fold(c.title)
			byTitle[title] = append(byTitle[title], c)
		}
	}
	for after := int64(0); len(byTitle) > 0; {
		rs, err := r.dir.Changes(ctx, after, comparePage)
		if err != nil {
			return fmt.Errorf("look for duplicates: %w", err)
		}
		for _, rec := range rs {
			after = rec.Change
			if rec.Kind != directory.KindActivity || rec.Gone {
				continue
			}
			a, err := directory.ReadActivity(rec)
			if err != nil {
				return err
			}
			r.compare(a, byTitle[vocabulary.Fold(a.Title)])
		}
		if len(rs) < comparePage {
			break
		}
	}
	sort.SliceStable(r.report.Duplicates, func(i, j int) bool { return r.report.Duplicates[i].Item < r.report.Duplicates[j].Item })
	return nil
}

// compare notes which of the rows, which have a's title, may be a.
func (r *runner) compare(a directory.Activity, rows []candidate) {
	source := ""
	if a.Source != nil {
		source = a.Source.Name
	}
	if source == r.f.Source.Name || a.Venue == nil || a.Located == nil {
		return
	}
	for _, c := range rows {
		metres := -1
		if c.at != nil {
			metres = int(c.at.Metres(a.Located.Position))
		}
		same := c.postcode != "" && c.postcode == a.Venue.Address.Postcode
		if !same && (metres < 0 || metres > sameMetres) {
			continue
		}
		if len(r.report.Duplicates) == maxDuplicates {
			r.report.MoreDuplicates++
			continue
		}
		r.report.Duplicates = append(r.report.Duplicates, Duplicate{Item: c.item, ID: c.id, Title: c.title, Other: a.ID, Source: source, Metres: metres})
	}
}
