package gazetteer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gather/directory/gazetteer/packed"
)

// Options say how to import.
type Options struct {
	// IncludeNI takes postcodes of Northern Ireland too. In the official files
	// they are free for non-commercial and internal business use only, so the
	// operator has to say that the licence fits.
	IncludeNI bool
	// Replace forgets what was imported before. Without it, imports add up,
	// and a postcode imported again takes its new position.
	Replace bool
}

// Skip is why a row was not taken.
type Skip string

// The reasons for not taking a row.
const (
	SkipFault      Skip = "fault"            // see the report's Faults
	SkipNI         Skip = "northern-ireland" // Options.IncludeNI was not set
	SkipNoPosition Skip = "no-position"      // the file says that it has none
	SkipOldNewport Skip = "old-newport"      // the withdrawn form NPT 9AA
	SkipOther      Skip = "not-a-place"      // a road, a river, a hill
	SkipStray      Skip = "stray"            // further than packed.StrayMetres from the rest of its sector
)

// Fault is one thing wrong in a file, and what to do about it.
type Fault struct {
	File string `json:"file"`           // the name of the file, inside its archive if it has one
	Line int    `json:"line,omitempty"` // from 1; 0 for the whole file
	What string `json:"what"`
	Fix  string `json:"fix"`
}

// maxFaults is how many faults a report lists; a file with more has one cause,
// and the rest would be a million copies of it.
const maxFaults = 1000

// Report says what an import took and what not.
type Report struct {
	Files      []FileReport `json:"files"`
	Units      int          `json:"units"`     // postcodes taken, rows that repeat one counted each
	Places     int          `json:"places"`    // named places taken
	Districts  int          `json:"districts"` // names of districts taken
	Skipped    map[Skip]int `json:"skipped"`
	Faults     []Fault      `json:"faults"`      // at most 1,000
	MoreFaults int          `json:"more_faults"` // how many others there were
	Held       int          `json:"held"`        // imported postcodes held now, earlier imports with them
}

// FileReport says what one file was read as.
type FileReport struct {
	Name   string `json:"name"`
	Format string `json:"format"` // as in "ONSPD or NSPL"; empty when it was not read
	Rows   int    `json:"rows"`   // without a header
}

func (r *Report) fault(f Fault) {
	if len(r.Faults) == maxFaults {
		r.MoreFaults++
		return
	}
	r.Faults = append(r.Faults, f)
}

// ErrNothingTaken is the error of an import whose files held nothing that could
// be taken; the Report says why, and what was imported before stays.
var ErrNothingTaken = errors.New("nothing to import was found")

// Import reads official files of postcodes and places, and keeps them in dir
// for Open: ONSPD or NSPL, Code-Point Open and OS Open Names, each as the zip
// it is published in, a folder or a single CSV, or a CSV of
// postcode,lat,lon. An open Gazetteer goes on as it is; open another to use
// what was imported.
//
// A row that cannot be taken is counted and, if it is at fault, reported; it
// never stops the others. The file in dir is replaced whole or not at all.
// progress, unless nil, is called from time to time with the bytes read and
// their total. The error is of reading or writing files, of ctx, or is
// ErrNothingTaken.
func Import(ctx context.Context, dir string, paths []string, o Options, progress func(done, total int64)) (Report, error) {
	im, err := newImporter(dir, o)
	if err != nil {
		return Report{}, err
	}
	if progress != nil {
		im.progress = progress
	}
	if err := im.readAll(ctx, paths); err != nil {
		return im.report, err
	}
	if im.report.Units+im.report.Places+im.report.Districts == 0 {
		return im.report, ErrNothingTaken
	}
	file, strays, err := im.builder.Bytes()
	if err != nil {
		return im.report, fmt.Errorf("packing the import: %w", err)
	}
	im.leaveOut(strays)
	data, err := packed.Open(file)
	if err == nil {
		err = data.Check()
	}
	if err != nil {
		return im.report, fmt.Errorf("reading back the import: %w", err)
	}
	im.report.Held = data.Units()
	if err := writeWhole(filepath.Join(dir, overlayName), file); err != nil {
		return im.report, fmt.Errorf("keeping the import: %w", err)
	}
	return im.report, nil
}

// newImporter starts from what dir holds, unless that is to be replaced.
func newImporter(dir string, o Options) (*importer, error) {
	base, err := Open("")
	if err != nil {
		return nil, err
	}
	im := freshImporter(base, o)
	if o.Replace {
		return im, nil
	}
	file, err := os.ReadFile(filepath.Join(dir, overlayName))
	if errors.Is(err, fs.ErrNotExist) {
		return im, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the earlier import: %w", err)
	}
	data, err := packed.Open(file)
	if err == nil {
		err = data.Check()
	}
	if err != nil {
		return nil, fmt.Errorf("reading the earlier import (import with Replace to start afresh): %w", err)
	}
	return im, im.keep(data)
}

// freshImporter starts with nothing imported.
func freshImporter(known *Gazetteer, o Options) *importer {
	return &importer{
		options: o, known: known, outwards: map[string]bool{}, placed: map[string][]packed.Place{},
		districts: map[string]int{}, progress: func(done, total int64) {},
		report: Report{Skipped: map[Skip]int{}},
	}
}

// keep adds an earlier import. Its postcodes give way to any imported now.
func (im *importer) keep(data *packed.Data) error {
	var index []int
	for _, d := range data.Districts() {
		index = append(index, im.builder.District(d))
	}
	for i := range data.SectorCount() {
		data.EachUnit(i, func(k packed.Key, s packed.Spot) {
			im.builder.EndedUnit(k, s.East, s.North, index[s.District])
		})
	}
	places, err := data.Places()
	if err != nil {
		return fmt.Errorf("reading the earlier import's places: %w", err)
	}
	for _, p := range places {
		p.District = index[p.District]
		im.addPlace(p)
	}
	return nil
}

// leaveOut reports the postcodes that lie too far from their neighbours.
func (im *importer) leaveOut(strays []packed.Key) {
	for _, k := range strays {
		im.report.Units--
		im.report.Skipped[SkipStray]++
		im.report.fault(Fault{
			What: fmt.Sprintf("%v lies more than %d km from the rest of its sector.", k, packed.StrayMetres/1000),
			Fix:  "Correct its position, or leave it out.",
		})
	}
}

// writeWhole puts a file in place so that a reader, or a machine that stops
// half-way, finds the old one or the new one. Only the owner can read it, nor
// the folders made for it: they may be the first of the operator's data.
func writeWhole(path string, file []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // gone already when all goes well
	_, err = temp.Write(file)
	if err == nil {
		err = temp.Sync()
	}
	if err := errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
