package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// introduction says what is measured and how; the tables follow it.
//
//go:embed introduction.md
var introduction string

// document writes performance.md and performance.svg in the folder docs from
// the results kept.
func document(results, docs string) error {
	paths, err := filepath.Glob(filepath.Join(results, "*.json"))
	if err != nil {
		return err
	}
	var all []*Result
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var r Result
		if err := json.Unmarshal(b, &r); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		all = append(all, &r)
	}
	if len(all) == 0 {
		return fmt.Errorf("there is no result in %s: run scripts/bench with --out first", results)
	}
	slices.SortFunc(all, func(a, b *Result) int { return a.Size - b.Size })
	var text strings.Builder
	text.WriteString(introduction)
	for _, r := range all {
		text.WriteString("\n" + strings.TrimRight(table(r), "\n") + "\n")
	}
	if err := os.WriteFile(filepath.Join(docs, "performance.md"), []byte(text.String()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(docs, "performance.svg"), []byte(plot(all)), 0o644)
}
