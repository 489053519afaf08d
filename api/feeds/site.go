// Package feeds writes activities in the formats that other people's programs
// read: Atom, GeoJSON, CSV, schema.org JSON-LD and sitemaps.
//
// Everything here is a pure mapping. Lists take an iterator and write one activity
// at a time, so that a whole directory needs constant memory. Every activity goes
// through Activity.Public first, so contacts that a group did not make public
// never reach a feed. docs/formats.md says what each format holds, and where it
// departs from its standard.
package feeds

import (
	"iter"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Activities is a list of activities in the order to write them. An error ends it:
// the writer stops and returns that error, and the document is incomplete. A
// writer holds no activity once it has asked for the next one.
type Activities = iter.Seq2[*directory.Activity, error]

// Site is what feeds need to know about the directory: its name and addresses.
type Site struct {
	// Name is the name of the directory, such as "Gather".
	Name string
	// URL is its public address, http or https, without a slash at its end.
	URL string
	// Words has the English labels of closed lists and interests.
	Words *vocabulary.Vocabulary
}

// Host is the host name in URL, without a port. It is part of calendar UIDs: if it
// changes, calendars show every event twice for a while.
func (s Site) Host() string {
	u, err := url.Parse(s.URL)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

// ActivityURL is the address of an activity's page.
func (s Site) ActivityURL(id string) string { return s.URL + "/activities/" + url.PathEscape(id) }

// SessionURL is the address of the page of one session of an activity; key is
// as in directory.Session.
func (s Site) SessionURL(id, key string) string {
	return s.ActivityURL(id) + "/sessions/" + url.PathEscape(key)
}

// GroupURL is the address of a group's page.
func (s Site) GroupURL(id string) string { return s.URL + "/groups/" + url.PathEscape(id) }

// label is the English label of a term of a closed list, or the id if the list
// does not have it.
func (s Site) label(list, id string) string {
	if t, ok := s.Words.Term(list, id); ok {
		return t.Label
	}
	return id
}

// labels is label for several terms.
func (s Site) labels(list string, ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, s.label(list, id))
	}
	return out
}

// InterestLabels are the English labels of the interests of a, in their order.
func (s Site) InterestLabels(a *directory.Activity) []string {
	out := make([]string, 0, len(a.Interests))
	for _, id := range a.Interests {
		label := id
		if t, ok := s.Words.Interest(id); ok {
			label = t.Label
		}
		out = append(out, label)
	}
	return out
}

// answered are the ids of a closed list that have this answer in answers, in the
// order of the list, so that the output does not depend on that of a map.
func (s Site) answered(list string, answers map[string]directory.Answer, answer string) []string {
	if len(answers) == 0 {
		return nil
	}
	var ids []string
	for _, t := range s.Words.List(list) {
		if answers[t.ID].Answer == answer {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// Clean makes text safe for every format here: valid UTF-8, line breaks as \n,
// and no control characters but the tab and the line break. The directory refuses
// such texts; this is for records that were written by other means.
func Clean(text string) string {
	if plain(text) {
		return text
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\uFEFF', unicode.Is(unicode.Noncharacter_Code_Point, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// plain is a cheap test that Clean would return text as it is; it may be false then.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' || c == 0x7F {
			return false
		}
	}
	return true
}
