package segment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"

	"gather/directory"
)

// fullForm precedes the texts of a listing that its full form is compressed
// with: the fields in the order of their JSON, and what they often say. A change
// of it is a change of the schema.
const fullForm = `"id":"","group":"","group_name":"","rev":1,"change":1,"status":"published","created":"2026-01-01T00:00:00Z","updated":"2026-01-01T00:00:00Z",` +
	`"checked":{"at":"2026-01-01T00:00:00Z","by":"publisher","how":"owner"},"edited_here":true,"located":{"lat":5,"lon":-1.,"precision":"unit","postcode":"","sector":"","outcode":"","district":"E0","district_name":""},` +
	`"title":"","summary":"","description":"","cy":{"title":"","summary":"","description":"","what_to_expect":"","getting_there":"","schedule_note":"","cost_note":""},"interests":[""],"delivery":["venue"],` +
	`"venue":{"name":"","address":{"street":"","locality":"","town":"","county":"","postcode":""},"position":{"lat":5,"lon":-1.},"getting_there":{"stop":"","stop_metres":100,"step_free_route":"yes","lit_after_dark":"yes","note":""}},` +
	`"online":{"platform":"Zoom","url":"https://"},"catchment":{"outcodes":[""]},"schedule":{"repeats":[{"every":"week","days":[""],"start":"10:00","end":"12:00"}]},"cost":{"kind":"free","note":""},` +
	`"audience":{"min_age":18,"made_for":["older-people"],"open_to_all":true,"note":""},"languages":["en"],"access":{"step-free":{"answer":"yes"},"accessible-toilet":{"answer":"yes","note":""},"lift":{"answer":"no"}},` +
	`"first_visit":{"facts":{"welcomer":{"answer":"yes"},"can-just-watch":{"answer":"yes"},"what-to-expect":{"answer":"yes"}},"what_to_expect":"","contact_first":"","group_typical":10,"group_max":12,` +
	`"structure":"doing-together","conversation":"low","energy":"moderate","commitment":"drop-in"},"joining":{"how":["drop-in"],"needs_form":"no","needs_id":"no","referral":["self"],"places":{"status":"available","as_of":"2026-01-01"},"note":""},` +
	`"contacts":[{"role":"","name":"","phone":"01","email":"@","hours":"","public":true}],"website":"https://www.","source":{"name":"","id":"","url":"https://","licence":"","attribution":""}}`

// fullDictionary is what the full form of f is compressed with: most of a listing
// stands in its brief and its plan already.
func (f *Facts) fullDictionary() []byte {
	b := make([]byte, 0, len(fullForm)+len(f.Brief.English)+len(f.Plan))
	return append(append(append(b, fullForm...), f.Brief.English...), f.Plan...)
}

// SetFull keeps a listing, whose facts f are, as it is shown to anybody: as JSON,
// compressed.
func (f *Facts) SetFull(a *directory.Activity) error {
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("keep activity %s: %w", f.ID, err)
	}
	var b bytes.Buffer
	if err := flate.StatelessDeflate(&b, text, true, f.fullDictionary()); err != nil {
		return fmt.Errorf("keep activity %s: %w", f.ID, err)
	}
	f.Full = b.String()
	return nil
}

// Activity is the listing that SetFull kept.
func (f *Facts) Activity() (directory.Activity, error) {
	var a directory.Activity
	text, err := io.ReadAll(flate.NewReaderDict(strings.NewReader(f.Full), f.fullDictionary()))
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err != nil {
		return a, fmt.Errorf("read what the index keeps of activity %s: %w", f.ID, err)
	}
	return a, nil
}
