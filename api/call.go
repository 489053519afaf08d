package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
)

// call is one request while it is answered.
type call struct {
	echo.Context
	// id names the request in the log and in problems; a UUID.
	id    string
	start time.Time
	// by is who asks; the zero Principal is the public.
	by directory.Principal
	// caller is who the request is counted against.
	caller caller
	// keyed is true when a key was sent, good or bad.
	keyed bool
	// route is nil until the router has found one.
	route *route
	// params are the query parameters.
	params *params
	// format is the form to answer in, of routes that have several.
	format feeds.Format
	// asked is the request as it came, before it was given a deadline; head is
	// true where only the headers of the answer are asked for.
	asked *http.Request
	head  bool
	// ends are what has to be called when the request is answered.
	ends []context.CancelFunc
}
