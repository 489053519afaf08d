package csv_test

import (
	"fmt"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

// one imports a CSV of one row and returns its listing and its row of the
// report.
func one(t *testing.T, header, row string) (directory.Activity, bulk.Row) {
	t.Helper()
	d := bulktest.NewDirectory(t)
	r, err := bulktest.Import(t, d, "a list", "name,postcode,"+header+"\nDraughts Evening,M33 7DB,"+row+"\n", bulk.Options{})
	if err != nil || len(r.Rows) != 1 {
		t.Fatalf("%s %s: %d rows, %v", header, row, len(r.Rows), err)
	}
	return bulktest.Listings(t, d)["Draughts Evening"], r.Rows[0]
}

// Columns of days, times and dates, as spreadsheets save them.
func TestTimesInColumns(t *testing.T) {
	for _, c := range []struct{ header, row, want, note string }{
		{"day,start,end", "Tuesday,13:15:00,14:45:00", "tue 13:15-14:45", ""},
		{"day,start,end", "Tuesday,1:15:00 PM,2:45:00 PM", "tue 13:15-14:45", ""},
		{"day,start,end", "Tue,1315,1445", "tue 13:15-14:45", ""},
		{"day,start,end", "Tue,0.552083333333333,0.614583333333333", "tue 13:15-14:45", ""},
		{"day,start,end", "Tue,30/12/1899 13:15:00,30/12/1899 14:45:00", "tue 13:15-14:45", ""},
		{"day,start,end", "Tue,1899-12-30 13:15:00,1899-12-30T14:45:00", "tue 13:15-14:45", ""},
		{"day,start,end", "Tue,13:15,", "tue 13:15", ""},
		{"day,start,end", "Tue,,14:45", "", "Tue until 14:45"},
		{"day,start,end", "Tue,half one,14:45", "", "Tue half one - 14:45"},
		{"day,start,end", "Tue,,", "", "Tue"},
		{"day,time", "\"Mon, Wed\",1315-1445", "mon,wed 13:15-14:45", ""},
		// Past midnight: the start is certain, and the end stays in words.
		{"day,start,end", "Fri,21:00,01:00", "fri 21:00", "Fri 21:00 - 01:00"},
		{"day,start,end", "Fri,20:00:00,24:00:00", "fri 20:00", "Fri 20:00 - 24:00:00"},
		{"day,start,end", "Fri,8pm,12am", "fri 20:00", "Fri 20:00 - 00:00"},
		{"day,start,end", "Fri,18:00,midnight", "fri 18:00", "Fri 18:00 - midnight"},
		{"opening times", "Saturday 10pm - 2am", "sat 22:00", "Saturday 10pm - 2am"},
		{"opening times", "Saturday 2pm - 11am", "", "Saturday 2pm - 11am"},
		{"day,start,end", "Fri,24:00,01:00", "", "Fri 24:00 - 01:00"},
		// Dates. Today is 2 March 2026.
		{"date,start,end", "05/03/2026,14:00:00,16:00:00", "2026-03-05 14:00-16:00", ""},
		{"date,start", "5 March 2026,2pm", "2026-03-05 14:00", ""},
		{"date,time", "Thursday 5th March 2026,2pm - 4pm", "2026-03-05 14:00-16:00", ""},
		{"date,start,end", "2026-03-05,22:00,02:00", "2026-03-05 22:00", "22:00 - 02:00"},
		{"date,start", "5 and 12 March,2pm", "", "5 and 12 March 14:00"},
		{"date,start", "05/03/2026,ask us", "", "05/03/2026 ask us"},
		{"date", "05/03/2026", "", ""}, // may be the date of the record
		{"day,start,start date,end date", "Tue,14:00,03/03/2026,31/03/2026", "tue 14:00 2026-03-03..2026-03-31", ""},
		{"day,start,start date", "Tue,14:00,next spring", "tue 14:00", "From next spring"},
		{"day,start,end date", "whenever,14:00,31/03/2026", "", "whenever 14:00. Until 31/03/2026"},
	} {
		a, row := one(t, c.header, c.row)
		var got []string
		note := ""
		if s := a.Schedule; s != nil {
			for _, r := range s.Repeats {
				x := brief(&directory.Schedule{Repeats: []directory.Repeat{r}})
				if r.From != "" || r.Until != "" {
					x += " " + r.From + ".." + r.Until
				}
				got = append(got, x)
			}
			for _, x := range s.Dates {
				got = append(got, strings.TrimSuffix(fmt.Sprintf("%s %s-%s", x.Date, x.Start, x.End), "-"))
			}
			note = strings.TrimSuffix(s.Note, ".")
		}
		if strings.Join(got, "; ") != c.want || note != c.note {
			t.Errorf("%s: %s was read as %q with the note %q, want %q with %q (%v)", c.header, c.row, got, note, c.want, c.note, row)
		}
		if note != "" && len(row.Warnings) == 0 {
			t.Errorf("%s: %s is kept as words and not reported", c.header, c.row)
		}
	}
}

func TestRowsThatAreOverAreRefused(t *testing.T) {
	for _, c := range []struct{ header, row string }{
		{"date,start", "01/03/2026,14:00"},
		{"date,start", "1 March 2025,14:00"},
		{"date,time", "2026-03-01,2pm - 4pm"},
		{"day,start,end date", "Tue,14:00,28/02/2026"},
		{"day,start,start date,end date", "Tue,14:00,01/09/2025,16/12/2025"},
		{"opening times,valid to", "Tue 2pm,31 December 2025"},
	} {
		_, row := one(t, c.header, c.row)
		if row.Outcome != directory.Refused || len(row.Faults) != 1 || row.Faults[0].Fix == "" {
			t.Errorf("%s: %s is %s, want refused as over: %v", c.header, c.row, row.Outcome, row.Faults)
		}
	}
}

// Times that cannot be read are kept to their last word.
func TestLongTimesAreKeptWhole(t *testing.T) {
	words := strings.Repeat("By arrangement with the warden, ", 20) + "except Lammas."
	a, _ := one(t, "opening times", `"`+words+`"`)
	if !strings.Contains(a.Description, words) || a.Schedule == nil || !strings.HasPrefix(a.Schedule.Note, "By arrangement") {
		t.Errorf("%q, %+v", a.Description, a.Schedule)
	}
}
