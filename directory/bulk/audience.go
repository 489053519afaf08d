package bulk

import (
	"gather/directory"
	"strconv"
	"strings"
)

// oldest is the age from which a file's highest age means that there is none.
const oldest = 99

// ages puts a lowest and a highest age into d. Absent is nil.
func (d *draft) ages(least, most *float64) {
	read := func(field string, v *float64) *int {
		if v == nil {
			return nil
		}
		written := strconv.FormatFloat(*v, 'f', -1, 64)
		n := int(*v)
		switch {
		case *v < 0:
			d.warn(field, written, "is not an age; it was taken as no limit")
			return nil
		case *v > 120 || float64(n) != *v:
			d.warn(field, written, "is not an age; it was left out")
			return nil
		}
		return &n
	}
	lo, hi := read("audience.min_age", least), read("audience.max_age", most)
	if hi != nil && *hi >= oldest {
		hi = nil
	}
	if lo != nil && *lo == 0 {
		lo = nil
		if hi != nil && *hi == 0 {
			hi = nil // 0 to 0 is a form not filled in
		}
	}
	if lo != nil && hi != nil && *hi < *lo {
		d.warn("audience", strconv.Itoa(*lo)+" to "+strconv.Itoa(*hi), "has the highest age below the lowest, so neither can be trusted; both were left out")
		return
	}
	if lo == nil && hi == nil {
		return
	}
	a := d.audience()
	a.MinAge, a.MaxAge = lo, hi
}

func (d *draft) audience() *directory.Audience {
	if d.details.Audience == nil {
		d.details.Audience = &directory.Audience{}
	}
	return d.details.Audience
}

func (d *draft) joining() *directory.Joining {
	if d.details.Joining == nil {
		d.details.Joining = &directory.Joining{}
	}
	return d.details.Joining
}

// ageText puts ages in free text into d.
func (d *draft) ageText(text string) {
	text = stated(text)
	if text == "" {
		return
	}
	least, most, ok := readAges(text)
	if !ok {
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= 120 {
			d.warn("audience", text, "is one age, without from or to; it is kept as a note")
		} else {
			d.warn("audience", text, "could not be read as ages; it is kept as a note")
		}
		d.audience().Note = join(d.audience().Note, "Ages: "+line(text))
		return
	}
	if least != nil || most != nil {
		d.audience().MinAge, d.audience().MaxAge = least, most
	}
}

// suitable keeps for whom the source says a service is suitable, in its own
// words: it does not say that it was made for them.
func (d *draft) suitable(names []string) {
	var whom []string
	for _, name := range names {
		whom = appendNew(whom, name)
	}
	if len(whom) > 0 {
		d.audience().Note = join(d.audience().Note, "Says it supports: "+strings.Join(whom, ", "))
	}
}
