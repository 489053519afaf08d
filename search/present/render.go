package present

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
	"gather/search"
	"gather/search/calendar"
	"gather/search/match"
)

// Append appends the answer, a search.Answer, to b.
func (p *Presenter) Append(ctx context.Context, b []byte) (_ []byte, err error) {
	b = append(b, `{"total":`...)
	b = strconv.AppendInt(b, int64(p.Search.Matcher.Total), 10)
	b = append(b, `,"items":[`...)
	for n, r := range p.Search.Found {
		if n > 0 {
			b = append(b, ',')
		}
		if b, err = p.appendItem(b, r); err != nil {
			return nil, err
		}
	}
	b = append(b, ']')
	if p.Search.Next != "" {
		b = appendText(append(b, `,"next":`...), p.Search.Next)
	}
	if p.Search.Counted != nil {
		b = appendFacets(append(b, `,"facets":`...), p.Search.Counted)
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
	b = strconv.AppendInt(append(b, `,"as_of":{"change":`...), p.Change, 10)
	b = appendTime(append(b, `,"time":`...), p.Search.Now)
	return append(b, "}}\n"...), nil
}

// appendItem appends one match.
func (p *Presenter) appendItem(b []byte, r match.Ranked) ([]byte, error) {
	c, i := p.Search.View.Row(r.Doc)
	b = p.Search.View.AppendBrief(b, r.Doc, p.welsh())
	if o, ok := calendar.NextOf(c.SessionsOf(i), p.Search.Wall); ok {
		session := o.Session(nil)
		if o.Changed() {
			f, err := p.Search.View.Facts(r.Doc)
			if err != nil {
				return nil, err
			}
			session = o.Session(f.Changes(o))
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
	b = appendTexts(b, `,"why":[`, p.why(c, i, r.Doc))
	b = appendTexts(b, `,"ask":[`, p.ask(c, i))
	if p.Search.Query.Explain {
		var err error
		if b, err = appendJSON(append(b, `,"score":`...), p.Search.Explained(r.Doc)); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// appendTexts appends a list after what opens it, unless it is empty.
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

// facetList is made once: every answer with facets goes through it.
var facetList = search.FacetList()

// appendFacets appends all counts.
func appendFacets(b []byte, f *search.Facets) []byte {
	b = append(b, '{')
	some := false
	for _, list := range facetList {
		counts := *list.Of(f)
		if len(counts) == 0 {
			continue
		}
		if some {
			b = append(b, ',')
		}
		some = true
		b = append(append(append(b, '"'), list.Name...), `":[`...)
		for n := range counts {
			if n > 0 {
				b = append(b, ',')
			}
			count := &counts[n]
			b = appendText(append(b, `{"id":`...), count.ID)
			b = appendText(append(b, `,"label":`...), count.Label)
			b = strconv.AppendInt(append(b, `,"count":`...), int64(count.Count), 10)
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, '}')
}
