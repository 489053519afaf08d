package api

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
)

const yamlType = "application/yaml" // RFC 9512

// reference is the OpenAPI document, and the page that is rendered from it on first
// use.
type reference struct {
	yaml []byte
	page func() ([]byte, error)
}

func newReference(yaml []byte) *reference {
	return &reference{yaml, sync.OnceValues(func() ([]byte, error) { return renderReference(yaml) })}
}

// openAPI serves the OpenAPI document.
//
//	@Summary	The OpenAPI 3 document
//	@ID			readOpenAPI
//	@Tags		About
//	@Produce	application/yaml
//	@Success	200	{object}	object	"This document"
//	@Success	304	"Your copy is current"
//	@Failure	400,401,406,429,500	{object}	Problem
//	@Router		/openapi.yaml [get]
func (s *server) openAPI(c *call) error {
	c.Response().Header().Set(echo.HeaderCacheControl, pageAge)
	return s.send(c, http.StatusOK, yamlType, s.docs.yaml)
}

// referencePage serves the reference as a page.
//
//	@Summary	Reference of every address
//	@ID			readReference
//	@Tags		About
//	@Produce	html
//	@Success	200	{string}	string	"A page"
//	@Success	304	"Your copy is current"
//	@Failure	400,401,406,429,500	{object}	Problem
//	@Router		/docs [get]
func (s *server) referencePage(c *call) error {
	page, err := s.docs.page()
	if err != nil {
		return err
	}
	return s.sendPage(c, page)
}

// The parts of the page.
type (
	refDoc struct {
		Title  string
		About  []string
		Tags   []refTag
		Shapes []refShape
	}
	refTag struct {
		Name, Anchor, About string
		Operations          []refOperation
	}
	refOperation struct {
		ID, Method, Path, Summary, Key string
		About                          []string
		Params                         []refField
		Body                           *refBody
		Answers                        []refAnswer
	}
	refBody struct {
		Media, About string
		Type         refType
	}
	refAnswer struct {
		Status, About string
		Type          refType
	}
	refShape struct {
		Name, About string
		Values      []string
		Fields      []refField
	}
	refField struct {
		Name, In, About, Example string
		Required                 bool
		Type                     refType
	}
	// refType is a type in words (Text), or a link to a shape after the words in
	// Before.
	refType struct {
		Before, Shape, Text string
		Values              []string
	}
)

// renderReference renders the page of an OpenAPI document.
func renderReference(yaml []byte) ([]byte, error) {
	doc, err := openapi3.NewLoader().LoadFromData(yaml)
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	page := refDoc{Title: doc.Info.Title, About: paragraphs(doc.Info.Description)}
	for _, t := range doc.Tags {
		page.Tags = append(page.Tags, refTag{
			Name: t.Name, About: t.Description, Anchor: "tag-" + strings.ReplaceAll(strings.ToLower(t.Name), " ", "-"),
			Operations: operations(doc, t.Name),
		})
	}
	for _, name := range sortedKeys(doc.Components.Schemas) {
		schema := doc.Components.Schemas[name].Value
		page.Shapes = append(page.Shapes, refShape{
			Name: name, About: schema.Description, Values: values(schema), Fields: fields(schema),
		})
	}
	var buf bytes.Buffer
	if err := templates.ExecuteTemplate(&buf, "reference", page); err != nil {
		return nil, fmt.Errorf("show the reference: %w", err)
	}
	return buf.Bytes(), nil
}

func paragraphs(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// operations returns the operations of a tag, by path, reads before writes.
func operations(doc *openapi3.T, tag string) []refOperation {
	var out []refOperation
	order := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	for _, path := range doc.Paths.InMatchingOrder() {
		item := doc.Paths.Value(path)
		for method, op := range item.Operations() {
			if slices.Contains(op.Tags, tag) {
				out = append(out, operation(method, path, op))
			}
		}
	}
	slices.SortFunc(out, func(a, b refOperation) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), slices.Index(order, a.Method)-slices.Index(order, b.Method))
	})
	return out
}

