// Command testreport reads the events of go test -json and prints one line per
// package, and for each failed test its own messages without those of other
// tests.
//
//	go test -json ./... | go run ./scripts/testreport
//
// It exits with 1 if a test or a build failed, or if the events end before every
// package has; with CI=true a skipped test is a failure too.
package main

import (
	"fmt"
	"os"
)

func main() {
	r := newReport(os.Stdout)
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	if !r.finish(os.Getenv("CI") == "true") {
		os.Exit(1)
	}
}
