package language

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search"
)

// PlaceInText is a place among the words of a text.
type PlaceInText struct {
	text   string // the place
	Phrase string // the same with the word before it: "in Leith"
	Rest   string // the words without it
}

const (
	// maxPlaceWords is how many words the name of a place has at most that is
	// looked for among others.
	maxPlaceWords = 4
	// minPlaceName is the fewest letters of a name that is taken for a place
	// without "in" or "near" before it.
	minPlaceName = 4
)

// Words before a place, and those that may stand between. The Welsh ones are
// "in" and "near".
var (
	placeBefore = WordSet(`in near nr around at yn ym ger`)
	inOrNear    = WordSet(`in near nr around yn ym ger`)
	// notAPlaceAfter are the words after which "in" is about a thing: "an
	// interest in reading".
	notAPlaceAfter = WordSet(`interested interest interests help lesson lessons training course courses skill skills confidence
		qualification improve improving join joining believe drop`)
	// partOfAName are the words after which a name is part of a longer one.
	partOfAName = WordSet(`of the and & for with to de la st saint`)
)

// Names of places that are also ordinary words. The first are read as places
// after "in" and "near" only, where they end the text, the second never.
var (
	ordinaryPlaces = WordSet(`ash ask bat bath battle beer bow bower bowling box bray bream bridges bugle bury bushey caster chale
		charing chapel chard chipping clare clay clive coates combs comber cook cooling cove crook dale deal derby dice diss
		dock docking dollar down eagle ealing earls eastern essex eye fairlight falling felling fleet flint ford frome gain
		grain grays green grove hale ham harrow hay hayes healing heath heather hermitage holly hook hope horning hose hull
		hyde ice inch ivy jarrow kent keith lancing lark law lea lee leek leigh lewis limekilns liss locking lode looe loose
		luck lund lunch lydd maidens mark marks mears mere mill minster mold money moor moss mould mumbles nelson neath ness
		newmarket nun oakley old over pant parr paul pinner plains poole poppy post potter prize race rainbow rake reading
		ripple road rock roche rose ross row rugby rye sale salt sandwich sandy seal seale send settle shaw shirley shipping
		slough spittal staple stanley steep step steps sterling stone store stour stow street stroud sun sway tong tongue
		torch tring tumble turf upper vale valley wales wall ware warden warren waterloo welling wells wick wing wish
		woodstock wool work worth wrangle yell`)
	neverPlaces = WordSet(`march church week hall school park pool quarter field forest bridge hill house home hospital person
		need general par art over town city centre area bed work rest risk recovery turn line time`)
)

// ordinaryWords are the words of interests, lists and synonyms, folded: what
// somebody looks for, and no place; and the phrases that name a filter.
type ordinaryWords struct{ words, phrases map[string]bool }

func newOrdinaryWords(v *vocabulary.Vocabulary, s *synonyms) *ordinaryWords {
	all := &ordinaryWords{map[string]bool{}, map[string]bool{}}
	note := func(text string) {
		folded := vocabulary.Fold(text)
		for _, w := range strings.Fields(folded) {
			all.words[w] = true
		}
		all.phrases[folded] = true
	}
	for _, t := range v.Interests() {
		for _, text := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy, t.LeadsHere) {
			note(text)
		}
	}
	lists := []string{vocabulary.Cost}
	for _, c := range search.Choices {
		if c.Implied && c.List != "" {
			lists = append(lists, c.List)
		}
	}
	for _, list := range lists {
		for _, t := range v.List(list) {
			for _, text := range append([]string{t.ID, t.Label, t.LabelCy}, t.Words...) {
				note(text)
			}
		}
	}
	for phrase, also := range s.Expansions {
		note(phrase)
		for _, e := range also {
			note(e.words)
		}
	}
	for phrase := range s.about {
		note(phrase)
	}
	return all
}

