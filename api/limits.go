package api

import (
	"container/list"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"
)

// Rate is how many requests are allowed per period. All may be used at once; they
// then become available again evenly. Zero Requests means no limit.
type Rate struct {
	Requests int
	Per      time.Duration
}

// Limits are the rate limits of the API.
type Limits struct {
	// Address is for each network address that sends no key. A library or a
	// health centre is many people behind one address.
	Address Rate
	// Key is for each key, except those of groups that nobody has trusted yet:
	// anybody can get any number of those, so Address applies to them.
	Key Rate
	// Registrations is for each network address that registers groups without a
	// key, or with the key of a group that nobody has trusted yet, and for each
	// other key that is not a builder's. Only successful registrations count:
	// correcting a form until it is accepted is limited by Address alone.
	Registrations Rate
	// BuilderRegistrations is for each key of a builder or an admin.
	BuilderRegistrations Rate
	// BadKeys is for each network address that sends keys that are not valid.
	BadKeys Rate
}

// DefaultLimits allows the staff of a busy surgery to search as fast as they can
// type, and one machine to serve hundreds of surgeries.
func DefaultLimits() Limits {
	return Limits{
		Address:              Rate{600, time.Minute},
		Key:                  Rate{1200, time.Minute},
		Registrations:        Rate{10, time.Hour},
		BuilderRegistrations: Rate{300, time.Hour}, // the groups of a town in a day
		BadKeys:              Rate{30, time.Minute},
	}
}

// policy is the name of a limit in the RateLimit-Policy header.
type policy string

const (
	perAddress           policy = "address"
	perKey               policy = "key"
	registrations        policy = "registrations"
	builderRegistrations policy = "builder-registrations"
	badKeys              policy = "bad-keys"
)

// networkShare is the limit of a network as a multiple of the limit of an address in
// it. An IPv6 /48 is assigned to one site, which has 65,536 of the /64s that count
// as addresses, but some carriers share one among all their customers.
const networkShare = 10

// caller is who requests are counted against.
type caller struct {
	// name is the id of a key, or a network address.
	name string
	// network contains the address; empty if only the address is counted.
	network string
}

// maxCallers bounds the memory, at some 200 bytes a caller. The least recently seen
// are dropped first, and get a full allowance when they return.
const maxCallers = 50_000

// limiter counts requests by caller.
type limiter struct {
	rates  map[policy]Rate
	mu     sync.Mutex
	byName map[callerKey]*list.Element
	recent *list.List // of *bucket, most recently used first
}

type callerKey struct {
	policy policy
	name   string
}

// bucket is how many requests a caller had left at a moment. Since then they have
// become available again evenly.
type bucket struct {
	key  callerKey
	left float64
	at   time.Time
}

// almost is how far below a whole request still counts as one: the rounding error of
// floating-point sums.
const almost = 1e-9

func newLimiter(l Limits) *limiter {
	return &limiter{
		rates: map[policy]Rate{
			perAddress: l.Address, perKey: l.Key, registrations: l.Registrations, builderRegistrations: l.BuilderRegistrations, badKeys: l.BadKeys,
		},
		byName: map[callerKey]*list.Element{}, recent: list.New(),
	}
}

// take counts one request of who against p and sets the RateLimit headers
// (draft-ietf-httpapi-ratelimit-headers-10). It fails with errTooMany if the caller,
// or the network of its address, has none left.
func (l *limiter) take(c *call, p policy, who caller, now time.Time) error {
	r := l.rates[p]
	if r.Requests <= 0 {
		return nil
	}
	left, ok := l.count(callerKey{p, who.name}, r, now, 1)
	if ok && who.network != "" {
		all := Rate{networkShare * r.Requests, r.Per}
		if others, within := l.count(callerKey{p, who.network}, all, now, 1); !within {
			r, left, ok = all, others, false
		}
	}
	r.setHeaders(c, p, left)
	if ok {
		return nil
	}
	c.Response().Header().Set("Retry-After", strconv.Itoa(max(1, r.next(left))))
	return fmt.Errorf("%s limit: %w", p, errTooMany)
}

// giveBack undoes take, for a request that counts only if it succeeds. Such a
// request is counted at its start, so that many at once cannot exceed the limit.
func (l *limiter) giveBack(c *call, p policy, who caller, now time.Time) {
	r := l.rates[p]
	if r.Requests <= 0 {
		return
	}
	left, _ := l.count(callerKey{p, who.name}, r, now, -1)
	if who.network != "" {
		l.count(callerKey{p, who.network}, Rate{networkShare * r.Requests, r.Per}, now, -1)
	}
	r.setHeaders(c, p, left)
}

// count takes n requests from what a caller has left, if that is enough, and returns
// what is left then. A negative n gives requests back.
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

// bucket returns the bucket of a caller, a full one for a new caller. l.mu is held.
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

// each is how many seconds it takes for one request to become available again.
func (r Rate) each() float64 { return r.Per.Seconds() / float64(r.Requests) }

// next returns in how many seconds one more request than now is available; 0 when
// none has been used.
func (r Rate) next(left float64) int {
	if left > float64(r.Requests)-almost {
		return 0
	}
	return int(math.Ceil((math.Floor(left+almost)+1-left)*r.each() - almost))
}

// setHeaders sets the headers that say how many requests are left, and in how many
// seconds there is one more, which is also the Retry-After when none is left.
func (r Rate) setHeaders(c *call, p policy, left float64) {
	h := c.Response().Header()
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", string(p), r.Requests, int(r.Per.Seconds())))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", string(p), int(left+almost), r.next(left)))
}
