package api

import (
	"bytes"
	"fmt"
)

// ProblemsPage is docs/problems.md: the table of problems for people who read
// the documentation rather than the server.
func ProblemsPage() []byte {
	var b bytes.Buffer
	b.WriteString(`# Problems

Every request that fails is answered with a problem ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), sent as
` + "`application/problem+json`" + `:

` + "```json" + `
{
  "type": "/problems/invalid",
  "title": "What was sent breaks the rules",
  "status": 422,
  "detail": "1 thing is wrong: see errors.",
  "instance": "urn:uuid:0b0f3a5e-6f1c-4f0e-9d8e-2d7a3c1b5e4f",
  "errors": [
    {"field": "title", "detail": "is too short", "fix": "say what the activity is called, in 3 to 120 characters"}
  ]
}
` + "```" + `

Branch on ` + "`type`" + `, not on the texts, which may change. It is a path on the server itself, where a page explains it; the
paths are the same on every server. ` + "`errors`" + ` lists everything that is wrong at once, by the path of the field in the JSON
that was sent, or the name of the parameter or header. ` + "`instance`" + ` names the request, as the header ` + "`Request-Id`" + ` does;
it is what an operator finds the request by in the log.

This page is made from the table in ` + "`api/problem.go`" + ` (` + "`go test ./api -run ProblemsPage -update`" + `).

| type | status | means |
|---|---|---|
`)
	for _, k := range kinds {
		fmt.Fprintf(&b, "| [`/problems/%s`](#%s) | %d | %s |\n", k.name, k.name, k.status, k.title)
	}
	for _, k := range kinds {
		fmt.Fprintf(&b, "\n## %s\n\n**%s** (%d). %s\n", k.name, k.title, k.status, k.about)
	}
	return b.Bytes()
}
