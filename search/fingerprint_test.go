package search

import (
	"reflect"
	"slices"
	"testing"
)

// Every field of a question makes it another question, but for those that only
// say how the answer is shown.
func TestFingerprintsTellQuestionsApart(t *testing.T) {
	shown := []string{"Limit", "Cursor", "Facets", "Explain", "AfterChange", "Lang"}
	seen := map[uint32]string{(&Query{}).Fingerprint(): "nothing"}
	of := reflect.TypeFor[Query]()
	for i := range of.NumField() {
		name := of.Field(i).Name
		var q Query
		age := 0
		switch f := reflect.ValueOf(&q).Elem().Field(i); v := f.Interface().(type) {
		case string, Sort:
			f.SetString("x")
		case float64:
			f.SetFloat(2)
		case int, int64:
			f.SetInt(3)
		case bool:
			f.SetBool(true)
		case *Box:
			f.Set(reflect.ValueOf(&Box{West: 1}))
		case *Price:
			f.Set(reflect.ValueOf(&Price{}))
		case *int:
			f.Set(reflect.ValueOf(&age))
		case []AnyOf:
			f.Set(reflect.ValueOf([]AnyOf{{"a", "b"}}))
		case []string:
			f.Set(reflect.ValueOf([]string{"day"}))
		default:
			t.Fatalf("%s is a %T", name, v)
		}
		n := q.Fingerprint()
		if slices.Contains(shown, name) {
			if seen[n] != "nothing" {
				t.Errorf("%s makes another question", name)
			}
			continue
		}
		if other, ok := seen[n]; ok {
			t.Errorf("%s and %s are one question", name, other)
		}
		seen[n] = name
	}
	a, b := Query{Access: []AnyOf{{"a"}, {"b"}}}, Query{Access: []AnyOf{{"a", "b"}}}
	if a.Fingerprint() == b.Fingerprint() {
		t.Error("all of two is the same as any of two")
	}
}
