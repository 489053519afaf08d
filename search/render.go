package search

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gather/directory"
)

// append appends what was found.
func (p *Presenter) append(ctx context.Context, b []byte) (_ []byte, err error) {
	b = append(b, `{"total":`...)
	b = strconv.AppendInt(b, int64(p.search.matcher.total), 10)
	b = append(b, `,"items":[`...)
	for n, r := range p.search.found {
		if n > 0 {
			b = append(b, ',')
		}
		if b, err = p.appendItem(b, r); err != nil {
			return nil, err
		}
	}
	b = append(b, ']')
	if p.search.next != "" {
		b = appendText(append(b, `,"next":`...), p.search.next)
	}
	if p.search.counted != nil {
		b = appendFacets(append(b, `,"facets":`...), p.search.counted)
	}
	if b, err = appendJSON(append(b, `,"interpreted":`...), p.interpreted()); err != nil {
		return nil, err
	}
	if more := p.unstatedMore(); more != nil {
		if b, err = appendJSON(append(b, `,"unstated":`...), more); err != nil {
			return nil, err
		}
	}
	rescue, err := p.rescue(ctx)
	if err != nil {
		return nil, err
	}
	if len(rescue) > 0 {
		if b, err = appendJSON(append(b, `,"rescue":`...), rescue); err != nil {
			return nil, err
		}
	}
	b = strconv.AppendInt(append(b, `,"as_of":{"change":`...), p.change, 10)
	b = appendTime(append(b, `,"time":`...), p.search.now)
	return append(b, "}}\n"...), nil
}

// appendItem appends one match as item shows it.
func (p *Presenter) appendItem(b []byte, r ranked) ([]byte, error) {
	if p.welsh() {
		it, err := p.item(r)
		if err != nil {
			return nil, err
		}
		return appendJSON(b, it)
	}
	c, i := p.search.view.row(r.doc)
	b = append(b, p.search.view.ready(r.doc)...)
	if o, ok := nextOf(c.sessionsOf(i), p.search.wall); ok {
		session := o.session(nil)
		if o[2] >= 0 {
			f, err := p.search.view.facts(r.doc)
			if err != nil {
				return nil, err
			}
			session = o.session(f.changes(o))
		}
		b = appendSession(append(b, `,"next_session":`...), session)
	}
	if miles, ok := p.miles(c, i); ok {
		b = appendNumber(append(b, `,"distance_miles":`...), tenth(miles))
		if p.roughly(c, i) {
			b = append(b, `,"distance_about":true`...)
		}
	}
	t := p.trustIn(c, i)
	b = appendNumber(append(b, `,"trust":{"score":`...), t.Score)
	b = strconv.AppendInt(append(b, `,"checked_months":`...), int64(t.CheckedMonths), 10)
	b = appendText(append(b, `,"how":`...), t.How)
	b = append(b, '}')
	b = appendTexts(b, `,"why":[`, p.why(c, i, r.doc))
	b = appendTexts(b, `,"ask":[`, p.ask(c, i))
	if p.search.query.Explain {
		var err error
		if b, err = appendJSON(append(b, `,"score":`...), p.search.explained(r.doc)); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// appendTexts appends a list after its beginning, unless it is empty.
func appendTexts(b []byte, beginning string, texts []string) []byte {
	if len(texts) == 0 {
		return b
	}
	b = append(b, beginning...)
	for n, text := range texts {
		if n > 0 {
			b = append(b, ',')
		}
		b = appendText(b, text)
	}
	return append(b, ']')
}

func appendSession(b []byte, s directory.Session) []byte {
	b = appendText(append(b, `{"session":`...), s.Key)
	b = appendTime(append(b, `,"start":`...), s.Start)
	if s.End != nil {
		b = appendTime(append(b, `,"end":`...), *s.End)
	}
	b = appendText(append(b, `,"status":`...), s.Status)
	if s.Note != "" {
		b = appendText(append(b, `,"note":`...), s.Note)
	}
	return append(b, '}')
}

func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

// appendNumber appends a number of few digits as JSON has it.
func appendNumber(b []byte, f float64) []byte {
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		more, _ := appendJSON(b, f) // a finite number always encodes
		return more
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

// appendText appends a text as JSON has it.
func appendText(b []byte, s string) []byte {
	plain := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' {
			more, _ := appendJSON(b, s) // a text always encodes
			return more
		}
		plain = plain && c < utf8.RuneSelf
	}
	// The separators of lines and paragraphs are written out, as encoding/json does.
	if !plain && (!utf8.ValidString(s) || strings.ContainsAny(s, "\u2028\u2029")) {
		more, _ := appendJSON(b, s)
		return more
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendJSON appends anything. HTML needs no escaping in JSON that is never
// put into a page.
func appendJSON(b []byte, v any) ([]byte, error) {
	buf := bytes.NewBuffer(b)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return b, err
	}
	out := buf.Bytes()
	return out[:len(out)-1], nil // without the newline
}

// appendFacets appends all counts.
func appendFacets(b []byte, f *Facets) []byte {
	b = append(b, '{')
	some := false
	for _, list := range [...]struct {
		name   string
		counts []FacetCount
	}{
		{"interest", f.Interest}, {"access", f.Access}, {"first_visit", f.FirstVisit}, {"day", f.Day}, {"time", f.Time},
		{"cost", f.Cost}, {"for", f.For}, {"delivery", f.Delivery}, {"language", f.Language}, {"district", f.District},
	} {
		if len(list.counts) == 0 {
			continue
		}
		if some {
			b = append(b, ',')
		}
		some = true
		b = append(append(append(b, '"'), list.name...), `":[`...)
		for n := range list.counts {
			if n > 0 {
				b = append(b, ',')
			}
			count := &list.counts[n]
			b = appendText(append(b, `{"id":`...), count.ID)
			b = appendText(append(b, `,"label":`...), count.Label)
			b = strconv.AppendInt(append(b, `,"count":`...), int64(count.Count), 10)
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, '}')
}
