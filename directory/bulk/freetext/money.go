package freetext

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"gather/directory"
)

var (
	freeForm       = regexp.MustCompile(`^(free|free of charge|no charge|no cost|nil|nothing|free entry|free to attend|am ddim)[.!]?$`)
	donationForm   = regexp.MustCompile(`^(by |a |suggested |voluntary )*(donations?|contributions?)( welcome| appreciated| requested)?( of)?:? ?(£ ?([0-9]+(\.[0-9]{1,2})?))?[.!]?$`)
	payWhatForm    = regexp.MustCompile(`^pay (what|as) you (can|feel|like|wish|can afford)[.!]?$`)
	amountForm     = regexp.MustCompile(`^(from )?£? ?([0-9]{1,5}(\.[0-9]{1,2})?)(p?)( ?(-|–|to) ?£? ?([0-9]{1,5}(\.[0-9]{1,2})?))? ?((/|per|a|each|every) ?(session|week|class|visit|time|person|month|course|term|year|annum))?$`)
	concessionForm = regexp.MustCompile(`[(,/;]? ?£ ?([0-9]{1,4}(\.[0-9]{1,2})?) (for )?(concessions?|conc\.?|concessionary|unwaged|students?|members?|low income)\)?$`)
)

// perWords are the codes of the cost_per list by the words for them.
var perWords = map[string]string{
	"session": "session", "class": "session", "visit": "session", "time": "session", "person": "session", "week": "session",
	"month": "month", "course": "course", "term": "course", "year": "year", "annum": "year",
}

// Price reads a price from free text. ok is false if the text is not understood.
func Price(text string) (c directory.Cost, ok bool) {
	text = strings.ToLower(Line(text))
	text = strings.TrimSuffix(text, ".")
	switch {
	case freeForm.MatchString(text), text == "0", text == "0.00", text == "£0", text == "£0.00":
		return directory.Cost{Kind: "free"}, true
	case payWhatForm.MatchString(text):
		return directory.Cost{Kind: "donation"}, true
	}
	if m := donationForm.FindStringSubmatch(text); m != nil {
		c = directory.Cost{Kind: "donation"}
		c.Pounds, _ = strconv.ParseFloat(m[6], 64)
		return c, true
	}
	var concession *float64
	if m := concessionForm.FindStringSubmatchIndex(text); m != nil && m[0] > 0 {
		v, err := strconv.ParseFloat(text[m[2]:m[3]], 64)
		if err == nil {
			concession, text = &v, strings.TrimRight(text[:m[0]], " (,/;")
		}
	}
	m := amountForm.FindStringSubmatch(text)
	if m == nil {
		return c, false
	}
	c = directory.Cost{Kind: "fixed", ConcessionPounds: concession}
	c.Pounds, _ = strconv.ParseFloat(m[2], 64)
	if m[4] == "p" {
		if m[3] != "" || m[7] != "" || strings.Contains(text, "£") {
			return directory.Cost{}, false
		}
		c.Pounds /= 100
	}
	c.PoundsTo, _ = strconv.ParseFloat(m[7], 64)
	c.Per = perWords[m[11]]
	if c.Per == "session" {
		c.Per = ""
	}
	if c.Pounds == 0 || c.Pounds > 10000 || c.PoundsTo > 10000 || (c.PoundsTo != 0 && c.PoundsTo < c.Pounds) ||
		(concession != nil && *concession > c.Pounds) {
		return directory.Cost{}, false
	}
	if concession != nil {
		c.ConcessionFor = "concessions"
	}
	return c, true
}

// unit matches what a price buys: "per term", "a month".
var unit = regexp.MustCompile(`(?i)\b(month|course|term|year|annum)(ly)?\b`)

// FindPer returns the first word in a text that says what a price buys, as it is
// written, and its code of the cost_per list. Both are empty if there is none, as
// for the price of a session.
func FindPer(text string) (word, per string) {
	m := unit.FindStringSubmatch(text)
	if m == nil {
		return "", ""
	}
	return m[0], perWords[strings.ToLower(m[1])]
}

// Amount rounds v, in pounds, to whole pence. It is false if v is negative, over
// 10,000 or not in whole pence.
func Amount(v float64) (float64, bool) {
	p := math.Round(v*100) / 100
	return p, v >= 0 && v <= 10000 && math.Abs(p-v) < 1e-9
}
