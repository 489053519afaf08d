// Command openapi3 writes docs/swagger.json, which swag makes from the comments
// of the handlers, and openapi.yaml, the same in OpenAPI 3, which is committed.
// It runs in the module's root folder. With --check it writes nothing and fails
// if openapi.yaml is not current.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail if openapi.yaml is not current")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

// The files that are written, relative to the module's root.
const (
	swaggerFile = "docs/swagger.json"
	openAPIFile = "openapi.yaml"
)

func run(check bool) error {
	swagger, openAPI, err := Generate(".")
	if err != nil {
		return err
	}
	if !check {
		if err := os.WriteFile(swaggerFile, swagger, 0o644); err != nil {
			return err
		}
		return os.WriteFile(openAPIFile, openAPI, 0o644)
	}
	have, err := os.ReadFile(openAPIFile)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, openAPI) {
		return fmt.Errorf("%s is not current: run scripts/openapi and review the diff", openAPIFile)
	}
	return nil
}