func operation(method, path string, op *openapi3.Operation) refOperation {
	out := refOperation{ID: op.OperationID, Method: method, Path: path, Summary: op.Summary, About: paragraphs(op.Description), Key: keyWords(op)}
	for _, p := range op.Parameters {
		out.Params = append(out.Params, refField{
			Name: p.Value.Name, In: p.Value.In, About: p.Value.Description, Required: p.Value.Required,
			Type: typeOf(p.Value.Schema), Example: example(p.Value.Example, p.Value.Schema),
		})
	}
	if op.RequestBody != nil {
		for _, media := range sortedKeys(op.RequestBody.Value.Content) {
			out.Body = &refBody{media, op.RequestBody.Value.Description, typeOf(op.RequestBody.Value.Content[media].Schema)}
		}
	}
	for _, status := range sortedKeys(op.Responses.Map()) {
		r := op.Responses.Map()[status].Value
		a := refAnswer{Status: status, Type: refType{Text: "none"}}
		if r.Description != nil {
			a.About = *r.Description
		}
		for _, media := range sortedKeys(r.Content) {
			if a.Type = typeOf(r.Content[media].Schema); a.Type.Shape == "" {
				a.Type = refType{Text: media}
			}
		}
		out.Answers = append(out.Answers, a)
	}
	return out
}

// keyWords says whether an operation needs a key.
func keyWords(op *openapi3.Operation) string {
	if op.Security == nil || len(*op.Security) == 0 {
		return "No key is needed."
	}
	for _, s := range *op.Security {
		if len(s) == 0 {
			return "No key is needed; with one, you see and do what it allows."
		}
	}
	return "A key is needed: Authorization: Bearer, and the key."
}

// typeOf describes the type of a schema.
func typeOf(ref *openapi3.SchemaRef) refType {
	if ref == nil || ref.Value == nil {
		return refType{Text: "anything"}
	}
	if name, ok := strings.CutPrefix(ref.Ref, "#/components/schemas/"); ok {
		return refType{Shape: name}
	}
	s := ref.Value
	if len(s.AllOf) == 1 {
		return typeOf(s.AllOf[0])
	}
	switch {
	case s.Type.Is("array"):
		inner := typeOf(s.Items)
		inner.Before = "list of " + inner.Before
		return inner
	case s.Type.Is("object") && s.AdditionalProperties.Schema != nil:
		inner := typeOf(s.AdditionalProperties.Schema)
		inner.Before = "object from id to " + inner.Before
		return inner
	case s.Type.Is("string"):
		return refType{Text: cmp.Or(s.Format, "text"), Values: values(s)}
	case s.Type.Is("integer"):
		return refType{Text: "whole number"}
	case s.Type.Is("boolean"):
		return refType{Text: "true or false"}
	}
	return refType{Text: strings.Join(s.Type.Slice(), " or ")}
}

func values(s *openapi3.Schema) []string {
	var out []string
	for _, v := range s.Enum {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

func fields(s *openapi3.Schema) []refField {
	var out []refField
	for _, name := range sortedKeys(s.Properties) {
		p := s.Properties[name]
		out = append(out, refField{
			Name: name, About: p.Value.Description, Required: slices.Contains(s.Required, name),
			Type: typeOf(p), Example: example(nil, p),
		})
	}
	return out
}

// example returns an example of a value, empty if there is none.
func example(given any, ref *openapi3.SchemaRef) string {
	if given == nil && ref != nil && ref.Value != nil {
		if given = ref.Value.Example; given == nil && ref.Value.Items != nil && ref.Value.Items.Value != nil {
			given = ref.Value.Items.Value.Example
		}
	}
	if given == nil {
		return ""
	}
	return strings.Trim(fmt.Sprint(given), "[]")
}
