package directory

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// person is who is to be erased, given as an e-mail address, a telephone number
// or a name.
type person struct {
	text string
	// address is true for an e-mail address.
	address bool
	// digits are those of a telephone number, empty for anything else.
	digits string
	in     *regexp.Regexp
}

// leastPerson is the fewest characters that identify somebody: "Ann" is in too
// many texts.
const leastPerson = 5

// leastDigits is the fewest digits of a telephone number that identify
// somebody.
const leastDigits = 7

var (
	onlyNumber = regexp.MustCompile(`^\+?[0-9(][0-9 ()-]+[0-9]$`)
	numberIn   = regexp.MustCompile(`\+?[0-9(][0-9 ()-]{5,}[0-9]`)
)

func newPerson(text string) (*person, error) {
	text = strings.TrimSpace(text)
	if visible(text) < leastPerson {
		return nil, InvalidField("contact", "give a whole e-mail address, telephone number or name", "is too short to say who is meant")
	}
	p := &person{text: text, address: strings.Contains(text, "@"), in: regexp.MustCompile("(?i)" + regexp.QuoteMeta(text))}
	if digits := phoneDigits(text); onlyNumber.MatchString(text) && len(digits) >= leastDigits {
		p.digits = digits
	}
	return p, nil
}

// phoneDigits returns the digits of a telephone number as dialled within the
// United Kingdom.
func phoneDigits(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	for _, abroad := range []string{"0044", "44"} {
		if rest, ok := strings.CutPrefix(digits, abroad); ok && (abroad == "0044" || strings.HasPrefix(strings.TrimSpace(s), "+")) {
			return "0" + strings.TrimPrefix(rest, "0") // +44 (0)161
		}
	}
	return digits
}

// outOfContacts removes the person's contacts, and reports whether there were
// any.
func (p *person) outOfContacts(cs *[]Contact) bool {
	n := len(*cs)
	*cs = slices.DeleteFunc(*cs, func(c Contact) bool {
		return strings.EqualFold(c.Email, p.text) || strings.EqualFold(c.Name, p.text) || strings.EqualFold(c.Phone, p.text) ||
			p.digits != "" && phoneDigits(c.Phone) == p.digits
	})
	if len(*cs) == 0 {
		*cs = nil
	}
	return len(*cs) < n
}

// outOfTexts erases the person from all texts reachable from v, a pointer, and
// reports whether any had to change.
func (p *person) outOfTexts(v any) bool { return p.outOfValue(reflect.ValueOf(v).Elem()) }

func (p *person) outOfValue(v reflect.Value) (found bool) {
	switch v.Kind() {
	case reflect.String:
		text, found := p.out(v.String())
		if found {
			v.SetString(text)
		}
		return found
	case reflect.Pointer:
		return !v.IsNil() && p.outOfValue(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			found = p.outOfValue(v.Index(i)) || found
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return false
		}
		for i := range v.NumField() {
			found = p.outOfValue(v.Field(i)) || found
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem() // map elements cannot be set
			value.Set(v.MapIndex(key))
			if p.outOfValue(value) {
				v.SetMapIndex(key, value)
				found = true
			}
		}
	}
	return found
}

// out returns text with the person replaced by erasedText, and whether it
// changed. A text that is nothing but the address or number becomes empty, so
// that its field is absent.
func (p *person) out(text string) (string, bool) {
	places := p.in.FindAllStringIndex(text, -1)
	places = slices.DeleteFunc(places, func(at []int) bool { return !p.apart(text[:at[0]], text[at[1]:]) })
	if p.digits != "" {
		for _, at := range numberIn.FindAllStringIndex(text, -1) {
			if phoneDigits(text[at[0]:at[1]]) == p.digits {
				places = append(places, at)
			}
		}
		slices.SortFunc(places, func(a, b []int) int { return a[0] - b[0] })
	}
	if len(places) == 0 {
		return text, false
	}
	var b strings.Builder
	done := 0
	for _, at := range places {
		if at[0] < done { // found twice: by its digits and literally
			done = max(done, at[1])
			continue
		}
		b.WriteString(text[done:at[0]])
		b.WriteString(erasedText)
		done = at[1]
	}
	b.WriteString(text[done:])
	if b.String() == erasedText && (p.address || p.digits != "") {
		return "", true
	}
	return b.String(), true
}

// apart reports whether what is between two texts is a whole word, or a whole
// address, and not part of a longer one.
func (p *person) apart(before, after string) bool {
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	last, _ := utf8.DecodeLastRuneInString(before)
	first, n := utf8.DecodeRuneInString(after)
	if isWord(last) || isWord(first) {
		return false
	}
	if !p.address {
		return true
	}
	next, _ := utf8.DecodeRuneInString(after[n:])
	return !strings.ContainsRune("._%+-", last) && !(strings.ContainsRune(".-", first) && isWord(next))
}
