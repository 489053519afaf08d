package openactive_test

import (
	"fmt"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

// series imports a series with these members in addition to its name and place,
// and returns its listing and its row of the report.
func series(t *testing.T, members string) (directory.Activity, bulk.Row) {
	t.Helper()
	d := bulktest.NewDirectory(t)
	text := `{"items":[{"state":"updated","kind":"SessionSeries","id":"s","modified":1,"data":{"@type":"SessionSeries","@id":"s","name":"Draughts Evening",
		"location":{"name":"Elm Hall","address":{"streetAddress":"2 Elm Row","postalCode":"M33 7DB"}},` + members + `}}],"next":"n"}`
	r, err := bulktest.Import(t, d, "a feed", text, bulk.Options{})
	if err != nil || len(r.Rows) != 1 {
		t.Fatalf("%s: %d rows, %v", members, len(r.Rows), err)
	}
	return bulktest.Listings(t, d)["Draughts Evening"], r.Rows[0]
}

// times renders a schedule in short form.
func times(s *directory.Schedule) string {
	if s == nil {
		return ""
	}
	var out []string
	for _, r := range s.Repeats {
		x := fmt.Sprintf("%s %s-%s", strings.Join(r.Days, ","), r.Start, r.End)
		if r.Interval > 1 {
			x += fmt.Sprintf(" every %d", r.Interval)
		}
		if r.From+r.Until != "" {
			x += " " + r.From + ".." + r.Until
		}
		out = append(out, x)
	}
	for _, d := range s.Dates {
		out = append(out, fmt.Sprintf("%s %s-%s", d.Date, d.Start, d.End))
	}
	for _, p := range s.Pauses {
		out = append(out, "not "+p.From+".."+p.Until)
	}
	if s.Note != "" {
		out = append(out, fmt.Sprintf("%q", strings.TrimSuffix(s.Note, ".")))
	}
	return strings.Join(out, "; ")
}

// The schedules of feeds; today is 2 March 2026.
func TestSchedulesOfFeeds(t *testing.T) {
	const subs = `,"subEvent":[{"startDate":"2026-01-07T13:00:00Z"},{"startDate":"2026-03-04T13:00:00Z","endDate":"2026-03-04T14:00:00Z"},{"startDate":"2026-06-03T12:00:00Z"}]`
	for _, c := range []struct{ members, want string }{
		{`"eventSchedule":{"repeatFrequency":"P7D","startDate":"2026-03-04","startTime":"13:00","endTime":"14:00"}`, "wed 13:00-14:00 2026-03-04.."},
		{`"eventSchedule":{"repeatFrequency":"P14D","startDate":"2026-03-04","startTime":"13:00"}`, "wed 13:00- every 2 2026-03-04.."},
		{`"eventSchedule":{"repeatFrequency":"P28D","startDate":"2026-03-04","startTime":"13:00"}`, "wed 13:00- every 4 2026-03-04.."},
		{`"eventSchedule":{"repeatFrequency":"P10D","startDate":"2026-03-04","startTime":"13:00"}`, `"every 10 days from 13:00 beginning on 4 March 2026"`},
		{`"eventSchedule":{"repeatFrequency":"P1Y","startDate":"2026-03-04","startTime":"13:00"}`, `"yearly from 13:00 beginning on 4 March 2026"`},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["https://schema.org/Wednesday"],"startTime":"13:00","duration":"PT45M"}`, "wed 13:00-13:45"},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["schema:Wednesday"],"startTime":"13:00:00","duration":"P0DT2H"}`, "wed 13:00-15:00"},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["Wednesday"],"startTime":"22:00","duration":"PT4H"}`, `wed 22:00-; "Ends at 02:00 the next morning"`},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["Wednesday"],"startTime":"13:00","duration":"P2D"}`, "wed 13:00-"},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["Wednesday"],"startTime":"13:00","byMonth":[4,5,6]}`, "wed 13:00-; not 07-01..03-31"},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["Wednesday"],"startTime":"13:00","byMonth":"12"}`, "wed 13:00-; not 01-01..11-30"},
		{`"eventSchedule":{"repeatFrequency":"P1M","byMonthDay":[4],"startDate":"2026-03-04","endDate":"2026-05-31","startTime":"13:00"}`, "2026-03-04 13:00-; 2026-04-04 13:00-; 2026-05-04 13:00-"},
		{`"eventSchedule":{"repeatFrequency":"P1W","startDate":"2026-03-04","startTime":"13:00","repeatCount":3}`, "wed 13:00- 2026-03-04..2026-03-18"},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["Wednesday"],"startTime":"12:00","endTime":"13:00","startDate":"2026-06-03","scheduleTimezone":"UTC"}`, "wed 13:00-14:00 2026-06-03.."},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["Wednesday"],"startTime":"12:00Z","startDate":"2026-06-03","scheduleTimezone":"Europe/London"}`, "wed 13:00- 2026-06-03.."},
		// Dated sessions with a schedule that gives no time.
		{`"eventSchedule":{"byDay":["https://schema.org/Wednesday"]}` + subs, "2026-03-04 13:00-14:00; 2026-06-03 13:00-"},
		{`"eventSchedule":[{"@type":"PartialSchedule","startDate":"2026-01-07","endDate":"2026-06-03"}]` + subs, "2026-03-04 13:00-14:00; 2026-06-03 13:00-"},
		{`"eventSchedule":{"repeatFrequency":"P10D","startDate":"2026-01-07","startTime":"13:00"}` + subs, "2026-03-04 13:00-14:00; 2026-06-03 13:00-"},
		{`"eventSchedule":{"repeatFrequency":"whenever"}` + subs, "2026-03-04 13:00-14:00; 2026-06-03 13:00-"},
		{`"eventSchedule":{"repeatFrequency":"P1W","byDay":["Wednesday"],"startTime":"13:00"}` + subs, "wed 13:00-"},
		{`"eventSchedule":{"byDay":["https://schema.org/Wednesday"]}`, `"on Wednesday"`},
		// Events of several days, and past midnight.
		{`"startDate":"2026-03-06T18:00:00Z","endDate":"2026-03-08T15:00:00Z"`, `2026-03-06 18:00-; "The session of 6 March 2026 goes on until 8 March 2026, 15:00"`},
		{`"startDate":"2026-03-06T20:00:00Z","endDate":"2026-03-07T01:30:00Z"`, `2026-03-06 20:00-; "Ends at 01:30 the next morning"`},
		{`"startDate":"2026-03-06T20:00:00Z","endDate":"2026-03-07T00:00:00Z"`, `2026-03-06 20:00-; "Ends at midnight"`},
		{`"startDate":"2026-06-05T20:00:00Z","endDate":"2026-06-05T22:30:00Z"`, "2026-06-05 21:00-23:30"},
		{`"startDate":"2026-06-05T20:00:00+01:00","endDate":"2026-06-05T22:30:00+01:00"`, "2026-06-05 20:00-22:30"},
		{`"startDate":"2026-06-05T20:00:00","endDate":"2026-06-05T22:30:00"`, "2026-06-05 20:00-22:30"},
	} {
		if a, row := series(t, c.members); times(a.Schedule) != c.want {
			t.Errorf("%s was read as %s, want %s (%v)", c.members, times(a.Schedule), c.want, row)
		}
	}
}

func TestEventsThatAreOverAreRefused(t *testing.T) {
	for _, members := range []string{
		`"startDate":"2026-03-01T10:00:00Z"`,
		`"eventSchedule":{"repeatFrequency":"P1W","byDay":["Wednesday"],"startTime":"13:00","endDate":"2026-02-25"}`,
		`"eventSchedule":{"repeatFrequency":"P7D","startDate":"2026-01-07","startTime":"13:00","repeatCount":4}`,
		`"eventSchedule":{"repeatFrequency":"P1M","byMonthDay":[1],"startDate":"2025-01-01","endDate":"2025-06-30","startTime":"13:00"}`,
		`"eventSchedule":{"byDay":["Wednesday"]},"subEvent":[{"startDate":"2026-01-07T13:00:00Z"},{"startDate":"2026-01-14T13:00:00Z"}]`,
		`"subEvent":[{"startDate":"2026-01-07T13:00:00Z"}]`,
	} {
		if _, row := series(t, members); row.Outcome != directory.Refused || !strings.Contains(fmt.Sprint(row.Faults), "past") {
			t.Errorf("%s is %s (%v), want refused as past", members, row.Outcome, row.Faults)
		}
	}
}
