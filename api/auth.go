package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"gather/directory"
)

// authenticate returns the holder of the key in the Authorization header. A key that
// is not valid is an error on every route, also where none is needed, so that its
// owner notices.
func (s *server) authenticate(c *call) (holder, error) {
	values := c.Request().Header.Values(echo.HeaderAuthorization)
	if len(values) == 0 {
		return holder{}, nil
	}
	c.keyed = true
	scheme, secret, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return holder{}, explain(directory.ErrUnauthorised, "The Authorization header has to be one: \"Bearer\", a space, and the key.")
	}
	return s.keys.who(c.Request().Context(), strings.TrimSpace(secret))
}

// keyCache caches the holders of keys for keyCacheFor, so that a busy key does not
// cost a read of the store with every request.
type keyCache struct {
	directory *directory.Directory
	now       func() time.Time
	mu        sync.Mutex
	known     map[[sha256.Size]byte]knownKey
}

// holder is the owner of a key; the zero holder is the public.
type holder struct {
	by directory.Principal
	// unproved is true for a group that is not public: anybody can register one.
	unproved bool
}

type knownKey struct {
	holder holder
	until  time.Time
}

const (
	// keyCacheFor is how long a key may still work on this node after it was
	// revoked on another.
	keyCacheFor = 3 * time.Second
	// maxKnownKeys bounds the memory. More keys than this are not in use within
	// keyCacheFor.
	maxKnownKeys = 5000
)

func newKeyCache(d *directory.Directory, now func() time.Time) *keyCache {
	return &keyCache{directory: d, now: now, known: map[[sha256.Size]byte]knownKey{}}
}

// who returns the holder of a secret, or directory.ErrUnauthorised. The cache holds
// only hashes of secrets.
func (k *keyCache) who(ctx context.Context, secret string) (holder, error) {
	hash := sha256.Sum256([]byte(secret))
	now := k.now()
	k.mu.Lock()
	known, ok := k.known[hash]
	k.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.holder, nil
	}
	found, err := k.find(ctx, secret)
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		if errors.Is(err, directory.ErrUnauthorised) {
			delete(k.known, hash)
		}
		return holder{}, err
	}
	if len(k.known) >= maxKnownKeys {
		clear(k.known)
	}
	k.known[hash] = knownKey{found, now.Add(keyCacheFor)}
	return found, nil
}

// find looks a secret up in the directory.
func (k *keyCache) find(ctx context.Context, secret string) (holder, error) {
	by, err := k.directory.Authenticate(ctx, secret)
	if err != nil || by.Role != directory.RolePublisher {
		return holder{by: by}, err
	}
	_, err = k.directory.PublicGroup(ctx, by.Group)
	if errors.Is(err, directory.ErrNotFound) {
		return holder{by, true}, nil
	}
	return holder{by: by}, err
}

// forget empties the cache, after a key was revoked on this node.
func (k *keyCache) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.known)
}

// clientAddress returns the network address that a request is counted against: that
// of the connection, or, behind trusted proxies, the one that the outermost of them
// saw. An IPv6 address is cut to its /64, which is one household, and its network
// is the /48.
func clientAddress(r *http.Request, proxies int) caller {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	if proxies > 0 {
		hops := strings.Split(strings.Join(r.Header.Values(echo.HeaderXForwardedFor), ","), ",")
		// Each proxy appends the address it saw. Entries further left were sent
		// by the client and prove nothing.
		if i := len(hops) - proxies; i >= 0 {
			if seen, err := netip.ParseAddr(strings.TrimSpace(hops[i])); err == nil {
				address = seen.String()
			}
		}
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return caller{name: address}
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return caller{name: ip.String()}
	}
	household, _ := ip.Prefix(64) // fails only for more bits than there are
	site, _ := ip.Prefix(48)
	return caller{household.String(), site.String()}
}
