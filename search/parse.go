package search

import (
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search/calendar"
)

// ParseQuery reads a Query from URL parameters. The error is a
// *directory.Invalid with every fault, each under its parameter's name:
// unknown parameters, unknown ids with the one probably meant, numbers out of
// range, parameters that do not go together.
//
// Places are not looked up: Index.Search says when there is no such place.
func ParseQuery(values url.Values, words *vocabulary.Vocabulary) (Query, error) {
	p := &parser{vocabulary: words}
	p.unknown(values)
	for i := range parameters {
		if of := &parameters[i]; of.Choice == nil {
			p.scalar(of.Name, values[of.Name], of.read)
		}
	}
	for i := range Choices {
		*Choices[i].Of(&p.query) = p.choices(&Choices[i], values[Choices[i].Name])
	}
	p.together()
	if err := p.faults.Err(); err != nil {
		return Query{}, err
	}
	return p.query, nil
}

type parser struct {
	vocabulary *vocabulary.Vocabulary
	query      Query
	faults     directory.Faults
	guesses    int
}

func (p *parser) unknown(values url.Values) {
	known := ParameterNames()
	var strange []string
	for name := range values {
		if !slices.Contains(known, name) {
			strange = append(strange, name)
		}
	}
	sort.Strings(strange)
	if len(strange) > MaxChoices {
		strange = strange[:MaxChoices]
	}
	for _, name := range strange {
		fix := "leave it out; the parameters are " + strings.Join(known, ", ")
		if meant, ok := nearestName(name, known); ok {
			fix = "write " + meant
		}
		p.faults.Add(directory.Quote(name), fix, "is not a parameter of a search")
	}
}

// nearestName is the known name that differs from name by case, marks or a
// plural only.
func nearestName(name string, known []string) (string, bool) {
	bare := func(s string) string { return strings.ReplaceAll(vocabulary.Fold(s), " ", "") }
	aliases := map[string]string{
		"query": "q", "search": "q", "word": "q", "radiu": "within", "radius": "within", "distance": "within", "postcode": "near",
		"location": "near", "place": "near", "page": "cursor", "offset": "cursor", "audience": "for", "accessibility": "access", "price": "cost",
	}
	for _, k := range known {
		if len(name) <= maxValueBytes && bare(k) == bare(name) {
			return k, true
		}
	}
	meant, ok := aliases[strings.ToLower(name)]
	return meant, ok
}

// scalar reads a parameter that takes one value; an empty one is not there.
func (p *parser) scalar(name string, values []string, read func(*parser, string)) {
	if len(values) > 1 {
		p.faults.Add(name, "send it once", "is there %d times", len(values))
		return
	}
	if len(values) == 0 {
		return
	}
	if s, ok := p.text(name, values[0]); ok && s != "" {
		read(p, s)
	}
}

// text trims s and refuses what no value may hold.
func (p *parser) text(name, s string) (string, bool) {
	s = strings.TrimSpace(s)
	switch {
	case !utf8.ValidString(s):
		p.faults.Add(name, "send UTF-8", "is not valid UTF-8")
	case len(s) > maxValueBytes && name != "q" && name != "cursor":
		p.faults.Add(name, "send less", "is too long")
	case strings.ContainsFunc(s, unicode.IsControl):
		p.faults.Add(name, "leave them out", "holds control characters")
	default:
		return s, true
	}
	return "", false
}

func (p *parser) words(s string) {
	s = strings.Join(strings.Fields(s), " ")
	if n := utf8.RuneCountInString(s); n > MaxWordsLength {
		p.faults.Add("q", "ask in fewer words", "has %d characters, and %d is the most", n, MaxWordsLength)
		return
	}
	if n := len(strings.Fields(s)); n > MaxWords {
		p.faults.Add("q", "ask in fewer words", "has %d words, and %d is the most", n, MaxWords)
		return
	}
	p.query.Words = s
}

