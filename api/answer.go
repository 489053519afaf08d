package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"
)

// gzipFrom is the size in bytes from which a body is compressed: a smaller one fits
// in one packet anyway.
const gzipFrom = 1400

// gzipLevel is the fastest: on listings, slower levels save a tenth more and take
// several times as long.
const gzipLevel = gzip.BestSpeed

// answer sends v as JSON.
func (s *server) answer(c *call, status int, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	return s.send(c, status, jsonType, body)
}

// encode returns v as JSON with a newline. HTML is not escaped, because this JSON is
// never put into a page.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode the answer: %w", err)
	}
	return buf.Bytes(), nil
}

// send sends a body. The response to a GET gets an ETag, if it has none yet, and is
// a 304 when the caller has it already. Large bodies are compressed for clients
// that accept gzip.
func (s *server) send(c *call, status int, mediaType string, body []byte) error {
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if c.Request().Method == http.MethodGet && status == http.StatusOK {
		if h.Get("Etag") == "" && !strings.Contains(h.Get(echo.HeaderCacheControl), "no-store") {
			h.Set("Etag", bodyTag(body))
		}
		if t := h.Get("Etag"); t != "" && c.unchanged(t) {
			return c.notModified()
		}
	}
	if len(body) >= gzipFrom && takesGzip(c.Request().Header.Values(echo.HeaderAcceptEncoding)) {
		return s.sendGzip(c, status, mediaType, body)
	}
	h.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.Blob(status, mediaType, body)
}

// gzipWriter is a compressor and the buffer it writes to.
type gzipWriter struct {
	out bytes.Buffer
	zip *gzip.Writer
}

func newGzipWriters() *sync.Pool {
	return &sync.Pool{New: func() any {
		z := &gzipWriter{}
		z.zip, _ = gzip.NewWriterLevel(&z.out, gzipLevel) // fails only for a level that does not exist
		return z
	}}
}

func (s *server) sendGzip(c *call, status int, mediaType string, body []byte) error {
	z := s.gzipWriters.Get().(*gzipWriter)
	defer s.gzipWriters.Put(z)
	z.out.Reset()
	z.zip.Reset(&z.out)
	if _, err := z.zip.Write(body); err != nil {
		return fmt.Errorf("compress the answer: %w", err)
	}
	if err := z.zip.Close(); err != nil {
		return fmt.Errorf("compress the answer: %w", err)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentEncoding, "gzip")
	h.Set(echo.HeaderContentLength, strconv.Itoa(z.out.Len()))
	if t, ok := strings.CutSuffix(h.Get("Etag"), `"`); ok {
		h.Set("Etag", t+gzipMark+`"`)
	}
	return c.Blob(status, mediaType, z.out.Bytes())
}

// takesGzip reports whether an Accept-Encoding header allows gzip.
func takesGzip(header []string) bool {
	wildcard := false
	for _, part := range strings.Split(strings.Join(header, ","), ",") {
		coding, q := quality(part)
		switch coding {
		case "gzip", "x-gzip":
			return q > 0
		case "*":
			wildcard = q > 0
		}
	}
	return wildcard
}

// quality splits one element of an Accept header into its value, in lower
// case, and its weight, which is 0 where it cannot be read.
func quality(part string) (value string, q float64) {
	value, rest, _ := strings.Cut(part, ";")
	q = 1
	for _, arg := range strings.Split(rest, ";") {
		if text, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(arg)), "q="); ok {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil || n < 0 || n > 1 {
				n = 0
			}
			q = n
		}
	}
	return strings.ToLower(strings.TrimSpace(value)), q
}

// accepts reports whether the Accept header allows one of the offered media types.
// Of the ranges that match a type, the most specific decides.
func accepts(header []string, offers []string) bool {
	joined := strings.TrimSpace(strings.Join(header, ","))
	if joined == "" {
		return true
	}
	for _, offer := range offers {
		family, _, _ := strings.Cut(offer, "/")
		best, weight := 0, 0.0
		for _, part := range strings.Split(joined, ",") {
			value, q := quality(part)
			rank := 0
			switch value {
			case offer:
				rank = 3
			case family + "/*":
				rank = 2
			case "*/*", "*":
				rank = 1
			}
			if rank > best {
				best, weight = rank, q
			}
		}
		if weight > 0 {
			return true
		}
	}
	return false
}
