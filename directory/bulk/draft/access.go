package draft

import (
	"regexp"
	"strings"

	"gather/directory"
	"gather/directory/bulk/freetext"
)

// AnswerAccess records an answer to a feature. A no never overrides a yes.
func (d *Draft) AnswerAccess(feature, answer, note string) {
	if answer == "" || feature == "" {
		return
	}
	if d.Details.Access == nil {
		d.Details.Access = map[string]directory.Answer{}
	}
	if have, ok := d.Details.Access[feature]; ok && have.Answer == directory.Yes {
		return
	}
	d.Details.Access[feature] = directory.Answer{Answer: answer, Note: note}
}

// accessWord separates the parts of a free text about access.
var accessWord = regexp.MustCompile(`\s*[,;.|]\s*|\s*\n\s*`)

// TakeAccess reads a text about access. Labels that name a feature become a yes
// with the source's wording; the rest becomes a note about getting there.
func (d *Draft) TakeAccess(text string) {
	text = freetext.Stated(text)
	if text == "" {
		return
	}
	var rest []string
	for _, part := range accessWord.Split(text, -1) {
		if part = freetext.OneSpace(part); part == "" {
			continue
		}
		if id, ok := freetext.AccessFeature(d.File.Words, part); ok {
			d.AnswerAccess(id, directory.Yes, "")
			continue
		}
		rest = append(rest, part)
	}
	if len(rest) > 0 {
		d.AddGettingThere("Access: " + strings.Join(rest, ", "))
	}
}

// AddGettingThere adds to the note about getting there, or to the description
// if there is no venue.
func (d *Draft) AddGettingThere(text string) {
	if d.Details.Venue == nil {
		d.Details.Description = freetext.Paragraph(d.Details.Description, text)
		return
	}
	v := d.Details.Venue
	if v.GettingThere == nil {
		v.GettingThere = &directory.GettingThere{}
	}
	v.GettingThere.Note = freetext.Sentences(v.GettingThere.Note, text)
}
