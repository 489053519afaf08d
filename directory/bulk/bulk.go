// Package bulk imports and exports many listings at once. It reads the files
// that councils, sports bodies and other directories publish, writes JSON
// Lines, and copies a whole directory from one store to another.
//
// Imports never guess silently: what a file does not state stays "not stated",
// and anything uncertain, corrected or left out is reported with its row. The
// e-mail addresses of staff who checked a listing are never imported.
package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gather/directory"
	"gather/directory/bulk/archive"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/hsds"
	"gather/directory/bulk/loose"
	"gather/directory/bulk/openactive"
	"gather/directory/bulk/spool"
)

// Format is a file format that can be imported.
type Format string

// The formats. Auto detects the format from the beginning of the file.
const (
	Auto Format = ""
	// JSONLines is our own format: one JSON object per line, a Line.
	JSONLines Format = "jsonl"
	// CSV is any table with a header line; columns are matched by header.
	CSV Format = "csv"
	// HSDS is JSON of HSDS 3 or Open Referral UK 3: one service, one service
	// at a location, an organisation with its services, or a list or page of
	// these.
	HSDS Format = "hsds"
	// ORUK1 is JSON of Open Referral UK 1: a service, or a page of them.
	ORUK1 Format = "oruk1"
	// Tables is HSDS as CSV tables: a zip file of them, or a folder.
	Tables Format = "tables"
	// OpenActive is one page of an RPDE feed, or several concatenated, in the
	// current dialect or an older one.
	OpenActive Format = "openactive"
	// Outpost is a page of the Outpost directory, or one of its services.
	Outpost Format = "outpost"
)

// Formats are the formats a caller can name, in the order help lists them.
func Formats() []Format {
	return []Format{CSV, JSONLines, HSDS, ORUK1, Tables, OpenActive, Outpost}
}

// isJSON reports whether files of this format are JSON documents.
func (f Format) isJSON() bool {
	switch f {
	case HSDS, ORUK1, OpenActive, Outpost:
		return true
	}
	return false
}

// Options say what a file is and how to import it.
type Options struct {
	// Format is the file's format; Auto detects it.
	Format Format
	// Source is recorded on every listing, with the row's own id. Its Name is
	// required; ImportFile defaults it to the file's name.
	Source directory.Source
	// Group is the id of a registered group, or a group name, for rows that do
	// not name a group. Empty: a group named after the source.
	Group string
	// Interests are given to every row that has no narrower one: ids of
	// concepts, or words for them. If a CSV names none, one is looked for in
	// the file's name.
	Interests []string
	// Areas are where rows take place that say nothing of where: names of
	// districts, counties or towns, GSS codes, or outcodes. Delivery is how people
	// take part in rows that do not say; empty is at a venue. With another way the
	// areas are where people must live.
	Areas    []string
	Delivery string
	// Columns overrides how CSV columns are matched: our field name (see
	// Fields) to the header of its column.
	Columns map[string]string
	// Delimiter separates the fields of a CSV; 0 detects it.
	Delimiter rune
	// HideContacts marks every contact as not public. Otherwise the contacts
	// that a source publishes for a service are public, except those with a
	// person's name.
	HideContacts bool
	// Strict writes nothing at all when any row is refused.
	Strict bool
	// Dry writes nothing; the report says what would have happened.
	Dry bool
	// Progress, if not nil, is called from time to time with the number of
	// bytes processed and the total.
	Progress func(done, total int64)
}

// Limits of one file.
const (
	// maxFile is 1 GiB: a nation's listings are half of that.
	maxFile = 1 << 30
	// maxHeld is how many listings are held in memory to be grouped before they
	// are written. It bounds memory to some tens of megabytes.
	maxHeld = 5000
)

