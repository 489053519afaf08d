package ical_test

import (
	"testing"
	"time"

	"gather/api/feeds"
	"gather/directory"
	"gather/directory/vocabulary"
)

// at is the time at which calendars are written in these tests.
var at = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

func site(t testing.TB) feeds.Site {
	t.Helper()
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return feeds.Site{Name: "Gather", URL: "https://gather.example.org", Words: words}
}

// scheduled is an activity with a schedule and little else.
func scheduled(s directory.Schedule, changes ...directory.SessionChange) directory.Activity {
	return directory.Activity{
		ID: "7b0a5d5e-0a53-4d6e-9a34-3b1f1c8a6c01", Group: "0c7f6f0e-8f6c-4a77-9b1a-54a2f4c6b0d2", GroupName: "Northgate Friends",
		Rev: 3, Change: 41, Status: directory.StatusPublished,
		Created: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 2, 8, 15, 0, 0, time.UTC),
		Located:        &directory.Location{Position: directory.Position{Lat: 53.4242, Lon: -2.3223}, Precision: directory.PrecisionUnit},
		SessionChanges: changes,
		Details: directory.Details{
			Title: "Chair Yoga", Delivery: []string{"venue"}, Schedule: &s,
			Venue: &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Town: "Sale", Postcode: "M33 7DB"}},
		},
	}
}

func weekly(start, end string, days ...string) directory.Activity {
	return scheduled(directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: days, Start: start, End: end}}})
}

type kind struct {
	name  string
	sched directory.Schedule
	// changes are sessions that differ from the schedule
	changes []directory.SessionChange
}

func (k kind) activity() directory.Activity { return scheduled(k.sched, k.changes...) }

