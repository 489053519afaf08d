package gazetteer

import (
	"regexp"
	"strings"
	"unicode"
)

// Kind says what a text was read as.
type Kind string

// The kinds of Reading.
const (
	// Unit is a full postcode in a form that a postcode can have.
	Unit Kind = "unit"
	// Sector is an outcode and the digit after it, "M33 7".
	Sector Kind = "sector"
	// Typing is a full postcode whose last letter or two are still to come,
	// "M33 7D"; what is known so far is its sector.
	Typing Kind = "typing"
	// Outcode is the outward half alone, "M33".
	Outcode Kind = "outcode"
	// Ambiguous is an outcode that may also be a sector written without its
	// space: "M11" is outcode M11 or sector M1 1. The outcode is meant when
	// there is one.
	Ambiguous Kind = "ambiguous"
	// PostcodeArea is one or two letters that begin postcodes, "EH".
	PostcodeArea Kind = "area"
	// Placeless is a valid code that lies nowhere: GIR 0AA, BFPO, the Royal
	// Mail's own BX and XX, and those overseas.
	Placeless Kind = "placeless"
	// Withdrawn is the old Newport form, NPT 7GH.
	Withdrawn Kind = "withdrawn"
	// Impossible has the shape of a postcode but letters that none uses.
	Impossible Kind = "impossible"
	// NotPostcode is any other text.
	NotPostcode Kind = ""
)

// Reading says how a text was read as a postcode or part of one. Its parts are
// in capitals, with one space in a postcode and in a sector.
type Reading struct {
	Kind     Kind
	Postcode string // of a Unit, Placeless, Withdrawn or Impossible reading
	Outcode  string // of all but PostcodeArea, Placeless, Withdrawn and NotPostcode
	Sector   string // of Unit, Sector, Typing, Ambiguous and Impossible
	Area     string // the leading letters, where there is an outcode or an area
	Repaired bool   // letters and digits were mended: O for 0, I for 1
}

// maxPostcodeBytes is longer than any postcode with spaces and stray marks; a
// longer text is not looked at further.
const maxPostcodeBytes = 64

// The outward forms, letter by letter as Royal Mail allows them, except that
// the third letter of A9A is taken leniently because the official files use
// more of them than the rule lists. \d{1,2} is narrowed so that no district has
// a leading nought.
const outwardForm = `[A-PR-UWYZ](?:\d|[1-9]\d)|[A-PR-UWYZ][A-HK-Y](?:\d|[1-9]\d)|[A-PR-UWYZ]\d[A-HJKMNPR-Y]|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY]`

const inwardForm = `\d[ABD-HJLNP-UW-Z]{2}`

var (
	outwardOnly = regexp.MustCompile(`^(?:` + outwardForm + `)$`)
	fullForm    = regexp.MustCompile(`^(?:` + outwardForm + `) ` + inwardForm + `$`)
	areaForm    = regexp.MustCompile(`^[A-PR-UWYZ][A-HK-Y]?$`)
	inwardShape = regexp.MustCompile(`^\d[A-Z]{2}$`)
	mendable    = regexp.MustCompile(`^[A-Z01]{1,2}[0-9OI][A-Z0-9]?[0-9OI][A-Z01]{2}$`)
	placeless   = regexp.MustCompile(`^(?:GIR[0O]AA|BFPO\d{1,4}|BF\d[A-Z0-9]*|BX\d[A-Z0-9]*|XX\d[A-Z0-9]*|GX11[A-Z0-9]*|SANTA1|(?:ASCN|STHL|TDCU|FIQQ|SIQQ|BIQQ|BBND|PCRN|TKCA)1ZZ)$`)
	withdrawn   = regexp.MustCompile(`^NPT\d[A-Z]{2}$`)
)

// ReadPostcode reads text as a postcode, or as much of one as is there. Case,
// spaces and punctuation do not matter to a full postcode; in part of one, a
// space says where the outcode ends. It never looks anything up: a Unit or an
// Outcode has a form that may exist, no more.
func ReadPostcode(text string) Reading {
	spaced, ok := capitals(text)
	if !ok {
		return Reading{}
	}
	compact := strings.ReplaceAll(spaced, " ", "")
	switch {
	case placeless.MatchString(compact):
		return Reading{Kind: Placeless, Postcode: placelessForm(compact), Repaired: compact == "GIROAA"}
	case withdrawn.MatchString(compact):
		return Reading{Kind: Withdrawn, Postcode: compact[:3] + " " + compact[3:]}
	}
	if r, ok := unit(compact); ok {
		return r
	}
	if r, ok := partial(spaced, compact); ok {
		return r
	}
	if mended, ok := mend(compact); ok {
		if r, ok := unit(mended); ok {
			r.Repaired = true
			return r
		}
		if r := impossible(mended); r.Kind == Impossible {
			r.Repaired = mended != compact
			return r
		}
	}
	return impossible(compact)
}

