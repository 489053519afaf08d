package mongostore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// maxDepth is the deepest nesting of a document that is stored as BSON:
// MongoDB refuses more than 100 levels, and the record around it needs some.
const maxDepth = 90

// body is a JSON document as it is stored: as BSON with the same names in the
// same order, which people and queries can read, if the same bytes can be made
// from it, otherwise as text.
type body struct {
	// doc is the document. It is nil if text has it.
	doc bson.Raw
	// plain means that the JSON has <, > and & unescaped. By default
	// encoding/json writes them as \u003c, \u003e and \u0026.
	plain bool
	// text is the JSON itself, if encoding/json would write it differently
	// (spaces, other escapes, duplicate names, numbers out of range).
	text string
}

// toBody converts one JSON object. It converts the result back, and stores the
// document as text if the bytes differ.
func toBody(doc json.RawMessage) body {
	raw, err := toBSON(doc)
	if err != nil {
		return body{text: string(doc)}
	}
	for _, plain := range []bool{false, true} {
		b := body{doc: raw, plain: plain}
		if back, err := b.json(); err == nil && bytes.Equal(back, doc) {
			return b
		}
	}
	return body{text: string(doc)}
}

// json returns the JSON that b was made from.
func (b body) json() (json.RawMessage, error) {
	if b.doc == nil {
		return json.RawMessage(b.text), nil
	}
	w := jsonWriter{plain: b.plain}
	if err := w.object(bsoncore.Document(b.doc)); err != nil {
		return nil, err
	}
	return w.out, nil
}

var (
	errDeep      = errors.New("nests too deep for BSON")
	errDuplicate = errors.New("has a duplicate name")
	errNumber    = errors.New("has a number that BSON cannot represent")
)

// toBSON converts one JSON object. It fails if BSON cannot represent it.
func toBSON(doc json.RawMessage) (bson.Raw, error) {
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	first, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if first != json.Delim('{') {
		return nil, errors.New("is not an object")
	}
	out, err := appendObject(nil, dec, 1)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("has more after the object")
	}
	return bson.Raw(out), nil
}

// appendObject appends the object whose opening brace dec has just read.
func appendObject(out []byte, dec *json.Decoder, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	start, out := bsoncore.AppendDocumentStart(out)
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, fmt.Errorf("has %v for a name", token)
		}
		if seen[name] {
			return nil, errDuplicate
		}
		seen[name] = true
		if out, err = appendValue(out, escapeName(name), dec, depth); err != nil {
			return nil, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	return bsoncore.AppendDocumentEnd(out, start)
}

// appendArray appends the array whose opening bracket dec has just read.
func appendArray(out []byte, dec *json.Decoder, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, errDeep
	}
	start, out := bsoncore.AppendArrayStart(out)
	var err error
	for i := 0; dec.More(); i++ {
		if out, err = appendValue(out, strconv.Itoa(i), dec, depth); err != nil {
			return nil, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	return bsoncore.AppendArrayEnd(out, start)
}

func appendValue(out []byte, name string, dec *json.Decoder, depth int) ([]byte, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case nil:
		return bsoncore.AppendNullElement(out, name), nil
	case bool:
		return bsoncore.AppendBooleanElement(out, name, v), nil
	case string:
		return bsoncore.AppendStringElement(out, name, v), nil
	case json.Number:
		return appendNumber(out, name, v.String())
	case json.Delim:
		if v == '{' {
			return appendObject(bsoncore.AppendHeader(out, bsoncore.TypeEmbeddedDocument, name), dec, depth+1)
		}
		return appendArray(bsoncore.AppendHeader(out, bsoncore.TypeArray, name), dec, depth+1)
	}
	return nil, fmt.Errorf("has %T", token)
}

