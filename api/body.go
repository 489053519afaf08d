package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gather/directory"
)

// maxBody is the largest body in bytes, 1 MiB: several times the largest listing
// that the rules allow, and small enough that a thousand at once fit in memory.
const maxBody = 1 << 20

// bodyTime is how long a body may take to arrive: 1 MiB over a slow mobile
// connection.
const bodyTime = 10 * time.Second

// The media types of bodies.
const (
	jsonType  = "application/json"
	patchType = "application/merge-patch+json" // RFC 7396
)

// readBody reads the body, which must have this media type.
func (c *call) readBody(mediaType string) ([]byte, error) {
	r := c.Request()
	if err := checkType(r, mediaType); err != nil {
		if r.Method == http.MethodPatch {
			c.Response().Header().Set("Accept-Patch", mediaType)
		} else {
			c.Response().Header().Set(echo.HeaderAccept, mediaType)
		}
		return nil, err
	}
	if r.ContentLength > maxBody {
		c.Response().Header().Set(echo.HeaderConnection, "close")
		return nil, errTooLarge
	}
	body, err := c.receive()
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.Response().Header().Set(echo.HeaderConnection, "close")
		return nil, errSlowBody
	case err != nil: // the caller stopped sending
		return nil, unformed(&directory.Invalid{Faults: []directory.Fault{{
			Detail: "it did not arrive whole", Fix: "send it again",
		}}})
	}
	return body, nil
}

// receive reads the body, which may take bodyTime. Then requestTimeout starts again,
// so that a slow connection does not shorten the time that the store has.
func (c *call) receive() ([]byte, error) {
	control := http.NewResponseController(c.Response())
	// Deadlines of a connection use the system clock. Requests that tests make
	// without a connection do not support them, hence the ignored error.
	_ = control.SetReadDeadline(time.Now().Add(bodyTime))
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	if err != nil {
		return nil, err
	}
	c.allow(requestTimeout)
	return body, nil
}

// checkType returns an error unless the body has the wanted media type, in UTF-8 and
// not compressed.
func checkType(r *http.Request, want string) error {
	if coding := r.Header.Get(echo.HeaderContentEncoding); coding != "" && !strings.EqualFold(coding, "identity") {
		return explain(errMediaType, "Send the body uncompressed: Content-Encoding %q is not read here.", directory.Quote(coding))
	}
	header := r.Header.Get(echo.HeaderContentType)
	got, args, err := mime.ParseMediaType(header)
	switch {
	case header == "":
		return explain(errMediaType, "Send the body with Content-Type: %s.", want)
	case err != nil || got != want:
		return explain(errMediaType, "Send Content-Type: %s, not %q.", want, directory.Quote(header))
	case args["charset"] != "" && !strings.EqualFold(args["charset"], "utf-8"):
		return explain(errMediaType, "Send UTF-8, not %q.", directory.Quote(args["charset"]))
	}
	return nil
}

// decodeListing reads a JSON body into v, whose listing is d. The rules are checked
// on the part that can be read even if the form of another part is wrong, so that
// all faults are reported at once.
func (s *server) decodeListing(c *call, v any, d *directory.Details) error {
	body, err := c.readBody(jsonType)
	if err != nil {
		return err
	}
	return s.alsoRules(directory.Decode(body, v), d)
}

// decode reads a JSON body into v.
func (c *call) decode(v any) error {
	body, err := c.readBody(jsonType)
	if err != nil {
		return err
	}
	return unformed(directory.Decode(body, v))
}

// The length of an Idempotency-Key in bytes. The key of a registration gives access
// to the secret in its response, so it must be long enough not to be guessed.
const (
	minIdempotency = 16
	maxIdempotency = 100
)

// idempotency returns the Idempotency-Key, empty when there is none.
func (c *call) idempotency() (string, error) {
	values := c.Request().Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	key := values[0]
	bad := len(values) > 1 || len(key) < minIdempotency || len(key) > maxIdempotency ||
		strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' })
	if bad {
		return "", badParams(directory.InvalidField("Idempotency-Key", fmt.Sprintf("send one random text of %d to %d visible ASCII characters, such as a UUID", minIdempotency, maxIdempotency), "cannot be used"))
	}
	return key, nil
}

// notIdempotent is the error for an Idempotency-Key on a route that ignores it: the
// caller would count on a promise that is not kept.
func notIdempotent() error {
	return badParams(directory.InvalidField("Idempotency-Key", "leave it out", "is not kept at this address"))
}
