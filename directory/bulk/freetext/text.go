// Package freetext reads facts from prose: times, ages, prices, contacts, dates,
// addresses, interests and access. It returns a fact only if it understands the
// whole text. It knows no file format.
package freetext

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gather/directory"
)

// markup matches a tag or a character reference, to tell HTML from a text with a
// stray "<" or "&".
var markup = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|&(#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);`)

// inAngles is an e-mail address as "Name <name@example.org>" has it: it is no tag.
var inAngles = regexp.MustCompile(`<([^<>\s/]+@[^<>\s]+)>`)

// mostEscapes is how often a text is taken for HTML: some programs escape it a
// second time.
const mostEscapes = 3

// block are the elements that start a new line.
var block = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Br: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Tr: true, atom.Table: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Blockquote: true, atom.Section: true,
}

// plain turns text from a file into plain text: markup is removed, each run of
// spaces becomes one, and so does each run of blank lines.
func plain(s string) string {
	for range mostEscapes {
		s = inAngles.ReplaceAllString(s, "&lt;$1&gt;")
		if !markup.MatchString(s) {
			break
		}
		s = fromHTML(s)
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	blank := 0
	for _, l := range lines {
		l = OneSpace(l)
		if l == "" {
			blank++
			continue
		}
		if blank > 0 && len(kept) > 0 {
			kept = append(kept, "")
		}
		blank = 0
		kept = append(kept, l)
	}
	return strings.Join(kept, "\n")
}

// Line returns a text from a file as plain text on one line.
func Line(s string) string { return OneSpace(plain(s)) }

// OneSpace replaces every run of white space by one space, and removes it at the
// ends. It also removes invisible characters that word processors leave.
func OneSpace(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, directory.StripInvisible(s))
	return strings.Join(strings.Fields(s), " ")
}

// fromHTML returns the text of HTML, without scripts and styles.
func fromHTML(s string) string {
	var b strings.Builder
	skip := 0
	t := html.NewTokenizer(strings.NewReader(s))
	for {
		switch t.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == 0 {
				b.Write(t.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := t.TagName()
			a := atom.Lookup(name)
			switch {
			case a == atom.Script, a == atom.Style:
				skip++
			case a == atom.Li:
				b.WriteString("\n- ")
			case a == atom.P:
				b.WriteString("\n\n")
			case block[a]:
				b.WriteByte('\n')
			}
		case html.EndTagToken:
			name, _ := t.TagName()
			a := atom.Lookup(name)
			if (a == atom.Script || a == atom.Style) && skip > 0 {
				skip--
			}
			if block[a] && a != atom.Li { // the next item starts a line itself
				b.WriteByte('\n')
			}
		}
	}
}

// nothing are texts that mean that a field is empty.
var nothing = map[string]bool{
	"": true, "na": true, "n/a": true, "n.a.": true, "not known": true, "unknown": true, "none": true, "null": true, "nil": true,
	"not relevant": true, "not applicable": true, "not stated": true, "not available": true, "tbc": true, "tba": true, "-": true, "--": true, "?": true,
}

// Stated returns a text from a file as plain text, or nothing if it means an empty
// field, such as "n/a".
func Stated(s string) string {
	s = plain(s)
	if nothing[strings.ToLower(strings.Trim(s, " ."))] {
		return ""
	}
	return s
}

// YesNo returns "yes" or "no", or nothing if the text is neither.
func YesNo(s string) string {
	switch strings.ToLower(Line(s)) {
	case "yes", "y", "true", "1":
		return "yes"
	case "no", "n", "false", "0":
		return "no"
	}
	return ""
}

// Sentences joins sentences, each with a full stop.
func Sentences(sentences ...string) string {
	var out []string
	for _, s := range sentences {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if !strings.ContainsAny(s[len(s)-1:], ".!?:;…") {
			s += "."
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// Paragraph appends a paragraph to a text, unless the text contains it.
func Paragraph(text, more string) string {
	if more = strings.TrimSpace(more); more == "" || strings.Contains(text, more) {
		return text
	}
	if text == "" {
		return more
	}
	return text + "\n\n" + more
}

// Commas joins the parts that are not empty with commas, on one line.
func Commas(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = Line(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}
