// Package marked writes generated text into pages that people write.
package marked

import (
	"fmt"
	"os"
	"strings"
)

// Write replaces the text between the marks of a name in the page at path:
//
//	<!-- name: written by … -->
//	<!-- end of name -->
//
// The rest of the page stays as it is. It is an error when the marks are missing.
func Write(path, name, text string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	page := string(b)
	begin := strings.Index(page, "<!-- "+name+":")
	end := strings.Index(page, "<!-- end of "+name+" -->")
	if begin < 0 || end < begin {
		return fmt.Errorf("%s has no marks for %s", path, name)
	}
	first := begin + strings.Index(page[begin:], "\n") + 1
	return os.WriteFile(path, []byte(page[:first]+strings.TrimSpace(text)+"\n"+page[end:]), 0o644)
}
