package freetext

import (
	"regexp"
	"strings"

	"gather/directory"
)

// Openings are opening times read from free text.
type Openings struct {
	Repeats  []directory.Repeat
	TermTime bool
	// Sure is false if part of the text was not understood. Then there are no
	// repeats, because some of the times would be taken for all of them.
	Sure bool
	// Late is true if a session goes on past midnight: its repeat has no end.
	Late bool
	// Guessed is true if morning or afternoon was not stated and the usual one
	// was assumed: 9 - 5 is from nine in the morning.
	Guessed bool
}

// maxOpeningText is the longest text that is read, in bytes. In the files we have
// seen, no text with nothing but times is over 100 bytes.
const maxOpeningText = 300

// harmless are phrases that do not affect the times, or that are in other fields.
var harmless = []*regexp.Regexp{
	regexp.MustCompile(`\(?\bexcept bank holidays\)?`),
	regexp.MustCompile(`\b(not open|closed) on bank holidays\b`),
	regexp.MustCompile(`^\s*(open|opening times|opening hours|drop-?in)\b:?`),
	regexp.MustCompile(`\bof (the |each |every )?month\b`),
	regexp.MustCompile(`\bin (the |each |every )month\b`),
	regexp.MustCompile(`\bevery month\b`),
	regexp.MustCompile(`\bevery week\b|\bweekly\b`),
}

var termTime = regexp.MustCompile(`[(,]?\s*\b(during |in )?(school )?term[- ]?time( only)?\b\)?`)

// ReadOpenings reads opening times from free text such as "Tues 11am - 2pm,
// Fri 11.30am -1.30pm", if every word of it is understood.
func ReadOpenings(text string) Openings {
	text = strings.ToLower(Line(text))
	if text == "" || len(text) > maxOpeningText {
		return Openings{}
	}
	out := Openings{}
	if termTime.MatchString(text) {
		text, out.TermTime = termTime.ReplaceAllString(text, " "), true
	}
	for _, h := range harmless {
		text = h.ReplaceAllString(text, " ")
	}
	tokens, ok := lexOpenings(text)
	if !ok {
		return Openings{}
	}
	p := parser{tokens: tokens}
	if !p.all() || len(p.repeats) == 0 || len(p.repeats) > 20 {
		return Openings{}
	}
	out.Repeats, out.Guessed, out.Late, out.Sure = p.repeats, p.guessed, p.late, true
	return out
}

// parser parses clauses, which are all days with times or all times with days.
type parser struct {
	tokens  []token
	i       int
	repeats []directory.Repeat
	guessed bool
	late    bool
}

func (p *parser) peek() string {
	if p.i < len(p.tokens) {
		return p.tokens[p.i].kind
	}
	return "end"
}

func (p *parser) skip(kinds ...string) {
	for {
		found := false
		for _, k := range kinds {
			if p.peek() == k {
				found = true
			}
		}
		if !found {
			return
		}
		p.i++
	}
}

type dayRule struct {
	days []string
	nth  []int
}

type span struct{ start, end string }

func (p *parser) all() bool {
	p.skip("stop")
	timesFirst := p.peek() == "time"
	for p.skip("stop", "and"); p.peek() != "end"; p.skip("stop", "and") {
		var days dayRule
		var spans []span
		var ok bool
		if timesFirst {
			if spans, ok = p.spans(); !ok {
				return false
			}
			p.skip("stop")
			days, ok = p.days()
		} else {
			if days, ok = p.days(); !ok {
				return false
			}
			p.skip("stop")
			spans, ok = p.spans()
		}
		if !ok {
			return false
		}
		p.add(days, spans)
	}
	return true
}

// days reads "Mon - Fri", "Tues/Weds", "1st and 3rd Saturday".
func (p *parser) days() (dayRule, bool) {
	var rule dayRule
	for p.peek() == "nth" {
		rule.nth = append(rule.nth, p.tokens[p.i].nth)
		p.i++
		p.skip("and", "stop")
	}
	seen := map[string]bool{}
	add := func(ds ...string) {
		for _, d := range ds {
			if !seen[d] {
				seen[d] = true
				rule.days = append(rule.days, d)
			}
		}
	}
	for {
		switch p.peek() {
		case "days":
			add(p.tokens[p.i].days...)
			p.i++
		case "day":
			from := p.tokens[p.i].days[0]
			p.i++
			if p.peek() == "dash" && p.i+1 < len(p.tokens) && p.tokens[p.i+1].kind == "day" {
				until := p.tokens[p.i+1].days[0]
				p.i += 2
				run := daysFrom(from, until)
				if run == nil || len(rule.nth) > 0 {
					return rule, false
				}
				add(run...)
			} else {
				add(from)
			}
		default:
			return rule, len(rule.days) > 0
		}
		// A list continues only if another day follows the separators.
		mark := p.i
		p.skip("and", "stop")
		if k := p.peek(); k != "day" && k != "days" {
			p.i = mark
			return rule, true
		}
	}
}

