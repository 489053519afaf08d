package listings

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/vocabulary"
)

// maxTitle is the greatest length of a title in a directory, in characters.
const maxTitle = 120

// texts sets the title, the summary and the description.
func (g *Generator) texts(a *directory.Activity, r *rand.Rand, main vocabulary.Interest, town string) {
	name := main.Label
	if len(main.Words) > 0 && chance(r, 30) {
		name = capital(main.Words[r.IntN(len(main.Words))])
	}
	switch r.IntN(6) {
	case 0:
		a.Title = dayNames[r.IntN(7)] + " " + name
	case 1:
		a.Title = pick(r, openings) + " " + name
	case 2:
		a.Title = town + " " + name + " group"
	case 3:
		a.Title = name + " " + g.audiences[zipfIndex(r, len(g.audiences))].Label
	case 4:
		a.Title = pick(r, openings) + " " + name + " in " + town
	default:
		a.Title = name
	}
	if utf8.RuneCountInString(a.Title) > maxTitle || utf8.RuneCountInString(a.Title) < 3 {
		a.Title = name + " group"
	}
	var summary strings.Builder
	summary.WriteString(pick(r, openings) + " " + strings.ToLower(name) + " in " + town + ". ")
	g.lexicon.draw(r, &summary, 6+r.IntN(8))
	a.Summary = summary.String()
	var body strings.Builder
	g.lexicon.draw(r, &body, 30+r.IntN(90))
	a.Description = body.String()
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(first)) + s[size:]
}