// scheduleKinds is every kind of schedule, and combinations of them.
func scheduleKinds() []kind {
	week := func(start, end string, days ...string) directory.Repeat {
		return directory.Repeat{Every: "week", Days: days, Start: start, End: end}
	}
	month := func(start, end, day string, nth ...int) directory.Repeat {
		return directory.Repeat{Every: "month", Days: []string{day}, Nth: nth, Start: start, End: end}
	}
	from := func(r directory.Repeat, interval int, from, until string) directory.Repeat {
		r.Interval, r.From, r.Until = interval, from, until
		return r
	}
	repeats := func(rs ...directory.Repeat) directory.Schedule { return directory.Schedule{Repeats: rs} }
	everyDay := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	return []kind{
		{"weekly without an end", repeats(week("10:00", "11:30", "tue")), nil},
		{"weekly without an end time", repeats(week("10:00", "", "sun")), nil},
		{"several days a week", repeats(week("09:15", "10:00", "mon", "thu", "sat")), nil},
		{"a term, both ends included", repeats(from(week("10:00", "12:00", "wed"), 0, "2026-09-02", "2026-12-16")), nil},
		{"from a day that is not one of its days", repeats(from(week("10:00", "12:00", "wed"), 0, "2026-09-05", "")), nil},
		{"fortnightly", repeats(from(week("14:00", "16:00", "mon", "thu"), 2, "2020-01-09", "")), nil},
		{"fortnightly, its first week half over", repeats(from(week("14:00", "16:00", "mon"), 2, "2026-03-05", "2027-06-01")), nil},
		{"every sixth week", repeats(from(week("14:00", "16:00", "fri"), 6, "2024-02-02", "")), nil},
		{"the second and the last of the month", repeats(month("19:00", "21:00", "wed", 2, -1)), nil},
		{"the fifth of the month", repeats(month("19:00", "21:00", "fri", 5)), nil},
		{"the fourth and the last, often the same", repeats(month("19:00", "21:00", "tue", 4, -1)), nil},
		{"every second month", repeats(from(month("11:00", "13:00", "sat", 1), 2, "2019-02-01", "")), nil},
		{"every third month from within one", repeats(from(month("11:00", "13:00", "sat", 1), 3, "2025-02-20", "2028-01-31")), nil},
		{"two times a week, one in the evening", repeats(week("10:00", "11:00", "tue"), week("19:30", "21:00", "thu")), nil},
		{"two repeats that meet", repeats(week("10:00", "11:00", "tue"), month("10:00", "12:30", "tue", 1)), nil},
		{"single dates", directory.Schedule{Dates: []directory.SessionDate{
			{Date: "2026-03-29", Start: "14:00", End: "16:00"}, {Date: "2026-10-25", Start: "14:00"}, {Date: "2027-05-03", Start: "09:00", End: "17:30"},
		}}, nil},
		{"extra dates, one of them a regular one", directory.Schedule{
			Repeats: []directory.Repeat{week("10:00", "11:00", "tue")},
			Dates:   []directory.SessionDate{{Date: "2026-12-01", Start: "10:00", End: "15:00"}, {Date: "2026-12-03", Start: "10:00", End: "11:00"}},
		}, nil},
		{"left-out dates", directory.Schedule{
			Repeats: []directory.Repeat{week("10:00", "11:00", "tue")},
			Except:  []string{"2026-12-22", "2026-12-29", "2026-12-30"},
		}, nil},
		{"pauses with dates, and an extra date in one", directory.Schedule{
			Repeats: []directory.Repeat{week("10:00", "11:00", "tue", "fri")},
			Pauses:  []directory.Pause{{From: "2026-07-20", Until: "2026-09-01"}, {From: "2026-12-20", Until: "2027-01-03"}},
			Dates:   []directory.SessionDate{{Date: "2026-12-22", Start: "10:00", End: "11:00"}, {Date: "2026-08-01", Start: "15:00"}},
		}, nil},
		{"a pause every year", directory.Schedule{
			Repeats: []directory.Repeat{week("10:00", "11:00", "tue")},
			Pauses:  []directory.Pause{{From: "07-20", Until: "09-01"}},
		}, nil},
		{"every day out of season", directory.Schedule{
			Repeats: []directory.Repeat{week("07:00", "08:00", everyDay...)},
			Pauses:  []directory.Pause{{From: "11-01", Until: "02-28"}},
		}, nil},
		{"a fortnight with a pause every year", directory.Schedule{
			Repeats: []directory.Repeat{from(week("18:00", "19:00", "wed"), 2, "2024-01-03", "")},
			Pauses:  []directory.Pause{{From: "12-15", Until: "01-10"}, {From: "04-01", Until: "09-30"}},
		}, nil},
		{"a pause that outlasts the window", directory.Schedule{
			Repeats: []directory.Repeat{week("10:00", "11:00", "tue")},
			Pauses:  []directory.Pause{{From: "2027-03-01", Until: "2040-01-01"}},
		}, nil},
		{"a pause up to the end of the window", directory.Schedule{
			Repeats: []directory.Repeat{month("10:00", "11:00", "tue", 1)},
			Pauses:  []directory.Pause{{From: "2028-06-01", Until: "2028-12-31"}},
		}, nil},
		{"cancelled, moved, full and with a note", repeats(week("10:00", "11:00", "tue")), []directory.SessionChange{
			{Session: "2026-03-31T10:00", Status: "cancelled", Note: "hall closed"},
			{Session: "2026-10-20T10:00", Status: "moved", To: &directory.SessionDate{Date: "2026-10-28", Start: "14:00", End: "15:30"}},
			{Session: "2026-10-27T10:00", Status: "moved", To: &directory.SessionDate{Date: "2026-10-24", Start: "09:00"}},
			{Session: "2026-12-08T10:00", Status: "full"},
			{Session: "2026-12-15T10:00", Status: "on", Note: "bring a mince pie"},
			{Session: "2026-12-16T10:00", Status: "cancelled", Note: "there is no such session"},
		}},
		{"changes in the second part of a season", directory.Schedule{
			Repeats: []directory.Repeat{week("07:00", "08:00", everyDay...)},
			Pauses:  []directory.Pause{{From: "11-01", Until: "02-28"}},
		}, []directory.SessionChange{
			{Session: "2027-03-28T07:00", Status: "cancelled"},
			{Session: "2027-10-31T07:00", Status: "moved", To: &directory.SessionDate{Date: "2027-11-01", Start: "07:30", End: "08:30"}},
		}},
		{"changes of single dates", directory.Schedule{Dates: []directory.SessionDate{
			{Date: "2026-06-01", Start: "14:00", End: "16:00"}, {Date: "2026-06-08", Start: "14:00", End: "16:00"},
		}}, []directory.SessionChange{
			{Session: "2026-06-01T14:00", Status: "cancelled"},
			{Session: "2026-06-08T14:00", Status: "moved", To: &directory.SessionDate{Date: "2026-10-25", Start: "10:00", End: "12:00"}},
		}},
		{"moved into the window from before it", repeats(week("10:00", "11:00", "tue")), []directory.SessionChange{
			{Session: "2024-12-31T10:00", Status: "moved", To: &directory.SessionDate{Date: "2025-01-03", Start: "10:00", End: "11:00"}},
		}},
		{"in the hours in which the clocks change", repeats(
			week("01:30", "03:30", "sun"), week("00:15", "01:15", "sun"), week("00:45", "", "sun"), week("01:00", "02:00", everyDay...),
		), nil},
		{"cancelled in the hour that comes twice", repeats(week("01:30", "03:30", "sun")), []directory.SessionChange{
			{Session: "2026-10-25T01:30", Status: "cancelled"}, {Session: "2026-03-29T01:30", Status: "cancelled"},
		}},
		{"at midnight and late at night", repeats(week("00:00", "01:00", "sun"), week("23:30", "23:59", "sat")), nil},
	}
}

// hostileTexts are texts that break writers that do not escape. Control characters,
// which the directory refuses, are in the tests of package feeds.
func hostileTexts() []string {
	return []string{
		`Tea, cake; and "talk" \ more`,
		"one\ntwo\\nthree\n\nEND:VEVENT\nBEGIN:VEVENT",
		"</script><b>&amp;",
		"ŵ ŷ — “quotes” 👩‍🦽 " + "ŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷ",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"a    b          c                                                                                    d",
		"=HYPERLINK(\"http://example.org\")",
	}
}
