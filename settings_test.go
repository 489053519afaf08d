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

var update = flag.Bool("update", false, "rewrite the files that the tests compare with")

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

// settingsTable lists every flag of serve, which include those of the store. The
// flags of other commands are in their --help.
func settingsTable(t *testing.T) string {
	t.Helper()
	p := &program{config: &config{}}
	root := p.commands(settings{p.config, func(string) string { return "" }})
	var b strings.Builder
	b.WriteString("| flag | environment variable | default | what it is |\n|---|---|---|---|\n")
	serve := root.Command("serve")
	for _, f := range serve.Flags {
		name, documented := f.Names()[0], documented(t, f)
		shown := "none"
		if v := strings.Trim(documented.GetValue(), `"`); v != "" {
			shown = "`" + v + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", name, documented.GetEnvVars()[0], shown, strings.ReplaceAll(documented.GetUsage(), "|", `\|`))
	}
	if len(serve.Flags) < 10 {
		t.Errorf("only %d settings were found", len(serve.Flags))
	}
	return b.String()
}

func documented(t *testing.T, f cli.Flag) cli.DocGenerationFlag {
	t.Helper()
	d, ok := f.(cli.DocGenerationFlag)
	if !ok {
		t.Fatalf("flag --%s has no text", f.Names()[0])
	}
	return d
}

// TestEveryFlag: each flag of each command has a help text and one environment
// variable, which sets flags of that name only.
func TestEveryFlag(t *testing.T) {
	p := &program{config: &config{}}
	s := settings{p.config, func(string) string { return "" }}
	root := p.commands(s)
	s.complete(root)
	of := map[string]string{}
	var check func(c *cli.Command)
	check = func(c *cli.Command) {
		for _, f := range c.Flags {
			name, d := f.Names()[0], documented(t, f)
			if d.GetUsage() == "" {
				t.Errorf("%s --%s has no help text", c.Name, name)
			}
			variables := d.GetEnvVars()
			if len(variables) != 1 || !strings.HasPrefix(variables[0], "GATHER_") {
				t.Errorf("%s --%s has the environment variables %q, want one that begins with GATHER_", c.Name, name, variables)
				continue
			}
			if other := of[variables[0]]; other != "" && other != name {
				t.Errorf("%s is --%s of %s and --%s of another command", variables[0], name, c.Name, other)
			}
			of[variables[0]] = name
		}
		for _, sub := range c.Commands {
			check(sub)
		}
	}
	check(root)
	for variable, flag := range map[string]string{
		"GATHER_DATA": "data", "GATHER_IMPORT_SOURCE_URL": "source-url", "GATHER_EXPORT_ALL": "all", "GATHER_PLACES_IMPORT_INCLUDE_NI": "include-ni",
		"GATHER_VOCABULARY_IMPORT_ID_COLUMN": "id-column", "GATHER_KEYS_CREATE_LABEL": "label", "GATHER_HARVEST_GRACE": "grace",
	} {
		if of[variable] != flag {
			t.Errorf("%s is --%s, want --%s", variable, of[variable], flag)
		}
	}
}
