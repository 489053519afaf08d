package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/yaml"
	"github.com/swaggo/swag"

	"gather/search"
)

// sources are the packages from whose comments and types the documents are made;
// the first holds the general part, in generalFile.
var sources = []string{"api", "directory", "search"}

const generalFile = "doc.go"

// Generate generates both documents of the module at root. The same sources give
// the same bytes.
func Generate(root string) (swagger, openAPI []byte, err error) {
	swagger, err = comments(root)
	if err != nil {
		return nil, nil, fmt.Errorf("read the comments: %w", err)
	}
	doc, err := convert(swagger)
	if err != nil {
		return nil, nil, fmt.Errorf("convert to OpenAPI 3: %w", err)
	}
	openAPI, err = write(doc)
	if err != nil {
		return nil, nil, fmt.Errorf("write OpenAPI 3: %w", err)
	}
	return swagger, openAPI, nil
}

// write returns the document as YAML: the parts in the usual order, and names in
// them alphabetically.
func write(doc *openapi3.T) ([]byte, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return nil, err
	}
	out := []byte("# Made by scripts/openapi from the comments in api/. Do not edit.\n")
	for _, name := range []string{"openapi", "info", "servers", "tags", "paths", "components"} {
		part, err := json.Marshal(map[string]json.RawMessage{name: parts[name]})
		if err != nil {
			return nil, err
		}
		text, err := yaml.JSONToYAML(part)
		if err != nil {
			return nil, err
		}
		out = append(out, text...)
		delete(parts, name)
	}
	for name := range parts {
		return nil, fmt.Errorf("the document has a part %q, which write does not know", name)
	}
	return out, nil
}

// comments runs swag.
func comments(root string) ([]byte, error) {
	p := swag.New(swag.SetDebugger(log.New(io.Discard, "", 0)), swag.SetStrict(true))
	p.RequiredByDefault = true // except fields with omitempty
	var dirs []string
	for _, s := range sources {
		dirs = append(dirs, filepath.Join(root, s))
	}
	if err := p.ParseAPIMultiSearchDir(dirs, generalFile, 0); err != nil {
		return nil, err
	}
	data, err := json.Marshal(p.GetSwagger())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Indent(&out, data, "", "  ")
	out.WriteByte('\n')
	return out.Bytes(), err
}

// convert makes an OpenAPI 3 document of a Swagger 2 document, and adds what
// Swagger 2 cannot express: the media type of problems, and that keys are bearer
// tokens.
func convert(swagger []byte) (*openapi3.T, error) {
	var v2 openapi2.T
	if err := json.Unmarshal(swagger, &v2); err != nil {
		return nil, err
	}
	doc, err := openapi2conv.ToV3(&v2)
	if err != nil {
		return nil, err
	}
	doc.OpenAPI = "3.0.3"
	doc.Info.Contact = nil
	doc.Servers = openapi3.Servers{{URL: "/", Description: "The server that this document was read from"}}
	doc.Components.SecuritySchemes["Bearer"] = &openapi3.SecuritySchemeRef{
		Value: openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer").WithDescription("The secret of a key, which begins with gather_."),
	}
	asked := searchParameters(doc)
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if slices.Contains(searches, op.OperationID) {
				op.Parameters = append(slices.Clone(asked), op.Parameters...)
			}
			fixOperation(op)
		}
	}
	if err := keepExamples(doc, swagger); err != nil {
		return nil, err
	}
	if doc, err = renameSchemas(doc); err != nil {
		return nil, err
	}
	for name, s := range doc.Components.Schemas {
		fixSchema(name, s.Value)
	}
	if err := openapi3.NewLoader().ResolveRefsIn(doc, nil); err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background())
}

// searches are the operations that take the parameters of a search.
var searches = []string{"searchActivities", "start", "nearPage", "interestPage", "embedSearch"}

// fixOperation gives problems their media type and description. Browsers get those
// of a page as HTML.
func fixOperation(op *openapi3.Operation) {
	var page *openapi3.MediaType
	if ok := op.Responses.Status(http.StatusOK); ok != nil {
		page = ok.Value.Content["text/html"]
	}
	if op.Security == nil {
		// A key is optional here, but one that is not valid is refused.
		op.Security = &openapi3.SecurityRequirements{{}, {"Bearer": {}}}
	}
	for status, ref := range op.Responses.Map() {
		code, err := strconv.Atoi(status)
		if err != nil {
			continue
		}
		r := ref.Value
		if text, ok := meanings[code]; ok {
			r.Description = &text
		}
		switch {
		case code == 304 || code == 204:
			r.Content = nil
		case code == 200 && len(r.Content) > 1:
			textForms(r.Content)
		case code >= 400:
			for _, media := range r.Content {
				r.Content = openapi3.Content{"application/problem+json": media}
				break
			}
			if page != nil {
				r.Content["text/html"] = page
			}
		}
		for name, h := range r.Headers {
			h.Value.Required = !outageHeaders[name]
		}
	}
}

// outageHeaders are sent only while the store cannot be reached.
var outageHeaders = map[string]bool{"Age": true, "Cache-Status": true}

