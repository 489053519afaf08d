package index

// SynonymsRead is how many times synonyms were read: another number, other
// answers.
func (x *Index) SynonymsRead() int64 { return x.language.Version() }

// RefreshSynonyms reads the operator's file of synonyms again if it has
// changed, and reports whether it did. Searches that begin after it use the new
// ones; nothing needs to be indexed again. When the file cannot be read or is
// wrong, the ones before stay in use, and the error, which comes once for each
// change of the file, says why: a *directory.Invalid names each fault by its
// row.
func (x *Index) RefreshSynonyms() (bool, error) {
	changed, err := x.own.Changed()
	if err != nil || !changed {
		return false, err
	}
	s, err := x.own.Read(x.words)
	if err != nil {
		return false, err
	}
	x.language.Use(s)
	return true, nil
}
