package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"gather/api/web"
	"gather/directory"
	"gather/search/index"
)

// Problem is the answer to every request that fails (RFC 9457), sent as
// application/problem+json.
type Problem struct {
	// Type names the kind of problem for programs: branch on it, not on the
	// texts. It is the path of a page that explains it.
	Type string `json:"type" example:"/problems/invalid"`
	// Title says the same in words; Status repeats the HTTP status.
	Title  string `json:"title" example:"What was sent breaks the rules"`
	Status int    `json:"status" example:"422"`
	// Detail is about this request.
	Detail string `json:"detail,omitempty" example:"1 thing is wrong: see errors"`
	// Instance names this request; quote it when you ask for help.
	Instance string `json:"instance" example:"urn:uuid:0b0f3a5e-6f1c-4f0e-9d8e-2d7a3c1b5e4f"`
	// Errors is everything that is wrong, at once.
	Errors []directory.Fault `json:"errors,omitempty"`
}

// problemType is the media type of a Problem.
const problemType = "application/problem+json"

// Errors of HTTP itself, in addition to those of package directory.
var (
	errNoRoute       = errors.New("no such address")
	errMethod        = errors.New("method not allowed")
	errNotAcceptable = errors.New("not acceptable")
	errSlowBody      = errors.New("body too slow")
	errTooLarge      = errors.New("body too large")
	errMediaType     = errors.New("media type not supported")
	errStale         = errors.New("If-Match does not hold")
	errNoIfMatch     = errors.New("If-Match is missing")
	errTooMany       = errors.New("too many requests")
	errNotReady      = errors.New("not ready")
	errPanic         = errors.New("panic")
)

// malformed is the error of a body or parameter that could not be parsed.
type malformed struct {
	faults *directory.Invalid
	body   bool
}

func (e *malformed) Error() string { return e.faults.Error() }

// unformed marks the faults in err, if it has any, as faults in the form of a body.
func unformed(err error) error {
	var in *directory.Invalid
	if errors.As(err, &in) {
		return &malformed{in, true}
	}
	return err
}

// badParams marks the faults in err, if it has any, as faults of parameters.
func badParams(err error) error {
	var in *directory.Invalid
	if errors.As(err, &in) {
		return &malformed{in, false}
	}
	return err
}

// explained is an error with a sentence for the caller about this request.
type explained struct {
	err    error
	detail string
}

func (e *explained) Error() string { return e.err.Error() + ": " + e.detail }
func (e *explained) Unwrap() error { return e.err }

// explain adds a sentence to an error of the table, which the problem shows as its
// detail.
func explain(err error, format string, args ...any) error {
	return &explained{err, fmt.Sprintf(format, args...)}
}

// is returns the match of a table row: errors that wrap target.
func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

// as returns the match of a table row: errors of type T for which also holds.
func as[T error](also func(T) bool) func(error) bool {
	return func(err error) bool {
		var e T
		return errors.As(err, &e) && also(e)
	}
}

// kind is one kind of problem: a row of the table that maps errors to HTTP.
type kind struct {
	name   string // last part of Problem.Type
	status int
	title  string
	// detail is used unless the error has one that is safe to show.
	detail string
	// about explains the kind on its page, in plain text.
	about string
	match func(error) bool
}

