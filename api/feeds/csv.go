package feeds

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// byteOrderMark begins every CSV file. Excel reads a file without one in the
// machine's old code page and silently corrupts every ŵ and ŷ, and the corrupted
// file may be imported again. A reader that does not know the mark finds it in
// the name of the first column, where it is noticed at once.
const byteOrderMark = "\uFEFF"

// columns are the columns of a CSV file in their order. New ones are only added
// at the end. Texts are guarded; numbers, dates and ids are made here and cannot
// be formulas.
var columns = []struct {
	name string
	text bool
	cell func(*facts) string
}{
	{"id", false, func(f *facts) string { return f.ID }},
	{"url", false, func(f *facts) string { return f.URL }},
	{"title", true, func(f *facts) string { return f.Title }},
	{"summary", true, func(f *facts) string { return f.Summary }},
	{"group", true, func(f *facts) string { return f.Group }},
	{"group_id", false, func(f *facts) string { return f.GroupID }},
	{"interests", true, func(f *facts) string { return several(f.Interests) }},
	{"delivery", true, func(f *facts) string { return several(f.Delivery) }},
	{"venue", true, func(f *facts) string { return f.Venue }},
	{"street", true, func(f *facts) string { return f.Street }},
	{"locality", true, func(f *facts) string { return f.Locality }},
	{"town", true, func(f *facts) string { return f.Town }},
	{"county", true, func(f *facts) string { return f.County }},
	{"postcode", true, func(f *facts) string { return f.Postcode }},
	{"latitude", false, func(f *facts) string {
		if f.position == nil {
			return ""
		}
		return number(f.position.Lat)
	}},
	{"longitude", false, func(f *facts) string {
		if f.position == nil {
			return ""
		}
		return number(f.position.Lon)
	}},
	{"precision", true, func(f *facts) string { return f.Precision }},
	{"when", true, func(f *facts) string { return f.When }},
	{"next_session", false, func(f *facts) string { return f.NextSession }},
	{"cost_kind", true, func(f *facts) string { return f.CostKind }},
	{"cost", true, func(f *facts) string { return f.Cost }},
	{"min_age", false, func(f *facts) string { return age(f.MinAge) }},
	{"max_age", false, func(f *facts) string { return age(f.MaxAge) }},
	{"made_for", true, func(f *facts) string { return several(f.MadeFor) }},
	{"languages", true, func(f *facts) string { return several(f.Languages) }},
	{"access_yes", true, func(f *facts) string { return several(f.AccessYes) }},
	{"access_no", true, func(f *facts) string { return several(f.AccessNo) }},
	{"first_visit", true, func(f *facts) string { return several(f.FirstVisit) }},
	{"what_to_expect", true, func(f *facts) string { return f.WhatToExpect }},
	{"commitment", true, func(f *facts) string { return f.Commitment }},
	{"group_max", false, func(f *facts) string {
		if f.GroupMax == 0 {
			return ""
		}
		return strconv.Itoa(f.GroupMax)
	}},
	{"joining", true, func(f *facts) string { return several(f.Joining) }},
	{"places", true, func(f *facts) string { return f.Places }},
	{"phone", true, func(f *facts) string { return f.Phone }},
	{"email", true, func(f *facts) string { return f.Email }},
	{"website", true, func(f *facts) string { return f.Website }},
	{"checked", false, func(f *facts) string { return f.Checked }},
	{"updated", false, func(f *facts) string { return f.Updated }},
	{"source", true, func(f *facts) string { return f.Source }},
	{"licence", true, func(f *facts) string { return f.Licence }},
	{"attribution", true, func(f *facts) string { return f.Attribution }},
	{"area", true, func(f *facts) string { return f.Area }},
}

// WriteCSV writes activities as CSV (RFC 4180): a byte order mark, a line of
// column names, then one row for each activity, in the given order. Lines end in
// CRLF, also inside cells. Several values in a cell are separated by "; ". Texts
// that a spreadsheet would run are guarded: see Guard. next_session is the first
// that has not ended at the time at. The error is that of w or the first of
// activities.
func WriteCSV(w io.Writer, site Site, at time.Time, activities Activities) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.name
	}
	if err := out.Write(row); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	for a, err := range activities {
		if err != nil {
			return fmt.Errorf("reading activities for CSV: %w", err)
		}
		f := site.factsOf(a, at)
		for i, c := range columns {
			if row[i] = c.cell(&f); c.text {
				row[i] = Guard(row[i])
			}
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("writing activity %s as CSV: %w", a.ID, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

// runs reports whether a spreadsheet may run a cell that begins like text as a
// formula or a command. In Excel, LibreOffice and Google Sheets one begins with
// = + - or @, in the first two also with their full-width forms, and a tab or a
// line break before it is skipped (OWASP, "CSV Injection").
func runs(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

// Guard makes a text safe as a cell of a spreadsheet. It puts an apostrophe before
// a text that would run as a formula, and another one before a text that looks
// already guarded. Unguard is its exact inverse.
func Guard(text string) string {
	if runs(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// Unguard returns the text from which Guard made cell. It returns a cell that is
// not guarded as it is.
func Unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && runs(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

func several(values []string) string { return strings.Join(values, "; ") }

func number(v float64) string { return strconv.FormatFloat(sixDecimals(v), 'f', -1, 64) }

func age(years *int) string {
	if years == nil {
		return ""
	}
	return strconv.Itoa(*years)
}
