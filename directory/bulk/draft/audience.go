package draft

import (
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/bulk/freetext"
)

// oldest is the age from which a file's highest age means that there is none.
const oldest = 99

// TakeAges puts a lowest and a highest age into d. Absent is nil.
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
			hi = nil // 0 to 0 is a form not filled in
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

// Audience is the draft's audience, which is made if it has none.
func (d *Draft) Audience() *directory.Audience {
	if d.Details.Audience == nil {
		d.Details.Audience = &directory.Audience{}
	}
	return d.Details.Audience
}

// Joining is how one joins, which is made if the draft does not say.
func (d *Draft) Joining() *directory.Joining {
	if d.Details.Joining == nil {
		d.Details.Joining = &directory.Joining{}
	}
	return d.Details.Joining
}

// TakeAgeText puts ages in free text into d.
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

// AddSuitable keeps for whom the source says a service is suitable, in its own
// words: it does not say that it was made for them.
func (d *Draft) AddSuitable(names []string) {
	var whom []string
	for _, name := range names {
		whom = AppendNew(whom, name)
	}
	if len(whom) > 0 {
		d.Audience().Note = freetext.Sentences(d.Audience().Note, "Says it supports: "+strings.Join(whom, ", "))
	}
}
