package api

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
	"gather/directory/vocabulary"
)

const svgType = "image/svg+xml"

// shownSessions is how many sessions a page lists: a term of a weekly group. The
// calendar has all of them.
const shownSessions = 10

// activityPage shows an activity to people and search engines.
//
//	@Summary		Page of an activity
//	@Description	What anyone may see of a published activity, as a page that needs no script, with schema.org JSON-LD in it. What is not stated is shown as a question to ask.
//	@ID				activityPage
//	@Tags			Find
//	@Produce		html
//	@Param			id	path		string	true	"Id of the activity"	format(uuid)
//	@Success		200	{string}	string	"A page"
//	@Header			200	{integer}	Age	"Seconds since the index last had all changes, where the store cannot be reached and the index is read in its place; else absent"
//	@Header			200	{string}	Cache-Status	"gather-index where the index was read in place of the store (RFC 9211); else absent"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/activities/{id} [get]
func (s *server) activityPage(c *call) error {
	a, err := s.readActivity(c, directory.Principal{})
	if err != nil {
		return err
	}
	ld, err := s.site.ActivityLD(&a, s.Now())
	if err != nil {
		return err
	}
	return s.listing(c, "activity", s.activityView(&a, ld))
}

// sessionPage shows one session to people and search engines.
//
//	@Summary		Page of a session
//	@Description	One dated session of a published activity, with its schema.org Event.
//	@ID				sessionPage
//	@Tags			Find
//	@Produce		html
//	@Param			id		path		string	true	"Id of the activity"	format(uuid)
//	@Param			session	path		string	true	"The start that the schedule gives it"	example(2026-12-01T10:00)
//	@Success		200		{string}	string	"A page"
//	@Header			200		{integer}	Age	"Seconds since the index last had all changes, where the store cannot be reached and the index is read in its place; else absent"
//	@Header			200		{string}	Cache-Status	"gather-index where the index was read in place of the store (RFC 9211); else absent"
//	@Success		304		"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/activities/{id}/sessions/{session} [get]
func (s *server) sessionPage(c *call) error {
	a, session, err := s.sessionOf(c, directory.Principal{})
	if err != nil {
		return err
	}
	ld, err := s.site.SessionLD(&a, session)
	if err != nil {
		return err
	}
	v := s.activityView(&a, ld)
	v.On = s.sessionView(&a, session)
	v.Head = v.Title + ", " + v.On.When + " – " + v.Site
	v.Page, v.Calendar = s.site.SessionURL(a.ID, session.Key), v.JSON+"/sessions/"+session.Key+".ics"
	if session.Status == directory.SessionMoved {
		before := directory.Activity{Details: a.Details} // without its changes
		if was, ok := before.Session(session.Key); ok {
			v.Moved = whenText(was)
		}
	}
	return s.listing(c, "session", v)
}

// groupPage shows a group and its activities.
//
//	@Summary		Page of a group
//	@Description	What anyone may see of a trusted group, and its published activities.
//	@ID				groupPage
//	@Tags			Groups
//	@Produce		html
//	@Param			id		path		string	true	"Id of the group"	format(uuid)
//	@Param			after	query		string	false	"Only activities after this one: as the page before links to"	format(uuid)
//	@Success		200		{string}	string	"A page"
//	@Success		304		"Your copy is current"
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/groups/{id} [get]
func (s *server) groupPage(c *call) error {
	after := c.params.after()
	if err := c.params.err(); err != nil {
		return err
	}
	ctx := c.Request().Context()
	g, err := s.Directory.Group(ctx, directory.Principal{}, c.Param("id"))
	if err != nil {
		return err
	}
	as, err := s.Directory.Activities(ctx, directory.Principal{}, g.ID, after, maxPageSize)
	if err != nil {
		return err
	}
	return s.listing(c, "group", s.groupView(&g, as))
}

// listing sends a page with content written by groups.
func (s *server) listing(c *call, name string, data any) error {
	page, err := s.render(name, data)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", pagePolicy)
	c.seen()
	return s.send(c, http.StatusOK, echo.MIMETextHTMLCharsetUTF8, page)
}

// logo serves the logo that OpenActive's dataset page links to.
//
//	@Summary	Logo of the directory
//	@ID			logo
//	@Tags		About
//	@Produce	image/svg+xml
//	@Success	200	{string}	string	"A picture"
//	@Success	304	"Your copy is current"
//	@Failure	400,401,406,429,500	{object}	Problem
//	@Router		/docs/logo.svg [get]
func (s *server) logo(c *call) error {
	svg, err := pageFiles.ReadFile("pages/logo.svg")
	if err != nil {
		return fmt.Errorf("read the logo: %w", err)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, pageAge)
	return s.send(c, http.StatusOK, svgType, svg)
}

// top is what the head of a page of a listing is made of.
type top struct {
	// Head is the page's title, Page its address, Site the directory's name.
	Head, Page, Site, Summary string
	Title                     string
	LD                        template.JS
	Calendar                  string
	Subscribe                 template.URL
}

