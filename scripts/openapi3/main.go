// Command openapi3 writes docs/swagger.json, which swag makes of the comments
// of the handlers, and openapi.yaml, which is the same in OpenAPI 3. It runs in
// the module's root folder. With --check it writes nothing and fails when
// either file is not what it would write.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail when the files are not current")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

// outputs are where the documents go, from the module's root.
const (
	swaggerFile = "docs/swagger.json"
	openAPIFile = "openapi.yaml"
)

func run(check bool) error {
	swagger, openAPI, err := Generate(".")
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		want []byte
	}{{swaggerFile, swagger}, {openAPIFile, openAPI}} {
		if !check {
			if err := os.WriteFile(f.name, f.want, 0o644); err != nil {
				return err
			}
			continue
		}
		have, err := os.ReadFile(f.name)
		if err != nil {
			return err
		}
		if !bytes.Equal(have, f.want) {
			return fmt.Errorf("%s is not what the handlers' comments say: run scripts/openapi and read the diff", f.name)
		}
	}
	return nil
}
