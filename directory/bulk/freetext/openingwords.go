package freetext

import (
	"regexp"
	"strconv"
	"strings"
)

// Week are the codes of the days, from Monday.
var Week = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// dayWords are the words for the days, in English and Welsh.
var dayWords = map[string]string{
	"m": "", "mon": "mon", "monday": "mon", "tue": "tue", "tues": "tue", "tuesday": "tue", "wed": "wed", "weds": "wed", "wednesday": "wed",
	"thu": "thu", "thur": "thu", "thurs": "thu", "thursday": "thu", "fri": "fri", "friday": "fri", "sat": "sat", "saturday": "sat", "sun": "sun", "sunday": "sun",
	"llun": "mon", "mawrth": "tue", "mercher": "wed", "iau": "thu", "gwener": "fri", "sadwrn": "sat", "sul": "sun",
}

// Weekday is the code of the day that a word in lower case names: "tues",
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

// token is one piece of an opening-times text.
type token struct {
	kind string // day, days, time, nth, dash, and, stop, word
	text string
	days []string
	nth  int
	at   clockTime
}

type clockTime struct {
	minutes int  // since midnight, as written
	half    byte // 'a', 'p', 'n' for noon, '2' for a 24-hour time, 0 not said
}

// lexer finds the pieces: a time, a number with letters, a word, a mark.
var lexer = regexp.MustCompile(`(\d{1,2})\s*[:.]\s*(\d{2})\s*(am|pm|a\.m\.?|p\.m\.?|noon|hrs|h)?|(\d{1,2})(st|nd|rd|th)\b|(\d{1,2})\s*(am|pm|a\.m\.?|p\.m\.?|noon|midday)?|[a-z']+|[^\s]`)

func lexOpenings(text string) ([]token, bool) {
	text = strings.NewReplacer("–", "-", "—", "-", "‒", "-", "−", "-", "12 noon", "12noon", "12 midday", "12noon", "mid-day", "midday").Replace(text)
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
		return timeToken(m[1], m[2], m[3], word)
	case m[4] != "":
		n, ok := nthWords[m[4]+m[5]]
		return token{kind: "nth", nth: n}, ok
	case m[6] != "":
		return timeToken(m[6], "0", m[7], word)
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
		return token{kind: "time", at: clockTime{12 * 60, 'n'}}, true
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

func timeToken(hour, minute, half, written string) (token, bool) {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
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
	case h > 12, h == 0, strings.HasPrefix(written, "0"), half != "":
		t.half = '2'
	}
	switch {
	case (t.half == 'a' || t.half == 'p') && (h == 0 || h > 12), t.half == 'n' && h*60+m != 12*60:
		return token{}, false
	}
	return token{kind: "time", at: t}, true
}
