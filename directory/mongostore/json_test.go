package mongostore

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// written has Go values. As encoding/json writes them they must be stored as
// BSON, which people can read and query, never as text.
var written = []any{
	map[string]any{},
	map[string]any{"title": "Sport & <b>tea</b>", "nothing": nil, "none": []string{}, "yes": true, "cy": "Llŷn\u2028\u0000"},
	map[string]any{"ints": []int64{0, -1, math.MaxInt32, math.MinInt32, math.MaxInt32 + 1, math.MaxInt64, math.MinInt64}},
	map[string]any{"uints": []uint64{math.MaxInt64 + 1, math.MaxUint64}},
	map[string]any{"floats": []float64{0.1, -2.5, 1e20, 1e21, 1e-6, 1e-7, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Copysign(0, -1), 3}},
	map[string]any{"float32s": []float32{0.1, 16777216, math.MaxFloat32, math.SmallestNonzeroFloat32}},
	map[string]any{"a.b": 1, "$set": 2, "": 3, "%": 4, "%2E": 5, "x\x00y": 6, "_id": 7, "$": 8, "..": 9},
	struct {
		Z, A int
		M    map[string][]any
	}{1, 2, map[string][]any{"x": {nil, map[string]any{}, []any{}}}},
}

func TestDocumentsAreBSON(t *testing.T) {
	for _, v := range written {
		for _, html := range []bool{true, false} {
			var buf bytes.Buffer
			enc := json.NewEncoder(&buf)
			enc.SetEscapeHTML(html)
			if err := enc.Encode(v); err != nil {
				t.Fatal(err)
			}
			doc := json.RawMessage(bytes.TrimSpace(buf.Bytes()))
			b := toBody(doc)
			if b.doc == nil {
				t.Errorf("%s is stored as text", doc)
			}
			if back, err := b.json(); err != nil || string(back) != string(doc) {
				t.Errorf("%s came back as %s, %v", doc, back, err)
			}
		}
	}
}

// TestReadable shows what people and queries find in the database.
func TestReadable(t *testing.T) {
	doc := `{"title":"Tea","ages":{"min":50,"max":null},"cost":2.5,"big":5000000000,"tags":["a","b"],"open":true,"a.b":1}`
	want := `{"title": "Tea","ages": {"min": {"$numberInt":"50"},"max": null},"cost": {"$numberDouble":"2.5"},` +
		`"big": {"$numberLong":"5000000000"},"tags": ["a","b"],"open": true,"a%2Eb": {"$numberInt":"1"}}`
	if got := toBody(json.RawMessage(doc)).doc.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// FuzzBody: of any JSON object the same bytes come back, and the stored document
// is valid BSON.
func FuzzBody(f *testing.F) {
	for _, v := range written {
		doc, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(doc))
	}
	for _, doc := range []string{
		`{"a":1.0,"b":1E5,"c":-0,"d":1e400}`, `{"a":1,"a":2}`, `{ "a" : [ ] }`, `{"a":"\ud800"}`, `{"a":"\u0041"}`,
		`{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
	} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		if !json.Valid([]byte(doc)) || doc[0] != '{' {
			return
		}
		b := toBody(json.RawMessage(doc))
		back, err := b.json()
		if err != nil || string(back) != doc {
			t.Fatalf("%q came back as %q, %v", doc, back, err)
		}
		if b.doc != nil {
			if err := bson.Raw(b.doc).Validate(); err != nil {
				t.Errorf("%q is not BSON: %v", doc, err)
			}
		}
	})
}
