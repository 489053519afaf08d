package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
)

// call is one request and what is known about it so far.
type call struct {
	echo.Context
	// id names the request in the log and in problems; a UUID.
	id    string
	start time.Time
	// by is the holder of the key; the zero Principal is the public.
	by directory.Principal
	// caller is who the request is counted against.
	caller caller
	// keyed is true when a key was sent, good or bad.
	keyed bool
	// route is nil for a request that matches no route.
	route  *route
	params *params
	// format is the negotiated format, on routes that offer several.
	format feeds.Format
	// fromIndex is true when the store could not be reached and what is sent comes
	// from the index, without anything that is not public.
	fromIndex bool
	// asked is the request without the deadline that allow adds; head is true for a
	// HEAD.
	asked *http.Request
	head  bool
	// ends are called at the end of the request.
	ends []context.CancelFunc
}
