package api

import (
	"errors"
	"slices"
	"strings"

	"gather/directory"
)

// faultsOf are the faults that err carries, none for any other error.
func faultsOf(err error) []directory.Fault {
	var in *directory.Invalid
	var mal *malformed
	switch {
	case errors.As(err, &mal):
		return mal.faults.Faults
	case errors.As(err, &in):
		return in.Faults
	}
	return nil
}

// hangsOn names, for fields whose form is wrong, what the rules say of other
// fields because of that: with no delivery that can be read, a venue seems to
// be there for nothing.
var hangsOn = map[string][]string{
	"delivery":               {"venue", "online"},
	"cost.kind":              {"cost.pounds"},
	"cost.pounds":            {"cost.pounds_to", "cost.concession_pounds"},
	"catchment.radius_miles": {"catchment.around"},
}

// alsoRules adds to the faults of a listing's form, in form, those that the
// rules find in what could be read of it, d. Faults that are there only
// because of the form are left out: of a field whose form is wrong, of what
// holds it or is in it, and of what hangs on it. A body that is not one whole
// JSON object, a fault of no field, says too little to be held to rules.
func (s *server) alsoRules(form error, d *directory.Details) error {
	bad := faultsOf(form)
	if len(bad) == 0 {
		return form
	}
	for _, f := range bad {
		if f.Field == "" {
			return unformed(form)
		}
	}
	var all directory.Faults
	for _, f := range bad {
		all.Add(f.Field, f.Fix, "%s", f.Detail)
	}
	for _, f := range faultsOf(s.Directory.CheckDetails(d)) {
		if !explainedBy(bad, f.Field) {
			all.Add(f.Field, f.Fix, "%s", f.Detail)
		}
	}
	return unformed(all.Err())
}

// explainedBy reports whether the rules' fault of a field may be there only
// because of a fault of form.
func explainedBy(form []directory.Fault, field string) bool {
	// What the rules say of a venue or of joining online as a whole is about
	// the delivery, not about anything in it.
	ofDelivery := field == "venue" || field == "online"
	for _, f := range form {
		if inside(field, f.Field) || inside(f.Field, field) && !ofDelivery {
			return true
		}
		for cause, effects := range hangsOn {
			if inside(f.Field, cause) && slices.Contains(effects, field) {
				return true
			}
		}
	}
	return false
}

// inside reports whether the field at path is that at outer, or in it.
// Capitals make no difference: a field that differs by them is read as the one
// that was meant.
func inside(path, outer string) bool {
	path, outer = strings.ToLower(path), strings.ToLower(outer)
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// alsoNear adds to the faults of a question, in err, that there is no such
// place as near: places are looked up last, and whoever asks is told all that
// is wrong at once.
func (s *server) alsoNear(err error, near string) error {
	bad := faultsOf(err)
	near = strings.Join(strings.Fields(near), " ")
	if len(bad) == 0 || near == "" {
		return err
	}
	for _, f := range bad {
		if f.Field == "near" {
			return err
		}
	}
	found, missing := s.Places.Find(near)
	var none *directory.NoPlace
	if !errors.As(missing, &none) {
		return err
	}
	fix := none.Fix
	for i, other := range found.Others {
		if i == 0 {
			fix += " Perhaps "
		} else {
			fix += " or "
		}
		fix += s.Places.Label(other)
	}
	all := append(append(directory.Faults{}, bad...), directory.Fault{Field: "near", Detail: none.Detail, Fix: fix})
	return all.Err()
}
