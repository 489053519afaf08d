package bulk

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"gather/directory"
)

var (
	emailIn = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+'-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)
	// phoneIn also finds the letter O where a nought was meant.
	phoneIn = regexp.MustCompile(`(?:\+44[ ()0-9]{9,14}|[0Oo]\d[\d ()-]{7,13}\d)(?: ?(?:x|ext\.?|extension) ?\d{1,6})?`)
	webIn   = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"]+`)
)

// emailAddress is the address in s, if it is one.
func emailAddress(s string) (string, bool) {
	s = strings.TrimPrefix(line(s), "mailto:")
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || !strings.Contains(s[strings.LastIndex(s, "@")+1:], ".") || strings.Contains(s, "..") {
		return "", false
	}
	return s, true
}

// phoneNumber is the number in s the usual way. mended is true where letters
// were read as digits; ok is false for what is no number, all noughts among it.
func phoneNumber(s string) (number string, mended, ok bool) {
	s = strings.Trim(line(strings.ReplaceAll(s, `"`, "")), "'. ")
	if m := phoneOh.FindStringSubmatch(s); m != nil {
		s, mended = "0"+m[1], true
	}
	s = phoneExt.ReplaceAllString(s, " ext $2")
	digits := notDigits.ReplaceAllString(strings.Split(s, " ext ")[0], "")
	if len(digits) < 5 || len(digits) > 15 || strings.Trim(digits, "0") == "" || !phoneWhole.MatchString(s) {
		return "", false, false
	}
	return s, mended, true
}

var (
	phoneWhole = regexp.MustCompile(`^\+?[0-9(][0-9 ()-]{3,24}( ext [0-9]{1,6})?$`)
	phoneOh    = regexp.MustCompile(`^[Oo](\d[\d ]+)$`)
	phoneExt   = regexp.MustCompile(`(?i) *(extension|ext\.?|x) *(\d+)$`)
	notDigits  = regexp.MustCompile(`\D`)
	// contactFiller is what joins the parts of "a@b.org or 0161 ...".
	contactFiller = regexp.MustCompile(`(?i)\b(or|and|e-?mail|tel|phone|call|text|on)\b|[/,;:&.]`)
)

// email puts an e-mail address into c.
func (d *draft) email(c *directory.Contact, text string) {
	if text = stated(text); text == "" {
		return
	}
	if a, ok := emailAddress(text); ok {
		c.Email = a
		return
	}
	if found := emailIn.FindAllString(text, -1); len(found) > 0 {
		if a, ok := emailAddress(found[0]); ok && !strings.Contains(text, "..") {
			c.Email = a
			d.warn("contacts.email", text, "is more than one e-mail address; the first was taken")
			return
		}
	}
	d.warn("contacts.email", text, "is not an e-mail address; it was left out")
}

// phone puts a telephone number into c.
func (d *draft) phone(c *directory.Contact, text string) {
	if text = stated(text); text == "" {
		return
	}
	n, mended, ok := phoneNumber(text)
	if ok {
		c.Phone = n
		if mended {
			d.warn("contacts.phone", text, "has a letter O for a nought; it was read as %s", n)
		}
		return
	}
	if found := phoneIn.FindString(text); found != "" {
		if n, _, ok := phoneNumber(found); ok {
			c.Phone = n
			d.warn("contacts.phone", text, "has more in it than one number; %s was taken", n)
			return
		}
	}
	d.warn("contacts.phone", text, "is not a telephone number; it was left out")
}

// anyContact reads a column that may hold an e-mail address, a number, both,
// or a person.
func (d *draft) anyContact(text string) {
	text = stated(text)
	if text == "" {
		return
	}
	var cs []directory.Contact
	left := text
	for _, e := range emailIn.FindAllString(text, -1) {
		left = strings.Replace(left, e, " ", 1)
		if a, ok := emailAddress(e); ok && !strings.Contains(text, "."+e) {
			cs = append(cs, directory.Contact{Email: a})
		} else {
			d.warn("contacts.email", text, "is not an e-mail address; it was left out")
		}
	}
	n := 0
	for _, f := range phoneIn.FindAllString(left, -1) {
		left = strings.Replace(left, f, " ", 1)
		number, mended, ok := phoneNumber(f)
		if !ok {
			d.warn("contacts.phone", f, "is not a telephone number; it was left out")
			continue
		}
		if mended {
			d.warn("contacts.phone", f, "has a letter O for a nought; it was read as %s", number)
		}
		if n < len(cs) && cs[n].Phone == "" {
			cs[n].Phone = number
		} else {
			cs = append(cs, directory.Contact{Phone: number})
		}
		n++
	}
	left = strings.Trim(oneSpace(contactFiller.ReplaceAllString(left, " ")), " ")
	switch {
	case len(cs) == 0 && left != "":
		cs = append(cs, directory.Contact{Name: left})
	case left != "":
		cs[0].Name = left
	}
	d.details.Contacts = append(d.details.Contacts, cs...)
}

// website puts a web address into d: the first one, where there are more.
func (d *draft) website(text string) {
	if text = stated(text); text == "" {
		return
	}
	u, ok := webAddress(text)
	switch {
	case !ok:
		d.warn("website", text, "is not a web address; it was left out")
	case strings.ContainsAny(text, " \n"):
		d.warn("website", text, "is more than one web address; the first was taken")
	}
	d.details.Website = u
}

// webAddress is the first web address in s, with http:// before one that has
// nothing.
func webAddress(s string) (string, bool) {
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

// tidyContacts merges contacts that are the same, and decides which are
// public: what a source publishes for a service is, a named person is not.
func (d *draft) tidyContacts() {
	var kept []directory.Contact
	seen := map[directory.Contact]bool{}
	for _, c := range d.details.Contacts {
		c.Name, c.Role, c.Hours = line(c.Name), line(c.Role), line(c.Hours)
		d.cut("contacts.name", &c.Name, 120)
		d.cut("contacts.role", &c.Role, 60)
		d.cut("contacts.hours", &c.Hours, 120)
		c.Public = c.Public || (!d.file.hideContacts && c.Name == "")
		if c.Email == "" && c.Phone == "" {
			if c.Name != "" || c.Role != "" {
				d.warn("contacts", commas(c.Name, c.Role), "has no number and no address; it was left out")
			}
			continue
		}
		if !seen[c] {
			seen[c] = true
			kept = append(kept, c)
		}
	}
	if len(kept) > 6 {
		d.warn("contacts", "", "are %d, and the first 6 were taken", len(kept))
		kept = kept[:6]
	}
	d.details.Contacts = kept
}
