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

// tag is the strong ETag of a record: its id and the number of its newest
// write. What is shown without a key lacks contacts that are not public, so
// it is another representation and has another tag; a PUT made from it would
// lose them.
func tag(id string, change int64, public bool) string {
	t := id + "." + strconv.FormatInt(change, 10)
	if public {
		t += publicMark
	}
	return `"` + t + `"`
}

const publicMark = ".public"

// gzipMark ends the ETag of an answer that is compressed, which is a
// representation of its own (RFC 9110, section 8.8.3.3).
const gzipMark = "-gzip"

// bodyTag is the ETag of an answer that has no better one: a hash of its bytes,
// the same on every server.
func bodyTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// tags reads a list of ETags (RFC 9110, sections 8.8.3 and 13.1). wildcard is
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

// unchanged reports whether the caller has what tag names already.
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

// weak is what the weak comparison of ETags compares.
func weak(tag string) string {
	return strings.TrimPrefix(strings.Replace(tag, gzipMark+`"`, `"`, 1), "W/")
}

// needIfMatch fails when a change does not say what it changes, or not so that
// it can be understood, before anything is read for it.
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
// whole, the tag of what the public sees will not do.
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

// overtakings is how often a change is tried that is overtaken by others every
// time. Each try has somebody else's write to make room for; five in a row is a
// storm, and the caller had better know.
const overtakings = 5

// overtaking writes a change of a record that was read. When somebody else
// wrote to it, or to its group, in between, it is read again, which holds
// If-Match against what is there now: a version that was named fails there,
// and what is still as it was named goes on. It fails with
// directory.ErrConflict when that happens too often.
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

// seen is the Cache-Control of an answer about one record: what a key may see
// belongs to its holder, and anybody has to ask whether it is still so.
func (c *call) seen() {
	c.Response().Header().Set("Cache-Control", c.visibility()+", no-cache")
}

func (c *call) visibility() string {
	if c.keyed {
		return "private"
	}
	return "public"
}

// notModified answers 304.
func (c *call) notModified() error { return c.NoContent(http.StatusNotModified) }
