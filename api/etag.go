package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gather/directory"
)

// tag returns the strong ETag of a record: its id and the number of its newest
// write. Without a key the record lacks contacts that are not public, which is
// another representation with another ETag: a PUT based on it would lose them.
func tag(id string, change int64, public bool) string {
	t := id + "." + strconv.FormatInt(change, 10)
	if public {
		t += publicMark
	}
	return `"` + t + `"`
}

const publicMark = ".public"

// gzipMark ends the ETag of a compressed response, which is a representation of its
// own (RFC 9110, section 8.8.3.3).
const gzipMark = "-gzip"

// bodyTag returns the ETag of a response that has no other: a hash of the body, the
// same on every node.
func bodyTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// tags parses a list of ETags (RFC 9110, sections 8.8.3 and 13.1). wildcard is
// true for "*"; ok is false for a header that is not such a list.
func tags(header []string) (list []string, wildcard, ok bool) {
	rest := strings.TrimSpace(strings.Join(header, ","))
	if rest == "*" {
		return nil, true, true
	}
	for {
		if rest = strings.TrimLeft(rest, ", \t"); rest == "" {
			return list, false, len(list) > 0
		}
		mark := ""
		if strings.HasPrefix(rest, "W/") {
			mark = "W/"
		}
		text, found := strings.CutPrefix(rest[len(mark):], `"`)
		end := strings.IndexByte(text, '"')
		if !found || end < 0 || strings.ContainsFunc(text[:end], func(r rune) bool { return r <= ' ' || r == 0x7f }) {
			return nil, false, false
		}
		list = append(list, mark+`"`+text[:end]+`"`)
		if rest = strings.TrimLeft(text[end+1:], " \t"); rest != "" && rest[0] != ',' {
			return nil, false, false
		}
	}
}

// unchanged reports whether If-None-Match lists tag.
func (c *call) unchanged(tag string) bool {
	list, wildcard, _ := tags(c.Request().Header.Values("If-None-Match"))
	if wildcard {
		return true
	}
	for _, t := range list {
		if weak(t) == weak(tag) {
			return true
		}
	}
	return false
}

// weak returns the part of an ETag that the weak comparison looks at.
func weak(tag string) string {
	return strings.TrimPrefix(strings.Replace(tag, gzipMark+`"`, `"`, 1), "W/")
}

// needIfMatch fails if If-Match is missing or cannot be used, before anything is
// read from the store.
func (c *call) needIfMatch() error {
	header := c.Request().Header.Values("If-Match")
	if len(header) == 0 {
		return errNoIfMatch
	}
	list, wildcard, ok := tags(header)
	switch {
	case !ok:
		return badParams(directory.InvalidField("If-Match", `send the ETag that you read as it was, with its quotation marks, or * alone`, "is no ETag: %q", strings.Join(header, ", ")))
	case !wildcard && !slices.ContainsFunc(list, func(t string) bool { return !strings.HasPrefix(t, "W/") }):
		return explain(errStale, "If-Match has only a weak ETag (W/…), which names no version. Read the record itself and send the ETag of that.")
	}
	return nil
}

// ifMatch fails unless If-Match names the record with this id and change. With
// whole, the ETag of the public representation is refused.
func (c *call) ifMatch(id string, change int64, whole bool) error {
	list, wildcard, _ := tags(c.Request().Header.Values("If-Match"))
	if wildcard {
		return nil
	}
	for _, t := range list {
		t = strings.Replace(t, gzipMark+`"`, `"`, 1)
		switch t {
		case tag(id, change, false):
			return nil
		case tag(id, change, true):
			if whole {
				return explain(errStale, "That ETag is of what the public sees, which lacks what is not public. Read it with your key, and send that ETag.")
			}
			return nil
		}
	}
	return fmt.Errorf("%s at change %d: %w", id, change, errStale)
}

// overtakings is how often a write is tried when each try conflicts with another
// write. Five conflicts in a row mean so much contention that the caller should
// know.
const overtakings = 5

// overtaking writes a change of record, which was read before. If the record or its
// group was changed in between, it reads it again, which checks If-Match against
// the new version, and tries again if that still matches. After overtakings
// conflicts it fails with directory.ErrConflict.
func overtaking[R any](record R, read func() (R, error), write func(R) (R, error)) (R, error) {
	for try := 1; ; try++ {
		saved, err := write(record)
		if !errors.Is(err, directory.ErrConflict) || try == overtakings {
			return saved, err
		}
		if record, err = read(); err != nil {
			return record, err
		}
	}
}

// seen sets the Cache-Control of a response about one record: private to a key, and
// to be revalidated every time.
func (c *call) seen() {
	c.Response().Header().Set("Cache-Control", c.visibility()+", no-cache")
}

func (c *call) visibility() string {
	if c.keyed {
		return "private"
	}
	return "public"
}

func (c *call) notModified() error { return c.NoContent(http.StatusNotModified) }
