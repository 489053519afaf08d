package directory

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted is the most characters of a caller's text that a response repeats:
// enough to recognise it, and a hostile text cannot make the response long.
const quoted = 60

// Quote returns text as a response repeats it to its sender: valid UTF-8, and
// cut after 60 characters with "…".
func Quote(text string) string { return Clip(text, quoted+1) }

// Clip returns text in valid UTF-8, cut to most characters. If it was cut the
// last of them is "…".
func Clip(text string, most int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// Pounds formats an amount for people: £3, £3.50.
func Pounds(amount float64) string {
	return "£" + strings.TrimSuffix(strconv.FormatFloat(amount, 'f', 2, 64), ".00")
}
