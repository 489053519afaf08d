package directory

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// merged is the result of importing a listing again that was changed here: its
// Details, and the fields that keep their value from here although the source
// has another.
type merged struct {
	details Details
	kept    []KeptField
}

// KeptField is a field that an import left as it is here.
type KeptField struct {
	// Field is its path in the JSON of the listing, "venue.name".
	Field string
	// Conflict is true where the source has changed it too since it was last
	// taken from there.
	Conflict bool
}

// parts are the objects that are merged field by field. All others are taken or
// kept whole, because their fields only make sense together (a price and its
// kind, an address and its position).
var parts = map[string]bool{
	"": true, "cy": true, "venue": true, "venue.getting_there": true, "online": true, "access": true, "first_visit": true,
	"first_visit.facts": true, "joining": true, "audience": true, "safeguarding": true,
}

// object is a JSON object.
type object = map[string]any

// merge is a three-way merge of a listing: what its source last said (base),
// what it says here (ours) and what its source says now (theirs). What changed
// only there is taken; what was changed here stays. With whole it takes or keeps
// the outermost fields whole.
func merge(base object, ours, theirs Details, whole bool) (merged, error) {
	var m merged
	var objects [2]object
	for i, d := range []Details{ours, theirs} {
		o, err := asObject(d)
		if err != nil {
			return m, err
		}
		delete(o, "source") // always theirs
		objects[i] = o
	}
	out := m.objects("", base, objects[0], objects[1], whole)
	b, err := json.Marshal(out)
	if err == nil {
		err = json.Unmarshal(b, &m.details)
	}
	if err != nil {
		return m, fmt.Errorf("merge a listing: %w", err)
	}
	m.details.Source = theirs.Source
	return m, nil
}

func asObject(d any) (object, error) {
	o := object{}
	b, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(b, &o)
	}
	if err != nil {
		return nil, fmt.Errorf("merge a listing: %w", err)
	}
	return o, nil
}

func (m *merged) objects(path string, base, ours, theirs object, whole bool) object {
	out := object{}
	names := map[string]bool{}
	for _, o := range []object{base, ours, theirs} {
		for name := range o {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		field := name
		if path != "" {
			field = path + "." + name
		}
		b, o, t := base[name], ours[name], theirs[name]
		x, isObject := o.(object)
		y, areObjects := t.(object)
		var v any
		switch {
		case parts[field] && !whole && isObject && areObjects:
			z, _ := b.(object)
			v = m.objects(field, z, x, y, whole)
		case reflect.DeepEqual(o, b), reflect.DeepEqual(o, t):
			v = t // not changed here, or the same in both
		default:
			v = o
			m.kept = append(m.kept, KeptField{Field: field, Conflict: !reflect.DeepEqual(t, b)})
		}
		if v != nil {
			out[name] = v
		}
	}
	return out
}

// revision is one earlier state of a listing or a group, for baseOf.
type revision struct {
	said     object
	imported bool
}

// baseOf returns what a listing's source last said, field by field, from all
// revisions, newest first: the newest value that an import wrote. An import that
// did not change a field says nothing about it: the field may have been kept as
// it was here.
func baseOf(revisions []revision) object {
	base, known := object{}, map[string]bool{}
	for i, r := range revisions {
		if !r.imported {
			continue
		}
		before := object{}
		first := i+1 == len(revisions)
		if !first {
			before = revisions[i+1].said
		}
		recordBase("", base, r.said, before, known, first)
	}
	return base
}

// recordBase puts into base the fields that a revision by import changed, unless
// a newer one did. first is true for the revision that made the listing.
func recordBase(path string, base, now, before object, known map[string]bool, first bool) {
	names := map[string]bool{}
	for _, o := range []object{now, before} {
		for name := range o {
			names[name] = true
		}
	}
	for name := range names {
		field := name
		if path != "" {
			field = path + "." + name
		}
		if known[field] {
			continue
		}
		x, isObject := now[name].(object)
		y, wasObject := before[name].(object)
		if parts[field] && (isObject || wasObject) {
			inner, _ := base[name].(object)
			if inner == nil {
				inner = object{}
			}
			recordBase(field, inner, x, y, known, first)
			if len(inner) > 0 {
				base[name] = inner
			}
			continue
		}
		if !first && reflect.DeepEqual(now[name], before[name]) {
			continue
		}
		known[field] = true
		if v := now[name]; v != nil {
			base[name] = v
		}
	}
}
