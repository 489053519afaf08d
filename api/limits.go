package api

import (
	"container/list"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how many requests are allowed in a length of time. They may all come
// at once; after that they come back evenly. No Requests means no limit.
type Rate struct {
	Requests int
	Per      time.Duration
}

// Limits is how often the API may be called.
type Limits struct {
	// Address is for each network address that sends no key. A library or a
	// health centre is many people behind one address.
	Address Rate
	// Key is for each key.
	Key Rate
	// Registrations is for each network address that registers groups without
	// a key.
	Registrations Rate
	// BadKeys is for each network address that sends keys that are not valid.
	BadKeys Rate
}

// DefaultLimits lets a busy surgery search as fast as its people can type, and
// leaves one machine room for hundreds such.
func DefaultLimits() Limits {
	return Limits{
		Address:       Rate{600, time.Minute},
		Key:           Rate{1200, time.Minute},
		Registrations: Rate{10, time.Hour},
		BadKeys:       Rate{30, time.Minute},
	}
}

// policy names one of the limits, as RateLimit-Policy shows it.
type policy string

const (
	perAddress    policy = "address"
	perKey        policy = "key"
	registrations policy = "registrations"
	badKeys       policy = "bad-keys"
)

// maxCallers bounds how many callers are remembered, at some 200 bytes each.
// Those not seen for longest are forgotten first, and start afresh.
const maxCallers = 50_000

// limiter counts requests by caller.
type limiter struct {
	rates  map[policy]Rate
	mu     sync.Mutex
	byName map[callerKey]*list.Element
	recent *list.List // of *bucket, the latest first
}

type callerKey struct {
	policy policy
	caller string
}

type bucket struct {
	key    callerKey
	tokens *rate.Limiter
}

func newLimiter(l Limits) *limiter {
	return &limiter{
		rates:  map[policy]Rate{perAddress: l.Address, perKey: l.Key, registrations: l.Registrations, badKeys: l.BadKeys},
		byName: map[callerKey]*list.Element{}, recent: list.New(),
	}
}

// take counts one request of caller against p, tells the caller how it stands
// (RateLimit headers, draft-ietf-httpapi-ratelimit-headers-10), and fails with
// errTooMany when none is left.
func (l *limiter) take(c *call, p policy, caller string, now time.Time) error {
	r := l.rates[p]
	if r.Requests <= 0 {
		return nil
	}
	tokens := l.bucket(callerKey{p, caller}, r)
	allowed := tokens.AllowN(now, 1)
	left := tokens.TokensAt(now)
	each := r.Per.Seconds() / float64(r.Requests) // seconds until one more
	h := c.Response().Header()
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", string(p), r.Requests, int(r.Per.Seconds())))
	full := math.Ceil((float64(r.Requests) - left) * each)
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", string(p), int(max(0, left)), int(max(0, full))))
	if allowed {
		return nil
	}
	wait := max(1, int(math.Ceil((1-left)*each)))
	h.Set("Retry-After", strconv.Itoa(wait))
	return fmt.Errorf("%s limit: %w", p, errTooMany)
}

// bucket is what is left to a caller.
func (l *limiter) bucket(key callerKey, r Rate) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.byName[key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket).tokens
	}
	if l.recent.Len() >= maxCallers {
		oldest := l.recent.Back()
		delete(l.byName, l.recent.Remove(oldest).(*bucket).key)
	}
	b := &bucket{key, rate.NewLimiter(rate.Limit(float64(r.Requests)/r.Per.Seconds()), r.Requests)}
	l.byName[key] = l.recent.PushFront(b)
	return b.tokens
}