// placeIn finds a place in a text: a postcode, a name after "in" or "near", or
// a name at the end that is nothing else.
func (in *Interpreter) placeIn(text string, ordinary *ordinaryWords) *PlaceInText {
	fields := strings.Fields(text)
	bare := make([]string, len(fields))
	for i, f := range fields {
		bare[i] = Fold(strings.TrimFunc(f, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' }))
	}
	p := placeFinder{fields: fields, bare: bare, ordinary: ordinary, places: in.places}
	for _, find := range []func() (from, until int, ok bool){p.postcode, p.afterIn, p.atTheEnd} {
		from, until, ok := find()
		if !ok {
			continue
		}
		said := p.place(from, until)
		if said == nil {
			return nil // "not in Leith"
		}
		if _, err := in.places.Find(said.text); err == nil {
			return said
		}
	}
	return nil
}

// placeFinder is looking for a place in a text.
type placeFinder struct {
	fields, bare []string
	ordinary     *ordinaryWords
	places       *gazetteer.Gazetteer
}

// place is the place in some of the words, nil where it is not wanted.
func (p *placeFinder) place(from, until int) *PlaceInText {
	text := strings.TrimFunc(strings.Join(p.fields[from:until], " "), func(r rune) bool { return unicode.IsPunct(r) })
	start := from
	if start > 0 && p.bare[start-1] == "the" && until < len(p.bare) && p.bare[until] == "area" {
		start, until = start-1, until+1
	}
	if start > 0 && placeBefore[p.bare[start-1]] && !(start > 1 && p.bare[start-2] == "drop") { // "drop in" stays whole
		start--
	}
	if start > 0 && slices.Contains(notWanted, p.bare[start-1]) {
		return nil
	}
	rest := strings.Join(slices.Concat(p.fields[:start], p.fields[until:]), " ")
	return &PlaceInText{
		text: text, Phrase: strings.TrimFunc(strings.Join(p.fields[start:until], " "), unicode.IsPunct),
		Rest: strings.TrimFunc(rest, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }),
	}
}

// postcode finds a full postcode anywhere, and an outcode at either end or
// after "in".
func (p *placeFinder) postcode() (from, until int, ok bool) {
	for i := range p.bare {
		if i+1 < len(p.bare) && p.reads(i, i+2, gazetteer.Unit) && !p.reads(i, i+1, gazetteer.Unit) {
			return i, i + 2, true
		}
		if p.reads(i, i+1, gazetteer.Unit) {
			return i, i + 1, true
		}
	}
	for i := len(p.bare) - 1; i >= 0; i-- {
		if (i == len(p.bare)-1 || i == 0 || placeBefore[p.bare[i-1]]) && p.outcode(i) {
			return i, i + 1, true
		}
	}
	return 0, 0, false
}

// reads reports whether some words are a postcode of a kind that exists.
func (p *placeFinder) reads(from, until int, kinds ...gazetteer.Kind) bool {
	text := strings.Join(p.bare[from:until], " ")
	r := gazetteer.ReadPostcode(text)
	if r.Repaired || !slices.Contains(kinds, r.Kind) {
		return false
	}
	_, err := p.places.Find(text)
	return err == nil
}

// outcode reports whether a word is an outcode, and nothing else that is
// written alike: a level of English, a vitamin.
func (p *placeFinder) outcode(i int) bool {
	if !p.reads(i, i+1, gazetteer.Outcode, gazetteer.Ambiguous) {
		return false
	}
	said := func(words ...string) bool {
		return slices.ContainsFunc(p.bare, func(w string) bool { return slices.Contains(words, w) })
	}
	switch p.bare[i] {
	case "b12":
		return !said("vitamin", "deficiency")
	case "b1", "b2", "e1", "e2", "e3", "l1", "l2", "l3": // the levels of courses
		return !said("english", "esol", "level", "entry", "class", "course", "maths", "numeracy", "literacy", "skills")
	}
	return true
}

// decimals are coordinates to a few hundred metres or finer.
var decimals = regexp.MustCompile(`\d\.\d{2,}`)

// mayHoldPostcode reports whether a text may hold a postcode, whole or mistyped or more
// of it than an outcode, or coordinates.
func mayHoldPostcode(text string) bool {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return false
	}
	if decimals.MatchString(text) {
		return true
	}
	fields := strings.Fields(text)
	for i := range fields {
		for n := 1; n <= 2 && i+n <= len(fields); n++ {
			switch gazetteer.ReadPostcode(strings.Join(fields[i:i+n], " ")).Kind {
			case gazetteer.Unit, gazetteer.Impossible, gazetteer.Typing, gazetteer.Sector, gazetteer.Withdrawn:
				return true
			}
		}
		// What follows an outcode and begins with a digit is the rest of a postcode,
		// however it is mistyped.
		if i > 0 && unicode.IsDigit(rune(fields[i][0])) {
			switch gazetteer.ReadPostcode(fields[i-1]).Kind {
			case gazetteer.Outcode, gazetteer.Ambiguous:
				return true
			}
		}
	}
	return false
}