func (p *parser) near(s string) {
	const longest = 100 // the longest place name is under 60
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > longest {
		p.faults.Add("near", "give a postcode, a place name or lat,lon", "is too long")
		return
	}
	p.query.Near = s
}

var withinForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?|\.[0-9]+) ?(mi|mile|miles|km)?$`)

func (p *parser) within(s string) {
	const fix = "give miles from 0.1 to 200, as 3, 3mi or 5km"
	m := withinForm.FindStringSubmatch(strings.ToLower(s))
	if m == nil {
		p.faults.Add("within", fix, "%q is not a distance", s)
		return
	}
	miles, err := strconv.ParseFloat(m[1], 64)
	if m[2] == "km" {
		miles = miles * 1000 / directory.MetresPerMile
	}
	if err != nil || !(miles >= MinMiles && miles <= MaxMiles) {
		p.faults.Add("within", fix, "%s is out of range", directory.Quote(s))
		return
	}
	p.query.Within = miles
}

func (p *parser) box(s string) {
	const fix = "give west,south,east,north in degrees, as -2.4,53.3,-2.2,53.5"
	parts := strings.Split(s, ",")
	var side [4]float64
	for i := range side {
		if len(parts) != len(side) {
			p.faults.Add("bbox", fix, "has %d numbers, not 4", len(parts))
			return
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
		if err != nil || !finite(f) || f < -180 || f > 180 {
			p.faults.Add("bbox", fix, "%q is not a number of degrees", parts[i])
			return
		}
		side[i] = f + 0 // minus nought is nought
	}
	b := Box{West: side[0], South: side[1], East: side[2], North: side[3]}
	switch {
	case b.South < -90 || b.North > 90:
		p.faults.Add("bbox", fix, "has a latitude beyond 90 degrees")
	case b.West > b.East, b.South > b.North:
		p.faults.Add("bbox", fix, "is turned round: west is east of east, or south north of north")
	default:
		p.query.Box = &b
	}
}

var dateForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

func (p *parser) date(name, s string) string {
	if _, err := time.Parse(directory.DateLayout, s); err != nil || !dateForm.MatchString(s) {
		p.faults.Add(name, "give a date as YYYY-MM-DD", "%q is not a date", s)
		return ""
	}
	return s
}

func (p *parser) cost(s string) {
	s = strings.TrimPrefix(strings.ToLower(s), "£")
	if s == "free" {
		p.query.Cost = &Price{Free: true}
		return
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0 && f <= MaxPounds) {
		p.faults.Add("cost", `say "free", or the most pounds, as 5 or 2.50`, "%q is not a price", s)
		return
	}
	p.query.Cost = &Price{Most: f + 0, Free: f == 0}
}

func (p *parser) age(s string) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > MaxAge {
		p.faults.Add("age", "give an age in whole years, 0 to 120", "%q is not an age", s)
		return
	}
	p.query.Age = &n
}

func (p *parser) group(s string) {
	const longest = 64 // a UUID has 36
	if len(s) > longest {
		p.faults.Add("group", "give the id of a group", "is too long")
		return
	}
	p.query.Group = strings.ToLower(s)
}

func (p *parser) cursor(s string) {
	if len(s) > maxCursorBytes {
		p.faults.Add("cursor", "send the next of the page before as it is", "is not a cursor")
		return
	}
	p.query.Cursor = s
}

func (p *parser) sort(s string) {
	p.query.Sort = Sort(p.oneOf("sort", s, string(SortBest), string(SortDistance), string(SortSoonest), string(SortUpdated), string(SortTitle)))
	if p.query.Sort == SortBest {
		p.query.Sort = ""
	}
}

func (p *parser) facets(s string) {
	names := FacetNames()
	for _, f := range strings.Split(s, ",") {
		f = strings.TrimSpace(f)
		switch {
		case f == "all" || f == "true":
			p.query.Facets = names
			return
		case f == "" || f == "false" || slices.Contains(p.query.Facets, f):
		case slices.Contains(names, f):
			p.query.Facets = append(p.query.Facets, f)
		default:
			p.faults.Add("facets", "write all, or any of "+strings.Join(names, ", "), "%q is not a facet", f)
		}
	}
}

// oneOf answers s if it is one of the values allowed.
func (p *parser) oneOf(name, s string, allowed ...string) string {
	if slices.Contains(allowed, s) {
		return s
	}
	p.faults.Add(name, "write "+strings.Join(allowed, " or "), "%q is not a value of %s", s, name)
	return ""
}

// whole reads a whole number from least to most.
func (p *parser) whole(name, s string, least, most int64) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < least || n > most {
		p.faults.Add(name, "give a whole number from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10), "%q is not one", s)
		return 0
	}
	return n
}

// choices reads a parameter that takes ids: repeated for all of, with commas
// for any of.
func (p *parser) choices(c *Choice, values []string) []AnyOf {
	var all []AnyOf
	count := 0
	for _, value := range values {
		value, ok := p.text(c.Name, value)
		if !ok {
			return nil
		}
		var alternatives AnyOf
		for _, id := range strings.Split(value, ",") {
			id = strings.TrimSpace(id)
			if id == "" || slices.Contains(alternatives, id) {
				continue
			}
			if count++; count > MaxChoices {
				p.faults.Add(c.Name, "ask for fewer", "names more than %d values", MaxChoices)
				return nil
			}
			p.known(c, id)
			alternatives = append(alternatives, id)
		}
		if alternatives != nil && !slices.ContainsFunc(all, func(have AnyOf) bool { return slices.Equal(have, alternatives) }) {
			all = append(all, alternatives)
		}
	}
	return all
}

// maxGuesses is how many unknown ids are answered with the one probably meant:
// a guess compares with every word of a vocabulary, and who sends more than a
// few did not mistype.
const maxGuesses = 5

// known notes a fault unless id is a value that c takes.
func (p *parser) known(c *Choice, id string) {
	fix := "see /v1/vocabularies for the values"
	guess := func(nearest func() (string, bool)) {
		if p.guesses++; p.guesses > maxGuesses {
			return
		}
		if meant, ok := nearest(); ok {
			fix = "did you mean " + meant + "?"
		}
	}
	switch {
	case c.Asked && id == NotStated:
		return
	case c.List == "":
		if _, ok := p.vocabulary.Interest(id); ok {
			return
		}
		guess(func() (string, bool) { return p.vocabulary.NearestInterest(id) })
	case c.List == vocabulary.TimeOfDay && strings.Contains(id, ":"):
		if _, ok := calendar.ParseClockRange(id); ok {
			return
		}
		fix = "write a range of times as 18:00-20:00, the earlier first"
	default:
		if _, ok := p.vocabulary.Term(c.List, id); ok {
			return
		}
		guess(func() (string, bool) { return p.vocabulary.Nearest(c.List, id) })
	}
	p.faults.Add(c.Name, fix, "%q is not a value of %s", id, c.Name)
}

// together notes parameters that do not go together.
func (p *parser) together() {
	q := &p.query
	if q.Within != 0 && q.Near == "" {
		p.faults.Add("within", "say near what: near=M33 7DB", "needs a place")
	}
	if q.Within != 0 && q.Box != nil {
		p.faults.Add("within", "use one of within and bbox", "does not go with bbox")
	}
	if q.Sort == SortDistance && q.Near == "" {
		p.faults.Add("sort", "say near what: near=M33 7DB", "distance needs a place")
	}
	if q.From == "" || q.To == "" {
		return
	}
	from, err1 := time.Parse(directory.DateLayout, q.From)
	to, err2 := time.Parse(directory.DateLayout, q.To)
	switch {
	case err1 != nil || err2 != nil:
	case to.Before(from):
		p.faults.Add("to", "give a date on or after from", "is before from")
	case to.Sub(from) > MaxRangeDays*24*time.Hour:
		p.faults.Add("to", "ask for at most 366 days", "is more than 366 days after from")
	}
}

// Clip shortens what is quoted in a fault, so that a hostile value cannot make