// searchParameters adds the parameters of a search to the components of doc, from
// where they are declared, and returns references to them.
func searchParameters(doc *openapi3.T) (all openapi3.Parameters) {
	doc.Components.Parameters = openapi3.ParametersMap{}
	for _, p := range search.Parameters() {
		schema := &openapi3.Schema{Type: &openapi3.Types{p.Form.Type}, Format: p.Form.Format, Default: p.Form.Default}
		for _, value := range p.Form.Values {
			schema.Enum = append(schema.Enum, value)
		}
		if f := p.Form; f.Minimum != 0 || f.Maximum != 0 {
			schema.Min, schema.Max = &f.Minimum, &f.Maximum
		}
		if most := uint64(p.Form.MaxLength); most > 0 {
			schema.MaxLength = &most
		}
		of := openapi3.NewQueryParameter(p.Name).WithDescription(p.Help).WithSchema(schema)
		if p.Example != "" {
			of.Example = p.Example
		}
		if p.Choice != nil {
			schema.Items = openapi3.NewStringSchema().NewRef()
			of.Example = []any{p.Example}
		}
		doc.Components.Parameters["search_"+p.Name] = &openapi3.ParameterRef{Value: of}
		all = append(all, &openapi3.ParameterRef{Ref: "#/components/parameters/search_" + p.Name, Value: of})
	}
	return all
}

// textForms replaces the schemas of media types other than application/json.
// Their formats are other standards, which this document does not repeat.
func textForms(content openapi3.Content) {
	for media, as := range content {
		switch {
		case media == "application/json":
		case strings.HasSuffix(media, "+json"):
			as.Schema = openapi3.NewObjectSchema().NewRef()
		default:
			as.Schema = openapi3.NewStringSchema().NewRef()
		}
	}
}

// keepExamples copies the examples of parameters. swag writes them although
// Swagger 2 has no field for them, so the conversion drops them.
func keepExamples(doc *openapi3.T, swagger []byte) error {
	var v2 struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name, In string
				Example  any
			}
		}
	}
	if err := json.Unmarshal(swagger, &v2); err != nil {
		return err
	}
	for path, item := range v2.Paths {
		for method, op := range item {
			for _, p := range op.Parameters {
				to := doc.Paths.Value(path).GetOperation(strings.ToUpper(method)).Parameters.GetByInAndName(p.In, p.Name)
				if p.Example == nil || to == nil {
					continue
				}
				to.Example = p.Example
				if to.Schema.Value.Type.Is("array") {
					to.Example = []any{p.Example}
				}
			}
		}
	}
	return nil
}

// meanings are the descriptions of the statuses of problems.
var meanings = map[int]string{
	400: "A parameter, a header or the form of the body cannot be read",
	401: "No key was sent where one is needed, or one that is not valid",
	403: "The key may not do this",
	404: "It does not exist, or is not visible to the caller",
	406: "The Accept header cannot be met",
	408: "The body did not arrive in time",
	409: "It conflicts with what is stored",
	410: "It was withdrawn",
	412: "If-Match does not name the newest version",
	413: "The body is over 1 MiB",
	415: "The body has a media type that is not accepted here",
	422: "What was sent breaks the rules",
	428: "If-Match is missing",
	429: "Too many requests",
	500: "A fault in the server",
	503: "Temporarily unavailable: try again",
}

// renameSchemas drops the package from the names of schemas, which means nothing
// to readers of the document. If two packages use one name, the package stays as
// its prefix.
func renameSchemas(doc *openapi3.T) (*openapi3.T, error) {
	users := map[string]int{}
	for name := range doc.Components.Schemas {
		users[name[strings.LastIndex(name, ".")+1:]]++
	}
	const at = "#/components/schemas/"
	var pairs []string
	renamed := openapi3.Schemas{}
	for name, schema := range doc.Components.Schemas {
		pkg, bare, _ := strings.Cut(name, ".")
		if users[bare] > 1 {
			bare = strings.ToUpper(pkg[:1]) + pkg[1:] + bare
		}
		renamed[bare] = schema
		pairs = append(pairs, `"`+at+name+`"`, `"`+at+bare+`"`)
	}
	doc.Components.Schemas = renamed
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var out openapi3.T
	err = json.Unmarshal([]byte(strings.NewReplacer(pairs...).Replace(string(data))), &out)
	return &out, err
}

// fixSchema removes what swag adds for generators of Go code, and replaces the Go
// name of a field at the start of its description by the JSON name.
func fixSchema(name string, s *openapi3.Schema) {
	if s == nil {
		return
	}
	for extension := range s.Extensions {
		if strings.HasPrefix(extension, "x-enum") {
			delete(s.Extensions, extension)
		}
	}
	s.Description = strings.Join(strings.Fields(s.Description), " ")
	if first, rest, ok := strings.Cut(s.Description, " "); ok && strings.EqualFold(first, strings.ReplaceAll(name, "_", "")) {
		s.Description = name + " " + rest
	}
	for field, p := range s.Properties {
		if p.Ref == "" {
			fixSchema(field, p.Value)
		}
	}
	if s.Items != nil && s.Items.Ref == "" {
		fixSchema("", s.Items.Value)
	}
}
