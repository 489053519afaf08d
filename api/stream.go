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

// The limits of streamed responses. A stream needs little memory however long it is,
// but it holds a connection and reads from the store for all that time.
const (
	// chunkSize is how many bytes are buffered before they are sent. Until the
	// first chunk is sent, a failure is still answered with a problem.
	chunkSize = 32 << 10
	// chunkTime is how long a client may take to read one chunk: one that reads
	// less than a kilobyte a second is gone, or is attacking.
	chunkTime = 30 * time.Second
	// streamTime is how long one stream may take altogether: a million listings
	// over a home connection.
	streamTime = time.Hour
	// maxStreams is how many streams are sent at once. Each uses up to one core
	// while its client reads fast.
	maxStreams = 32
	// maxStreamsEach is how many of them one caller may have: a harvester that
	// reads several feeds in parallel. An IPv6 /48 is one caller.
	maxStreamsEach = 4
)

// streams counts the streamed responses in progress. The zero value is ready to use.
type streams struct {
	mu   sync.Mutex
	all  int
	each map[string]int
}

// take counts one more stream of who, until leave is called. It fails with errTooMany
// if who has maxStreamsEach, and with errNotReady if the server has maxStreams.
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

// stream sends what write writes, compressed for clients that accept gzip, and buffers
// one chunk. A failure before the first chunk is sent is answered with a problem. After
// it the connection is closed, so that no client takes a part for the whole.
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

// chunks is a writer that gives the client chunkTime to read each write.
type chunks struct {
	to      io.Writer
	control *http.ResponseController
}

func (k *chunks) Write(p []byte) (int, error) {
	// Deadlines of a connection use the system clock. Writers of tests do not
	// support them, hence the ignored error.
	_ = k.control.SetWriteDeadline(time.Now().Add(chunkTime))
	return k.to.Write(p)
}

// allow sets the deadline of the request to d from now.
func (c *call) allow(d time.Duration) {
	ctx, cancel := context.WithTimeout(c.asked.Context(), d)
	c.ends = append(c.ends, cancel)
	c.SetRequest(c.Request().WithContext(ctx))
}

// end releases the timers that allow started.
func (c *call) end() {
	for _, cancel := range c.ends {
		cancel()
	}
}
