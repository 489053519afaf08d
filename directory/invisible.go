package directory

import (
	"strings"
	"unicode"
)

// StripInvisible takes out of a text the characters that nobody sees and that
// pasting leaves behind: soft hyphens, zero-width spaces, marks of direction.
// Joiners stay where a script or an emoji needs them, and so do the letters of
// flags (Wales is a black flag with tags).
func StripInvisible(s string) string {
	if !strings.ContainsFunc(s, invisible) {
		return s
	}
	var b strings.Builder
	last, flag := rune(0), false
	for _, r := range s {
		switch {
		case r == '\u200c' || r == '\u200d':
			if last < '\u0600' || unicode.IsSpace(last) {
				continue
			}
		case isTag(r):
			if !flag {
				continue
			}
		case invisible(r):
			continue
		}
		flag = r == '\U0001f3f4' || flag && isTag(r)
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// isTag reports the letters of a flag, which follow a black flag.
func isTag(r rune) bool { return r >= '\U000e0020' && r <= '\U000e007f' }

// invisible reports what StripInvisible looks at.
func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff', '\u061c':
		return true
	}
	return isTag(r)
}