// appendNumber uses the first BSON type that keeps the same digits: an int, a
// double, or a decimal for what neither can represent exactly.
func appendNumber(out []byte, name, digits string) ([]byte, error) {
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil && strconv.FormatInt(n, 10) == digits {
		if n == int64(int32(n)) {
			return bsoncore.AppendInt32Element(out, name, int32(n)), nil
		}
		return bsoncore.AppendInt64Element(out, name, n), nil
	}
	if f, err := strconv.ParseFloat(digits, 64); err == nil {
		if text, err := json.Marshal(f); err == nil && string(text) == digits {
			return bsoncore.AppendDoubleElement(out, name, f), nil
		}
	}
	d, err := bson.ParseDecimal128(digits)
	if err != nil || d.String() != digits {
		return nil, errNumber
	}
	high, low := d.GetBytes()
	return bsoncore.AppendDecimal128Element(out, name, high, low), nil
}

// Names in BSON end with a zero byte, and dots and a leading dollar have a
// meaning in MongoDB. All of these are percent-encoded, as is % itself. An
// empty name is stored as a single %.
var nameEscapes = strings.NewReplacer("%", "%25", ".", "%2E", "\x00", "%00")
var nameUnescapes = strings.NewReplacer("%25", "%", "%2E", ".", "%00", "\x00", "%24", "$")

func escapeName(name string) string {
	if name == "" {
		return "%"
	}
	escaped := nameEscapes.Replace(name)
	if escaped[0] == '$' {
		return "%24" + escaped[1:]
	}
	return escaped
}

func unescapeName(name string) string {
	if name == "%" {
		return ""
	}
	if strings.IndexByte(name, '%') < 0 {
		return name
	}
	return nameUnescapes.Replace(name)
}

// jsonWriter writes BSON as encoding/json writes the same values.
type jsonWriter struct {
	out   []byte
	plain bool
}

func (w *jsonWriter) object(doc bsoncore.Document) error {
	elements, err := doc.Elements()
	if err != nil {
		return fmt.Errorf("read a document: %w", err)
	}
	w.out = append(w.out, '{')
	for i, e := range elements {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.text(unescapeName(e.Key())); err != nil {
			return err
		}
		w.out = append(w.out, ':')
		if err := w.value(e.Value()); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return nil
}

func (w *jsonWriter) array(array bsoncore.Array) error {
	values, err := array.Values()
	if err != nil {
		return fmt.Errorf("read an array: %w", err)
	}
	w.out = append(w.out, '[')
	for i, v := range values {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.value(v); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

func (w *jsonWriter) value(v bsoncore.Value) error {
	switch v.Type {
	case bsoncore.TypeNull:
		w.out = append(w.out, "null"...)
	case bsoncore.TypeBoolean:
		w.out = strconv.AppendBool(w.out, v.Boolean())
	case bsoncore.TypeString:
		return w.text(v.StringValue())
	case bsoncore.TypeInt32:
		w.out = strconv.AppendInt(w.out, int64(v.Int32()), 10)
	case bsoncore.TypeInt64:
		w.out = strconv.AppendInt(w.out, v.Int64(), 10)
	case bsoncore.TypeDouble:
		text, err := json.Marshal(v.Double())
		if err != nil {
			return err
		}
		w.out = append(w.out, text...)
	case bsoncore.TypeDecimal128:
		high, low := v.Decimal128()
		w.out = append(w.out, bson.NewDecimal128(high, low).String()...)
	case bsoncore.TypeEmbeddedDocument:
		return w.object(v.Document())
	case bsoncore.TypeArray:
		return w.array(v.Array())
	default:
		return fmt.Errorf("a document holds a %s, which Gather does not write", v.Type)
	}
	return nil
}

// text writes a string. One with characters that may need an escape goes
// through encoding/json, so that the escapes are the same.
func (w *jsonWriter) text(s string) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return w.escaped(s)
		}
	}
	w.out = append(append(append(w.out, '"'), s...), '"')
	return nil
}

func (w *jsonWriter) escaped(s string) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(!w.plain)
	if err := enc.Encode(s); err != nil {
		return err
	}
	w.out = append(w.out, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
	return nil
}
