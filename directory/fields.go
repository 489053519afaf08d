package directory

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// This file finds out what was probably meant by a field that is unknown or has
// the wrong type.

// timeType is a struct that is a string in JSON.
var timeType = reflect.TypeFor[time.Time]()

// jsonFields returns the fields of a struct by their JSON names, including those
// of embedded structs.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range visibleFields(t) {
		fields[jsonName(f)] = f.Type
	}
	return fields
}

// visibleFields returns the fields of a struct that are in its JSON, in the
// order of their declaration.
func visibleFields(t reflect.Type) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool {
		name := jsonName(f)
		return !f.IsExported() || f.Anonymous || name == "" || name == "-"
	})
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// readOnly are the fields of an Activity or Group that only the directory
// sets; people send them back when they edit what they read.
var readOnly = []string{"id", "group", "group_name", "rev", "change", "status", "created", "updated", "checked", "located", "session_changes", "edited_here", "outcode", "district", "district_name"}

// alsoCalled are names that other directories use for our fields.
var alsoCalled = map[string][]string{
	"name": {"title", "label"}, "title": {"name"}, "heading": {"title"}, "organisation": {"name"},
	"tags": {"interests"}, "topics": {"interests"}, "category": {"interests"}, "categories": {"interests"},
	"price": {"cost"}, "fee": {"cost"}, "fees": {"cost"}, "location": {"venue"}, "where": {"venue"}, "place": {"venue"},
	"when": {"schedule"}, "times": {"schedule"}, "accessibility": {"access"}, "ages": {"audience"}, "who": {"audience"},
	"url": {"website"}, "link": {"website"}, "webpage": {"website"}, "photos": {"images"}, "pictures": {"images"},
}

// unknownFix says what to do about a field that is not one of fields.
func (r *shapeReader) unknownFix(name string, fields map[string]reflect.Type) string {
	if slices.Contains(readOnly, name) {
		return "leave it out: only the directory sets it"
	}
	if r.guesses++; r.guesses > maxGuesses {
		return "leave it out"
	}
	if known := likeliest(name, fields); known != "" {
		return "write " + known
	}
	for _, known := range alsoCalled[strings.ToLower(name)] {
		if _, ok := fields[known]; ok {
			return "write " + known
		}
	}
	if places := placesOf(name, r.root); len(places) > 0 {
		return "send it as " + strings.Join(places, " or ")
	}
	return "leave it out"
}

// likeliest returns the field whose name differs from name only in capitals,
// dashes or the plural, or in one typing error; "" if there is no such field, or
// more than one.
func likeliest(name string, fields map[string]reflect.Type) string {
	found := []string{}
	for known := range fields {
		if bare(known) == bare(name) {
			return known
		}
		if len(known) > 3 && oneSlip(known, strings.ToLower(name)) {
			found = append(found, known)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

func bare(name string) string {
	return strings.TrimSuffix(strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name)), "s")
}

// oneSlip reports whether a and b differ by one letter removed, added or
// changed, or by two neighbours swapped.
func oneSlip(a, b string) bool {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	x, y := a[start:], b[start:]
	switch {
	case len(x) == 0 || len(y) == 0:
		return len(x)+len(y) == 1
	case x[1:] == y || x == y[1:] || x[1:] == y[1:]:
		return true
	}
	return len(x) > 1 && len(y) > 1 && x[0] == y[1] && x[1] == y[0] && x[2:] == y[2:]
}

// mostPlaces is how many places with the same name are suggested at most.
const mostPlaces = 3

// placesOf returns the paths in root at which a field of this name can be sent:
// the least deep ones, or none if there are more than mostPlaces.
func placesOf(name string, root reflect.Type) []string {
	type place struct {
		path string
		t    reflect.Type
	}
	for level := []place{{"", root}}; len(level) > 0; {
		var found []string
		var next []place
		for _, p := range level {
			for _, f := range visibleFields(p.t) {
				path := at(p.path, jsonName(f))
				if bare(jsonName(f)) == bare(name) {
					found = append(found, path)
				}
				t := f.Type
				for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
					if t.Kind() == reflect.Slice {
						path += "[]"
					}
					t = t.Elem()
				}
				if t.Kind() == reflect.Struct && t != timeType && strings.Count(path, ".") < MaxDepth {
					next = append(next, place{path, t})
				}
			}
		}
		if len(found) > mostPlaces {
			return nil
		}
		if level = next; len(found) > 0 {
			return found
		}
	}
	return nil
}

// wanted says in plain words what to send for a type, and shows its shape.
func wanted(t reflect.Type) string {
	words := map[reflect.Kind]string{
		reflect.String: "a text in quotes", reflect.Bool: "true or false", reflect.Float64: "a number",
		reflect.Int: "a whole number", reflect.Int64: "a whole number",
	}
	switch word, ok := words[t.Kind()]; {
	case ok:
		return word
	case t == timeType:
		return "a date and time in quotes"
	case t.Kind() == reflect.Slice:
		return "a list, such as " + shape(t, 0)
	}
	return "an object, such as " + shape(t, 0)
}

// mostShown is how many fields of an object a shape shows.
const mostShown = 3

// shape returns sample JSON of a type, for people to read: the first fields of
// an object, with their examples, and one entry of a list.
func shape(t reflect.Type, depth int) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == timeType:
		return `"2026-12-01T10:00:00Z"`
	case t.Kind() == reflect.Bool:
		return "true"
	case t.Kind() == reflect.Slice:
		return "[" + shape(t.Elem(), depth) + "]"
	case t.Kind() == reflect.Map:
		return `{"…": ` + shape(t.Elem(), depth+1) + "}"
	case t.Kind() == reflect.Struct && depth > 1:
		return "{…}"
	case t.Kind() == reflect.Struct:
		var parts []string
		for i, f := range visibleFields(t) {
			if i == mostShown {
				parts = append(parts, "…")
				break
			}
			parts = append(parts, fmt.Sprintf("%q: %s", jsonName(f), exampleOf(f, depth+1)))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case t.Kind() == reflect.String:
		return `"…"`
	}
	return "1"
}

// exampleOf returns the example of a field, or its shape.
func exampleOf(f reflect.StructField, depth int) string {
	text, t := f.Tag.Get("example"), f.Type
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	list := t.Kind() == reflect.Slice
	if list {
		t = t.Elem()
	}
	if text == "" || t.Kind() == reflect.Struct {
		return shape(f.Type, depth)
	}
	if t.Kind() == reflect.String {
		text = fmt.Sprintf("%q", text)
	}
	if list {
		return "[" + text + "]"
	}
	return text
}