// ImportFile imports the file at path, or the folder of tables there. See
// Import.
func ImportFile(ctx context.Context, dir *directory.Directory, by directory.Principal, path string, o Options) (Report, error) {
	if o.Source.Name == "" {
		o.Source.Name = filepath.Base(path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return Report{}, fmt.Errorf("import: %w", err)
	}
	if info.IsDir() {
		if path, err = hsds.PackFolder(path); err != nil {
			return Report{}, err
		}
		defer os.Remove(path)
		o.Format = Tables
	}
	f, err := os.Open(path)
	if err != nil {
		return Report{}, fmt.Errorf("import: %w", err)
	}
	defer f.Close()
	return Import(ctx, dir, by, f, o)
}

// Import reads listings from src, creates or revises them in dir, and returns
// the outcome of each row. A row that breaks a rule is refused on its own
// unless Strict; importing the same file again changes nothing.
//
// A truncated or malformed JSON document is refused before anything is written;
// the error is then a *directory.Invalid. After any other error (the store
// cannot be reached, ctx ended) the report says for every row read whether it
// was written.
func Import(ctx context.Context, dir *directory.Directory, by directory.Principal, src io.Reader, o Options) (Report, error) {
	if strings.TrimSpace(o.Source.Name) == "" {
		return Report{}, directory.InvalidField("source.name", "say who publishes the file", "is missing")
	}
	f, err := spool.Open(src, maxFile)
	if err != nil {
		return Report{}, err
	}
	defer f.Close()
	if archive.Is(f.Head) {
		return Report{}, directory.InvalidField("format", "restore it into an empty directory instead", "is the archive of a whole directory")
	}
	m, err := newReading(dir, o, f.Head)
	if err != nil {
		return Report{}, err
	}
	if m.format.isJSON() { // rows of the other formats are independent of each other
		if err := f.Rewind(); err != nil {
			return Report{}, err
		}
		if err := loose.Check(spool.SkipBOM(f.File)); err != nil {
			return Report{}, err
		}
	}
	if o.Strict && !o.Dry {
		notes := len(m.file.Notes)
		trial := o
		trial.Dry, trial.Progress = true, nil
		r, err := run(ctx, dir, by, f, m, trial)
		r.Dry = false
		if err != nil || r.Refused > 0 {
			r.nothingWritten()
		}
		if err != nil {
			return r, err
		}
		if r.Refused > 0 {
			r.Stopped = "strict: rows were refused, so nothing was written"
			return r, nil
		}
		m.file.Notes = m.file.Notes[:notes]
	}
	return run(ctx, dir, by, f, m, o)
}

// run imports the rows of f through m into dir.
func run(ctx context.Context, dir *directory.Directory, by directory.Principal, f *spool.File, m *reading, o Options) (Report, error) {
	r := newRunner(dir, by, m.file, o)
	if m.format == OpenActive {
		if err := f.Rewind(); err != nil {
			return r.report, err
		}
		var err error
		if m.feed, err = openactive.Collect(m.file, f.File); err != nil {
			return r.report, fmt.Errorf("import: %w", err)
		}
	}
	if err := f.Rewind(); err != nil {
		return r.report, err
	}
	take := func(d *draft.Draft) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return r.take(ctx, d)
	}
	var err error
	if m.format == Tables {
		if err = hsds.ReadTables(m.file, spool.ReaderAt(f.File), f.Size, take); o.Progress != nil {
			o.Progress(f.Size, f.Size) // the tables are joined in one step
		}
	} else {
		err = m.read(&progressReader{r: f.File, done: 0, total: f.Size, tell: o.Progress}, take)
	}
	if err == nil {
		err = r.flush(ctx)
	}
	if err == nil {
		err = r.duplicates(ctx)
	}
	r.report.finish(m)
	if err != nil {
		r.report.Stopped = err.Error()
		var bad *directory.Invalid
		if !errors.As(err, &bad) {
			err = fmt.Errorf("import: %w", err)
		}
	}
	return r.report, err
}

// progressReader counts how much was read through it.
type progressReader struct {
	r           io.Reader
	done, total int64
	tell        func(done, total int64)
}

func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.done += int64(n)
	if p.tell != nil && n > 0 {
		p.tell(p.done, p.total)
	}
	return n, err
}
