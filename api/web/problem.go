package web

import "strconv"

// Problem is what a page about a request that failed is made from.
type Problem struct {
	Language Language
	// Status is the HTTP status, and Instance the id of the request, to quote when
	// asking for help.
	Status   int
	Instance string
}

// Problem makes the page of a request that failed: what happened in plain words, and
// a form to search again.
func (p *Pages) Problem(x Problem) ([]byte, error) {
	key := "problem." + strconv.Itoa(x.Status)
	if all, _ := texts(); all[key] == (text{}) {
		key = "problem.400"
		if x.Status >= 500 {
			key = "problem.500"
		}
	}
	return p.render("problem", problemView{
		Language: x.Language, Site: p.Site, Title: x.Language.say(key), Text: x.Language.say(key + ".text"),
		Instance: x.Language.say("problem.instance", x.Instance),
	})
}

type problemView struct {
	Language                    Language
	Site, Title, Text, Instance string
}

// Say returns a text of the page, for the template.
func (v problemView) Say(key string) string { return v.Language.say(key) }
