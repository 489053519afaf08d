package bulk

import (
	"gather/directory"
	"regexp"
	"strings"
)

// contactFiller is what joins the parts of "a@b.org or 0161 ...".
var contactFiller = regexp.MustCompile(`(?i)\b(or|and|e-?mail|tel|phone|call|text|on)\b|[/,;:&.]`)

// email puts an e-mail address into c.
func (d *draft) email(c *directory.Contact, text string) {
	if text = stated(text); text == "" {
		return
	}
	if a, ok := emailAddress(text); ok {
		c.Email = a
		return
	}
	if found := findEmails(text); len(found) > 0 {
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
	if found := findPhone(text); found != "" {
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
	for _, e := range findEmails(text) {
		left = strings.Replace(left, e, " ", 1)
		if a, ok := emailAddress(e); ok && !strings.Contains(text, "."+e) {
			cs = append(cs, directory.Contact{Email: a})
		} else {
			d.warn("contacts.email", text, "is not an e-mail address; it was left out")
		}
	}
	n := 0
	for _, f := range findPhones(left) {
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
