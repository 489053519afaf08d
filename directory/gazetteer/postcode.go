package gazetteer

import (
	"regexp"
	"strings"
	"unicode"
)

// Kind is what a text was read as.
type Kind string

// The kinds of Reading.
const (
	// Unit is a full postcode in a form that a postcode can have.
	Unit Kind = "unit"
	// Sector is an outcode and the digit after it, "M33 7".
	Sector Kind = "sector"
	// Typing is a postcode that lacks its last letter or two, "M33 7D"; only its
	// sector is known.
	Typing Kind = "typing"
	// Outcode is the outward half alone, "M33".
	Outcode Kind = "outcode"
	// Ambiguous is an outcode that may also be a sector written without its
	// space: "M11" is outcode M11 or sector M1 1. The outcode is meant when
	// there is one.
	Ambiguous Kind = "ambiguous"
	// PostcodeArea is one or two letters that begin postcodes, "EH".
	PostcodeArea Kind = "area"
	// Placeless is a valid code without a position in the UK: GIR 0AA, BFPO, the
	// Royal Mail's own BX and XX, and overseas codes.
	Placeless Kind = "placeless"
	// Withdrawn is the old Newport form, NPT 7GH.
	Withdrawn Kind = "withdrawn"
	// Impossible has the shape of a postcode, but letters that no postcode has.
	Impossible Kind = "impossible"
	// NotPostcode is any other text.
	NotPostcode Kind = ""
)

// Reading is a text parsed as a postcode or part of one. Its parts are in
// capitals, with one space in a postcode and in a sector.
type Reading struct {
	Kind     Kind
	Postcode string // of a Unit, Placeless, Withdrawn or Impossible reading
	Outcode  string // of all but PostcodeArea, Placeless, Withdrawn and NotPostcode
	Sector   string // of Unit, Sector, Typing, Ambiguous and Impossible
	Area     string // the leading letters, where there is an outcode or an area
	Repaired bool   // letters and digits were corrected: O for 0, I for 1
}

// maxPostcodeBytes is longer than any postcode with spaces and stray
// punctuation; a longer text is NotPostcode.
const maxPostcodeBytes = 64

// The outward forms, letter by letter as Royal Mail allows them, except that
// the third letter of A9A is taken leniently because the official files use
// more of them than the rule lists. \d{1,2} is narrowed so that no district has
// a leading zero.
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

// ReadPostcode parses text as a postcode or part of one. Case, spaces and
// punctuation do not matter in a full postcode; in part of one, a space marks
// the end of the outcode. It checks the form only: a Unit or an Outcode need not
// exist.
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

// capitals returns text in capitals with single spaces, without punctuation; ok
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

// unit parses a full postcode written without its space.
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

// partial parses part of a postcode.
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

// begun parses an outcode followed by one or two characters of the inward half.
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

// impossible parses a text with the shape of a postcode, but with letters that
// no postcode has in those positions.
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

// mend corrects O typed for 0 and I for 1, and the reverse, by what each
// position must be. Where an outcode allows either, it tries the digit, since
// neither O nor I is ever the third or fourth character of an outcode.
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

// coerce corrects text to a form of A for a letter, 9 for a digit, ? for either.
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

// placelessForm returns the code with its space, where it is written with one.
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

// area returns the leading letters of a code.
func area(code string) string {
	return code[:strings.IndexAny(code+"0", "0123456789")]
}
