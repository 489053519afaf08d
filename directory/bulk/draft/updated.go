package draft

import (
	"time"

	"gather/directory/bulk/freetext"
)

// longAgo is when a listing counts as confirmed if its source has a date of the
// last change that cannot be read: it is trusted least.
var longAgo = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// TakeUpdated sets when the source last confirmed the row, from a text in any
// form that spreadsheets write. A date that cannot be read, or that lies in the
// future, never makes a listing fresh.
func (d *Draft) TakeUpdated(text string) {
	if text = freetext.Stated(text); text == "" {
		return
	}
	at, ok := freetext.SheetDate(text)
	switch {
	case !ok:
		d.Warn("checked", text, "is not a date that can be read; the listing is trusted least")
		at = longAgo
	case at.After(d.File.Now.AddDate(0, 0, 1)):
		d.Warn("checked", text, "is a date in the future; the listing is trusted least")
		at = longAgo
	}
	d.Confirmed = at
}
