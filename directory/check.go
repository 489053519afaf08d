package directory

import (
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"gather/directory/vocabulary"
)

// check gathers the faults of a value while it is read, and cleans its texts
// on the way: leading and trailing space goes, everything else stays.
type check struct {
	Faults
	words  *vocabulary.Vocabulary
	places Gazetteer
	// guesses counts the searches for a likely value, which cost more than all
	// other checks.
	guesses int
	// now is the time of the check.
	now time.Time
}

// maxGuesses is how many unknown values get a guess of what was meant: with
// more than a few, the whole body is probably something else.
const maxGuesses = 5

// at names field name inside path.
func at(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func nth(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// line checks one line of text of at most longest characters.
func (c *check) line(field string, s *string, longest int) {
	*s = strings.TrimSpace(*s)
	if strings.ContainsAny(*s, "\n\r\t") {
		c.Add(field, "write it on one line", "has a line break or a tab in it")
		return
	}
	c.text(field, s, longest)
}

// text checks a text that may have line breaks.
func (c *check) text(field string, s *string, longest int) {
	if seen := StripInvisible(strings.ReplaceAll(*s, "\r\n", "\n")); strings.TrimSpace(seen) != "" {
		*s = strings.ReplaceAll(seen, "\r", "\n")
	}
	*s = strings.TrimSpace(*s)
	if !utf8.ValidString(*s) {
		c.Add(field, "send UTF-8", "is not valid UTF-8")
		return
	}
	for _, r := range *s {
		if badRune(r) {
			c.Add(field, "take it out", "has the control character %U in it", r)
			return
		}
	}
	if n := utf8.RuneCountInString(*s); n > longest {
		c.Add(field, fmt.Sprintf("shorten it to %d characters", longest), "is %d characters long, and %d is the most", n, longest)
	}
}

// badRune reports characters that are not allowed in a text: controls and
// invisible formatting characters. Those that change the direction of the text
// could make a listing read as something else.
func badRune(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r), r == utf8.RuneError:
		return true
	case r == '\u200C' || r == '\u200D' || isTag(r): // joiners and flags; StripInvisible took out the others
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Noncharacter_Code_Point)
}

// term checks that s, if not empty, is a value of a closed list.
func (c *check) term(field, list string, s *string) {
	*s = strings.TrimSpace(*s)
	if *s == "" {
		return
	}
	if _, ok := c.words.Term(list, *s); !ok {
		c.unknown(field, list, *s)
	}
}

func (c *check) unknown(field, list, value string) {
	fix := "see /v1/vocabularies/" + list + " for the values"
	if c.guesses++; c.guesses > maxGuesses {
		c.Add(field, fix, "%q is not one of the values of this list", value)
		return
	}
	if near, ok := c.words.Nearest(list, value); ok {
		fix = fmt.Sprintf("did you mean %q? %s", near, fix)
	}
	c.Add(field, fix, "%q is not one of the values of this list", value)
}

// visible counts the characters of s that can be seen, spaces aside.
func visible(s string) int {
	n := 0
	for _, r := range s {
		if unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) {
			n++
		}
	}
	return n
}

// terms checks a list of values of a closed list, at most most, none twice.
func (c *check) terms(field, list string, values []string, most int) {
	if !c.atMost(field, len(values), most) {
		return
	}
	for i := range values {
		c.term(nth(field, i), list, &values[i])
		if values[i] == "" {
			c.Add(nth(field, i), "leave it out", "is empty")
		}
	}
	c.distinct(field, values)
}

func (c *check) distinct(field string, values []string) {
	seen := map[string]bool{}
	for i, v := range values {
		if seen[v] && v != "" {
			c.Add(nth(field, i), "leave it out", "%q is there twice", v)
		}
		seen[v] = true
	}
}

// atMost checks how many entries there are. If it returns false, the caller
// skips them all.
func (c *check) atMost(field string, n, most int) bool {
	if n > most {
		c.Add(field, fmt.Sprintf("leave out %d", n-most), "has %d entries, and %d is the most", n, most)
	}
	return n <= most
}

