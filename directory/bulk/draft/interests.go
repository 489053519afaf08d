package draft

import (
	"slices"

	"gather/directory/bulk/freetext"
)

// TakeInterests sets d's interests from labels and a title. If the labels name
// an interest, the title may only narrow it (Martial Arts to judo): its other
// words may well be part of a name (Longhey Athletic plays football). The
// broadest concepts (sport) say too little to suppress those of the title.
func (d *Draft) TakeInterests(title string, labels ...string) {
	ids := freetext.LabelInterests(d.File.Words, labels...)
	labelled := slices.ContainsFunc(ids, func(id string) bool { return len(d.File.Words.Broader(id)) > 0 })
	for _, id := range freetext.Interests(d.File.Words, title) {
		narrows := false
		for _, broad := range ids {
			narrows = narrows || slices.Contains(d.File.Words.Broader(id), broad)
		}
		if narrows || !labelled {
			ids = append(ids, id)
		}
	}
	d.Details.Interests = freetext.Narrowest(d.File.Words, append(ids, d.Details.Interests...))
}