// kinds is that table; the first row that matches decides. An error that matches none
// is a bug or a failure of ours: it is logged, and the response does not show it.
var kinds = []kind{
	{"no-such-address", http.StatusNotFound, "There is no such address", "Nothing is served at this address: the reference is at /docs.",
		"The path is not one of this API's. Check it against the reference at /docs.", is(errNoRoute)},
	{"method-not-allowed", http.StatusMethodNotAllowed, "This address does not take that method", "The Allow header lists what it takes.",
		"The address exists but takes other methods. The Allow header of the answer lists them.", is(errMethod)},
	{"not-acceptable", http.StatusNotAcceptable, "The Accept header cannot be met", "",
		"The Accept header leaves out everything this address can answer with. Leave the header out, or allow what the detail names.", is(errNotAcceptable)},
	{"slow-body", http.StatusRequestTimeout, "The body did not arrive in time", "A body has to arrive within 10 seconds. Nothing was stored. Send it again.",
		"The body did not arrive within 10 seconds, and the connection was closed. Nothing was stored: send the request again, over a connection that is not interrupted.", is(errSlowBody)},
	{"too-large", http.StatusRequestEntityTooLarge, "The body is too large", "A body may have at most 1,048,576 bytes (1 MiB).",
		"A body may have at most 1,048,576 bytes (1 MiB). The largest listing that the rules allow is far smaller. For many listings use the import command.", is(errTooLarge)},
	{"media-type", http.StatusUnsupportedMediaType, "The body is not of a type that is read here", "",
		"Send the Content-Type that the detail names, uncompressed and in UTF-8: application/json, or application/merge-patch+json for PATCH.", is(errMediaType)},
	{"no-if-match", http.StatusPreconditionRequired, "If-Match is missing", "Read it first, and send its ETag as If-Match.",
		"A change has to say which version it changes, so that nobody overwrites what they have not seen. Read the record, keep its ETag, and send it as If-Match. \"If-Match: *\" matches any version.", is(errNoIfMatch)},
	{"stale", http.StatusPreconditionFailed, "It was changed since you read it", "Read it again, apply your change to that, and send its new ETag.",
		"The ETag sent as If-Match is not that of the newest version. Read the record again, look at what changed, apply your change and send the new ETag.", is(errStale)},
	{"too-many-requests", http.StatusTooManyRequests, "Too many requests", "Wait as long as Retry-After says, in seconds.",
		"Requests are counted for each key; without a key, or with the key of a group that nobody has trusted yet, for each address. An IPv6 /64 counts as one address, and a /48 as a whole may make ten times as many. The headers RateLimit-Policy and RateLimit say how many are allowed and left, and when there is one more; Retry-After says how many seconds to wait. New registrations and requests with keys that are not valid have limits of their own; a registration that fails does not count as one. At most 4 long answers (calendars, files, streams) are sent to one caller at once. /healthz, /readyz and /metrics are never counted.", is(errTooMany)},
	{"malformed", http.StatusBadRequest, "The body cannot be read", "",
		"The body is not the JSON that is asked for: it is not complete, not UTF-8, nested too deep, or has fields that are unknown, repeated or of the wrong type. Every fault that was found is listed under errors, with its field and what to do; of a listing, what breaks the rules in the part that could be read, too. Nothing was stored.",
		as(func(e *malformed) bool { return e.body })},
	{"parameters", http.StatusBadRequest, "A parameter or header cannot be used", "",
		"A query parameter or header, or a field of a search that was posted, is unknown, repeated, or has a value that cannot be used: a number out of range, a place that is not known. Every fault is listed under errors, by the name of the parameter.",
		as(func(e *malformed) bool { return !e.body })},
	{"invalid", http.StatusUnprocessableEntity, "What was sent breaks the rules", "",
		"The body could be read, but what it says cannot be right: a date that does not exist, a postcode without a place, a text that is too long. Every fault is listed under errors, with its field and what to do. Nothing was stored.",
		as(func(*directory.Invalid) bool { return true })},
	{"no-place", http.StatusNotFound, "There is no such place", "",
		"The text that /v1/places was asked about is not a postcode or place that is known. The detail says why, and errors what to do, with places that may have been meant under suggestions: some areas need data that the operator has to import. A search near such a text is answered with the problem \"parameters\", together with everything else that is wrong.",
		as(func(*directory.NoPlace) bool { return true })},
	{"not-found", http.StatusNotFound, "Not found", "There is nothing with this id, or it is not public.",
		"There is no record with this id, or it is one that only its group and its community builders see: a group that is not trusted yet, or its listings, including those that were withdrawn before anyone else could see them.", is(directory.ErrNotFound)},
	{"withdrawn", http.StatusGone, "Withdrawn", "The group took this listing down.",
		"The group that ran this activity took the listing down. It will not come back at this address.", is(directory.ErrGone)},
	{"conflict", http.StatusConflict, "It was changed at the same time", "Somebody else changed it at the same moment. Read it again and repeat.",
		"Others changed the record, or its group, at the same moment, and again each time the change was tried. Nothing was written. Read it again and repeat the request. For a registration: the group was changed since it was first registered with this Idempotency-Key, so its secret is not given again.", is(directory.ErrConflict)},
	{"taken", http.StatusConflict, "It already exists", "Another listing has this source and id.",
		"A directory holds one activity for each source name and id. Change the one that is there.", is(directory.ErrTaken)},
	{"reused", http.StatusUnprocessableEntity, "This Idempotency-Key was used for another request", "Use a new Idempotency-Key for a new request.",
		"An Idempotency-Key stands for one request with one body. Repeat exactly that, or use a new key.", is(directory.ErrReused)},
	{"no-valid-key", http.StatusUnauthorized, "A valid key is needed", "Send your key as \"Authorization: Bearer …\".",
		"Send a key as \"Authorization: Bearer …\". A key that is unknown, expired or revoked is refused also where no key is needed, so that you notice; only /healthz, /readyz and /metrics ignore keys.", is(directory.ErrUnauthorised)},
	{"not-allowed", http.StatusForbidden, "Your key may not do this", "It needs a key of another role, group or area.",
		"The key is valid, but its role, group or area does not allow this. A publisher writes for its own group, a builder in their area; a suspended group may not write.", is(directory.ErrForbidden)},
	{"not-ready", http.StatusServiceUnavailable, "Not ready", "Try again soon.",
		"The server cannot answer this now, and expects to soon: it is starting, has not caught up with the change you asked to see, or was too slow this time. Wait as long as Retry-After says.", func(err error) bool {
			return errors.Is(err, errNotReady) || errors.Is(err, index.ErrClosed) || errors.Is(err, context.DeadlineExceeded)
		}},
	{"disk-full", http.StatusServiceUnavailable, "The disk of the server is full", "Nothing was written. Try again later, with the same Idempotency-Key or If-Match.",
		"The disk that holds the database has no room. Nothing of the request was written, and nothing can be until the operator has made room: repeat it then, with the same Idempotency-Key or If-Match. Searches and reads still work.", is(directory.ErrFull)},
	{"unavailable", http.StatusServiceUnavailable, "The store cannot be reached", "Try again soon, with the same Idempotency-Key.",
		"The database cannot be reached. Either nothing was written, or it cannot be known: repeat the request with the same Idempotency-Key or If-Match, which makes that safe. Searches still work, and what they find can be read.", is(directory.ErrUnavailable)},
	ours,
}

