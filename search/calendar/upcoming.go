package calendar

import (
	"slices"
	"time"

	"gather/directory"
)

// fastSchedule computes the sessions of a schedule in integers, the same as
// UpcomingByDirectory in a fiftieth of the time. What is rare it leaves to that:
// changed sessions, times in the small hours, in which the clocks change, and
// schedules that Details.Check refuses.
type fastSchedule struct {
	from, until int32 // in which sessions start, in wall minutes
	nearest     int32 // the day of from, counted from 1970 as all days here
	schedule    *directory.Schedule
	except      []int32 // days
	pauses      []pause
	out         []Occurrence
	seen        map[int32]bool // starts; nil where there is one rule only
}

// pause is the days of a pause as numbers that compare as dates do: YYYYMMDD, or
// MMDD of a yearly one.
type pause struct {
	from, until int32
	yearly      bool
}

// firstClock is the first time of day, in minutes, after the clocks change.
const firstClock = 3 * 60

// Upcoming computes the sessions of a that take place from a day before now until
// HorizonDays after it, in order of time.
func Upcoming(a *directory.Activity, now time.Time) []Occurrence {
	if a.Schedule != nil && len(a.SessionChanges) == 0 {
		yesterday := now.AddDate(0, 0, -1)
		r := fastSchedule{schedule: a.Schedule, from: wallCeiling(yesterday), until: wallCeiling(now.AddDate(0, 0, HorizonDays)), nearest: WallMinutes(yesterday) / DayMinutes}
		if r.compute() {
			return r.out
		}
	}
	return UpcomingByDirectory(a, now)
}

// wallCeiling is the first wall minute that does not begin before t.
func wallCeiling(t time.Time) int32 {
	w := WallMinutes(t)
	if t.Second() > 0 || t.Nanosecond() > 0 {
		w++
	}
	return w
}

// compute fills out, and reports whether it could.
func (r *fastSchedule) compute() bool {
	s := r.schedule
	if len(s.Repeats)+len(s.Dates) > 1 {
		r.seen = map[int32]bool{}
	}
	if !r.readSkips() {
		return false
	}
	for i := range s.Repeats {
		if !r.repeat(&s.Repeats[i]) {
			return false
		}
	}
	for _, d := range s.Dates {
		day, ok := dayOf(d.Date)
		start, length, ok2 := clocks(d.Start, d.End)
		if !ok || !ok2 {
			return false
		}
		// A single date takes place in spite of a pause.
		if !slices.Contains(r.except, day) {
			r.add(day*DayMinutes+start, length)
		}
	}
	slices.SortFunc(r.out, func(a, b Occurrence) int { return int(a.start - b.start) })
	return len(r.out) < directory.MaxSessions
}

// readSkips reads the exceptions and pauses, and reports whether it could.
func (r *fastSchedule) readSkips() bool {
	for _, e := range r.schedule.Except {
		day, ok := dayOf(e)
		if !ok {
			return false
		}
		r.except = append(r.except, day)
	}
	for _, p := range r.schedule.Pauses {
		yearly := len(p.From) == len("01-02")
		if len(p.Until) != len(p.From) {
			return false
		}
		from, ok := dateNumber(p.From)
		until, ok2 := dateNumber(p.Until)
		if !ok || !ok2 {
			return false
		}
		r.pauses = append(r.pauses, pause{from, until, yearly})
	}
	return true
}

// skips reports whether nothing takes place on a day.
func (r *fastSchedule) skips(day int32) bool {
	if slices.Contains(r.except, day) {
		return true
	}
	if len(r.pauses) == 0 {
		return false
	}
	y, m, d := time.Unix(int64(day)*24*3600, 0).UTC().Date()
	yearly := int32(m)*100 + int32(d)
	for _, p := range r.pauses {
		at := yearly
		if !p.yearly {
			at += int32(y) * 10_000
		}
		if p.from > p.until && (at >= p.from || at <= p.until) || at >= p.from && at <= p.until {
			return true
		}
	}
	return false
}

// add adds a session that starts in time, once.
func (r *fastSchedule) add(start, length int32) {
	if start < r.from || start >= r.until {
		return
	}
	if r.seen != nil {
		if r.seen[start] {
			return
		}
		r.seen[start] = true
	}
	r.out = append(r.out, Occurrence{start: start, length: length, change: -1})
}

