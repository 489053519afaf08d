package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns text as it is indexed and searched for: lower case, without
// accents and apostrophes, in valid UTF-8.
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\'', '’', '‘', 'ʼ', 'ʻ', '`', '´', '′':
			return -1
		}
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(strings.ToValidUTF8(s, " ")))
}

// foldASCII is Fold for text of ASCII only, as most text is, in one pass.
func foldASCII(s string) (string, bool) {
	same := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return "", false
		case 'A' <= c && c <= 'Z' || c == '\'' || c == '`':
			same = false
		}
	}
	if same {
		return s, true
	}
	folded := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '`':
		case 'A' <= c && c <= 'Z':
			folded = append(folded, c+'a'-'A')
		default:
			folded = append(folded, c)
		}
	}
	return string(folded), true
}
