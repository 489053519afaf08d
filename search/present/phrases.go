package present

import (
	"gather/search"
	"gather/search/calendar"
	"strconv"
)

// milesText writes a distance that is rounded to a tenth.
func milesText(miles float64, about bool) string {
	unit := " miles"
	if miles == 1 {
		unit = " mile"
	}
	if about {
		return "about " + search.Number(miles) + unit
	}
	return search.Number(miles) + unit
}

func milesTextWelsh(miles float64, about bool) string {
	if about {
		return "tua " + search.Number(miles) + " milltir"
	}
	return search.Number(miles) + " milltir"
}

// monthsText writes how many whole months ago something was.
func monthsText(n int) string {
	switch n {
	case 0:
		return "this month"
	case 1:
		return "a month ago"
	}
	return strconv.Itoa(n) + " months ago"
}

var (
	welshDays   = [7]string{"Dydd Llun", "Dydd Mawrth", "Dydd Mercher", "Dydd Iau", "Dydd Gwener", "Dydd Sadwrn", "Dydd Sul"}
	welshMonths = [12]string{"Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"}
)

// whenText writes the start of a session: "Tuesday 1 December, 10:00".
func whenText(o calendar.Occurrence) string {
	return calendar.WallTime(o.Start()).Format("Monday 2 January, 15:04")
}

func whenTextWelsh(o calendar.Occurrence) string {
	t := calendar.WallTime(o.Start())
	return welshDays[calendar.Weekday(o.Start())] + " " + strconv.Itoa(t.Day()) + " " + welshMonths[t.Month()-1] + ", " + t.Format("15:04")
}
