package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/csv"
	"gather/directory/vocabulary"
)

func importFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Usage: "csv, jsonl, hsds, oruk1, tables, openactive or outpost (default: detected)", Validator: oneOf("", "csv", "jsonl", "hsds", "oruk1", "tables", "openactive", "outpost")},
		&cli.StringFlag{Name: "source", Usage: "who publishes the file (default: its name)"},
		&cli.StringFlag{Name: "source-url", Usage: "where it is published"},
		&cli.StringFlag{Name: "licence", Usage: "its licence, such as OGL-UK-3.0"},
		&cli.StringFlag{Name: "attribution", Usage: "the attribution that its licence requires"},
		&cli.StringFlag{Name: "group", Usage: "the id or name of the trusted group that runs the listings; a name that no group has creates one"},
		&cli.StringSliceFlag{Name: "interest", Usage: "an interest for listings that have none; may be repeated"},
		&cli.StringSliceFlag{Name: "area", Usage: "where rows take place that say nothing of where: a district, county or town, a GSS code or an outcode; may be repeated"},
		&cli.StringFlag{Name: "delivery", Usage: "how people take part in rows that do not say: venue, online, phone or home (default: venue); but for venue, --area is where they live", Validator: oneOf("", "venue", "online", "phone", "home")},
		&cli.StringMapFlag{Name: "column", Usage: "FIELD=the header of its column; may be repeated (fields: " + strings.Join(csv.Fields(), ", ") + ")"},
		&cli.StringFlag{Name: "delimiter", Usage: "the character between columns (default: detected)"},
		&cli.BoolFlag{Name: "hide-contacts", Usage: "hide contacts in the file from the public"},
		&cli.BoolFlag{Name: "strict", Usage: "write nothing if any row is refused"},
		&cli.BoolFlag{Name: "dry-run", Usage: "write nothing, and print what would be done"},
		&cli.StringFlag{Name: "report", Value: "text", Usage: "text or json", Validator: oneOf("text", "json")},
	}
}

// errNothingImported: the report says why, for every row.
var errNothingImported = errors.New("nothing was imported")

// errStrict: the report says which rows were refused.
var errStrict = errors.New("rows were refused, so nothing was written")

func (p *program) importFile(ctx context.Context, cmd *cli.Command) error {
	file, err := one(cmd, "FILE")
	if err != nil {
		return err
	}
	var delimiter rune
	if d := []rune(strings.ReplaceAll(cmd.String("delimiter"), `\t`, "\t")); len(d) == 1 {
		delimiter = d[0]
	} else if len(d) > 1 {
		return usage("--delimiter is one character")
	}
	if err := holdsTables(file); err != nil {
		return err
	}
	dry := cmd.Bool("dry-run")
	if dry {
		done, err := p.temporaryStore()
		if err != nil {
			return err
		}
		defer done()
	}
	return p.with(ctx, func(d *opened) error {
		group, known, err := d.groupNamed(ctx, cmd.String("group"))
		if err != nil {
			return err
		}
		report, err := bulk.ImportFile(ctx, d.Directory, operator, file, bulk.Options{
			Format: bulk.Format(cmd.String("format")),
			Source: directory.Source{Name: cmd.String("source"), URL: cmd.String("source-url"), Licence: cmd.String("licence"), Attribution: cmd.String("attribution")},
			Group:  group, Interests: cmd.StringSlice("interest"), Areas: cmd.StringSlice("area"), Delivery: cmd.String("delivery"), Columns: cmd.StringMap("column"), Delimiter: delimiter,
			HideContacts: cmd.Bool("hide-contacts"), Strict: cmd.Bool("strict"), Dry: dry, Progress: p.progress("import"),
		})
		err = about(file, err)
		if err != nil && report.Total == 0 {
			return err
		}
		write := report.WriteText
		if cmd.String("report") == "json" {
			write = report.WriteJSON
		}
		err = errors.Join(err, write(p.out))
		if !known && report.Groups > 0 && report.Created > 0 {
			// Not on standard output: the report there may be JSON.
			fmt.Fprintf(p.errOut, "new group: %s\n", group)
		}
		return cmp.Or(err, outcome(report))
	})
}

// outcome is the error of an import that finished and imported nothing.
func outcome(r bulk.Report) error {
	switch {
	case r.Stopped != "":
		return errStrict
	case r.Refused == r.Total:
		return errNothingImported
	}
	return nil
}

// holdsTables fails for a folder without any CSV file.
func holdsTables(path string) error {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return nil // reading it reports what is wrong
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.EqualFold(filepath.Ext(e.Name()), ".csv") }) {
		return fmt.Errorf("import: %s is a folder without tables; give a file, or the folder of HSDS tables that holds services.csv", path)
	}
	return nil
}

// about names the file in faults of err that have no field.
func about(file string, err error) error {
	var invalid *directory.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	faults := slices.Clone(invalid.Faults)
	for i := range faults {
		faults[i].Field = cmp.Or(faults[i].Field, filepath.Base(file))
	}
	return &directory.Invalid{Faults: faults}
}

// groupNamed returns the id of the trusted group with this id or name, and true;
// if there is none, the name and false. Groups that are not trusted do not
// count, because anyone may register one under any name.
func (d *opened) groupNamed(ctx context.Context, name string) (group string, known bool, err error) {
	const page = 500
	name = strings.TrimSpace(name)
	if name == "" {
		return "", true, nil // package bulk chooses a group by the source
	}
	var ids []string
	for after := ""; ; {
		groups, err := d.Groups(ctx, operator, directory.GroupTrusted, after, page)
		if err != nil {
			return "", false, err
		}
		for _, g := range groups {
			after = g.ID
			if g.ID == name {
				return name, true, nil
			}
			if vocabulary.Fold(g.Name) == vocabulary.Fold(name) {
				ids = append(ids, g.ID)
			}
		}
		if len(groups) < page {
			break
		}
	}
	switch len(ids) {
	case 0:
		return name, false, nil
	case 1:
		return ids[0], true, nil
	}
	return "", false, fmt.Errorf("%d groups are called %q; give the id of one: %s", len(ids), name, strings.Join(ids, ", "))
}

// temporaryStore makes a dry run leave no store behind: if there is none yet,
// the run uses an empty one in a temporary folder, which done removes.
func (p *program) temporaryStore() (done func(), err error) {
	if p.MongoDB != "" {
		return func() {}, nil
	}
	if _, err := os.Stat(p.storeFolder()); err == nil || !errors.Is(err, os.ErrNotExist) {
		return func() {}, nil // opening the store reports the error
	}
	if p.trial, err = os.MkdirTemp("", "gather-dry-run-"); err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	return func() { os.RemoveAll(p.trial) }, nil
}
