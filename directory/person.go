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

// person is somebody who is to be erased: an e-mail address, a telephone number
// or a name.
type person struct {
	text string
	// address is true for an e-mail address.
	address bool
	// digits are those of a telephone number, empty for another text.
	digits string
	in     *regexp.Regexp
}

// leastPerson is the fewest characters that name somebody for sure: "Ann" is
// in too many texts.
const leastPerson = 5

// leastDigits is the fewest digits of a telephone number that say whose it is.
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

// phoneDigits are the digits of a telephone number as it is dialled within the
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

// outOfContacts leaves out the contacts that are the person's, and reports
// whether there were any.
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

// outOfTexts erases the person in all texts that v, a pointer, leads to, and
// reports whether there were any.
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
			value := reflect.New(v.Type().Elem()).Elem() // what is in a map cannot be set
			value.Set(v.MapIndex(key))
			if p.outOfValue(value) {
				v.SetMapIndex(key, value)
				found = true
			}
		}
	}
	return found
}

// out is a text without the person: empty if it is nothing but an address or a
// number, so that its field has none, else with a mark in the place.
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
		if at[0] < done { // found by its digits and as it is written
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

// apart reports whether what stands between two texts is a whole word, or a
// whole address, and not part of another.
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
