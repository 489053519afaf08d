package api

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"gather/api/web"
	"gather/directory"
	"gather/search"
)

// framePolicy is pagePolicy for pages that any site may put in a frame.
const framePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *"

// searchPage shows a search to people.
//
//	@Summary		Page to search on
//	@Description	The start page, and with the parameters of /v1/activities a page of results. Works without a script. Empty fields are left out, boxes of day, time, for, delivery, language, conversation and energy mean any of those ticked, and lang (or else Accept-Language) chooses English or Welsh. A browser, whose Accept names text/html, is shown what is wrong with a question on the page, with status 400.
//	@ID				start
//	@Tags			Find
//	@Produce		html
//	@Success		200	{string}	string	"A page"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/ [get]
func (s *server) searchPage(c *call) error { return s.searchOn(c, nil) }

// nearPage shows what there is near a place.
//
//	@Summary		Page of a place
//	@Description	What there is near a place, as a page that can be found and shared; otherwise like the page to search on.
//	@ID				nearPage
//	@Tags			Find
//	@Produce		html
//	@Param			place	path		string	true	"Postcode or part of one, or name of a place"	example(Sale)
//	@Success		200		{string}	string	"A page"
//	@Success		304		"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/near/{place} [get]
func (s *server) nearPage(c *call) error {
	return s.searchOn(c, url.Values{"near": {c.Param("place")}})
}

// interestPage shows what there is of a kind.
//
//	@Summary		Page of an interest
//	@Description	What there is of an interest and narrower ones, as a page that can be found and shared; otherwise like the page to search on.
//	@ID				interestPage
//	@Tags			Find
//	@Produce		html
//	@Param			interest	path		string	true	"Id of the interest"	example(singing)
//	@Success		200			{string}	string	"A page"
//	@Success		304			"Your copy is current"
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/interests/{interest} [get]
func (s *server) interestPage(c *call) error {
	if _, ok := s.Vocabulary.Interest(c.Param("interest")); !ok {
		return explain(errNoRoute, "There is no interest of that name.")
	}
	return s.searchOn(c, url.Values{"interest": {c.Param("interest")}})
}

// embedPage shows a search inside another site's page.
//
//	@Summary		Page to search on, for a frame
//	@Description	The page to search on without header and footer, which any site may show in an iframe. Its links to listings open outside of the frame.
//	@ID				embedSearch
//	@Tags			Find
//	@Produce		html
//	@Success		200	{string}	string	"A page"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/embed/search [get]
func (s *server) embedPage(c *call) error { return s.searchOn(c, nil) }

// searchOn serves a page of the search that the address and the parameters, which
// add to it, ask for.
func (s *server) searchOn(c *call, preset url.Values) error {
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return badParams(directory.InvalidField("", "percent-encode it", "the query string cannot be read"))
	}
	for name, value := range preset {
		if !values.Has(name) {
			values[name] = value
		}
	}
	lang := pageLanguage(values.Get("lang"), c.Request().Header.Get("Accept-Language"))
	page := web.Search{Language: lang, Path: "/", Question: web.Question(values), Now: s.Now(), PlaceKnown: s.knows}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Add(echo.HeaderVary, "Accept-Language")
	if c.Path() == embedPath {
		page.Path, page.Framed = embedPath, true
		h.Set("Content-Security-Policy", framePolicy)
		h.Del(echo.HeaderXFrameOptions)
	}
	h.Set(echo.HeaderCacheControl, c.visibility()+", "+searchAge)
	status, err := s.fill(c, &page)
	if err != nil {
		return err
	}
	body, err := s.pages.Search(page)
	if err != nil {
		return err
	}
	return s.send(c, status, echo.MIMETextHTMLCharsetUTF8, body)
}

// embedPath is the page that other sites may put in a frame.
const embedPath = "/embed/search"

// fill searches for what a page asks, or says what is wrong with it, and returns
// the status of the page.
func (s *server) fill(c *call, page *web.Search) (int, error) {
	asked := url.Values{}
	for name, all := range page.Question {
		asked[name] = all
	}
	asked.Set("lang", string(page.Language))
	q, err := search.ParseQuery(asked, s.Vocabulary)
	if err != nil {
		err = s.alsoNear(err, asked.Get("near"))
	} else {
		var a search.Answer
		if a, err = s.Index.Search(c.Request().Context(), q); err == nil {
			page.Answer = &a
			return http.StatusOK, nil
		}
	}
	var bad *directory.Invalid
	if !errors.As(err, &bad) || !c.wantsPage() {
		return 0, badParams(err)
	}
	page.Faults = bad.Faults
	return http.StatusBadRequest, nil
}

// knows reports whether a search can be asked near a name.
func (s *server) knows(name string) bool {
	_, err := s.Places.Find(name)
	return err == nil
}

var pageLanguages = language.NewMatcher([]language.Tag{language.BritishEnglish, language.MustParse("cy")})

// pageLanguage is the language asked for, or else the one that the browser prefers.
func pageLanguage(asked, accept string) web.Language {
	if asked != "" {
		if asked == string(web.Welsh) {
			return web.Welsh
		}
		return web.English
	}
	if _, i := language.MatchStrings(pageLanguages, accept); i == 1 {
		return web.Welsh
	}
	return web.English
}

// searchStyle serves the style sheet of the pages to search on.
//
//	@Summary	Style sheet of the pages to search on
//	@ID			searchStyle
//	@Tags		About
//	@Produce	text/css
//	@Success	200	{string}	string	"A style sheet"
//	@Success	304	"Your copy is current"
//	@Failure	400,401,406,429,500	{object}	Problem
//	@Router		/search.css [get]
func (s *server) searchStyle(c *call) error {
	css, err := web.Style()
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, pageAge)
	return s.send(c, http.StatusOK, "text/css; charset=utf-8", css)
}