var weekdayNames = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// repeat adds the sessions of one rule, and reports whether it could.
func (r *fastSchedule) repeat(rep *directory.Repeat) bool {
	start, length, ok := clocks(rep.Start, rep.End)
	if !ok || len(rep.Days) == 0 {
		return false
	}
	var days [7]bool // from Monday
	for _, d := range rep.Days {
		at := slices.Index(weekdayNames, d)
		if at < 0 {
			return false
		}
		days[at] = true
	}
	begin, last := r.nearest, r.until/DayMinutes
	if rep.From != "" {
		if begin, ok = dayOf(rep.From); !ok {
			return false
		}
	}
	if rep.Until != "" {
		until, ok := dayOf(rep.Until)
		if !ok {
			return false
		}
		last = min(last, until)
	}
	step := int32(max(1, rep.Interval))
	switch rep.Every {
	case "week":
		r.weekly(days, begin, last, step, start, length)
		return true
	case "month":
		return r.monthly(days, rep.Nth, begin, last, step, start, length)
	}
	return false
}

// weekly adds the sessions in every step-th week from that of begin.
func (r *fastSchedule) weekly(days [7]bool, begin, last, step, start, length int32) {
	monday := begin - int32(Weekday(begin*DayMinutes))
	if monday < r.nearest {
		monday += (r.nearest - monday) / (7 * step) * (7 * step)
	}
	for ; monday <= last; monday += 7 * step {
		for i, on := range days {
			if day := monday + int32(i); on && day >= begin && day <= last && !r.skips(day) {
				r.add(day*DayMinutes+start, length)
			}
		}
	}
}

// monthly adds the sessions on the nth such weekdays of every step-th month
// from that of begin.
func (r *fastSchedule) monthly(days [7]bool, nth []int, begin, last, step, start, length int32) bool {
	if len(nth) == 0 || slices.ContainsFunc(nth, func(n int) bool { return n == 0 || n < -5 || n > 5 }) {
		return false
	}
	y, m, _ := time.Unix(int64(begin)*24*3600, 0).UTC().Date()
	month := int32(y)*12 + int32(m) - 1
	y, m, _ = time.Unix(int64(r.nearest)*24*3600, 0).UTC().Date()
	if near := int32(y)*12 + int32(m) - 1; month < near {
		month += (near - month) / step * step
	}
	for ; ; month += step {
		first := dayNumber(int(month/12), time.Month(month%12+1), 1)
		after := dayNumber(int((month+1)/12), time.Month((month+1)%12+1), 1)
		if first > last {
			return true
		}
		var on []int32
		for day := first; day < after; day++ {
			if !days[Weekday(day*DayMinutes)] || day < begin || day > last {
				continue
			}
			n, back := int(day-first)/7+1, -(int(after-1-day)/7 + 1)
			if slices.Contains(nth, n) || slices.Contains(nth, back) {
				on = append(on, day)
			}
		}
		for _, day := range on {
			if !r.skips(day) {
				r.add(day*DayMinutes+start, length)
			}
		}
	}
}

// dayNumber is a date in days since 1 January 1970.
func dayNumber(y int, m time.Month, d int) int32 {
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 3600))
}

// dayOf is the dayNumber of a date written YYYY-MM-DD, from 1971 to 2500.
func dayOf(date string) (int32, bool) {
	n, ok := dateNumber(date)
	y, m, d := n/10_000, n/100%100, n%100
	if !ok || len(date) != len(directory.DateLayout) || y < 1971 || y > 2500 || m < 1 || m > 12 || d < 1 {
		return 0, false
	}
	day := dayNumber(int(y), time.Month(m), int(d))
	// 30 February would be a day of March.
	return day, time.Unix(int64(day)*24*3600, 0).UTC().Day() == int(d)
}

// dateNumber is the digits of YYYY-MM-DD or MM-DD as one number.
func dateNumber(date string) (n int32, ok bool) {
	if len(date) != len("2006-01-02") && len(date) != len("01-02") {
		return 0, false
	}
	for i := range len(date) {
		dash := (len(date)-i)%3 == 0 && len(date)-i <= 6
		switch c := date[i]; {
		case dash && c == '-':
		case !dash && '0' <= c && c <= '9':
			n = n*10 + int32(c-'0')
		default:
			return 0, false
		}
	}
	return n, true
}

// clocks is the minute of the day of a start and the minutes until the end, -1
// without one. ok is false for what fastSchedule does not compute.
func clocks(start, end string) (from, length int32, ok bool) {
	from, ok = clockMinute(start)
	if !ok || from < firstClock {
		return 0, 0, false
	}
	if end == "" {
		return from, -1, true
	}
	until, ok := clockMinute(end)
	return from, until - from, ok && until > from
}

// clockMinute is the minute of the day of a time written HH:MM.
func clockMinute(s string) (int32, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	h, m := int32(s[0]-'0')*10+int32(s[1]-'0'), int32(s[3]-'0')*10+int32(s[4]-'0')
	return h*60 + m, h < 24 && m < 60
}
