package hsds_test

import (
	"fmt"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

// scheduled imports a service with these schedules, and returns its listing and
// its row of the report.
func scheduled(t *testing.T, field, schedules string) (directory.Activity, bulk.Row) {
	t.Helper()
	d := bulktest.NewDirectory(t)
	text := `{"id":"s","name":"Draughts Evening","status":"active","` + field + `":[` + schedules + `],
		"service_at_locations":[{"id":"l","location":{"location_type":"physical","addresses":[{"address_1":"2 Elm Row","city":"Sale","postal_code":"M33 7DB"}]}}]}`
	r, err := bulktest.Import(t, d, "a list", text, bulk.Options{Format: bulk.HSDS})
	if err != nil || len(r.Rows) != 1 {
		t.Fatalf("%s: %d rows, %v", schedules, len(r.Rows), err)
	}
	return bulktest.Listings(t, d)["Draughts Evening"], r.Rows[0]
}

// times renders a schedule in short form.
func times(s *directory.Schedule) string {
	if s == nil {
		return ""
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, r := range s.Repeats {
		x := fmt.Sprintf("%s %s-%s", strings.Join(r.Days, ","), r.Start, r.End)
		if r.Interval > 1 {
			x += fmt.Sprintf(" every %d", r.Interval)
		}
		if r.Every == "month" {
			x += fmt.Sprint(" nth ", r.Nth)
		}
		if r.From+r.Until != "" {
			x += " " + r.From + ".." + r.Until
		}
		out = append(out, x)
	}
	for _, d := range s.Dates {
		add("%s %s-%s", d.Date, d.Start, d.End)
	}
	for _, p := range s.Pauses {
		add("not %s..%s", p.From, p.Until)
	}
	if s.Note != "" {
		add("%q", strings.TrimSuffix(s.Note, "."))
	}
	return strings.Join(out, "; ")
}

// Regular times as iCalendar has them; today is 2 March 2026.
func TestRegularTimes(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{`"freq":"WEEKLY","byday":"WE","opens_at":"13:00","closes_at":"14:30"`, "wed 13:00-14:30"},
		// Seven days are a week.
		{`"freq":"DAILY","interval":7,"dtstart":"2026-03-04","opens_at":"13:00","closes_at":"14:00"`, "wed 13:00-14:00 2026-03-04.."},
		{`"freq":"DAILY","interval":"14","dtstart":"2026-03-04","opens_at":"13:00","closes_at":"14:00"`, "wed 13:00-14:00 every 2 2026-03-04.."},
		{`"freq":"DAILY","interval":21,"byday":"FR","dtstart":"2026-03-06","opens_at":"13:00"`, "fri 13:00- every 3 2026-03-06.."},
		{`"freq":"DAILY","opens_at":"13:00"`, "mon,tue,wed,thu,fri,sat,sun 13:00-"},
		{`"freq":"DAILY","byday":"MO,TU","opens_at":"13:00"`, "mon,tue 13:00-"},
		{`"freq":"DAILY","interval":3,"dtstart":"2026-03-04","opens_at":"13:00"`, `"every 3 days from 13:00 beginning on 4 March 2026"`},
		{`"freq":"DAILY","interval":3,"dtstart":"2026-03-04","until":"2026-03-11","opens_at":"13:00"`, "2026-03-04 13:00-; 2026-03-07 13:00-; 2026-03-10 13:00-"},
		// INTERVAL needs to know which weeks.
		{`"freq":"WEEKLY","interval":2,"byday":"WE","opens_at":"13:00","closes_at":"14:00"`, `"every 2 weeks on Wednesday from 13:00 to 14:00"`},
		{`"freq":"WEEKLY","interval":2,"byday":"WE","dtstart":"2026-03-04","opens_at":"13:00"`, "wed 13:00- every 2 2026-03-04.."},
		{`"freq":"WEEKLY","interval":0,"byday":"WE","opens_at":"13:00"`, `"weekly 0 on Wednesday from 13:00"`},
		{`"freq":"MONTHLY","interval":3,"byday":"1WE","opens_at":"13:00"`, `"every 3 months on the first Wednesday from 13:00"`},
		{`"freq":"MONTHLY","interval":3,"byday":"1WE","valid_from":"2026-03-04","opens_at":"13:00"`, "wed 13:00- every 3 nth [1] 2026-03-04.."},
		// COUNT needs to know from when.
		{`"freq":"WEEKLY","byday":"WE","count":4,"dtstart":"2026-03-04","opens_at":"13:00"`, "wed 13:00- 2026-03-04..2026-03-25"},
		{`"freq":"WEEKLY","byday":"WE,FR","count":3,"dtstart":"2026-03-04","opens_at":"13:00"`, "wed,fri 13:00- 2026-03-04..2026-03-11"},
		{`"freq":"WEEKLY","interval":2,"count":3,"byday":"WE","dtstart":"2026-03-04","opens_at":"13:00"`, "wed 13:00- every 2 2026-03-04..2026-04-01"},
		{`"freq":"MONTHLY","count":2,"byday":"-1TH","dtstart":"2026-03-04","opens_at":"13:00"`, "thu 13:00- nth [-1] 2026-03-04..2026-04-30"},
		{`"freq":"WEEKLY","byday":"WE","count":4,"opens_at":"13:00"`, `"weekly on Wednesday from 13:00 4 times"`},
		{`"freq":"WEEKLY","byday":"WE","count":"a few","dtstart":"2026-03-04","opens_at":"13:00"`, `"weekly on Wednesday from 13:00 a few times beginning on 4 March 2026"`},
		{`"freq":"WEEKLY","count":1,"dtstart":"2026-03-04","opens_at":"13:00","closes_at":"15:00"`, "2026-03-04 13:00-15:00"},
		// The weekday comes from DTSTART, not from valid_from.
		{`"freq":"WEEKLY","dtstart":"2026-03-05","opens_at":"13:00"`, "thu 13:00- 2026-03-05.."},
		{`"freq":"WEEKLY","valid_from":"2026-03-05","opens_at":"13:00"`, `"weekly from 13:00 beginning on 5 March 2026"`},
		{`"freq":"WEEKLY","dtstart":"2026-03-05T13:00:00","duration":"PT1H30M"`, "thu 13:00-14:30 2026-03-05.."},
		// Days of the month and of the year.
		{`"freq":"MONTHLY","bymonthday":"15","opens_at":"13:00"`, `"monthly on day 15 of the month from 13:00"`},
		{`"freq":"MONTHLY","bymonthday":15,"dtstart":"2026-03-15","until":"2026-05-31","opens_at":"13:00"`, "2026-03-15 13:00-; 2026-04-15 13:00-; 2026-05-15 13:00-"},
		{`"freq":"MONTHLY","bymonthday":"1,-1","dtstart":"2026-03-01","count":3,"opens_at":"13:00"`, "2026-03-01 13:00-; 2026-03-31 13:00-; 2026-04-01 13:00-"},
		{`"freq":"YEARLY","dtstart":"2026-06-24","opens_at":"13:00"`, `"yearly from 13:00 beginning on 24 June 2026"`},
		{`"freq":"YEARLY","dtstart":"2026-06-24","count":2,"opens_at":"13:00"`, "2026-06-24 13:00-; 2027-06-24 13:00-"},
		{`"freq":"WEEKLY","byday":"WE","byweekno":"10","opens_at":"13:00"`, `"weekly on Wednesday in week 10 of the year from 13:00"`},
		// Months.
		{`"freq":"WEEKLY","byday":"WE","bymonth":"6,7","opens_at":"13:00"`, "wed 13:00-; not 08-01..05-31"},
		{`"freq":"WEEKLY","byday":"WE","bymonth":"11,12,1","opens_at":"13:00"`, "wed 13:00-; not 02-01..10-31"},
		{`"freq":"WEEKLY","byday":"WE","bymonth":"2,9","opens_at":"13:00"`, "wed 13:00-; not 03-01..08-31; not 10-01..01-31"},
		{`"freq":"WEEKLY","byday":"WE","bymonth":"13","opens_at":"13:00"`, `"weekly on Wednesday in 13 from 13:00"`},
		{`"freq":"WEEKLY","byday":"WE","bymonth":"6","opens_at":"13:00"},{"freq":"WEEKLY","byday":"TH","opens_at":"13:00"`, `thu 13:00-; "weekly on Wednesday in June from 13:00"`},
		// A time in UTC is an hour later on the clocks of London in summer.
		{`"freq":"WEEKLY","byday":"WE","opens_at":"12:00Z","closes_at":"13:00Z","valid_from":"2026-06-03","valid_to":"2026-08-26"`, "wed 13:00-14:00 2026-06-03..2026-08-26"},
		{`"freq":"WEEKLY","byday":"WE","opens_at":"12:00:00Z","closes_at":"13:00:00Z","dtstart":"2026-06-03"`, "wed 13:00-14:00 2026-06-03.."},
		{`"freq":"WEEKLY","byday":"WE","opens_at":"12:00+00:00","closes_at":"13:00+00:00","dtstart":"2026-06-03"`, "wed 13:00-14:00 2026-06-03.."},
		{`"freq":"WEEKLY","byday":"WE","opens_at":"13:00+01:00","closes_at":"14:00+01:00","dtstart":"2026-06-03"`, "wed 13:00-14:00 2026-06-03.."},
		{`"freq":"WEEKLY","byday":"WE","opens_at":"13:00Z","closes_at":"14:00Z","dtstart":"2026-12-02"`, "wed 13:00-14:00 2026-12-02.."},
		{`"freq":"WEEKLY","byday":"WE","opens_at":"13:00Z","closes_at":"14:00Z"`, "wed 13:00-14:00"},
		{`"freq":"WEEKLY","byday":"WE","opens_at":"23:30Z","dtstart":"2026-06-03"`, `"weekly on Wednesday from 23:30Z beginning on 3 June 2026"`},
		{`"freq":"WEEKLY","byday":"WE","opens_at":"13:00","dtstart":"2026-06-02T23:00:00Z"`, "wed 13:00- 2026-06-03.."},
		// Ends.
		{`"freq":"WEEKLY","byday":"FR","opens_at":"20:00","closes_at":"01:30"`, `fri 20:00-; "Ends at 01:30 the next morning"`},
		{`"freq":"WEEKLY","byday":"FR","opens_at":"20:00","closes_at":"24:00"`, `fri 20:00-; "Ends at midnight"`},
		{`"freq":"WEEKLY","byday":"FR","opens_at":"20:00","closes_at":"00:00:00"`, `fri 20:00-; "Ends at midnight"`},
		{`"freq":"WEEKLY","byday":"FR","opens_at":"14:00","closes_at":"10:00"`, "fri 14:00-"},
		{`"freq":"WEEKLY","byday":"FR","opens_at":"1400","closes_at":"4.30 pm"`, "fri 14:00-16:30"},
		{`"freq":"WEEKLY","byday":"FR","opens_at":"2:00:00 PM","duration":"PT90M"`, "fri 14:00-15:30"},
		// The whole day is no session at midnight.
		{`"freq":"WEEKLY","byday":"FR","opens_at":"00:00","closes_at":"23:59"`, `"weekly on Friday from 00:00 to 23:59"`},
		{`"freq":"WEEKLY","byday":"FR","opens_at":"00:00:00","closes_at":"00:00:00"`, `"weekly on Friday from 00:00:00 to 00:00:00"`},
		{`"freq":"WEEKLY","byday":"FR"`, `"weekly on Friday"`},
	} {
		a, row := scheduled(t, "schedules", "{"+c.rule+"}")
		if got := times(a.Schedule); got != c.want {
			t.Errorf("%s was read as %s, want %s (%v)", c.rule, got, c.want, row)
		}
		if strings.Contains(c.want, `"`) && len(row.Warnings) == 0 {
			t.Errorf("%s is kept as words and not reported", c.rule)
		}
	}
}

// HSDS before version 2 has the weekday in a field of its own, as a word or a
// number.
func TestWeekdayOfOldTables(t *testing.T) {
	for _, c := range []struct{ day, want string }{
		{`"Wednesday"`, "wed 13:00-14:00"}, {`"weds"`, "wed 13:00-14:00"}, {"3", "wed 13:00-14:00"}, {`"7"`, "sun 13:00-14:00"},
		{`"0"`, "sun 13:00-14:00"}, {`"SA"`, "sat 13:00-14:00"}, {`"Mon, Fri"`, "mon,fri 13:00-14:00"}, {`"9"`, `"on 9 from 13:00 to 14:00"`}, {`"most days"`, `"on most days from 13:00 to 14:00"`},
	} {
		if a, _ := scheduled(t, "regular_schedules", `{"weekday":`+c.day+`,"opens_at":"13:00","closes_at":"14:00"}`); times(a.Schedule) != c.want {
			t.Errorf("weekday %s was read as %s, want %s", c.day, times(a.Schedule), c.want)
		}
	}
}

func TestServicesThatAreOverAreRefused(t *testing.T) {
	for _, schedules := range []string{
		`{"freq":"WEEKLY","byday":"WE","opens_at":"13:00","valid_to":"2026-03-01"}`,
		`{"freq":"WEEKLY","byday":"WE","opens_at":"13:00","until":"2025-12-31T00:00:00Z"}`,
		`{"freq":"WEEKLY","byday":"WE","opens_at":"13:00","dtstart":"2026-01-07","count":6}`,
		`{"count":1,"dtstart":"2026-03-01","opens_at":"13:00"}`,
		`{"dtstart":"2026-02-01","valid_to":"2026-02-01","opens_at":"13:00","description":"Candlemas"}`,
		`{"freq":"MONTHLY","bymonthday":"1","dtstart":"2025-01-01","count":12,"opens_at":"13:00"}`,
		`{"freq":"WEEKLY","byday":"WE","opens_at":"13:00","valid_to":"2020-01-01"},{"freq":"WEEKLY","byday":"TH","opens_at":"13:00","valid_to":"2021-01-01"}`,
	} {
		_, row := scheduled(t, "schedules", schedules)
		if row.Outcome != directory.Refused || !strings.Contains(fmt.Sprint(row.Faults), "over") {
			t.Errorf("%s is %s (%v), want refused as over", schedules, row.Outcome, row.Faults)
		}
	}
	a, row := scheduled(t, "schedules", `{"freq":"WEEKLY","byday":"WE","opens_at":"13:00","valid_to":"2020-01-01"},{"freq":"WEEKLY","byday":"TH","opens_at":"13:00"}`)
	if times(a.Schedule) != "thu 13:00-" || len(row.Warnings) == 0 {
		t.Errorf("one of two that is over: %s, %v", times(a.Schedule), row)
	}
}
