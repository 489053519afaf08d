package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// restartNotice says when imported places and vocabularies take effect.
const restartNotice = "Servers read imported places and vocabularies when they start: restart any that are running."

func (p *program) importPlaces(ctx context.Context, cmd *cli.Command) error {
	if cmd.NArg() == 0 {
		return usage("places import takes one FILE or more")
	}
	report, err := gazetteer.Import(ctx, p.placesFolder(), cmd.Args().Slice(),
		gazetteer.Options{IncludeNI: cmd.Bool("include-ni"), Replace: cmd.Bool("replace")}, p.progress("places"))
	if err != nil && len(report.Files) == 0 {
		return err
	}
	if err == nil {
		fmt.Fprintln(p.errOut, restartNotice)
	}
	return errors.Join(err, p.printJSON(report))
}

func (p *program) findPlace(_ context.Context, cmd *cli.Command) error {
	places, err := gazetteer.Open(p.placesFolder())
	if err != nil {
		return err
	}
	found, err := places.Find(strings.Join(cmd.Args().Slice(), " "))
	if err != nil {
		return err
	}
	return p.printJSON(found)
}

func (p *program) importVocabulary(_ context.Context, cmd *cli.Command) error {
	file, err := one(cmd, "FILE")
	if err != nil {
		return err
	}
	f, err := openFile(file)
	if err != nil {
		return fmt.Errorf("import a vocabulary: %w", err)
	}
	defer f.Close()
	imported, report, err := vocabulary.ImportVocabulary(f, vocabulary.Options{
		Source: cmd.String("source"), Licence: cmd.String("licence"), ChildrenKey: cmd.String("children"),
		IDColumn: cmd.String("id-column"), LabelColumn: cmd.String("label-column"), WordsColumn: cmd.String("words-column"), BroaderColumn: cmd.String("broader-column"),
	})
	if err != nil {
		return fmt.Errorf("%s: %w", file, about(file, err))
	}
	own, err := vocabulary.Default()
	if err != nil {
		return err
	}
	before, err := vocabulary.Stored(p.vocabularyFolder())
	if err != nil {
		return err
	}
	merged, err := own.Merge(before, imported)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(p.vocabularyFolder(), 0o700); err != nil {
		return fmt.Errorf("import a vocabulary: %w", err)
	}
	if err := vocabulary.Store(p.vocabularyFolder(), merged); err != nil {
		return err
	}
	fmt.Fprintln(p.errOut, restartNotice)
	return p.printJSON(report)
}
