package api

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"

	"gather/directory"
)

//go:embed pages
var pageFiles embed.FS

// pageAge is how long, in seconds, our own pages and their style sheet may be cached.
const pageAge = "public, max-age=300"

// templates are the HTML pages. html/template escapes what groups wrote.
var templates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// page sends one of the templates.
func (s *server) page(c *call, name string, data any) error {
	page, err := s.render(name, data)
	if err != nil {
		return err
	}
	return s.sendPage(c, page)
}

func (s *server) render(name string, data any) ([]byte, error) {
	var buf bytes.Buffer
	if err := templates.ExecuteTemplate(&buf, name, data); err != nil {
		return nil, fmt.Errorf("show page %s: %w", name, err)
	}
	return buf.Bytes(), nil
}

func (s *server) sendPage(c *call, page []byte) error {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set(echo.HeaderCacheControl, pageAge)
	return s.send(c, http.StatusOK, echo.MIMETextHTMLCharsetUTF8, page)
}

// style serves the style sheet of our pages.
//
//	@Summary	Style sheet of the pages
//	@ID			style
//	@Tags		About
//	@Produce	text/css
//	@Success	200	{string}	string	"A style sheet"
//	@Success	304	"Your copy is current"
//	@Failure	400,401,406,429,500	{object}	Problem
//	@Router		/docs/style.css [get]
func (s *server) style(c *call) error {
	css, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return fmt.Errorf("read the style sheet: %w", err)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, pageAge)
	return s.send(c, http.StatusOK, "text/css; charset=utf-8", css)
}

// problemInfo is what the page of a kind of problem shows.
type problemInfo struct {
	Name, Title, About string
	Status             int
}

func problemInfos() []problemInfo {
	var out []problemInfo
	for _, k := range kinds {
		out = append(out, problemInfo{k.name, k.title, k.about, k.status})
	}
	return out
}

// problemPages lists the kinds of problem.
//
//	@Summary	What the problems mean
//	@ID			listProblems
//	@Tags		About
//	@Produce	html
//	@Success	200	{string}	string	"A page"
//	@Success	304	"Your copy is current"
//	@Failure	400,401,406,429,500	{object}	Problem
//	@Router		/problems [get]
func (s *server) problemPages(c *call) error { return s.page(c, "problems", problemInfos()) }

// problemPage explains one kind of problem.
//
//	@Summary		What one problem means
//	@Description	The page that the type of a problem names.
//	@ID				readProblem
//	@Tags			About
//	@Produce		html
//	@Param			name	path		string	true	"Last part of the type"	example(invalid)
//	@Success		200		{string}	string	"A page"
//	@Success		304		"Your copy is current"
//	@Failure		400,401,404,406,429,500	{object}	Problem
//	@Router			/problems/{name} [get]
func (s *server) problemPage(c *call) error {
	for _, p := range problemInfos() {
		if p.Name == c.Param("name") {
			return s.page(c, "problem", p)
		}
	}
	return fmt.Errorf("problem %q: %w", directory.Quote(c.Param("name")), directory.ErrNotFound)
}
