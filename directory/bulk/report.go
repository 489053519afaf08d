package bulk

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"gather/directory"
	"gather/directory/bulk/csv"
	"gather/directory/bulk/draft"
)

// Row is the outcome of one row of a file.
type Row struct {
	// Line is the line on which the row begins and Item its number, both from
	// 1.
	Line int `json:"line"`
	Item int `json:"item"`
	// ID is the row's id at its source, Activity the id of the activity it
	// became.
	ID       string            `json:"id,omitempty"`
	Activity string            `json:"activity,omitempty"`
	Title    string            `json:"title,omitempty"`
	Outcome  directory.Outcome `json:"outcome"`
	Faults   []draft.Remark    `json:"faults,omitempty"`
	Warnings []draft.Remark    `json:"warnings,omitempty"`
}

// Report is the outcome of an import.
type Report struct {
	Format Format `json:"format"`
	Source string `json:"source"`
	Dry    bool   `json:"dry,omitempty"`
	// Total counts all rows; the other counts are by outcome.
	Total      int `json:"total"`
	Created    int `json:"created"`
	Revised    int `json:"revised"`
	Unchanged  int `json:"unchanged"`
	Kept       int `json:"kept"`
	Repeated   int `json:"repeated"`
	Joined     int `json:"joined"`
	Deleted    int `json:"deleted"`
	Refused    int `json:"refused"`
	NotWritten int `json:"not_written"`
	// Placeless counts the rows that say nothing of where they take place: they were
	// refused or, where there is a number to ring, taken as by phone.
	Placeless int `json:"placeless,omitempty"`
	// Warned counts the rows with warnings.
	Warned int `json:"warned"`
	// Groups counts the groups that rows were filed under.
	Groups int `json:"groups"`
	// Notes are about the file as a whole.
	Notes []string `json:"notes,omitempty"`
	// Columns are those of a CSV, in order.
	Columns []csv.Column `json:"columns,omitempty"`
	// Duplicates are pairs with listings of other sources that may be the same
	// activity; MoreDuplicates counts those left out of the list.
	Duplicates     []Duplicate `json:"duplicates,omitempty"`
	MoreDuplicates int         `json:"more_duplicates,omitempty"`
	// Stopped says why the import ended early; empty if it did not.
	Stopped string `json:"stopped,omitempty"`
	Rows    []Row  `json:"rows"`
}

// finish sets the counts.
func (r *Report) finish(m *reading) {
	r.Format, r.Source = m.format, m.file.Source.Name
	r.Columns, r.Notes = m.csv.Taken, append(r.Notes, m.file.Notes...)
	counts := map[directory.Outcome]*int{
		directory.Created: &r.Created, directory.Revised: &r.Revised, directory.Unchanged: &r.Unchanged,
		directory.Kept: &r.Kept, directory.Refused: &r.Refused, draft.Repeated: &r.Repeated, draft.Joined: &r.Joined, draft.Deleted: &r.Deleted, draft.NotWritten: &r.NotWritten,
	}
	for _, n := range counts {
		*n = 0
	}
	r.Total, r.Warned = len(r.Rows), 0
	for _, row := range r.Rows {
		*counts[row.Outcome]++
		if len(row.Warnings) > 0 {
			r.Warned++
		}
	}
}

// Add appends the report of another part of the same source. Its rows are
// numbered on from the last row of r.
func (r *Report) Add(x Report) {
	n := len(r.Rows)
	for _, row := range x.Rows {
		row.Item += n
		r.Rows = append(r.Rows, row)
	}
	for _, d := range x.Duplicates {
		d.Item += n
		r.Duplicates = append(r.Duplicates, d)
	}
	r.Format, r.Source, r.Dry = x.Format, x.Source, x.Dry
	r.Total += x.Total
	r.Created += x.Created
	r.Revised += x.Revised
	r.Unchanged += x.Unchanged
	r.Kept += x.Kept
	r.Repeated += x.Repeated
	r.Joined += x.Joined
	r.Deleted += x.Deleted
	r.Refused += x.Refused
	r.NotWritten += x.NotWritten
	r.Warned += x.Warned
	r.Placeless += x.Placeless
	r.Groups += x.Groups
	r.MoreDuplicates += x.MoreDuplicates
	r.Notes, r.Columns = append(r.Notes, x.Notes...), append(r.Columns, x.Columns...)
	if x.Stopped != "" {
		r.Stopped = x.Stopped
	}
}

