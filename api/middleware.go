package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gather/directory"
)

// requestTimeout is how long one request may take. It is longer than the slowest
// request that can succeed, a wait for the index with after_change.
const requestTimeout = 10 * time.Second

// errCutOff is the error of a handler that aborted its response.
var errCutOff = errors.New("the response was aborted")

// statusClosed is the status in the log when the client closed the connection
// (nginx uses the same number).
const statusClosed = 499

// middleware does what every request needs, with a route or without: an id,
// headers, a deadline, authentication, limits, a problem for an error, one line
// in the log.
func (s *server) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(ec echo.Context) error {
		c := &call{Context: ec, id: newRequestID(), start: s.Now(), asked: ec.Request()}
		c.head, _ = c.asked.Context().Value(headKey{}).(bool)
		s.headers(c)
		c.allow(requestTimeout)
		defer c.end()
		s.metrics.inFlight.Inc()
		defer s.metrics.inFlight.Dec()

		err := s.answerSafely(c, next)
		var cause error
		half := err != nil && (c.Response().Committed || c.gone(err))
		switch {
		case err == nil:
		case c.asked.Context().Err() != nil && half:
			c.Response().Status = statusClosed
		case half:
			cause = err // too late for a problem: the error goes to the log only
		case s.sendProblem(c, err):
			cause = err
		}
		s.logRequest(c, cause)
		if half {
			// This closes the connection. Returning would end the response as if
			// it were complete, with status 200 if nothing was sent yet.
			panic(http.ErrAbortHandler)
		}
		return nil
	}
}

// gone reports whether err is a consequence of the client closing the connection, or
// its sending half. Faults of the request are still answered: a client that closed
// only its sending half can read the response.
func (c *call) gone(err error) bool {
	return c.asked.Context().Err() != nil && kindOf(err).status >= http.StatusInternalServerError
}

// answerSafely admits the request and runs the handler; a panic becomes an error.
func (s *server) answerSafely(c *call, next echo.HandlerFunc) (err error) {
	defer func() {
		switch r := recover(); {
		case r == http.ErrAbortHandler:
			err = errCutOff // net/http's way to abort a response
		case r != nil:
			s.metrics.panics.Inc()
			err = fmt.Errorf("%w: %v\n%s", errPanic, r, debug.Stack())
		}
	}()
	if err := s.admit(c); err != nil {
		return err
	}
	return fromEcho(next(c))
}

// admit authenticates the caller and counts the request against their limit.
func (s *server) admit(c *call) error {
	switch {
	case c.Request().Method == http.MethodOptions:
		return nil // a browser's preflight request, which has no key
	case s.operating[c.Path()]:
		// A probe that is refused makes the server look down, and one that waits
		// for the store to look up a key says nothing about the server.
		return nil
	}
	c.caller = clientAddress(c.Request(), s.Proxies)
	h, err := s.authenticate(c)
	switch {
	case errors.Is(err, directory.ErrUnauthorised):
		// Guesses are counted too, against the caller's address, never against the
		// key that is guessed.
		if wait := s.limits.take(c, badKeys, c.caller, s.Now()); wait != nil {
			return wait
		}
		return err
	case err != nil:
		return err
	}
	if c.by = h.by; c.by.Key == "" || h.unproved {
		return s.limits.take(c, perAddress, c.caller, s.Now())
	}
	c.caller = caller{name: c.by.Key}
	return s.limits.take(c, perKey, c.caller, s.Now())
}

// tighter returns the limit that applies to c in addition to the common one, empty
// if the route has none.
func (c *call) tighter() policy {
	if c.route.limit == registrations && (c.by.Role == directory.RoleBuilder || c.by.Role == directory.RoleAdmin) {
		return builderRegistrations
	}
	return c.route.limit
}

// route wraps the handler of one route: it reads the parameters, refuses what the
// route does not support, and applies the route's own limit.
func (s *server) route(r route) echo.HandlerFunc {
	return func(ec echo.Context) error {
		c, ok := ec.(*call)
		if !ok {
			return fmt.Errorf("route %s %s: called outside the middleware", r.method, r.path)
		}
		c.route = &r
		if err := c.negotiate(&r); err != nil {
			return err
		}
		if !r.freeParams {
			c.params = readParams(c.Request().URL.RawQuery, r.params)
		}
		if err := c.plainIDs(); err != nil {
			// /v1/keys/self is routed as /v1/keys/:id where it lacks the method.
			if methods := s.methods[c.Request().URL.Path]; methods != nil {
				c.Response().Header().Set(echo.HeaderAllow, strings.Join(append([]string{http.MethodOptions}, methods...), ", "))
				return errMethod
			}
			return err
		}
		switch {
		case len(r.formats) == 0 && !accepts(c.Request().Header.Values(echo.HeaderAccept), r.answers()):
			return explain(errNotAcceptable, "This address answers with %s.", oneOf(r.answers()))
		case r.key && c.by.Key == "":
			return directory.ErrUnauthorised
		case !r.once && r.method == http.MethodPost && c.Request().Header.Get("Idempotency-Key") != "":
			return notIdempotent()
		case len(r.params.names) == 0 && !r.freeParams:
			if err := c.params.err(); err != nil {
				return err
			}
		}
		limit, now := c.tighter(), s.Now()
		if limit == "" {
			return r.handler(c)
		}
		if err := s.limits.take(c, limit, c.caller, now); err != nil {
			return err
		}
		err := r.handler(c)
		if err != nil {
			s.limits.giveBack(c, limit, c.caller, now)
		}
		return err
	}
}

// plainIDs converts the ids in the path to lower case. A text that is not a UUID is
// the id of no record, so it is not found.
func (c *call) plainIDs() error {
	values := append([]string{}, c.ParamValues()...)
	for i, name := range c.ParamNames() {
		if name != "id" {
			continue
		}
		id, ok := plainID(values[i])
		if !ok {
			return fmt.Errorf("id %q: %w", directory.Quote(values[i]), directory.ErrNotFound)
		}
		values[i] = id
	}
	c.SetParamValues(values...)
	return nil
}

// logRequest writes the request's line in the log and counts it. The line has the
// pattern of the route, never the URL or the client's address: the places and
// needs that people search for are not logged.
func (s *server) logRequest(c *call, cause error) {
	took := s.Now().Sub(c.start)
	pattern := "none"
	if c.route != nil {
		pattern = c.route.path
	}
	status := c.Response().Status
	s.metrics.observe(pattern, c.Request().Method, status, took)
	attrs := []slog.Attr{
		slog.String("method", c.Request().Method), slog.String("route", pattern), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int64("bytes", c.Response().Size), slog.String("request", c.id),
	}
	if c.by.Key != "" {
		attrs = append(attrs, slog.String("key", c.by.Key))
	}
	level := slog.LevelInfo
	if cause != nil {
		level = slog.LevelError
		if status == http.StatusServiceUnavailable {
			level = slog.LevelWarn // temporary: nobody has to act
		}
		attrs = append(attrs, slog.String("error", cause.Error()))
	}
	s.Log.LogAttrs(context.WithoutCancel(c.Request().Context()), level, "request", attrs...)
}

// errorHandler sends the problem for an error that Echo returns outside the
// middleware.
func (s *server) errorHandler(err error, ec echo.Context) {
	c, ok := ec.(*call)
	if !ok {
		c = &call{Context: ec, id: newRequestID(), start: s.Now()}
	}
	if !c.Response().Committed {
		s.sendProblem(c, fromEcho(err))
	}
	s.logRequest(c, err)
}

// newRequestID returns a random UUID.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails since Go 1.24
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
