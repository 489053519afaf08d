package ical

import (
	"time"

	ics "github.com/arran4/golang-ical"

	"gather/directory"
)

// The layouts of RFC 5545 section 3.3.5: a wall-clock time with a TZID, and a time
// in UTC.
const (
	localLayout = "20060102T150405"
	utcLayout   = "20060102T150405Z"
)

// zoneID is the TZID of every wall-clock time; zone defines it.
const zoneID = "Europe/London"

// zone is Europe/London by the rule in force since 1996: British Summer Time
// from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
// October (the Summer Time Orders of 1994 and 2002). Nothing in a directory is
// older.
func zone() *ics.VTimezone {
	tz := ics.NewTimezone(zoneID)
	tz.AddProperty("X-LIC-LOCATION", zoneID)
	summer := &ics.Daylight{}
	summer.AddProperty(ics.ComponentProperty(ics.PropertyTzname), "BST")
	summer.AddProperty(ics.ComponentPropertyDtStart, "19960331T010000")
	summer.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0000")
	summer.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0100")
	summer.AddProperty(ics.ComponentPropertyRrule, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
	winter := ics.NewStandard()
	winter.AddProperty(ics.ComponentProperty(ics.PropertyTzname), "GMT")
	winter.AddProperty(ics.ComponentPropertyDtStart, "19961027T020000")
	winter.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0100")
	winter.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0000")
	winter.AddProperty(ics.ComponentPropertyRrule, "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")
	tz.Components = append(tz.Components, summer, winter)
	return tz
}

// asRead is the time that a wall-clock time in London means by RFC 5545 section
// 3.3.5: in an hour that is skipped, with the offset before the gap; in an hour
// that occurs twice, the first one.
func asRead(wall time.Time) time.Time {
	at := func(offset time.Duration) time.Time {
		return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC).Add(-offset)
	}
	shows := func(t time.Time) bool {
		return t.In(directory.London()).Format(localLayout) == wall.Format(localLayout)
	}
	if summer := at(time.Hour); shows(summer) {
		return summer
	}
	return at(0) // winter, or the gap in spring with the winter offset before it
}

// stamp sets a property to t: as London's wall-clock time with the TZID, or in UTC
// in the one hour of autumn that would be read as an hour earlier.
func stamp(e *ics.VEvent, p ics.ComponentProperty, t time.Time) {
	t = t.In(directory.London())
	if asRead(t).Equal(t) {
		e.AddProperty(p, t.Format(localLayout), ics.WithTZID(zoneID))
		return
	}
	e.AddProperty(p, t.UTC().Format(utcLayout))
}

// wallStamp sets a property to a wall-clock time as it is.
func wallStamp(e *ics.VEvent, p ics.ComponentProperty, wall time.Time) {
	e.AddProperty(p, wall.Format(localLayout), ics.WithTZID(zoneID))
}