// afterIn finds the name of a place after "in" or "near".
func (p *placeFinder) afterIn() (from, until int, ok bool) {
	for i := len(p.bare) - 2; i >= 0; i-- {
		if !placeBefore[p.bare[i]] {
			continue
		}
		from := i + 1
		if p.bare[from] == "the" {
			from++
		}
		for n := min(maxPlaceWords, len(p.bare)-from); n > 0; n-- {
			name := strings.Join(p.bare[from:from+n], " ")
			if _, known := p.places.Named(name); !known || from > i+1 && n == 1 && p.isOrdinary(name) {
				continue
			}
			until := p.qualified(from, from+n)
			if n == 1 && until == from+1 && p.isOrdinary(name) && !p.meant(i, from, name) {
				continue
			}
			return from, until, true
		}
	}
	return 0, 0, false
}

func (p *placeFinder) isOrdinary(name string) bool {
	return ordinaryPlaces[name] || neverPlaces[name] || p.ordinary.words[vocabulary.Fold(name)]
}

// meant reports whether an ordinary word after the word at i, "in" or such, is
// a place all the same.
func (p *placeFinder) meant(i, at int, name string) bool {
	return inOrNear[p.bare[i]] && !neverPlaces[name] && at == len(p.bare)-1 && (i == 0 || !notAPlaceAfter[p.bare[i-1]])
}

// qualified is where a place ends that says where it is: "Hale, Trafford".
func (p *placeFinder) qualified(from, until int) int {
	if until < len(p.fields) && strings.HasSuffix(p.fields[until-1], ",") {
		if _, err := p.places.Find(strings.Join(p.fields[from:until+1], " ")); err == nil {
			return until + 1
		}
	}
	return until
}

// atTheEnd finds the name of a place in the last words, which no interest,
// synonym or ordinary word has.
func (p *placeFinder) atTheEnd() (from, until int, ok bool) {
	last := len(p.bare)
	for n := min(maxPlaceWords, last); n > 0; n-- {
		from := last - n
		name := strings.Join(p.bare[from:], " ")
		if len(name) < minPlaceName || p.isOrdinary(name) || from > 0 && partOfAName[p.bare[from-1]] {
			continue
		}
		if own, _ := p.places.Named(name); own {
			return from, last, true
		}
	}
	return 0, 0, false
}

// Located is q with a place that is among its words as its place, and that
// place, nil where there is none.
func (in *Interpreter) Located(q search.Query) (search.Query, *PlaceInText) {
	if q.Words == "" || q.Near != "" || q.Box != nil || q.Literal {
		return q, nil
	}
	p := in.Read(q.Words).Place
	if p != nil {
		q.Words, q.Near = p.Rest, p.text
	}
	return q, p
}