// ours is the kind of every error that is in no row of the table.
var ours = kind{"internal", http.StatusInternalServerError, "Something went wrong on our side", "It was logged. Try again, and if it happens again, give the operator the instance.",
	"The fault is not in your request. It is in the server's log under the instance of the problem: give that to the operator if it happens again.", func(error) bool { return true }}

// kindOf returns the first row of the table that matches err.
func kindOf(err error) kind {
	for _, k := range kinds {
		if k.match(err) {
			return k
		}
	}
	return ours
}

// problem returns the problem to send for err, and its kind.
func problem(c *call, err error) (Problem, kind) {
	k := kindOf(err)
	p := Problem{Type: "/problems/" + k.name, Title: k.title, Status: k.status, Detail: k.detail, Instance: "urn:uuid:" + c.id}
	var (
		in    *directory.Invalid
		mal   *malformed
		place *directory.NoPlace
		none  *notFound
		said  *explained
	)
	if errors.As(err, &mal) {
		in = mal.faults
	}
	switch {
	case in != nil || errors.As(err, &in):
		p.Errors, p.Detail = in.Faults, count(len(in.Faults))
	case errors.As(err, &place):
		p.Detail = place.Detail
		p.Errors = []directory.Fault{{Field: "q", Detail: place.Detail, Fix: place.Fix}}
		if errors.As(err, &none) {
			p.Errors[0].Suggestions = none.suggestions
		}
	}
	if text := why(err); text != "" {
		p.Detail = text
	}
	if errors.As(err, &said) {
		p.Detail = said.detail
	}
	return p, k
}

// why returns what err says about the key that was sent or is needed, "" if nothing.
func why(err error) string {
	var denied *directory.Denied
	if errors.As(err, &denied) {
		return denied.Why
	}
	return ""
}

func count(n int) string {
	if n == 1 {
		return "1 thing is wrong: see errors."
	}
	return fmt.Sprintf("%d things are wrong: see errors.", n)
}

// retrySeconds is the Retry-After of a 503: long enough for a restart or for MongoDB
// to elect a new primary.
const retrySeconds = "5"

// sendProblem sends the problem for err, and reports whether err is a failure of the
// server, which has to be logged.
func (s *server) sendProblem(c *call, err error) (oursToo bool) {
	p, k := problem(c, err)
	h := c.Response().Header()
	for _, name := range []string{echo.HeaderCacheControl, "Etag", "Change", echo.HeaderLocation, echo.HeaderContentEncoding, echo.HeaderContentDisposition, echo.HeaderContentType} {
		h.Del(name)
	}
	h.Set(echo.HeaderCacheControl, "no-store")
	switch k.status {
	case http.StatusUnauthorized:
		h.Set(echo.HeaderWWWAuthenticate, challenge(c.keyed))
	case http.StatusServiceUnavailable:
		h.Set(echo.HeaderRetryAfter, retrySeconds)
	}
	mediaType := problemType
	body, encodeErr := json.Marshal(p)
	if c.wantsPage() {
		h.Add(echo.HeaderVary, echo.HeaderAccept)
		h.Set("Content-Security-Policy", pagePolicy)
		lang := pageLanguage("", c.Request().Header.Get("Accept-Language"))
		mediaType = echo.MIMETextHTMLCharsetUTF8
		body, encodeErr = s.pages.Problem(web.Problem{Language: lang, Status: p.Status, Instance: p.Instance})
	}
	if encodeErr != nil {
		return true
	}
	_ = c.Blob(p.Status, mediaType, append(body, '\n')) // fails only if the client is gone
	return p.Status >= http.StatusInternalServerError
}

// wantsPage reports whether the request is that of a person's browser for a page,
// or for an address that does not exist: its Accept header names HTML, which
// programs do not ask for unless they mean it.
func (c *call) wantsPage() bool {
	if c.Request().Method != http.MethodGet || !strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/html") {
		return false
	}
	return c.route == nil || slices.Contains(c.route.produces, "text/html")
}

// challenge returns the WWW-Authenticate header (RFC 6750).
func challenge(keyed bool) string {
	if keyed {
		return `Bearer realm="gather", error="invalid_token"`
	}
	return `Bearer realm="gather"`
}

// fromEcho converts errors of the router to those of the table.
func fromEcho(err error) error {
	var he *echo.HTTPError
	if !errors.As(err, &he) {
		return err
	}
	switch he.Code {
	case http.StatusNotFound:
		return errNoRoute
	case http.StatusMethodNotAllowed:
		return errMethod
	case http.StatusRequestEntityTooLarge:
		return errTooLarge
	}
	return fmt.Errorf("router: %s", strings.ToLower(http.StatusText(he.Code)))
}
