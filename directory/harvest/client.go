package harvest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"
)

// Errors of a harvest.
var (
	// ErrPrivate reports an address in a private, loopback or link-local
	// network while Options.AllowPrivate is not set.
	ErrPrivate = errors.New("is not an address of the public internet")
	// ErrBusy reports that another harvest of the same source is running.
	ErrBusy = errors.New("another harvest of this source is running")
)

// errMissing reports a response that says the resource does not exist.
var errMissing = errors.New("is not there")

// Limits on what a source may make a harvest do.
const (
	// maxBody is the most bytes of one response body, decompressed. A page of
	// 500 listings has about one megabyte.
	maxBody = 64 << 20
	// maxBytes is the most bytes of one harvest, many times a nation's listings.
	maxBytes = 8 << 30
	// maxRedirects is more than a move to https and to another name needs.
	maxRedirects = 5
	// requestTime is the timeout of one request, including the body.
	requestTime = time.Minute
	// maxTries is how often one request is tried before the source counts as
	// unavailable. With the pauses between them that is about two minutes.
	maxTries = 6
	// firstPause is the pause after the first failure; it doubles with each.
	firstPause = 2 * time.Second
	// longestPause is the longest Retry-After that a harvest waits for; a source
	// that asks for longer is left until the next harvest.
	longestPause = 5 * time.Minute
)

// client makes the requests to one source.
type client struct {
	http     http.Client
	o        Options
	last     time.Time
	requests int
	bytes    int64
}

func newClient(o Options) *client {
	dialer := &net.Dialer{Timeout: 15 * time.Second}
	if !o.AllowPrivate {
		// The check sees the resolved address that is dialled, so DNS rebinding
		// cannot get around it.
		dialer.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error { return publicOnly(address) }
	}
	return &client{o: o, http: http.Client{
		Timeout: requestTime,
		// No proxy: only its own address would be checked, not the source's.
		Transport: &http.Transport{
			DialContext: dialer.DialContext, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 15 * time.Second,
			ResponseHeaderTimeout: requestTime, MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			switch {
			case len(via) > maxRedirects:
				return fmt.Errorf("is redirected more than %d times", maxRedirects)
			case r.URL.Scheme != "https" && r.URL.Scheme != "http":
				return fmt.Errorf("is redirected to %s, which is not the web", clip(r.URL.Scheme))
			case r.URL.Scheme == "http" && via[len(via)-1].URL.Scheme == "https":
				return errDowngrade
			}
			return nil
		},
	}}
}

// errDowngrade reports a redirect or a next page that would leave https.
var errDowngrade = errors.New("leads from https to http")

// closed are the address ranges outside the public internet (IANA's
// special-purpose registries) that netip has no method for, among them those
// that embed an IPv4 address.
var closed = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("::/96"),
}

// publicOnly returns ErrPrivate for an address to be dialled that is not public.
func publicOnly(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("dial %s: %w", address, ErrPrivate)
	}
	ip := at.Addr().Unmap().WithZone("")
	private := !ip.IsGlobalUnicast() || ip.IsPrivate()
	for _, p := range closed {
		private = private || p.Contains(ip)
	}
	if private {
		return fmt.Errorf("%s %w", ip, ErrPrivate)
	}
	return nil
}

// answer is a response. unchanged is true for 304 Not Modified.
type answer struct {
	at             *url.URL // after redirects
	body           []byte
	etag, modified string
	unchanged      bool
}

// get requests u, on the condition that it changed since it had this ETag and
// Last-Modified; empty values are left out. It waits and retries where the source
// is busy or failing. It returns errMissing for a resource that does not exist.
func (c *client) get(ctx context.Context, u *url.URL, etag, modified string) (answer, error) {
	pause := firstPause
	for try := 1; ; try++ {
		if err := c.space(ctx); err != nil {
			return answer{}, err
		}
		got, later, err := c.try(ctx, u, etag, modified)
		if err == nil || ctx.Err() != nil || later < 0 || try == maxTries {
			return got, err
		}
		if later > longestPause {
			return got, fmt.Errorf("%w; it asks to retry in %s", err, later.Round(time.Second))
		}
		// Half of the pause is random jitter, so that clients do not retry all at
		// once.
		wait := max(later, pause/2+rand.N(pause/2))
		if err := c.o.Wait(ctx, wait); err != nil {
			return answer{}, err
		}
		pause *= 2
	}
}

// space waits until Options.Spacing has passed since the last request.
func (c *client) space(ctx context.Context) error {
	if rest := c.o.Spacing - c.o.Now().Sub(c.last); !c.last.IsZero() && rest > 0 {
		if err := c.o.Wait(ctx, rest); err != nil {
			return err
		}
	}
	c.last = c.o.Now()
	return nil
}

// try makes one request. later is how long the source asks to wait before the
// next try: 0 where it does not say, negative where a retry is pointless.
func (c *client) try(ctx context.Context, u *url.URL, etag, modified string) (got answer, later time.Duration, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("fetch %s: %w", clip(u.Redacted()), err)
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return got, -1, err
	}
	req.Header.Set("User-Agent", c.o.UserAgent)
	req.Header.Set("Accept", "application/json, application/vnd.openactive.rpde+json, text/csv, */*;q=0.5")
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	if modified != "" {
		req.Header.Set("If-Modified-Since", modified)
	}
	res, err := c.http.Do(req)
	if c.requests++; c.o.Progress != nil {
		c.o.Progress(c.requests)
	}
	if err != nil {
		if errors.Is(err, ErrPrivate) || errors.Is(err, errDowngrade) || isRedirectFault(err) {
			return got, -1, bare(err)
		}
		return got, 0, bare(err)
	}
	defer res.Body.Close()
	switch code := res.StatusCode; {
	case code == http.StatusNotModified && (etag != "" || modified != ""):
		return answer{at: res.Request.URL, unchanged: true}, 0, nil
	case code == http.StatusNotFound, code == http.StatusGone:
		return got, -1, fmt.Errorf("%w (%s)", errMissing, res.Status)
	case code == http.StatusTooManyRequests, code >= 500:
		return got, retryAfter(res.Header.Get("Retry-After"), c.o.Now()), fmt.Errorf("the source returned %s", res.Status)
	case code != http.StatusOK:
		return got, -1, fmt.Errorf("the source returned %s", res.Status)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	c.bytes += int64(len(body))
	switch {
	case len(body) > maxBody:
		return got, -1, fmt.Errorf("the response is larger than %d bytes", maxBody)
	case c.bytes > maxBytes:
		return got, -1, fmt.Errorf("the source sent more than %d bytes", int64(maxBytes))
	case err != nil:
		return got, 0, fmt.Errorf("read the response: %w", err)
	}
	return answer{at: res.Request.URL, body: body, etag: res.Header.Get("ETag"), modified: res.Header.Get("Last-Modified")}, 0, nil
}

// bare returns err without the address that net/http puts before it.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// isRedirectFault reports whether err is a refused redirect, which a retry would
// not change.
func isRedirectFault(err error) bool {
	var op *net.OpError
	var u *url.Error
	return errors.As(err, &u) && !u.Timeout() && !errors.As(err, &op) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF)
}

// retryAfter returns how long a Retry-After header asks to wait, 0 for none.
func retryAfter(header string, now time.Time) time.Duration {
	if s, err := strconv.Atoi(header); err == nil && s > 0 {
		return time.Duration(min(s, 365*24*3600)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