// capitals puts text in capitals with single spaces, without punctuation; ok
// is false when it has other characters or is too long.
func capitals(text string) (string, bool) {
	if len(text) > maxPostcodeBytes {
		return "", false
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.IsSpace(r), unicode.Is(unicode.Zs, r), r == '\u200b', r == '\ufeff':
			b.WriteByte(' ')
		case unicode.IsPunct(r):
		default:
			return "", false
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), b.Len() > 0
}

// unit reads a full postcode written without its space.
func unit(compact string) (Reading, bool) {
	if len(compact) < 5 || len(compact) > 7 {
		return Reading{}, false
	}
	split := len(compact) - 3
	postcode := compact[:split] + " " + compact[split:]
	if !fullForm.MatchString(postcode) {
		return Reading{}, false
	}
	return Reading{
		Kind: Unit, Postcode: postcode, Outcode: compact[:split],
		Sector: postcode[:split+2], Area: area(compact),
	}, true
}

// partial reads part of a postcode.
func partial(spaced, compact string) (Reading, bool) {
	outcode, inward, cut := strings.Cut(spaced, " ")
	if cut && outwardOnly.MatchString(outcode) && (len(inward) == 1 || len(inward) == 2) {
		return begun(outcode, inward)
	}
	if !cut && outwardOnly.MatchString(compact) {
		r := Reading{Kind: Outcode, Outcode: compact, Area: area(compact)}
		if s, ok := begun(compact[:len(compact)-1], compact[len(compact)-1:]); ok {
			r.Kind, r.Sector = Ambiguous, s.Sector
		}
		return r, true
	}
	if !cut && areaForm.MatchString(compact) {
		return Reading{Kind: PostcodeArea, Area: compact}, true
	}
	for n := 1; n <= 2 && n < len(compact); n++ {
		if r, ok := begun(compact[:len(compact)-n], compact[len(compact)-n:]); ok {
			return r, true
		}
	}
	return Reading{}, false
}

// begun reads an outcode followed by one or two characters of the inward half.
func begun(outcode, inward string) (Reading, bool) {
	if !outwardOnly.MatchString(outcode) || inward[0] < '0' || inward[0] > '9' {
		return Reading{}, false
	}
	r := Reading{Kind: Sector, Outcode: outcode, Sector: outcode + " " + inward[:1], Area: area(outcode)}
	if len(inward) == 2 {
		if inward[1] < 'A' || inward[1] > 'Z' {
			return Reading{}, false
		}
		r.Kind = Typing
	}
	return r, true
}

// impossible reads what has the shape of a postcode, but letters that no
// postcode has in those places.
func impossible(compact string) Reading {
	split := len(compact) - 3
	if split < 2 || !outwardOnly.MatchString(compact[:split]) || !inwardShape.MatchString(compact[split:]) {
		return Reading{}
	}
	return Reading{
		Kind: Impossible, Postcode: compact[:split] + " " + compact[split:],
		Outcode: compact[:split], Sector: compact[:split] + " " + compact[split:split+1], Area: area(compact),
	}
}

// mend puts letters where letters must be and digits where digits must be:
// O for 0 and I for 1, or the other way. Where an outcode allows either, it
// tries the digit, since neither O nor I is ever a postcode's third or fourth
// letter.
func mend(compact string) (string, bool) {
	if !mendable.MatchString(compact) {
		return "", false
	}
	split := len(compact) - 3
	inward := coerce(compact[split:], "9AA")
	form := map[int]string{2: "A9", 3: "A??", 4: "AA9?"}[split]
	outcode := coerce(compact[:split], form)
	if !outwardOnly.MatchString(outcode) {
		for _, form := range map[int][]string{3: {"A9?", "AA?", "A99", "AA9"}, 4: {"AA99"}}[split] {
			if tried := coerce(compact[:split], form); outwardOnly.MatchString(tried) {
				outcode = tried
				break
			}
		}
	}
	return outcode + inward, true
}

// coerce mends text to a form of A for a letter, 9 for a digit, ? for either.
func coerce(text, form string) string {
	out := []byte(text)
	for i := range out {
		switch {
		case form[i] == 'A' && out[i] == '0':
			out[i] = 'O'
		case form[i] == 'A' && out[i] == '1':
			out[i] = 'I'
		case form[i] == '9' && out[i] == 'O':
			out[i] = '0'
		case form[i] == '9' && out[i] == 'I':
			out[i] = '1'
		}
	}
	return string(out)
}

// placelessForm puts the space where the code is written with one.
func placelessForm(compact string) string {
	switch {
	case compact == "GIROAA":
		return "GIR 0AA"
	case compact == "SANTA1":
		return "SAN TA1"
	case strings.HasPrefix(compact, "BFPO"):
		return "BFPO " + compact[4:]
	case len(compact) > 4 && inwardShape.MatchString(compact[len(compact)-3:]):
		return compact[:len(compact)-3] + " " + compact[len(compact)-3:]
	}
	return compact
}

// area is the leading letters of a code.
func area(code string) string {
	return code[:strings.IndexAny(code+"0", "0123456789")]
}
