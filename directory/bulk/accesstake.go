package bulk

import (
	"gather/directory"
	"regexp"
	"strings"
)

// answer notes an answer to a feature. A no never overrules a yes.
func (d *draft) answer(feature, answer, note string) {
	if answer == "" || feature == "" {
		return
	}
	if d.details.Access == nil {
		d.details.Access = map[string]directory.Answer{}
	}
	if have, ok := d.details.Access[feature]; ok && have.Answer == directory.Yes {
		return
	}
	d.details.Access[feature] = directory.Answer{Answer: answer, Note: note}
}

// accessWord parts a free text about access.
var accessWord = regexp.MustCompile(`\s*[,;.|]\s*|\s*\n\s*`)

// accessText reads a text about access: labels that mean a feature become a
// yes, with the source's words; what is left is a note about getting there.
func (d *draft) accessText(text string) {
	text = stated(text)
	if text == "" {
		return
	}
	var rest []string
	for _, part := range accessWord.Split(text, -1) {
		if part = oneSpace(part); part == "" {
			continue
		}
		if id, ok := feature(d.file.words, part); ok {
			d.answer(id, directory.Yes, "")
			continue
		}
		rest = append(rest, part)
	}
	if len(rest) > 0 {
		d.gettingThere("Access: " + strings.Join(rest, ", "))
	}
}

// gettingThere adds to the note about getting there; where there is no venue,
// to the description.
func (d *draft) gettingThere(text string) {
	if d.details.Venue == nil {
		d.details.Description = paragraph(d.details.Description, text)
		return
	}
	v := d.details.Venue
	if v.GettingThere == nil {
		v.GettingThere = &directory.GettingThere{}
	}
	v.GettingThere.Note = join(v.GettingThere.Note, text)
}