// yesNo checks a yes, a no or nothing.
func (c *check) yesNo(field string, s *string) {
	*s = strings.TrimSpace(*s)
	if *s != "" && *s != Yes && *s != No {
		c.Add(field, `say "yes" or "no", or leave it out when it is not known`, "%q is neither yes nor no", *s)
	}
}

// answers checks a map of answers to features of a closed list.
func (c *check) answers(field, list string, answers map[string]Answer) {
	if !c.atMost(field, len(answers), maxAnswers) {
		return
	}
	ids := make([]string, 0, len(answers))
	for id := range answers {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		a, path := answers[id], at(field, id)
		if _, ok := c.words.Term(list, id); !ok {
			c.unknown(path, list, id)
			continue
		}
		if strings.TrimSpace(a.Answer) == "" {
			c.Add(at(path, "answer"), `say "yes" or "no", or leave the feature out when it is not known`, "is missing")
		}
		c.yesNo(at(path, "answer"), &a.Answer)
		c.line(at(path, "note"), &a.Note, 300)
		answers[id] = a
	}
}

// webAddress checks an absolute http or https URL, if there is one, and rewrites
// its host in ASCII, so that look-alike letters show.
func (c *check) webAddress(field string, s *string, schemes ...string) {
	c.line(field, s, 2000)
	if *s == "" {
		return
	}
	if len(schemes) == 0 {
		schemes = []string{"https", "http"}
	}
	if u, err := url.Parse(*s); err == nil && slices.Contains(schemes, u.Scheme) && u.User == nil && !strings.ContainsAny(*s, notInAddresses) {
		host, ok := asciiHost(u.Hostname())
		if port := u.Port(); ok && (port != "" || !strings.HasSuffix(u.Host, ":")) && isPort(port) {
			*s = strings.Replace(*s, u.Hostname(), host, 1)
			return
		}
	}
	c.Add(field, "write it as "+schemes[0]+"://example.org/…, with %20 for a space, and without a name or password in it", "%q is not a web address of that kind", *s)
}

// notInAddresses are characters that RFC 3986 requires to be percent-encoded.
// Browsers and mail programs end a link at some of them.
const notInAddresses = " \"<>\\^`{|}"

// isPort reports whether text is a port, or empty.
func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && n > 0
}

// hostNames is the profile of valid hosts: IDNA 2008 as browsers look names up,
// without labels that are empty or too long.
var hostNames = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// asciiHost returns the name of a host in ASCII ("xn--…" for other letters), and
// whether it is valid: a name with a dot, or an IPv4 address.
func asciiHost(host string) (string, bool) {
	if number, err := netip.ParseAddr(host); err == nil {
		return host, number.Is4()
	}
	ascii, err := hostNames.ToASCII(host)
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	if err != nil || last == ascii || len(last) < 2 || !strings.ContainsFunc(last, func(r rune) bool { return r >= 'a' }) {
		return "", false
	}
	if strings.EqualFold(ascii, host) {
		return host, true
	}
	return ascii, true
}

// emailForm is the part of an e-mail address before the @. It excludes "?", "&"
// and "%", which would add headers to a mailto: link, and non-ASCII letters,
// which may look like others.
var emailForm = regexp.MustCompile(`^[A-Za-z0-9!$'*+/=^_~-]+(\.[A-Za-z0-9!$'*+/=^_~-]+)*$`)

// email checks an e-mail address, if there is one. Its host is written in ASCII.
func (c *check) email(field string, s *string) {
	c.line(field, s, 254)
	if *s == "" {
		return
	}
	name, host, _ := strings.Cut(*s, "@")
	if ascii, ok := asciiHost(host); ok && emailForm.MatchString(name) {
		*s = name + "@" + ascii
		return
	}
	c.Add(field, "write it as name@example.org", "%q is not an e-mail address", *s)
}

var phoneForm = regexp.MustCompile(`^(\+[0-9]|[0-9(])[0-9 ()-]{3,24}( ?(x|ext\.?) ?[0-9]{1,6})?$`)