func daysFrom(from, until string) []string {
	var run []string
	for _, d := range Week {
		if d == from || len(run) > 0 {
			run = append(run, d)
		}
		if d == until && len(run) > 0 {
			return run
		}
	}
	return nil // a range over the weekend, such as Friday to Monday, is rarely meant
}

// spans reads one or more times: "11am - 2pm", "1.30 - 3.30pm and 5pm-8pm".
func (p *parser) spans() ([]span, bool) {
	var out []span
	for {
		p.skip("from")
		if p.peek() != "time" {
			return out, false
		}
		start := p.tokens[p.i].at
		p.i++
		var end *clockTime
		if p.peek() == "dash" {
			p.i++
			if p.peek() != "time" {
				return out, false
			}
			end = &p.tokens[p.i].at
			p.i++
		}
		if start.year && (end == nil || end.year || !end.four) || end != nil && end.year && !start.four {
			return out, false // 2025-2026 are years
		}
		s, ok := p.span(start, end)
		if !ok {
			return out, false
		}
		out = append(out, s)
		mark := p.i
		p.skip("and", "stop")
		if p.peek() != "time" {
			p.i = mark
			return out, true
		}
	}
}

// span decides whether morning or afternoon is meant.
func (p *parser) span(start clockTime, end *clockTime) (span, bool) {
	if end == nil {
		if start.half == 0 {
			if start.minutes < 7*60 {
				start.half = 'p'
			} else {
				start.half = 'a'
			}
			p.guessed = true
		}
		at, ok := start.sinceMidnight()
		return span{start: hhmm(at)}, ok && at < Midnight
	}
	e := *end
	switch {
	case start.half == 0 && e.half == 0:
		// Sessions at night are rare: seven to eleven is taken for morning, one
		// to six for afternoon.
		p.guessed = true
		start.half = 'a'
		if start.minutes < 7*60 || start.minutes >= 12*60 {
			start.half = 'p'
		}
		e.half = 'p'
		if s, _ := start.sinceMidnight(); e.minutes > s && e.minutes < 12*60 {
			e.half = 'a'
		}
	case e.half == 0:
		s, ok := start.sinceMidnight()
		if !ok {
			return span{}, false
		}
		e.half = 'p'
		if e.minutes > s && e.minutes < 12*60 {
			e.half = 'a'
		}
	case start.half == 0:
		// "1.30 - 3.30pm": the start has the end's half, if it is then before the end.
		x, ok := e.sinceMidnight()
		if !ok {
			return span{}, false
		}
		start.half = 'a'
		if pm := (clockTime{minutes: start.minutes, half: 'p'}); e.half != 'a' {
			if s, ok := pm.sinceMidnight(); ok && s < x {
				start.half = 'p'
			}
		}
	}
	s, ok1 := start.sinceMidnight()
	x, ok2 := e.sinceMidnight()
	switch {
	case !ok1 || !ok2 || s == Midnight:
		return span{}, false
	case x > s && x < Midnight:
		return span{hhmm(s), hhmm(x)}, true
	case PastMidnight(s, x):
		p.late = true
		return span{start: hhmm(s)}, true
	}
	return span{}, false
}

// sinceMidnight is the minutes since midnight; ok is false if morning or afternoon
// is not stated.
func (t clockTime) sinceMidnight() (int, bool) {
	switch t.half {
	case 'a':
		if t.minutes >= 12*60 {
			return t.minutes - 12*60, true
		}
	case 'p':
		if t.minutes < 12*60 {
			return t.minutes + 12*60, true
		}
	case 0:
		return 0, false
	}
	return t.minutes, true
}

func (p *parser) add(days dayRule, spans []span) {
	for _, s := range spans {
		r := directory.Repeat{Every: "week", Days: days.days, Start: s.start, End: s.end}
		if len(days.nth) > 0 {
			r.Every, r.Nth = "month", days.nth
		}
		p.repeats = append(p.repeats, r)
	}
}

// Times are a start and perhaps an end, as HH:MM; Late is true if the end is after
// midnight and left out.
type Times struct {
	Start, End string
	Late       bool
}

// ReadTimes reads a time of day without days: "2pm - 4pm". ok is false if the text
// is not fully understood, or if morning or afternoon is not stated.
func ReadTimes(text string) (Times, bool) {
	tokens, ok := lexOpenings(strings.ToLower(Line(text)))
	p := parser{tokens: tokens}
	if !ok {
		return Times{}, false
	}
	spans, ok := p.spans()
	if !ok || len(spans) != 1 || p.peek() != "end" || p.guessed {
		return Times{}, false
	}
	return Times{spans[0].start, spans[0].end, p.late}, true
}
