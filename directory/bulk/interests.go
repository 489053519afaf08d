package bulk

import "slices"

// interests puts the interests of labels and of a title into d. Where labels
// name one, the title may only narrow it (Martial Arts to judo): its other
// words are as likely part of a name (Longhey Athletic plays football). The
// broadest concepts (sport) say too little to keep the title's out.
func (d *draft) interests(title string, labels ...string) {
	ids := interestsOfLabels(d.file.words, labels...)
	labelled := slices.ContainsFunc(ids, func(id string) bool { return len(d.file.words.Broader(id)) > 0 })
	for _, id := range interestsIn(d.file.words, title) {
		narrows := false
		for _, broad := range ids {
			narrows = narrows || slices.Contains(d.file.words.Broader(id), broad)
		}
		if narrows || !labelled {
			ids = append(ids, id)
		}
	}
	d.details.Interests = narrowest(d.file.words, append(ids, d.details.Interests...))
}
