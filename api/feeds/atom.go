package feeds

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"gather/directory"
)

// AtomFeed describes an Atom feed and the page of it that is written.
type AtomFeed struct {
	// ID is an IRI that never changes and is the same on all pages, such as the
	// address of the feed without its paging.
	ID    string
	Title string
	// Self is this page's address, and Next that of the next page, empty on the
	// last. Page is the web page for people with the same content; may be empty.
	Self, Next, Page string
	// Updated is when the newest of its entries changed.
	Updated time.Time
}

// The namespaces of RFC 4287, and of RFC 6721 for deleted entries.
const (
	atomSpace       = "http://www.w3.org/2005/Atom"
	tombstonesSpace = "http://purl.org/atompub/tombstones/1.0"
)

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr"`
	Label  string `xml:"label,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomEntry struct {
	XMLName    xml.Name       `xml:"entry"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published,omitempty"`
	Author     atomAuthor     `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Rights     string         `xml:"rights,omitempty"`
	Summary    *atomText      `xml:"summary"`
	Content    atomText       `xml:"content"`
}

type atomDeleted struct {
	XMLName xml.Name `xml:"at:deleted-entry"`
	Ref     string   `xml:"ref,attr"`
	When    string   `xml:"when,attr"`
}

// atomHead is a feed without its entries.
type atomHead struct {
	XMLName    xml.Name   `xml:"feed"`
	Space      string     `xml:"xmlns,attr"`
	Tombstones string     `xml:"xmlns:at,attr"`
	Language   string     `xml:"xml:lang,attr"`
	ID         string     `xml:"id"`
	Title      string     `xml:"title"`
	Updated    string     `xml:"updated"`
	Generator  string     `xml:"generator"`
	Links      []atomLink `xml:"link"`
}

// WriteAtom writes activities as an Atom feed (RFC 4287) with one entry each, in
// the given order, which has to be newest change first. An entry's id is the
// activity's UUID, the same for every revision; its author is the group. An
// activity that is not published becomes a deleted-entry (RFC 6721), which tells
// readers to remove it and holds nothing else. The error is that of w or the
// first of activities; the feed is then incomplete.
func WriteAtom(w io.Writer, site Site, feed AtomFeed, activities Activities) error {
	out := bufio.NewWriter(w)
	head, err := xml.Marshal(feed.head())
	if err != nil {
		return fmt.Errorf("writing the head of an Atom feed: %w", err)
	}
	const end = "</feed>"
	out.WriteString(xml.Header)
	out.Write(head[:len(head)-len(end)])
	for a, err := range activities {
		if err != nil {
			return fmt.Errorf("reading activities for Atom: %w", err)
		}
		entry, err := xml.Marshal(site.atomEntry(a))
		if err != nil {
			return fmt.Errorf("writing activity %s as Atom: %w", a.ID, err)
		}
		out.WriteString("\n")
		if _, err := out.Write(entry); err != nil {
			return fmt.Errorf("writing Atom: %w", err)
		}
	}
	out.WriteString("\n" + end + "\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing Atom: %w", err)
	}
	return nil
}

func (f AtomFeed) head() atomHead {
	h := atomHead{
		Space: atomSpace, Tombstones: tombstonesSpace, Language: "en",
		ID: f.ID, Title: Clean(f.Title), Updated: moment(f.Updated), Generator: "Gather",
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: f.Self}},
	}
	if f.Next != "" {
		h.Links = append(h.Links, atomLink{Rel: "next", Type: "application/atom+xml", Href: f.Next})
	}
	if f.Page != "" {
		h.Links = append(h.Links, atomLink{Rel: "alternate", Type: "text/html", Href: f.Page})
	}
	return h
}

// atomEntry returns an atomEntry, or an atomDeleted for what is not published.
func (s Site) atomEntry(activity *directory.Activity) any {
	a := activity.Public()
	if !a.Published() {
		return atomDeleted{Ref: "urn:uuid:" + a.ID, When: moment(a.Updated)}
	}
	e := atomEntry{
		ID: "urn:uuid:" + a.ID, Title: Clean(a.Title), Updated: moment(a.Updated),
		Author:  atomAuthor{Name: Clean(a.GroupName), URI: s.GroupURL(a.Group)},
		Links:   []atomLink{{Rel: "alternate", Type: "text/html", Href: s.ActivityURL(a.ID)}},
		Content: atomText{"text", s.Text(&a)},
	}
	if e.Author.Name == "" { // RFC 4287 section 3.2.1: an author has a name
		e.Author.Name = Clean(s.Name)
	}
	if !a.Created.IsZero() {
		e.Published = moment(a.Created)
	}
	labels := s.InterestLabels(&a)
	for i, id := range a.Interests {
		e.Categories = append(e.Categories, atomCategory{Term: id, Scheme: s.URL + "/v1/vocabularies/interests", Label: labels[i]})
	}
	if a.Summary != "" {
		e.Summary = &atomText{"text", Clean(a.Summary)}
	}
	if a.Source != nil {
		e.Rights = Clean(a.Source.Attribution)
	}
	return e
}
