package directory

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted is the most characters of a caller's text that are said back: enough
// to recognise it, and a hostile one cannot make the answer long.
const quoted = 60

// Quote is text as it is said back to whoever sent it: valid UTF-8, and after
// 60 characters "…".
func Quote(text string) string { return Clip(text, quoted+1) }

// Clip is text in valid UTF-8 and at most most characters. Where it was cut the
// last of them is "…".
func Clip(text string, most int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// Pounds writes an amount as people read it: £3, £3.50.
func Pounds(amount float64) string {
	return "£" + strings.TrimSuffix(strconv.FormatFloat(amount, 'f', 2, 64), ".00")
}
