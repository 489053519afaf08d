package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// The headers that pages of other origins may send and read.
const (
	corsSend = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key"
	corsRead = "ETag, Change, Location, Link, Request-Id, Age, Cache-Status, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, Allow, Accept-Patch"
	// corsAge is how long, in seconds, a browser may cache a preflight: a day, the
	// longest that any browser allows.
	corsAge = "86400"
)

// pagePolicy is the Content-Security-Policy of our own pages: our style sheet and
// images, no scripts, nothing from other origins. dataPolicy, for everything else,
// allows nothing.
const (
	pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	dataPolicy = "default-src 'none'; frame-ancestors 'none'"
)

// headers sets the headers of every response.
//
// Any origin may call the whole API, writes included: the key is in a header that no
// browser adds by itself and there are no cookies, so a page of another origin can do
// nothing that its author could not do without the browser.
func (s *server) headers(c *call) {
	h := c.Response().Header()
	h.Set("Request-Id", c.id)
	h.Set(echo.HeaderXContentTypeOptions, "nosniff")
	h.Set("Content-Security-Policy", dataPolicy)
	h.Set(echo.HeaderReferrerPolicy, "no-referrer")
	h.Set(echo.HeaderXFrameOptions, "DENY")
	h.Set(echo.HeaderAccessControlAllowOrigin, "*")
	h.Set(echo.HeaderAccessControlExposeHeaders, corsRead)
	h.Add(echo.HeaderVary, echo.HeaderAuthorization)
	r := c.Request()
	if r.Method == http.MethodOptions && r.Header.Get(echo.HeaderAccessControlRequestMethod) != "" {
		allow, _ := c.Get(echo.ContextKeyHeaderAllow).(string)
		h.Set(echo.HeaderAccessControlAllowMethods, allow)
		h.Set(echo.HeaderAccessControlAllowHeaders, corsSend)
		h.Set(echo.HeaderAccessControlMaxAge, corsAge)
	}
}

// oneOf joins words for a sentence: "a", "a or b", "a, b or c".
func oneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
