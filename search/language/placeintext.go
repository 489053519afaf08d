package language

import (
	"slices"
	"strings"
	"unicode"

	"gather/directory/gazetteer"
)

// PlaceInText is a place among the words of a text.
type PlaceInText struct {
	name   string // as typed, and as the gazetteer finds it: "Leith"
	Phrase string // with the words that introduce it: "in Leith"
	Rest   string // the text without the phrase
}

const (
	// maxPlaceWords is how many words the name of a place has at most that is
	// recognised.
	maxPlaceWords = 4
	// minPlaceName is how many letters the name of a place has at least that is
	// recognised without "in" or "near" before it.
	minPlaceName = 4
)

var (
	// placeBefore may introduce a place; of these, inOrNear do so even for a name
	// that is an ordinary word. The Welsh ones are "in" and "near".
	placeBefore = wordSet("in", "near", "nr", "around", "at", "yn", "ym", "ger")
	inOrNear    = wordSet("in", "near", "nr", "around", "yn", "ym", "ger")
	// After a word of partOfAName a name is part of a longer one: "friends of
	// Chorlton".
	partOfAName    = wordSet("of", "the", "and", "&", "for", "with", "to", "de", "la", "st", "saint")
	notAPlaceAfter = wordList("not-a-place-after")
)

// placeIn finds a place in a text: a postcode, a name after "in" or "near", or a
// name at the end that means nothing else. It is nil where there is none, or
// where it is negated: "not in Leith".
func (in *Interpreter) placeIn(text string, s *Synonyms) *PlaceInText {
	fields := strings.Fields(text)
	bare := make([]string, len(fields))
	for i, f := range fields {
		bare[i] = Fold(strings.TrimFunc(f, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' }))
	}
	p := placeFinder{fields: fields, bare: bare, ordinary: s.ordinary, places: in.places}
	for _, find := range []func() (from, until int, ok bool){p.postcode, p.afterIn, p.atTheEnd} {
		from, until, ok := find()
		if !ok {
			continue
		}
		place := p.place(from, until)
		if place == nil {
			return nil
		}
		if _, err := in.places.Find(place.name); err == nil {
			return place
		}
	}
	return nil
}

// placeFinder finds a place in one text.
type placeFinder struct {
	fields, bare []string // the words as typed, and folded without punctuation
	ordinary     *ordinaryWords
	places       *gazetteer.Gazetteer
}

// place is the place at fields[from:until], nil where it is negated.
func (p *placeFinder) place(from, until int) *PlaceInText {
	text := strings.TrimFunc(strings.Join(p.fields[from:until], " "), func(r rune) bool { return unicode.IsPunct(r) })
	start := from
	if start > 0 && p.bare[start-1] == "the" && until < len(p.bare) && p.bare[until] == "area" {
		start, until = start-1, until+1
	}
	if start > 0 && placeBefore[p.bare[start-1]] && !(start > 1 && p.bare[start-2] == "drop") { // "drop in" is not split
		start--
	}
	if start > 0 && notWanted[p.bare[start-1]] {
		return nil
	}
	rest := strings.Join(slices.Concat(p.fields[:start], p.fields[until:]), " ")
	return &PlaceInText{
		name: text, Phrase: strings.TrimFunc(strings.Join(p.fields[start:until], " "), unicode.IsPunct),
		Rest: strings.TrimFunc(rest, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }),
	}
}

// afterIn finds the name of a place after "in", "near" and the like.
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
			if n == 1 && until == from+1 && p.isOrdinary(name) && !p.isPlaceAfter(i, from, name) {
				continue
			}
			return from, until, true
		}
	}
	return 0, 0, false
}

// isPlaceAfter reports whether an ordinary word at the index at is a place,
// because the word at i, such as "in", introduces it.
func (p *placeFinder) isPlaceAfter(i, at int, name string) bool {
	return inOrNear[p.bare[i]] && !neverPlaces[name] && at == len(p.bare)-1 && (i == 0 || !notAPlaceAfter[p.bare[i-1]])
}

// qualified is where the place at fields[from:until] ends if what follows says
// where it is: "Hale, Trafford".
func (p *placeFinder) qualified(from, until int) int {
	if until < len(p.fields) && strings.HasSuffix(p.fields[until-1], ",") {
		if _, err := p.places.Find(strings.Join(p.fields[from:until+1], " ")); err == nil {
			return until + 1
		}
	}
	return until
}

// atTheEnd finds the name of a place in the last words, none of them an ordinary
// word.
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
