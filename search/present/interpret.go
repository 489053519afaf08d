package present

import (
	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/calendar"
	"gather/search/match"
)

// interpreted is how the query was read.
func (p *Presenter) interpreted() search.Interpreted {
	in := search.Interpreted{Words: p.Search.WordsRead, Place: p.Search.PlaceRead, Suggested: p.suggested()}
	if p.Search.Placed != nil {
		in.PlaceInWords = &search.PlaceInWords{Text: p.Search.Placed.Phrase, Rest: p.Search.Placed.Rest, Undo: p.Search.Literally().String()}
	}
	if p.Search.Place != nil && p.Search.Query.Box == nil {
		in.WithinMiles = p.Search.Query.Miles()
	}
	if match.DatesAsked(&p.Search.Query) {
		if w, err := calendar.NewWindow(p.Search.Query.From, p.Search.Query.To, p.Search.Now); err == nil {
			in.Dates = &search.DatesRead{
				From: calendar.WallTime(w.From).Format(directory.DateLayout),
				To:   calendar.WallTime(w.Until - 1).Format(directory.DateLayout),
			}
		}
	}
	return in
}

// anywhere takes the place out of q, and keeps its words from being read for one.
func (p *Presenter) anywhere(q *search.Query) {
	q.Near, q.Within, q.Box = "", 0, nil
	if q.Words != "" && p.Search.Phrasing().Place != nil {
		q.Literal = true
	}
	if q.Sort == search.SortDistance {
		q.Sort = ""
	}
}

// suggested are the filters that the words imply and the query does not have.
func (p *Presenter) suggested() []search.Suggested {
	if p.Search.Query.Words == "" {
		return nil
	}
	var out []search.Suggested
	for _, w := range p.Search.Phrasing().Implied {
		for _, f := range w.Alternatives {
			with := p.Search.Query
			with.Cursor = ""
			if with.Add(f) {
				out = append(out, search.Suggested{Parameter: f.Parameter, Value: f.Value, Label: p.filterLabel(f), Text: w.Text, Query: with.String()})
				break
			}
		}
	}
	return out
}

// filterLabel is the label of a filter in the language asked for.
func (p *Presenter) filterLabel(f search.NamedFilter) string {
	switch f.Parameter {
	case "age":
		return p.say("Aged "+f.Value, f.Value+" oed")
	case "interest":
		return p.interestLabel(f.Value)
	case "cost":
		return p.names(vocabulary.Cost, []string{f.Value})
	}
	if c := search.ChoiceNamed(f.Parameter); c != nil {
		return p.names(c.List, []string{f.Value})
	}
	return f.Value
}

func (p *Presenter) interestLabel(id string) string {
	t, ok := p.Search.Compiler.Vocabulary.Interest(id)
	if !ok {
		return id
	}
	return p.say(t.Label, t.LabelCy)
}
