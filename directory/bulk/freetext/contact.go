package freetext

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
)

var (
	emailIn = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+'-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	// phoneIn also matches a letter O in place of a zero.
	phoneIn = regexp.MustCompile(`(?:\+44[ ()0-9]{9,14}|[0Oo]\d[\d ()-]{7,13}\d)(?: ?(?:x|ext\.?|extension) ?\d{1,6})?`)
	webIn   = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"]+`)
)

// FindEmails returns everything in a text that looks like an e-mail address, in
// order.
func FindEmails(text string) []string { return emailIn.FindAllString(text, -1) }

// FindPhone returns the first part of a text that looks like a telephone number,
// or nothing.
func FindPhone(text string) string { return phoneIn.FindString(text) }

// FindPhones returns everything that looks like a telephone number, in order.
func FindPhones(text string) []string { return phoneIn.FindAllString(text, -1) }

// EmailAddress returns s as an e-mail address; ok is false if it is not one.
func EmailAddress(s string) (string, bool) {
	s = strings.TrimPrefix(Line(s), "mailto:")
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || !strings.Contains(s[strings.LastIndex(s, "@")+1:], ".") || strings.Contains(s, "..") {
		return "", false
	}
	return s, true
}

// NamedAddress returns the address in a text such as "Chess club
// <chess@example.org>"; ok is false if there is none.
func NamedAddress(s string) (address string, ok bool) {
	a, err := mail.ParseAddress(strings.TrimSpace(s))
	if err != nil {
		return "", false
	}
	return EmailAddress(a.Address)
}

// PhoneNumber returns the number in s in the usual form. mended says what was
// corrected beyond its punctuation, empty for nothing; ok is false if it is no
// number, or only zeros.
func PhoneNumber(s string) (number, mended string, ok bool) {
	s = strings.Trim(Line(strings.ReplaceAll(s, `"`, "")), "'. ")
	s = OneSpace(phoneMarks.Replace(phoneLabel.ReplaceAllString(s, "")))
	if m := phoneOh.FindStringSubmatch(s); m != nil {
		s, mended = "0"+m[1], "has a letter O for a nought"
	}
	s = phoneExt.ReplaceAllString(s, " ext $2")
	s = phoneTrunk.ReplaceAllString(s, "+44 ")
	main, ext, hasExt := strings.Cut(s, " ext ")
	digits := notDigits.ReplaceAllString(main, "")
	if lostZero.MatchString(digits) && !strings.ContainsAny(main, "+(") {
		main, mended = "0"+main, "has lost its first zero, as spreadsheets do"
	}
	if s = main; hasExt {
		s += " ext " + ext
	}
	longest := 15
	if relay.MatchString(digits) {
		longest += 5
	}
	if len(digits) < 5 || len(digits) > longest || strings.Trim(digits, "0") == "" || !phoneWhole.MatchString(s) {
		return "", "", false
	}
	return s, mended, true
}

var (
	phoneWhole = regexp.MustCompile(`^(\+[0-9]|[0-9(])[0-9 ()-]{3,24}( ext [0-9]{1,6})?$`)
	phoneOh    = regexp.MustCompile(`^[Oo](\d[\d ]+)$`)
	phoneExt   = regexp.MustCompile(`(?i)[ ,]*\(?(extension|extn?|x|option)[. :]*(\d{1,6})\)?$`)
	phoneTrunk = regexp.MustCompile(`^\(?(?:\+|00) ?44\)? ?-?(?:\( ?0 ?\)|0)? ?-?`)
	phoneLabel = regexp.MustCompile(`(?i)^(tel(ephone)?|phone|mob(ile)?|landline|t|m|relay)\b[.:]? *(no\.?|number)? *:? *`)
	phoneMarks = strings.NewReplacer("–", "-", "—", "-", "‑", "-", "‐", "-", "−", "-", ".", " ", "/", " ", "[", "(", "]", ")", ")-", ") ")
	// lostZero is a British number without its first zero.
	lostZero = regexp.MustCompile(`^[12378]\d{9}$`)
	// relay is a number with a prefix of Relay UK, for people who do not hear or
	// speak.
	relay     = regexp.MustCompile(`^1800[0-2]\d{10,}$`)
	notDigits = regexp.MustCompile(`\D`)
)

// WebAddress returns the first web address in s, with http:// if it has no scheme.
func WebAddress(s string) (string, bool) {
	s = plain(s)
	if found := webIn.FindString(s); found != "" {
		s = found
	}
	s = strings.TrimRight(strings.TrimSpace(s), ".,;)")
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || !strings.Contains(strings.Trim(u.Host, "."), ".") ||
		strings.ContainsAny(s, " \n@") || len(s) > 2000 {
		return "", false
	}
	return s, true
}
