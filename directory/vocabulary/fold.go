package vocabulary

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold normalises a phrase for comparison: lower case,
// no accents, no apostrophes, single spaces for all other punctuation, "&"
// as "and", a plus sign after a digit as "plus", and each word in the
// singular by a few English rules. So "Men's Sheds", "mens shed" and
// "men s sheds" fold to the same text, as do "50+" and "50 Plus", "tŷ" and
// "TY".
//
// The result is for comparing only; it need not be a word ("movy").
// Fold(Fold(s)) is Fold(s).
func Fold(s string) string {
	words := strings.Fields(strings.Map(foldMark, spell(s)))
	kept := words[:0]
	for _, w := range words {
		// "men s" is what is left of "men's" when the apostrophe became a space.
		if w == "s" && len(kept) > 0 {
			kept[len(kept)-1] += w
			continue
		}
		kept = append(kept, w)
	}
	for i, w := range kept {
		kept[i] = singular(w)
	}
	return strings.Join(kept, " ")
}

// spell decomposes accented letters and spells out the signs and letters that
// have no decomposition.
func spell(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	previous := ' '
	for _, r := range norm.NFD.String(strings.ToValidUTF8(s, " ")) {
		r = unicode.ToLower(r)
		switch {
		case r == '&':
			b.WriteString(" and ")
		case r == '+' && unicode.IsDigit(previous):
			b.WriteString(" plus ")
		case r == 'ł':
			b.WriteByte('l')
		case r == 'ø':
			b.WriteByte('o')
		case r == 'đ':
			b.WriteByte('d')
		case r == 'æ':
			b.WriteString("ae")
		case r == 'œ':
			b.WriteString("oe")
		case r == 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(r)
		}
		previous = r
	}
	return b.String()
}

// foldMark drops accents and apostrophes, keeps letters and digits, and makes
// everything else a space.
func foldMark(r rune) rune {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʻ', '`', '´', '′':
		return -1
	}
	switch {
	case unicode.Is(unicode.Mn, r):
		return -1
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return r
	}
	return ' '
}

// singular removes the plural ending of one folded word. A singular that looks
// like a stripped plural is changed the same way ("movie" and "movies" are
// both "movy"), so that the two compare equal.
func singular(w string) string {
	if digits := strings.TrimSuffix(w, "s"); digits != w && digits != "" && strings.Trim(digits, "0123456789") == "" {
		return digits // "over 50s"
	}
	if len(w) >= 4 && strings.HasSuffix(w, "s") && !endsIn(w, "ss", "us", "is") {
		w = w[:len(w)-1]
	}
	if len(w) < 4 {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ie"): // parties, movies
		return w[:len(w)-2] + "y"
	case endsIn(w, "oe", "che", "she", "sse", "xe", "ze"): // dominoes, lunches, boxes
		return w[:len(w)-1]
	}
	return w
}

func endsIn(w string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}
