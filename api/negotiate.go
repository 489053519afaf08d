package api

import (
	"errors"
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
)

// mediaTypes returns the media types of formats, without parameters.
func mediaTypes(formats []feeds.Format) []string {
	var out []string
	for _, f := range formats {
		media, _, _ := strings.Cut(f.ContentType(), ";")
		out = append(out, media)
	}
	return out
}

// negotiate chooses the format of the response. A file ending is the parameter
// "format" of the path, or the end of the last parameter, from which it is cut: ids
// and keys of sessions contain no dot.
func (c *call) negotiate(r *route) error {
	if len(r.formats) == 0 {
		return nil
	}
	ending, marked := "", false
	names, values := c.ParamNames(), c.ParamValues()
	if last := len(names) - 1; last >= 0 {
		switch {
		case names[last] == "format":
			ending, marked = values[last], true
		case strings.HasSuffix(r.path, ":"+names[last]):
			cut := append([]string{}, values[:last+1]...)
			cut[last], ending, marked = strings.Cut(cut[last], ".")
			if _, ok := plainID(cut[last]); names[last] == "id" && !ok {
				return nil // not an id: plainIDs answers 404
			}
			c.SetParamValues(cut...)
		}
	}
	if marked && ending == "" {
		return errNoRoute
	}
	if !marked {
		c.Response().Header().Add(echo.HeaderVary, echo.HeaderAccept)
	}
	accept := strings.Join(c.Request().Header.Values(echo.HeaderAccept), ",")
	f, err := feeds.Negotiate(accept, ending, r.formats...)
	switch {
	case errors.Is(err, feeds.ErrNoEnding):
		return explain(errNoRoute, "Nothing is served here with the ending .%s: there is %s.", directory.Quote(ending), oneOf(endings(r.formats)))
	case errors.Is(err, feeds.ErrNotAcceptable):
		return explain(errNotAcceptable, "This address answers with %s.", oneOf(r.answers()))
	case err != nil:
		return fmt.Errorf("negotiate: %w", err)
	}
	c.format = f
	return nil
}

func endings(formats []feeds.Format) []string {
	var out []string
	for _, f := range formats {
		out = append(out, "."+string(f))
	}
	return out
}
