package freetext

import (
	"strings"
	"time"

	"gather/directory"
)

// dateForms are the ways in which files write the date of a change. A date
// such as 03/04/2025 is British.
var dateForms = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", directory.DateLayout, "02/01/2006", "2/1/2006", "02-01-2006", "2 January 2006", "02 Jan 2006"}

// Date reads a date, with a time of the day or without. ok is false for what is
// none, and for years before 1990 and after 2199, which are slips.
func Date(text string) (date time.Time, ok bool) {
	for _, form := range dateForms {
		if t, err := time.Parse(form, Line(text)); err == nil && t.Year() >= 1990 && t.Year() < 2200 {
			return t, true
		}
	}
	return time.Time{}, false
}

// FirstDate is the first of these that is a date, as YYYY-MM-DD.
func FirstDate[T ~string](texts ...T) string {
	for _, t := range texts {
		if when, ok := Date(string(t)); ok {
			return when.Format(directory.DateLayout)
		}
	}
	return ""
}

// clockForms are the ways in which files write a time of the day.
var clockForms = []string{"15:04", "15:04:05", "15:04Z07:00", "15:04:05Z07:00", "3:04pm", "3:04 pm", "3pm", "3 pm"}

// Clock is a time of the day as HH:MM on the wall; a zone is left out, as these
// files write the wall clock and add the zone by habit.
func Clock[T ~string](t T) string {
	s := strings.ToLower(Line(string(t)))
	for _, form := range clockForms {
		if when, err := time.Parse(form, strings.ToUpper(s)); err == nil && !strings.Contains(form, "pm") {
			return when.Format("15:04")
		}
		if when, err := time.Parse(form, s); err == nil {
			return when.Format("15:04")
		}
	}
	return ""
}
