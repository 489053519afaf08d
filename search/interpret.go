package search

import (
	"gather/directory"
	"gather/directory/vocabulary"
)

// interpreted says how the question was read.
func (p *Presenter) interpreted() Interpreted {
	in := Interpreted{Words: p.search.wordsRead, Place: p.search.question.placeRead, Suggested: p.suggested()}
	if p.search.question.placed != nil {
		in.PlaceInWords = &PlaceInWords{Text: p.search.question.placed.phrase, Rest: p.search.question.placed.rest, Undo: p.search.question.Typed.literally().String()}
	}
	if p.search.place != nil && p.search.query.Box == nil {
		in.WithinMiles = p.search.query.Miles()
	}
	if datesAsked(p.search.query) {
		if w, err := newWindow(p.search.query.From, p.search.query.To, p.search.now); err == nil {
			in.Dates = &DatesRead{
				From: wallTime(w.from).Format(directory.DateLayout),
				To:   wallTime(w.until - 1).Format(directory.DateLayout),
			}
		}
	}
	return in
}

// anywhere makes q ask from nowhere. Its words hold no place that would be
// read instead.
func (p *Presenter) anywhere(q *Query) {
	q.Near, q.Within, q.Box = "", 0, nil
	if q.Words != "" && p.search.phrasing().place != nil {
		q.Literal = true
	}
	if q.Sort == SortDistance {
		q.Sort = ""
	}
}

// suggested are the filters that the words name and the question does not have.
func (p *Presenter) suggested() []Suggested {
	if p.search.query.Words == "" {
		return nil
	}
	var out []Suggested
	for _, w := range p.search.phrasing().Implied {
		for _, f := range w.Alternatives {
			with := p.search.query
			with.Cursor = ""
			if with.Add(f) {
				out = append(out, Suggested{Parameter: f.Parameter, Value: f.Value, Label: p.filterLabel(f), Text: w.Text, Query: with.String()})
				break
			}
		}
	}
	return out
}

// filterLabel is what a filter is called.
func (p *Presenter) filterLabel(f NamedFilter) string {
	switch f.Parameter {
	case "age":
		return p.say("Aged "+f.Value, f.Value+" oed")
	case "interest":
		return p.interestLabel(f.Value)
	case "cost":
		return p.names(vocabulary.Cost, []string{f.Value})
	}
	for _, c := range choiceParameters {
		if c.name == f.Parameter {
			return p.names(c.list, []string{f.Value})
		}
	}
	return f.Value
}

func (p *Presenter) interestLabel(id string) string {
	t, ok := p.search.compiler.vocabulary.Interest(id)
	if !ok {
		return id
	}
	return p.say(t.Label, t.LabelCy)
}
