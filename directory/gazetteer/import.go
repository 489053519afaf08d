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
	// IncludeNI imports postcodes of Northern Ireland too. In the official files
	// they are free for non-commercial and internal business use only, so the
	// operator has to confirm that the licence fits.
	IncludeNI bool
	// Replace discards earlier imports. Without it, imports add up, and a
	// postcode imported again gets its new position.
	Replace bool
}

// Skip is the reason why a row was not imported.
type Skip string

// The reasons for skipping a row.
const (
	SkipFault      Skip = "fault"            // see the report's Faults
	SkipNI         Skip = "northern-ireland" // Options.IncludeNI was not set
	SkipNoPosition Skip = "no-position"      // the file says that it has none
	SkipOldNewport Skip = "old-newport"      // the withdrawn form NPT 9AA
	SkipOther      Skip = "not-a-place"      // a road, a river, a hill
	SkipStray      Skip = "stray"            // further than packed.StrayMetres from the rest of its sector
)

// Fault is one fault of a file, and how to correct it.
type Fault struct {
	File string `json:"file"`           // the name of the file, inside its archive if it has one
	Line int    `json:"line,omitempty"` // from 1; 0 for the whole file
	What string `json:"what"`
	Fix  string `json:"fix"`
}

// maxFaults is the most faults a report lists: more of them mostly repeat one
// cause.
const maxFaults = 1000

// Report counts what an import imported and what it skipped.
type Report struct {
	Files      []FileReport `json:"files"`
	Units      int          `json:"units"`     // postcodes imported, counting repeated rows
	Places     int          `json:"places"`    // named places imported
	Districts  int          `json:"districts"` // names of districts imported
	Skipped    map[Skip]int `json:"skipped"`
	Faults     []Fault      `json:"faults"`      // at most 1,000
	MoreFaults int          `json:"more_faults"` // how many others there were
	Held       int          `json:"held"`        // imported postcodes held now, including earlier imports
}

// FileReport is the format and size of one file.
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

// ErrNothingTaken is the error of an import whose files held nothing to import.
// The Report says why, and earlier imports stay.
var ErrNothingTaken = errors.New("nothing to import was found")

// Import reads official files of postcodes and places, and keeps them in dir
// for Open: ONSPD or NSPL, Code-Point Open and OS Open Names, each as the zip
// it is published in, a folder or a single CSV, or a CSV of
// postcode,lat,lon. A Gazetteer that is already open does not change; open
// another to use the imported data.
//
// A row that cannot be imported is counted and, if it is faulty, reported; it
// never stops the others. The file in dir is replaced as a whole or not at all.
// progress, unless nil, is called regularly with the bytes read and their total.
// Import fails where files cannot be read or written, with the error of ctx, or
// with ErrNothingTaken.
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

// newImporter starts from the earlier imports in dir, unless o.Replace is set.
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

// freshImporter starts without earlier imports.
func freshImporter(known *Gazetteer, o Options) *importer {
	return &importer{
		options: o, known: known, outwards: map[string]bool{}, placed: map[string][]packed.Place{},
		districts: map[string]int{}, progress: func(done, total int64) {},
		report: Report{Skipped: map[Skip]int{}},
	}
}

// keep adds an earlier import. Postcodes imported now replace its own.
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

// leaveOut reports the postcodes that lie too far from their sector.
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

// writeWhole replaces a file atomically, so that a reader, also after a crash,
// finds the old file or the new one. Only the owner can read the file and the
// folders created for it, which may be the first of the operator's data.
func writeWhole(path string, file []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // already renamed on success
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
