package draft

import (
	"gather/directory/bulk/freetext"
	"gather/directory/vocabulary"
)

// TakeLanguage adds a language by its name or code.
func (d *Draft) TakeLanguage(name, code string) {
	if name = freetext.Line(freetext.Stated(name)); name == "" && code == "" {
		return
	}
	for _, text := range []string{code, name} {
		if t, ok := d.File.Words.TermByWords(vocabulary.Language, text); ok {
			d.Details.Languages = AppendNew(d.Details.Languages, t.ID)
			return
		}
	}
	d.Warn("languages", name+" "+code, "is not a language we know; it was left out")
}

// AppendNew appends s to the list unless it already contains it.
func AppendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}
