package search

// lists are the postings of a form in the base and in the tail of a view.
func (v *view) lists(f form) (base, tail []posting, err error) {
	if base, err = v.main.stemPostings(f); err != nil {
		return nil, nil, err
	}
	return base, v.delta.postings(f.stems, v.len()), nil
}

// having is how many listings have a form, those counted too that were written
// again or taken out since the base was made.
func (v *view) having(f form) (int, error) {
	base, tail, err := v.lists(f)
	return len(base) + len(tail), err
}

// known reports whether any listing has a form.
func (v *view) known(f form) (bool, error) {
	base, tail, err := v.lists(f)
	if err != nil {
		return false, err
	}
	for _, list := range [][]posting{base, tail} {
		for _, p := range list {
			if !v.deleted.has(int(p.slot())) {
				return true, nil
			}
		}
	}
	return false, nil
}
