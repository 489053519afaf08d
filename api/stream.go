package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"
)

// The bounds of an answer that is written while it is made. It needs the same
// little memory however long it is, but holds a connection and a reader of the
// store.
const (
	// chunkSize is how many bytes are gathered before they are sent. Until the
	// first are, a failure is still answered with a problem.
	chunkSize = 32 << 10
	// chunkTime is how long a caller may take to read one chunk: who is slower
	// than a kilobyte a second is gone, or means harm.
	chunkTime = 30 * time.Second
	// streamTime is how long one answer may take altogether: a million listings
	// over a home connection.
	streamTime = time.Hour
	// maxStreams is how many are written at once. A nation's harvesters do not
	// come at one moment; each takes a core as long as it is fast.
	maxStreams = 32
	// maxStreamsEach is how many of them one caller may have: a harvester that
	// reads some feeds side by side. An IPv6 /48 is one caller.
	maxStreamsEach = 4
)

// streams counts the long answers that are being sent. The zero streams is
// ready for use.
type streams struct {
	mu   sync.Mutex
	all  int
	each map[string]int
}

// take notes one more answer to who, until leave is called. It fails with
// errTooMany when who has all that one caller may have, and with errNotReady
// when the server sends as many as it can.
func (s *streams) take(c *call, who caller) (leave func(), err error) {
	name := who.name
	if who.network != "" {
		name = who.network
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.each[name] == maxStreamsEach:
		c.Response().Header().Set(echo.HeaderRetryAfter, retrySeconds)
		return nil, explain(errTooMany, "%d long answers are being sent to you already. Read one to its end, or close it.", maxStreamsEach)
	case s.all == maxStreams:
		return nil, explain(errNotReady, "%d long answers are being sent already. Try again soon.", maxStreams)
	case s.each == nil:
		s.each = map[string]int{}
	}
	s.all++
	s.each[name]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.each[name]--; s.each[name] == 0 {
			delete(s.each, name)
		}
	}, nil
}

// stream sends what write writes, compressed for those who take that. It holds
// one chunk. A failure before the first chunk is out is answered with a
// problem; after it, the connection is broken off, so that nobody takes half
// for all.
func (s *server) stream(c *call, mediaType string, write func(context.Context, io.Writer) error) error {
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	h.Set(echo.HeaderContentType, mediaType)
	if c.head {
		return c.NoContent(http.StatusOK)
	}
	leave, err := s.streams.take(c, c.caller)
	if err != nil {
		return err
	}
	defer leave()
	c.allow(streamTime)
	var end io.Writer = &chunks{c.Response(), http.NewResponseController(c.Response())}
	var zip *gzip.Writer
	if takesGzip(c.Request().Header.Values(echo.HeaderAcceptEncoding)) {
		h.Set(echo.HeaderContentEncoding, "gzip")
		if t, ok := strings.CutSuffix(h.Get("Etag"), `"`); ok {
			h.Set("Etag", t+gzipMark+`"`)
		}
		zip, _ = gzip.NewWriterLevel(end, gzipLevel) // fails only for a level that does not exist
		end = zip
	}
	out := bufio.NewWriterSize(end, chunkSize)
	err = write(c.Request().Context(), out)
	if err == nil {
		err = out.Flush()
	}
	if err == nil && zip != nil {
		err = zip.Close()
	}
	if err != nil {
		return fmt.Errorf("stream: %w", err)
	}
	if !c.Response().Committed {
		c.Response().WriteHeader(http.StatusOK)
	}
	return nil
}

// chunks writes to a caller who has chunkTime to read each write.
type chunks struct {
	to      io.Writer
	control *http.ResponseController
}

func (k *chunks) Write(p []byte) (int, error) {
	// The deadline of a connection is by the machine's clock; writers of tests
	// have none.
	_ = k.control.SetWriteDeadline(time.Now().Add(chunkTime))
	return k.to.Write(p)
}

// allow gives the request d from now, instead of what it had.
func (c *call) allow(d time.Duration) {
	ctx, cancel := context.WithTimeout(c.asked.Context(), d)
	c.ends = append(c.ends, cancel)
	c.SetRequest(c.Request().WithContext(ctx))
}

// end ends what allow began.
func (c *call) end() {
	for _, cancel := range c.ends {
		cancel()
	}
}
