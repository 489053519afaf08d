package api

import (
	"errors"
	"slices"
	"strings"

	"gather/directory"
)

// faultsOf returns the faults in err, nil if it has none.
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

// hangsOn lists, by field, other fields that break a rule only because the form of
// that field is wrong: if delivery cannot be read, a venue seems to be unwanted.
var hangsOn = map[string][]string{
	"delivery":               {"venue", "online"},
	"cost.kind":              {"cost.pounds"},
	"cost.pounds":            {"cost.pounds_to", "cost.concession_pounds"},
	"catchment.radius_miles": {"catchment.around"},
}

// alsoRules adds the rules' faults in d, the part of a listing that could be read, to
// the faults in its form. It leaves out those that only follow from a fault in the
// form: on the same field, on one that contains it or is inside it, and on those in
// hangsOn. A body that is not one complete JSON object (a fault without a field) is
// not checked against the rules.
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

// explainedBy reports whether the rules' fault in a field may only follow from a
// fault in the form.
func explainedBy(form []directory.Fault, field string) bool {
	// A fault in venue or online as a whole is about the delivery, not about a
	// field inside it.
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

// inside reports whether path is outer or a field inside it. It ignores case, as
// directory.Decode does.
func inside(path, outer string) bool {
	path, outer = strings.ToLower(path), strings.ToLower(outer)
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// alsoNear adds to the faults of a query, in err, that near is not a known place.
// Places are looked up last, and all faults are reported at once.
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
	all := append(append(directory.Faults{}, bad...), directory.Fault{
		Field: "near", Detail: none.Detail, Fix: none.Fix, Suggestions: s.Places.Suggestions(found),
	})
	return all.Err()
}
