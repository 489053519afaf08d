package bulk

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"gather/directory"
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

// readLines takes the rows of our own JSON Lines. They are taken as they are:
// our own form says what it means, so nothing is guessed or mended.
func (f *file) readLines(r io.Reader, take func(*draft) error) error {
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
			d := f.draft(n, item)
			ownLine(d, text, size, last)
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
// than maxRow only the beginning.
func readLine(b *bufio.Reader) (text []byte, size int, err error) {
	for {
		part, err := b.ReadSlice('\n')
		size += len(part)
		if len(text) <= maxRow {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, size, err
		}
	}
}

func ownLine(d *draft, text []byte, size int, last bool) {
	if size > maxRow {
		d.fault("", "", "leave out what does not belong in a listing", "is %d bytes long, and %d is the most", size, maxRow)
		return
	}
	var l Line
	if err := directory.Decode(text, &l); err != nil {
		d.faults = faultsOf(err)
		if last && !bytes.HasSuffix(text, []byte("}")) {
			d.fault("", "", "get the whole file again", "is the last line and not complete: the file is cut off")
		}
		return
	}
	d.details = l.Details
	if l.Checked != nil {
		d.confirmed = *l.Checked
	}
	switch {
	case d.details.Source != nil && d.details.Source.ID != "":
	case l.ID != "":
		d.details.Source = d.file.sourceFor(l.ID)
	default:
		postcode := ""
		if v := d.details.Venue; v != nil {
			postcode = v.Address.Postcode
		}
		d.details.Source = d.file.sourceFor(hashID(d.details.Title, postcode, l.Group))
	}
	if uuidForm.MatchString(l.ID) {
		d.own = l.ID
	}
	if d.file.hideContacts {
		for i := range d.details.Contacts {
			d.details.Contacts[i].Public = false
		}
	}
	if l.Group != "" && d.file.group == "" {
		d.groupKey, d.group = "name\n"+l.Group, directory.GroupDetails{Name: l.Group}
	}
}
