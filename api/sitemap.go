package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
)

const xmlType = "application/xml"

// crawlAge is how long, in seconds, sitemaps and robots.txt may be cached: crawlers
// come back after days.
const crawlAge = "public, max-age=3600"

// robots allows crawlers the pages, and not the same content as JSON.
//
//	@Summary		What crawlers may read
//	@Description	Pages are for search engines; the JSON, and the feeds with a standard of their own, are for programs that know them.
//	@ID				robots
//	@Tags			About
//	@Produce		text/plain
//	@Success		200	{string}	string	"robots.txt (RFC 9309)"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500	{object}	Problem
//	@Router			/robots.txt [get]
func (s *server) robots(c *call) error {
	c.Response().Header().Set(echo.HeaderCacheControl, crawlAge)
	text := "User-agent: *\nDisallow: /v1/\nDisallow: /oruk/\nDisallow: /openactive/\n\nSitemap: " + s.site.URL + "/sitemap.xml\n"
	return s.send(c, http.StatusOK, "text/plain; charset=utf-8", []byte(text))
}

// sitemap lists the pages of activities and groups, or the sitemaps that do.
//
// Each sitemap covers a range of change numbers, as many as it may list addresses.
// So it is one scan of the change log, and only the last one grows; a record that is
// written again moves from its sitemap to the last.
//
//	@Summary		Sitemap
//	@Description	A sitemap of the pages of published activities and their groups, or, where one cannot hold them, an index of sitemaps.
//	@ID				sitemap
//	@Tags			Find
//	@Produce		application/xml
//	@Success		200	{string}	string	"A sitemap, or an index of them (sitemaps.org)"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/sitemap.xml [get]
func (s *server) sitemap(c *call) error {
	ctx := c.Request().Context()
	last, err := s.Directory.Last(ctx)
	if err != nil {
		return err
	}
	if last <= feeds.SitemapLimit {
		return s.sitemapOf(c, 1)
	}
	var body bytes.Buffer
	if err := feeds.WriteSitemapIndex(&body, func(yield func(feeds.SitemapURL, error) bool) {
		for page := int64(1); (page-1)*feeds.SitemapLimit < last; page++ {
			from := (page - 1) * feeds.SitemapLimit
			ps, err := s.Directory.PublicChanges(ctx, from, 1)
			if err == nil && (len(ps) == 0 || ps[0].Change > from+feeds.SitemapLimit) {
				continue // every record of this range was written again later
			}
			if !yield(feeds.SitemapURL{Address: fmt.Sprintf("%s/sitemaps/%d.xml", s.site.URL, page)}, err) || err != nil {
				return
			}
		}
	}); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, crawlAge)
	return s.send(c, http.StatusOK, xmlType, body.Bytes())
}

// sitemapPage serves one of the sitemaps in the index.
//
//	@Summary	One sitemap of the index
//	@ID			sitemapPage
//	@Tags		Find
//	@Produce	application/xml
//	@Param		page	path		string	true	"Number of the sitemap, and .xml, as in /sitemap.xml"	example(1.xml)
//	@Success	200		{string}	string	"A sitemap (sitemaps.org)"
//	@Failure	400,401,404,406,429,500,503	{object}	Problem
//	@Router		/sitemaps/{page} [get]
func (s *server) sitemapPage(c *call) error {
	number, isXML := strings.CutSuffix(c.Param("page"), ".xml")
	page, err := strconv.ParseInt(number, 10, 32)
	last, lastErr := s.Directory.Last(c.Request().Context())
	switch {
	case lastErr != nil:
		return lastErr
	case !isXML || err != nil || page < 1 || (page-1)*feeds.SitemapLimit >= max(1, last):
		return fmt.Errorf("sitemap %q: %w", directory.Quote(c.Param("page")), directory.ErrNotFound)
	}
	return s.sitemapOf(c, page)
}

func (s *server) sitemapOf(c *call, page int64) error {
	c.Response().Header().Set(echo.HeaderCacheControl, crawlAge)
	return s.stream(c, xmlType, func(ctx context.Context, w io.Writer) error {
		return feeds.WriteSitemap(w, s.pagesOf(ctx, (page-1)*feeds.SitemapLimit, page*feeds.SitemapLimit))
	})
}

// pagesOf yields the addresses of the pages of public records whose newest change is
// in (after, upTo].
func (s *server) pagesOf(ctx context.Context, after, upTo int64) iter.Seq2[feeds.SitemapURL, error] {
	return func(yield func(feeds.SitemapURL, error) bool) {
		for after < upTo {
			ps, err := s.Directory.PublicChanges(ctx, after, logStep)
			if err != nil {
				yield(feeds.SitemapURL{}, err)
				return
			}
			for _, p := range ps {
				if p.Change > upTo {
					return
				}
				if u := s.pageOf(p); u.Address != "" && !yield(u, nil) {
					return
				}
				after = p.Change
			}
			if len(ps) < logStep {
				return
			}
		}
	}
}

// pageOf returns the address of the page of a record, empty if it is not public.
func (s *server) pageOf(p directory.PublicChange) feeds.SitemapURL {
	switch {
	case p.Activity != nil:
		return feeds.SitemapURL{Address: s.site.ActivityURL(p.ID), Updated: p.Activity.Updated}
	case p.Group != nil:
		return feeds.SitemapURL{Address: s.site.GroupURL(p.ID), Updated: p.At}
	}
	return feeds.SitemapURL{}
}
