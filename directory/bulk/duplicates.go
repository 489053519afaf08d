package bulk

import (
	"context"
	"fmt"
	"sort"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/vocabulary"
)

// Duplicate is a pair of listings from two sources that may be the same
// activity. It is only a suggestion: nothing is merged.
type Duplicate struct {
	// Item is the row's number, and ID its id at the source.
	Item int    `json:"item"`
	ID   string `json:"id"`
	// Title is the row's title.
	Title string `json:"title"`
	// Other is the activity it may duplicate, and Source where that one comes
	// from; empty for one published here.
	Other  string `json:"other"`
	Source string `json:"source,omitempty"`
	// Metres is the distance between the two, -1 if only the postcode matches.
	Metres int `json:"metres"`
}

// Limits on how close two listings of the same title must be, and on how many
// pairs are reported.
const (
	// sameMetres is how far apart two sources place the same hall: one means
	// its gate, another its door or the middle of its postcode.
	sameMetres = 200
	// maxDuplicates keeps a report readable.
	maxDuplicates = 1000
	// comparePage is how many activities are read at a time.
	comparePage = 1000
)

// candidate is an imported row to compare.
type candidate struct {
	row      int // index in the report
	item     int
	id       string
	title    string
	postcode string
	at       *directory.Position
}

// candidateOf returns what a row is compared by; false for one without a venue.
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

// duplicates compares new and changed rows with all activities of other
// sources.
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

// compare records which of the rows, all with a's title, may duplicate a.
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
