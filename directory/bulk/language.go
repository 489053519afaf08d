package bulk

import "gather/directory/vocabulary"

// language notes a language by its name or code.
func (d *draft) language(name, code string) {
	if name = line(stated(name)); name == "" && code == "" {
		return
	}
	for _, text := range []string{code, name} {
		if t, ok := d.file.words.TermByWords(vocabulary.Language, text); ok {
			d.details.Languages = appendNew(d.details.Languages, t.ID)
			return
		}
	}
	d.warn("languages", name+" "+code, "is not a language we know; it was left out")
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}
