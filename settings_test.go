package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"
)

var update = flag.Bool("update", false, "rewrite what the tests compare with")

// The lines around the table of settings in docs/run.md.
const (
	settingsBegin = "<!-- settings: written by go test -run TestSettings -update . -->\n"
	settingsEnd   = "<!-- end of settings -->\n"
)

// TestSettings compares the table of settings in docs/run.md with the flags.
func TestSettings(t *testing.T) {
	const file = "docs/run.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := bytes.Cut(text, []byte(settingsBegin))
	have, after, ends := bytes.Cut(rest, []byte(settingsEnd))
	if !begins || !ends {
		t.Fatalf("%s has no lines %q and %q", file, settingsBegin, settingsEnd)
	}
	want := settingsTable(t)
	if *update {
		text = slices.Concat(before, []byte(settingsBegin), []byte(want), []byte(settingsEnd), after)
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(have) != want {
		t.Errorf("the table of settings in %s is\n%s\nand the flags are\n%s", file, have, want)
	}
}

// settingsTable is every flag that has an environment variable: what a server
// can be set up with.
func settingsTable(t *testing.T) string {
	t.Helper()
	p := &program{config: &config{}}
	root := p.commands(settings{p.config, func(string) string { return "" }})
	var b strings.Builder
	b.WriteString("| flag | environment variable | default | what it is |\n|---|---|---|---|\n")
	rows, seen := 0, map[string]bool{}
	for _, command := range root.Commands {
		for _, f := range command.Flags {
			name := f.Names()[0]
			documented, ok := f.(cli.DocGenerationFlag)
			if !ok {
				t.Fatalf("flag --%s has no text", name)
			}
			variables := documented.GetEnvVars()
			if len(variables) == 0 || seen[name] {
				continue
			}
			seen[name] = true
			rows++
			shown := "none"
			if v := strings.Trim(documented.GetValue(), `"`); v != "" {
				shown = "`" + v + "`"
			}
			fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", name, variables[0], shown, strings.ReplaceAll(documented.GetUsage(), "|", `\|`))
		}
	}
	if rows < 10 {
		t.Errorf("only %d settings were found", rows)
	}
	return b.String()
}
