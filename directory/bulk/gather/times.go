package gather

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/icalendar"
	"gather/directory/bulk/loose"
)

// schedule is a row of a schedule as a Gather writes it.
type schedule struct {
	From        string `json:"valid_from"`
	Until       string `json:"valid_to"`
	Start       string `json:"dtstart"`
	Freq        string `json:"freq"`
	Interval    int    `json:"interval"`
	Count       int    `json:"count"`
	ByDay       string `json:"byday"`
	Description string `json:"description"`
	OpensAt     string `json:"opens_at"`
	ClosesAt    string `json:"closes_at"`
	Notes       string `json:"notes"`
}

// dateRange is a range of dates, both ends included; an empty end is open.
type dateRange struct{ from, until string }

// interrupted is one regular time with the date ranges in which it holds.
type interrupted struct {
	row  icalendar.Rule
	runs []dateRange
}

// readTimes joins the rows of a schedule again. A regular time that was cut into
// rows, since the standard has no dates left out, becomes one with pauses
// between them; as the rows before today were not published, what lies between
// its beginning and its first row is a pause too.
func readTimes(rows []schedule) *directory.Schedule {
	if len(rows) == 0 {
		return nil
	}
	s := &directory.Schedule{}
	readNotes(s, rows[0].Notes)
	var rules []*interrupted
	for _, r := range rows {
		switch {
		case r.Count == 1:
			s.Dates = append(s.Dates, directory.SessionDate{Date: r.Start, Start: r.OpensAt, End: r.ClosesAt})
			continue
		case r.Freq == "":
			s.Note = r.Description
			continue
		}
		row := icalendar.Rule{Start: loose.Text(r.Start), Freq: loose.Text(r.Freq), ByDay: loose.Text(r.ByDay), OpensAt: loose.Text(r.OpensAt), ClosesAt: loose.Text(r.ClosesAt)}
		if r.Interval > 1 {
			row.Interval = loose.Text(strconv.Itoa(r.Interval))
		}
		i := slices.IndexFunc(rules, func(x *interrupted) bool { return x.row == row && x.runs[len(x.runs)-1].until != "" })
		if i < 0 {
			rules = append(rules, &interrupted{row: row})
			i = len(rules) - 1
		}
		rules[i].runs = append(rules[i].runs, dateRange{r.From, r.Until})
	}
	for _, x := range rules {
		x.into(s)
	}
	slices.SortFunc(s.Pauses, func(a, b directory.Pause) int { return strings.Compare(a.From, b.From) })
	slices.Sort(s.Except)
	return s
}

// into adds the regular time to s, and the gaps between its date ranges, unless
// s has them.
func (x *interrupted) into(s *directory.Schedule) {
	first, last := x.runs[0], x.runs[len(x.runs)-1]
	row := x.row
	if eve := moved(first.from, -1); row.Start == "" && !yearly(s.Pauses, eve, eve) {
		row.Start = loose.Text(first.from)
	}
	if !row.AddTo(s, loose.Text(last.until)) {
		s.Note = freetext.Sentences(s.Note, row.InWords())
		return
	}
	gap := func(from, until string) {
		switch {
		case from == "" || from > until || yearly(s.Pauses, from, until):
		case from == until:
			s.Except = draft.AppendNew(s.Except, from)
		case !slices.ContainsFunc(s.Pauses, func(p directory.Pause) bool { return p.From == from && p.Until == until }):
			s.Pauses = append(s.Pauses, directory.Pause{From: from, Until: until})
		}
	}
	if begin := string(x.row.Start); begin != "" && first.from > begin {
		gap(begin, moved(first.from, -1))
	}
	for i := 1; i < len(x.runs); i++ {
		gap(moved(x.runs[i-1].until, 1), moved(x.runs[i].from, -1))
	}
}

// yearly reports whether a pause that comes every year leaves out all of the
// dates from..until.
func yearly(pauses []directory.Pause, from, until string) bool {
	s := &directory.Schedule{}
	for _, p := range pauses {
		if len(p.From) == len("01-02") {
			s.Pauses = append(s.Pauses, p)
		}
	}
	if len(s.Pauses) == 0 {
		return false
	}
	all := directory.Activity{Details: directory.Details{Schedule: s}}
	s.Repeats = []directory.Repeat{{Every: "week", Days: freetext.Week, Start: "12:00"}}
	begin, err1 := time.ParseInLocation(directory.DateLayout, from, directory.London())
	end, err2 := time.ParseInLocation(directory.DateLayout, until, directory.London())
	return err1 == nil && err2 == nil && len(all.Sessions(begin, end.AddDate(0, 0, 1), 1)) == 0
}

// moved is a date moved by days; of what is no date, itself.
func moved(date string, days int) string {
	t, err := time.Parse(directory.DateLayout, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, days).Format(directory.DateLayout)
}

var yearlyIn = regexp.MustCompile(`^Every year there is a pause from (\d{1,2} [A-Z][a-z]+) to (\d{1,2} [A-Z][a-z]+)\.(?: |$)`)

// readNotes reads what a Gather says in words: school terms, yearly pauses, and
// the note.
func readNotes(s *directory.Schedule, text string) {
	if rest, ok := strings.CutPrefix(text, "In school terms only."); ok {
		s.TermTime, text = true, strings.TrimPrefix(rest, " ")
	}
	for {
		m := yearlyIn.FindStringSubmatch(text)
		if m == nil {
			break
		}
		from, err1 := time.Parse("2 January 2006", m[1]+" 2024") // a leap year
		until, err2 := time.Parse("2 January 2006", m[2]+" 2024")
		if err1 != nil || err2 != nil {
			break
		}
		s.Pauses = append(s.Pauses, directory.Pause{From: from.Format("01-02"), Until: until.Format("01-02")})
		text = text[len(m[0]):]
	}
	s.Note = text
}
