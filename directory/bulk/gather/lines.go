// Package gather reads and writes our own forms: JSON Lines with a Line on
// each, and reads Open Referral UK as another Gather publishes it.
package gather

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"gather/directory"
	"gather/directory/bulk/draft"
)

// Line is one line of our own JSON Lines: a listing, and a few things about it.
type Line struct {
	// ID is the listing's id where it comes from. An export writes the
	// activity's.
	ID string `json:"id,omitempty"`
	// Group is the name of the group that runs it, or the id of one that is
	// registered here.
	Group string `json:"group,omitempty"`
	// Checked is when it was last confirmed; absent: when it was read.
	Checked *time.Time `json:"checked,omitempty"`
	directory.Details
}

// ReadLines takes the rows of our own JSON Lines. They are taken as they are:
// our own form says what it means, so nothing is guessed or mended.
func ReadLines(f *draft.File, r io.Reader, take func(*draft.Draft) error) error {
	b := bufio.NewReaderSize(r, 64<<10)
	item := 0
	for n := 1; ; n++ {
		text, size, err := readLine(b)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read line %d: %w", n, err)
		}
		last := err != nil
		if len(bytes.TrimSpace(text)) > 0 {
			item++
			d := f.Draft(n, item)
			takeLine(d, text, size, last)
			if err := take(d); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
	}
}

// readLine answers a line without its end and its size; of one that is longer
// than MaxRow only the beginning.
func readLine(b *bufio.Reader) (text []byte, size int, err error) {
	for {
		part, err := b.ReadSlice('\n')
		size += len(part)
		if len(text) <= draft.MaxRow {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, size, err
		}
	}
}

func takeLine(d *draft.Draft, text []byte, size int, last bool) {
	if size > draft.MaxRow {
		d.Fault("", "", "leave out what does not belong in a listing", "is %d bytes long, and %d is the most", size, draft.MaxRow)
		return
	}
	var l Line
	if err := directory.Decode(text, &l); err != nil {
		d.Faults = draft.FaultsOf(err)
		if last && !bytes.HasSuffix(text, []byte("}")) {
			d.Fault("", "", "get the whole file again", "is the last line and not complete: the file is cut off")
		}
		return
	}
	d.Details = l.Details
	if l.Checked != nil {
		d.Confirmed = *l.Checked
	}
	switch {
	case d.Details.Source != nil && d.Details.Source.ID != "":
	case l.ID != "":
		d.Details.Source = d.File.SourceFor(l.ID)
	default:
		postcode := ""
		if v := d.Details.Venue; v != nil {
			postcode = v.Address.Postcode
		}
		d.Details.Source = d.File.SourceFor(draft.HashID(d.Details.Title, postcode, l.Group))
	}
	if directory.IsUUID(l.ID) {
		d.Own = l.ID
	}
	if d.File.HideContacts {
		for i := range d.Details.Contacts {
			d.Details.Contacts[i].Public = false
		}
	}
	if l.Group != "" && d.File.Group == "" {
		d.GroupKey, d.Group = "name\n"+l.Group, directory.GroupDetails{Name: l.Group}
	}
}