// nothingWritten turns the outcomes of a trial run into NotWritten.
func (r *Report) nothingWritten() {
	for i := range r.Rows {
		if o := r.Rows[i].Outcome; o == directory.Created || o == directory.Revised {
			r.Rows[i].Outcome, r.Rows[i].Activity = draft.NotWritten, ""
		}
	}
	r.NotWritten += r.Created + r.Revised
	r.Created, r.Revised = 0, 0
}

// WriteJSON writes the report as one indented JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// WriteText writes the report for people: every row that was not imported,
// every warning, then the counts. Rows imported without a remark are only
// counted.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, row := range r.Rows {
		if len(row.Faults) == 0 && len(row.Warnings) == 0 && row.Outcome != draft.Repeated && row.Outcome != draft.NotWritten {
			continue
		}
		fmt.Fprintf(&b, "line %d: %s: %q", row.Line, row.Outcome, row.Title)
		if row.ID != "" {
			fmt.Fprintf(&b, " (%s)", row.ID)
		}
		b.WriteByte('\n')
		writeRemarks(&b, "fault", row.Faults)
		writeRemarks(&b, "note", row.Warnings)
	}
	for _, c := range r.Columns {
		if c.Field == "" {
			fmt.Fprintf(&b, "column not taken: %s\n", c.Header)
		}
	}
	for _, n := range r.Notes {
		b.WriteString(n + "\n")
	}
	for _, d := range r.Duplicates {
		d.write(&b)
	}
	if r.MoreDuplicates > 0 {
		fmt.Fprintf(&b, "and %d pairs more\n", r.MoreDuplicates)
	}
	if r.Dry {
		b.WriteString("dry run: nothing was written\n")
	}
	fmt.Fprintf(&b, "%d rows of %s: %d created, %d revised, %d unchanged, %d kept, %d repeated, %d refused; %d with notes; %d groups\n",
		r.Total, r.Source, r.Created, r.Revised, r.Unchanged, r.Kept, r.Repeated, r.Refused, r.Warned, r.Groups)
	if r.Joined+r.Deleted > 0 {
		fmt.Fprintf(&b, "%d sessions joined their listings, %d rows say that a listing was deleted at its source\n", r.Joined, r.Deleted)
	}
	if r.NotWritten > 0 {
		fmt.Fprintf(&b, "%d rows were not written\n", r.NotWritten)
	}
	if r.Placeless > 0 {
		fmt.Fprintf(&b, "rows that say nothing of where, refused or taken as by phone: %d. If they are all in one district, run this again with it, for example\n  --area Bristol\n"+
			"It may be a district, county or town, a GSS code or an outcode, and be repeated. Or say how people take part: --delivery online, phone or home\n", r.Placeless)
	}
	if r.Stopped != "" {
		fmt.Fprintf(&b, "stopped: %s\n", r.Stopped)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func (d Duplicate) write(b *strings.Builder) {
	from := "published here"
	if d.Source != "" {
		from = "from " + d.Source
	}
	near := "at the same postcode"
	if d.Metres >= 0 {
		near = fmt.Sprintf("%d metres away", d.Metres)
	}
	fmt.Fprintf(b, "row %d, %q (%s), may be activity %s, %s, %s\n", d.Item, d.Title, d.ID, d.Other, from, near)
}

func writeRemarks(b *strings.Builder, kind string, rs []draft.Remark) {
	for _, m := range rs {
		b.WriteString("  " + kind + ":")
		if m.Field != "" {
			b.WriteString(" " + m.Field)
		}
		if m.Value != "" {
			fmt.Fprintf(b, " %q", m.Value)
		}
		fmt.Fprintf(b, " %s", m.What)
		if m.Fix != "" {
			fmt.Fprintf(b, "; %s", m.Fix)
		}
		b.WriteByte('\n')
	}
}

// keep warns which fields keep the value they were given here.
func (r *Row) keep(done directory.Imported) {
	if done.Why != "" {
		r.Warnings = append(r.Warnings, draft.Remark{What: done.Why + "; it was left alone"})
	}
	for _, f := range done.Fields {
		what := "was changed here; it stays so"
		if f.Conflict {
			what = "was changed both here and at the source; it stays as it is here"
		}
		r.Warnings = append(r.Warnings, draft.Remark{Field: f.Field, What: what})
	}
}
