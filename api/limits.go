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
	// Key is for each key, but for those of groups that nobody has trusted yet:
	// anybody can have any number of those, so they are held by their address.
	Key Rate
	// Registrations is for each network address that registers groups without
	// a key, or with that of a group that nobody has trusted yet, and for each
	// other key that is not a builder's. Only what registers counts: whoever
	// mends a form until it is right is held by Address alone.
	Registrations Rate
	// BuilderRegistrations is for each key of a builder or an admin.
	BuilderRegistrations Rate
	// BadKeys is for each network address that sends keys that are not valid.
	BadKeys Rate
}

// DefaultLimits lets a busy surgery search as fast as its people can type, and
// leaves one machine room for hundreds such.
func DefaultLimits() Limits {
	return Limits{
		Address:              Rate{600, time.Minute},
		Key:                  Rate{1200, time.Minute},
		Registrations:        Rate{10, time.Hour},
		BuilderRegistrations: Rate{300, time.Hour}, // the groups of a town in a day
		BadKeys:              Rate{30, time.Minute},
	}
}

// policy names one of the limits, as RateLimit-Policy shows it.
type policy string

const (
	perAddress           policy = "address"
	perKey               policy = "key"
	registrations        policy = "registrations"
	builderRegistrations policy = "builder-registrations"
	badKeys              policy = "bad-keys"
)

// networkShare is how many times an address's limit all of a network may have
// that holds it: an IPv6 /48 is given to one site, which has 65,536 of the /64s
// that count as addresses, but also to all the customers of some carriers.
const networkShare = 10

// caller is who requests are counted against.
type caller struct {
	// name is the id of a key, or a network address.
	name string
	// network holds the address; empty where it is counted for itself alone.
	network string
}

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
	name   string
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
		rates: map[policy]Rate{
			perAddress: l.Address, perKey: l.Key, registrations: l.Registrations, builderRegistrations: l.BuilderRegistrations, badKeys: l.BadKeys,
		},
		byName: map[callerKey]*list.Element{}, recent: list.New(),
	}
}

// take counts one request of who against p, tells the caller how it stands
// (RateLimit headers, draft-ietf-httpapi-ratelimit-headers-10), and fails with
// errTooMany when none is left, to the caller or to the network of its address.
func (l *limiter) take(c *call, p policy, who caller, now time.Time) error {
	r := l.rates[p]
	if r.Requests <= 0 {
		return nil
	}
	left, ok := l.count(callerKey{p, who.name}, r, now, 1)
	if ok && who.network != "" {
		all := Rate{networkShare * r.Requests, r.Per}
		if others, room := l.count(callerKey{p, who.network}, all, now, 1); !room {
			r, left, ok = all, others, false
		}
	}
	r.show(c, p, left)
	if ok {
		return nil
	}
	c.Response().Header().Set("Retry-After", strconv.Itoa(max(1, r.next(left))))
	return fmt.Errorf("%s limit: %w", p, errTooMany)
}

// giveBack takes out of the count again what take counted, for a request that
// counts only if it succeeds. It counts from the beginning all the same, so
// that many at once cannot pass together.
func (l *limiter) giveBack(c *call, p policy, who caller, now time.Time) {
	r := l.rates[p]
	if r.Requests <= 0 {
		return
	}
	left, _ := l.count(callerKey{p, who.name}, r, now, -1)
	if who.network != "" {
		l.count(callerKey{p, who.network}, Rate{networkShare * r.Requests, r.Per}, now, -1)
	}
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

// next is how many seconds it takes until one more request is allowed than now;
// 0 when none has been used.
func (r Rate) next(left float64) int {
	if left > float64(r.Requests)-almost {
		return 0
	}
	return int(math.Ceil((math.Floor(left+almost)+1-left)*r.each() - almost))
}

// show tells the caller how many requests are left, and in how many seconds
// there is one more, which is Retry-After when there is none.
func (r Rate) show(c *call, p policy, left float64) {
	h := c.Response().Header()
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", string(p), r.Requests, int(r.Per.Seconds())))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", string(p), int(left+almost), r.next(left)))
}
