package api

import (
	"container/list"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"
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
	// a key. Only what registers counts: whoever mends a form until it is right
	// is held by Address alone.
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

// bucket is how many requests were left to a caller at a moment. Since then
// they come back evenly.
type bucket struct {
	key  callerKey
	left float64
	at   time.Time
}

// almost is how far below a whole request still counts as one: what is lost
// in reckoning with fractions.
const almost = 1e-9

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
	left, ok := l.count(callerKey{p, caller}, r, now, 1)
	r.show(c, p, left)
	if ok {
		return nil
	}
	c.Response().Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil((1-left)*r.each()-almost)))))
	return fmt.Errorf("%s limit: %w", p, errTooMany)
}

// giveBack takes out of the count again what take counted, for a request that
// counts only if it succeeds. It counts from the beginning all the same, so
// that many at once cannot pass together.
func (l *limiter) giveBack(c *call, p policy, caller string, now time.Time) {
	r := l.rates[p]
	if r.Requests <= 0 {
		return
	}
	left, _ := l.count(callerKey{p, caller}, r, now, -1)
	r.show(c, p, left)
}

// count takes n requests from what is left to a caller, if that is as much,
// and answers what is left then.
func (l *limiter) count(key callerKey, r Rate, now time.Time, n float64) (left float64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key, r, now)
	if since := now.Sub(b.at); since > 0 {
		b.left, b.at = b.left+since.Seconds()/r.each(), now
	}
	b.left = min(b.left, float64(r.Requests))
	if ok = b.left > n-almost; ok {
		b.left = min(max(0, b.left-n), float64(r.Requests))
	}
	return b.left, ok
}

// bucket is what is left to a caller. l.mu is held.
func (l *limiter) bucket(key callerKey, r Rate, now time.Time) *bucket {
	if e, ok := l.byName[key]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if l.recent.Len() >= maxCallers {
		oldest := l.recent.Back()
		delete(l.byName, l.recent.Remove(oldest).(*bucket).key)
	}
	b := &bucket{key, float64(r.Requests), now}
	l.byName[key] = l.recent.PushFront(b)
	return b
}

// each is how many seconds it takes until one more request is allowed.
func (r Rate) each() float64 { return r.Per.Seconds() / float64(r.Requests) }

// show tells the caller how many requests are left.
func (r Rate) show(c *call, p policy, left float64) {
	h := c.Response().Header()
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", string(p), r.Requests, int(r.Per.Seconds())))
	full := math.Ceil((float64(r.Requests)-left)*r.each() - almost)
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", string(p), int(left+almost), int(max(0, full))))
}
