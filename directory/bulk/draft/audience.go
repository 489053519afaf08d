package draft

import (
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/bulk/freetext"
)

// oldest is the age from which a file's upper age limit means "no limit".
const oldest = 99

// TakeAges sets d's lowest and highest age; nil means not stated.
func (d *Draft) TakeAges(least, most *float64) {
	read := func(field string, v *float64) *int {
		if v == nil {
			return nil
		}
		written := strconv.FormatFloat(*v, 'f', -1, 64)
		n := int(*v)
		switch {
		case *v < 0:
			d.Warn(field, written, "is not an age; it was taken as no limit")
			return nil
		case *v > 120 || float64(n) != *v:
			d.Warn(field, written, "is not an age; it was left out")
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
			hi = nil // 0 to 0 is an unfilled form
		}
	}
	if lo != nil && hi != nil && *hi < *lo {
		d.Warn("audience", strconv.Itoa(*lo)+" to "+strconv.Itoa(*hi), "has the highest age below the lowest, so neither can be trusted; both were left out")
		return
	}
	if lo == nil && hi == nil {
		return
	}
	a := d.Audience()
	a.MinAge, a.MaxAge = lo, hi
}

// Audience returns the draft's audience, creating it if necessary.
func (d *Draft) Audience() *directory.Audience {
	if d.Details.Audience == nil {
		d.Details.Audience = &directory.Audience{}
	}
	return d.Details.Audience
}

// Joining returns how people join, creating it if necessary.
func (d *Draft) Joining() *directory.Joining {
	if d.Details.Joining == nil {
		d.Details.Joining = &directory.Joining{}
	}
	return d.Details.Joining
}

// TakeAgeText reads ages from free text into d.
func (d *Draft) TakeAgeText(text string) {
	text = freetext.Stated(text)
	if text == "" {
		return
	}
	least, most, ok := freetext.Ages(text)
	if !ok {
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= 120 {
			d.Warn("audience", text, "is one age, without from or to; it is kept as a note")
		} else {
			d.Warn("audience", text, "could not be read as ages; it is kept as a note")
		}
		d.Audience().Note = freetext.Sentences(d.Audience().Note, "Ages: "+freetext.Line(text))
		return
	}
	if least != nil || most != nil {
		d.Audience().MinAge, d.Audience().MaxAge = least, most
	}
}

// AddSuitable records whom the source says a service suits, in the source's
// words: suitable for somebody is not designed for them.
func (d *Draft) AddSuitable(names []string) {
	var whom []string
	for _, name := range names {
		whom = AppendNew(whom, name)
	}
	if len(whom) > 0 {
		d.Audience().Note = freetext.Sentences(d.Audience().Note, "Says it supports: "+strings.Join(whom, ", "))
	}
}
