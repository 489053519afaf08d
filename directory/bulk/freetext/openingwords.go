package freetext

import (
	"regexp"
	"strconv"
	"strings"
)

// Week lists the codes of the days, Monday first.
var Week = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// dayWords are the words for the days, in English and Welsh.
var dayWords = map[string]string{
	"m": "", "mon": "mon", "monday": "mon", "tue": "tue", "tues": "tue", "tuesday": "tue", "wed": "wed", "weds": "wed", "wednesday": "wed",
	"thu": "thu", "thur": "thu", "thurs": "thu", "thursday": "thu", "fri": "fri", "friday": "fri", "sat": "sat", "saturday": "sat", "sun": "sun", "sunday": "sun",
	"llun": "mon", "mawrth": "tue", "mercher": "wed", "iau": "thu", "gwener": "fri", "sadwrn": "sat", "sul": "sun",
}

// Weekday returns the code of the day that a word in lower case names: "tues",
// "fridays".
func Weekday(word string) (code string, ok bool) {
	d, ok := dayWords[word]
	if !ok {
		d, ok = dayWords[strings.TrimSuffix(word, "s")]
	}
	return d, ok && d != ""
}

var nthWords = map[string]int{
	"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "5th": 5, "fifth": 5, "last": -1,
}

// token is a token of a text of opening times.
type token struct {
	kind string // day, days, time, nth, dash, and, stop, word
	text string
	days []string
	nth  int
	at   clockTime
}

type clockTime struct {
	minutes int  // since midnight, as written
	half    byte // 'a', 'p', 'n' for noon, '2' for a 24-hour time, 0 if not stated
	// four is true for three or four digits without a separator (1400), and year
	// for those that may also be a year.
	four, year bool
}

// lexer matches a token: a time, a number with letters, digits, a word, a mark.
var lexer = regexp.MustCompile(`(\d+)\s*[:.]\s*(\d+)(?:\s*:\s*(\d+)(?:\.\d+)?)?\s*(am|pm|a\.m\.?|p\.m\.?|noon|hrs|h\b)?|(\d+)(st|nd|rd|th)\b|(\d+)\s*(am|pm|a\.m\.?|p\.m\.?|noon|midday|midnight|hrs|hours|h\b)?|[a-z']+|[^\s]`)

func lexOpenings(text string) ([]token, bool) {
	text = strings.NewReplacer("–", "-", "—", "-", "‒", "-", "−", "-", "mid-day", "midday", "mid-night", "midnight").Replace(text)
	var out []token
	for _, m := range lexer.FindAllStringSubmatch(text, -1) {
		t, ok := lexOne(m)
		if !ok {
			return nil, false
		}
		out = append(out, t)
	}
	return out, true
}

func lexOne(m []string) (token, bool) {
	word := m[0]
	switch {
	case m[1] != "":
		if len(m[1]) > 2 || len(m[2]) != 2 || m[3] != "" && (len(m[3]) != 2 || m[3] > "59") {
			return token{}, false
		}
		if m[1] == "0" && m[3] == "" && !strings.Contains(word, ":") {
			return token{}, false // 0.58 is a fraction of a day, as in spreadsheets
		}
		return timeToken(m[1], m[2], m[4], word)
	case m[5] != "":
		n, ok := nthWords[m[5]+m[6]]
		return token{kind: "nth", nth: n}, ok
	case m[7] != "":
		return digits(m[7], m[8], word)
	}
	if d, ok := Weekday(word); ok {
		return token{kind: "day", days: []string{d}}, true
	}
	if n, ok := nthWords[word]; ok {
		return token{kind: "nth", nth: n}, true
	}
	switch word {
	case "weekdays", "weekday":
		return token{kind: "days", days: Week[:5]}, true
	case "weekends":
		return token{kind: "days", days: Week[5:]}, true
	case "daily":
		return token{kind: "days", days: Week}, true
	case "noon", "midday":
		return token{kind: "time", at: clockTime{minutes: 12 * 60, half: 'n'}}, true
	case "midnight":
		return token{kind: "time", at: clockTime{minutes: Midnight, half: '2'}}, true
	case "-", "to", "till", "until", "til":
		return token{kind: "dash"}, true
	case "&", "and", "/", "+":
		return token{kind: "and"}, true
	case ",", ".", ";", ":", "every", "each", "on", "at", "the", "a":
		return token{kind: "stop"}, true
	case "from":
		return token{kind: "from"}, true
	}
	return token{}, false
}

// digits reads a number without a separator: an hour, or hours and minutes (1400,
// 930).
func digits(number, half, written string) (token, bool) {
	switch len(number) {
	case 1, 2:
		if number == "0" || number == "00" || strings.HasPrefix(half, "h") {
			return token{}, false // "2 hours" is a duration
		}
		return timeToken(number, "0", half, written)
	case 3, 4:
		cut := len(number) - 2
		t, ok := timeToken(number[:cut], number[cut:], half, written)
		t.at.four = true
		t.at.year = number >= "2000" && number <= "2059" && cut == 2 && half == ""
		return t, ok
	}
	return token{}, false
}

func timeToken(hour, minute, half, written string) (token, bool) {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	if h == 24 && m == 0 && half != "am" && half != "pm" {
		return token{kind: "time", at: clockTime{minutes: Midnight, half: '2'}}, true
	}
	if h > 23 || m > 59 {
		return token{}, false
	}
	t := clockTime{minutes: h*60 + m}
	switch {
	case strings.HasPrefix(half, "a"):
		t.half = 'a'
	case strings.HasPrefix(half, "p"):
		t.half = 'p'
	case half == "noon", half == "midday":
		t.half = 'n'
	case half == "midnight" && h*60+m == 12*60:
		return token{kind: "time", at: clockTime{minutes: Midnight, half: '2'}}, true
	case half == "midnight":
		return token{}, false
	case h > 12, h == 0, strings.HasPrefix(written, "0"), half != "", len(hour) == 2 && len(written) == 4:
		t.half = '2'
	}
	switch {
	case (t.half == 'a' || t.half == 'p') && (h == 0 || h > 12), t.half == 'n' && h*60+m != 12*60:
		return token{}, false
	}
	return token{kind: "time", at: t}, true
}