// activityView is the content of an activity's page. Everything but the links is
// plain text.
type activityView struct {
	top
	Link, GroupName, GroupLink      string
	JSON, Website                   string
	Delivery, When, Address, Cost   string
	Checked                         string
	Description, Ways, GettingThere []string
	Expect, FirstMore, FirstAsk     []string
	AccessAsk, Who, Joining         []string
	Welsh, Source                   []string
	FirstYes, FirstNo, AccessSaid   []saidView
	Contacts                        []contactView
	Sessions                        []sessionView
	Next                            *sessionView
	// On is the session of a session's page; Moved is its original time.
	On    sessionView
	Moved string
}

type saidView struct{ Label, Answer, Note string }

type sessionView struct{ Link, When, Status, Note string }

type contactView struct {
	Who, Email, Hours string
	Phone             *phoneView
}

type phoneView struct {
	Text string
	Link template.URL
}

func (s *server) activityView(a *directory.Activity, ld []byte) activityView {
	v := activityView{
		top: top{
			Head: a.Title + " – " + s.Dataset.Name, Page: s.site.ActivityURL(a.ID), Site: s.Dataset.Name, Summary: a.Summary, Title: a.Title,
			LD: template.JS(ld), Calendar: "/v1/activities/" + a.ID + ".ics", Subscribe: s.webcal("/v1/activities/" + a.ID + ".ics"),
		},
		Link: "/activities/" + a.ID, GroupName: a.GroupName, GroupLink: "/groups/" + a.Group, JSON: "/v1/activities/" + a.ID, Website: a.Website,
		Delivery: strings.Join(s.labels(vocabulary.Delivery, a.Delivery), ", "), When: s.site.WhenText(a.Schedule),
		Address: feeds.AddressLine(a.Venue), Cost: feeds.CostText(a.Cost), Description: paragraphs(a.Description),
		Contacts: contactViews(a.Contacts), Welsh: welsh(a.Welsh),
		Checked: "Last checked " + a.Checked.At.In(directory.London()).Format("2 January 2006") + ".",
	}
	v.AccessSaid, _, v.AccessAsk = s.answers(vocabulary.Access, a.Access)
	s.addFirstVisit(&v, a.FirstVisit)
	v.Ways, v.GettingThere = ways(a), gettingThere(a.Venue)
	v.Who, v.Joining = s.who(a), s.joining(a.Joining)
	if src := a.Source; src != nil {
		v.Source = nonEmpty("From "+src.Name+".", src.Attribution, src.Licence)
	}
	if next, ok := a.NextSession(s.Now()); ok {
		shown := s.sessionView(a, next)
		v.Next = &shown
	}
	now := s.Now()
	for _, session := range a.Sessions(now, now.AddDate(1, 0, 0), shownSessions) {
		v.Sessions = append(v.Sessions, s.sessionView(a, session))
	}
	return v
}

// groupView is the content of a group's page.
type groupView struct {
	top
	Kind, Website, More string
	Description, Welsh  []string
	Contacts            []contactView
	Activities          []briefView
}

type briefView struct{ Link, Title, When, Where string }

func (s *server) groupView(g *directory.Group, as []directory.Activity) groupView {
	file := "/v1/groups/" + g.ID + "/activities.ics"
	v := groupView{
		top: top{
			Head: g.Name + " – " + s.Dataset.Name, Page: s.site.GroupURL(g.ID), Site: s.Dataset.Name, Title: g.Name,
			Calendar: file, Subscribe: s.webcal(file),
		},
		Website: g.Website, Description: paragraphs(g.Description), Contacts: contactViews(g.Contacts),
	}
	if g.Kind != "" {
		v.Kind = s.labels(vocabulary.GroupKind, []string{g.Kind})[0]
	}
	if g.Welsh != nil {
		v.Welsh = nonEmpty(append([]string{g.Welsh.Name}, paragraphs(g.Welsh.Description)...)...)
	}
	for i := range as {
		a := &as[i]
		b := briefView{Link: "/activities/" + a.ID, Title: a.Title, When: s.site.WhenText(a.Schedule)}
		if a.Venue != nil {
			b.Where = strings.Join(nonEmpty(a.Venue.Name, a.Venue.Address.Town), ", ")
			if a.Venue.Area != nil {
				b.Where = feeds.AddressLine(a.Venue)
			}
		}
		v.Activities = append(v.Activities, b)
	}
	if len(as) == maxPageSize {
		v.More = "/groups/" + g.ID + "?after=" + as[len(as)-1].ID
	}
	return v
}

// webcal returns the address that calendar programs subscribe to. path must not
// contain user input.
func (s *server) webcal(path string) template.URL {
	_, rest, _ := strings.Cut(s.site.URL, "://")
	return template.URL("webcal://" + rest + path)
}
