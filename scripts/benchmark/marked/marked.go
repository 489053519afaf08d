// Package marked keeps what is measured in pages that people write.
package marked

import (
	"fmt"
	"os"
	"strings"
)

// Write puts text between the marks of a name in the page at path:
//
//	<!-- name: written by … -->
//	<!-- end of name -->
//
// The rest of the page stays as it is. It fails where the marks are not there.
func Write(path, name, text string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	page := string(b)
	begin := strings.Index(page, "<!-- "+name+":")
	end := strings.Index(page, "<!-- end of "+name+" -->")
	if begin < 0 || end < begin {
		return fmt.Errorf("%s has no place for its %s", path, name)
	}
	first := begin + strings.Index(page[begin:], "\n") + 1
	return os.WriteFile(path, []byte(page[:first]+strings.TrimSpace(text)+"\n"+page[end:]), 0o644)
}
