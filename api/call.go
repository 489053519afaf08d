package api

import (
	"time"

	"github.com/labstack/echo/v4"

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
	// keyed is true when a key was sent, good or bad.
	keyed bool
	// route is nil until the router has found one.
	route *route
	// params are the query parameters.
	params *params
}