func (c *check) phone(field string, s *string) {
	c.line(field, s, 40)
	if *s != "" && !phoneForm.MatchString(*s) {
		c.Add(field, "write digits and spaces, with +44 in front if need be", "%q is not a telephone number", *s)
	}
}

// date checks a date YYYY-MM-DD, if there is one, and returns it.
func (c *check) date(field string, s *string) (time.Time, bool) {
	*s = strings.TrimSpace(*s)
	if *s == "" {
		return time.Time{}, false
	}
	t, err := time.Parse(DateLayout, *s)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		c.Add(field, "write a date that exists as YYYY-MM-DD", "%q is not a date", *s)
		return time.Time{}, false
	}
	return t, true
}

// clock checks a wall-clock time HH:MM, if there is one.
func (c *check) clock(field string, s *string) (time.Time, bool) {
	*s = strings.TrimSpace(*s)
	if *s == "" {
		return time.Time{}, false
	}
	t, err := time.Parse(clockLayout, *s)
	if err != nil || len(*s) != len(clockLayout) {
		c.Add(field, "write a time from 00:00 to 23:59 as HH:MM", "%q is not a time", *s)
		return time.Time{}, false
	}
	return t, true
}

// pounds checks an amount of money in pounds and whole pence.
func (c *check) pounds(field string, v float64) {
	const most = 10000
	if v < 0 || v > most || math.IsNaN(v) {
		c.Add(field, fmt.Sprintf("give pounds from 0 to %d", most), "%v is out of range", v)
		return
	}
	if pence := v * 100; math.Abs(pence-math.Round(pence)) > 1e-6 {
		c.Add(field, "give pounds in whole pence, such as 3.50", "%v has part of a penny", v)
	}
}

func (c *check) between(field string, v, least, most int) {
	if v < least || v > most {
		c.Add(field, fmt.Sprintf("give a whole number from %d to %d", least, most), "%d is out of range", v)
	}
}

// position checks a point, and says when its coordinates look swapped.
func (c *check) position(field string, p Position) {
	if p.InUK() {
		return
	}
	if (Position{Lat: p.Lon, Lon: p.Lat}).InUK() {
		c.Add(field, fmt.Sprintf("swap them: lat %v, lon %v", p.Lon, p.Lat), "has latitude and longitude swapped")
		return
	}
	c.Add(field, "give latitude 49 to 61.2 and longitude -9 to 2.2 in decimal degrees", "%v, %v is not in the United Kingdom", p.Lat, p.Lon)
}

// middle checks what a radius is measured from, if there is anything: a full
// postcode, or its sector or outcode, which is what the public sees. It writes
// it the usual way and returns where it is.
func (c *check) middle(field string, s *string) *Location {
	c.line(field, s, 20)
	if *s == "" {
		return nil
	}
	if _, err := c.places.Postcode(*s); err == nil {
		return c.postcode(field, s, false)
	}
	loc, err := c.places.Sector(*s)
	if err != nil {
		return c.postcode(field, s, false)
	}
	if *s = loc.Outcode; loc.Precision == PrecisionSector {
		*s = loc.Sector
	}
	return &loc
}

// postcode checks a full postcode, if there is one, writes it the usual way
// and returns where it is.
func (c *check) postcode(field string, s *string, positionGiven bool) *Location {
	c.line(field, s, 20)
	if *s == "" {
		return nil
	}
	loc, err := c.places.Postcode(*s)
	if err == nil {
		*s = loc.Postcode
		return &loc
	}
	if no, ok := err.(*NoPlace); ok && positionGiven && no.Why != NotAPlace {
		return nil // the position says where it is
	}
	c.noPlace(field, err)
	return nil
}

// noPlace adds the fault of a text that the gazetteer does not know.
func (c *check) noPlace(field string, err error) {
	if no, ok := err.(*NoPlace); ok {
		c.Add(field, no.Fix, "%s", no.Detail)
		return
	}
	c.Add(field, "try again later", "could not be looked up: %v", err)
}
