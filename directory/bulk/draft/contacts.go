package draft

import (
	"regexp"
	"strings"

	"gather/directory"
	"gather/directory/bulk/freetext"
)

// contactFiller matches what joins the parts of "a@b.org or 0161 ...".
var contactFiller = regexp.MustCompile(`(?i)\b(or|and|e-?mail|tel|phone|call|text|on)\b|[/,;:&.]`)

// TakeEmail sets the e-mail address of c.
func (d *Draft) TakeEmail(c *directory.Contact, text string) {
	if text = freetext.Stated(text); text == "" {
		return
	}
	if a, ok := freetext.EmailAddress(text); ok {
		c.Email = a
		return
	}
	if a, ok := freetext.NamedAddress(text); ok {
		c.Email = a
		return
	}
	if found := freetext.FindEmails(text); len(found) > 0 {
		if a, ok := freetext.EmailAddress(found[0]); ok && !strings.Contains(text, "..") {
			c.Email = a
			d.Warn("contacts.email", text, "is more than one e-mail address; the first was taken")
			return
		}
	}
	d.Warn("contacts.email", text, "is not an e-mail address; it was left out")
}

// TakePhone sets the telephone number of c.
func (d *Draft) TakePhone(c *directory.Contact, text string) {
	if text = freetext.Stated(text); text == "" {
		return
	}
	n, mended, ok := freetext.PhoneNumber(text)
	if ok {
		c.Phone = n
		if mended != "" {
			d.Warn("contacts.phone", text, "%s; it was read as %s", mended, n)
		}
		return
	}
	if found := freetext.FindPhone(text); found != "" {
		if n, _, ok := freetext.PhoneNumber(found); ok {
			c.Phone = n
			d.Warn("contacts.phone", text, "has more in it than one number; %s was taken", n)
			return
		}
	}
	d.Warn("contacts.phone", text, "is not a telephone number; it was left out")
}

// TakeContact reads a column that may hold an e-mail address, a number, both,
// or a person's name.
func (d *Draft) TakeContact(text string) {
	text = freetext.Stated(text)
	if text == "" {
		return
	}
	var cs []directory.Contact
	left := text
	for _, e := range freetext.FindEmails(text) {
		left = strings.Replace(left, e, " ", 1)
		if a, ok := freetext.EmailAddress(e); ok && !strings.Contains(text, "."+e) {
			cs = append(cs, directory.Contact{Email: a})
		} else {
			d.Warn("contacts.email", text, "is not an e-mail address; it was left out")
		}
	}
	n := 0
	for _, f := range freetext.FindPhones(left) {
		left = strings.Replace(left, f, " ", 1)
		number, mended, ok := freetext.PhoneNumber(f)
		if !ok {
			d.Warn("contacts.phone", f, "is not a telephone number; it was left out")
			continue
		}
		if mended != "" {
			d.Warn("contacts.phone", f, "%s; it was read as %s", mended, number)
		}
		if n < len(cs) && cs[n].Phone == "" {
			cs[n].Phone = number
		} else {
			cs = append(cs, directory.Contact{Phone: number})
		}
		n++
	}
	left = strings.Trim(freetext.OneSpace(contactFiller.ReplaceAllString(left, " ")), " ")
	switch {
	case len(cs) == 0 && left != "":
		cs = append(cs, directory.Contact{Name: left})
	case left != "":
		cs[0].Name = left
	}
	d.Details.Contacts = append(d.Details.Contacts, cs...)
}

// TakeWebsite sets d's website to the first web address in text.
func (d *Draft) TakeWebsite(text string) {
	if text = freetext.Stated(text); text == "" {
		return
	}
	u, ok := freetext.WebAddress(text)
	switch {
	case !ok:
		d.Warn("website", text, "is not a web address; it was left out")
	case strings.ContainsAny(text, " \n"):
		d.Warn("website", text, "is more than one web address; the first was taken")
	}
	d.Details.Website = u
}

// tidyContacts merges duplicate contacts and decides which are public: a
// source's contacts for a service are, a named person's are not.
func (d *Draft) tidyContacts() {
	var kept []directory.Contact
	seen := map[directory.Contact]bool{}
	for _, c := range d.Details.Contacts {
		c.Name, c.Role, c.Hours = freetext.Line(c.Name), freetext.Line(c.Role), freetext.Line(c.Hours)
		d.cut("contacts.name", &c.Name, 120)
		d.cut("contacts.role", &c.Role, 60)
		d.cut("contacts.hours", &c.Hours, 120)
		c.Public = c.Public || (!d.File.HideContacts && c.Name == "")
		if c.Email == "" && c.Phone == "" {
			if c.Name != "" || c.Role != "" {
				d.Warn("contacts", freetext.Commas(c.Name, c.Role), "has no number and no address; it was left out")
			}
			continue
		}
		if !seen[c] {
			seen[c] = true
			kept = append(kept, c)
		}
	}
	if len(kept) > 6 {
		d.Warn("contacts", "", "are %d, and the first 6 were taken", len(kept))
		kept = kept[:6]
	}
	d.Details.Contacts = kept
}
