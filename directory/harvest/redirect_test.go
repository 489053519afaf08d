package harvest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// A redirect from a public address to a private one is not followed. The name
// stands in for a public server; everything else is dialled as usual.
func TestRedirectsToPrivateAddressesAreNotFollowed(t *testing.T) {
	reached := false
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer inner.Close()
	outer := httptest.NewServer(http.RedirectHandler(inner.URL, http.StatusFound))
	defer outer.Close()
	c := newClient(Options{Now: time.Now, Wait: wait})
	transport, ok := c.http.Transport.(*http.Transport)
	if !ok {
		t.Fatalf("%T", c.http.Transport)
	}
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == "feeds.example:80" {
			return new(net.Dialer).DialContext(ctx, network, outer.Listener.Addr().String())
		}
		return dial(ctx, network, address)
	}
	_, err := c.get(context.Background(), &url.URL{Scheme: "http", Host: "feeds.example", Path: "/"}, "", "")
	if !errors.Is(err, ErrPrivate) || reached || c.requests != 1 {
		t.Errorf("%v after %d requests, reached %v", err, c.requests, reached)
	}
}

func TestAddressesThatArePublic(t *testing.T) {
	for address, public := range map[string]bool{
		"8.8.8.8:443": true, "[2a00:1450:4009::1]:443": true, "1.1.1.1:80": true, "127.0.0.1:80": false, "10.1.2.3:80": false, "192.168.0.1:80": false,
		"172.31.255.255:80": false, "172.32.0.1:80": true, "169.254.169.254:80": false, "[::1]:80": false, "[::]:80": false, "[fe80::1%eth0]:80": false,
		"[fc00::1]:80": false, "[::ffff:10.0.0.1]:80": false, "[::ffff:8.8.8.8]:80": true, "[64:ff9b::a00:1]:80": false, "[2002:a00:1::1]:80": false,
		"100.127.255.255:80": false, "198.19.0.1:80": false, "255.255.255.255:80": false, "224.0.0.1:80": false, "0.1.2.3:80": false, "[::7f00:1]:80": false, "nonsense": false,
	} {
		if err := publicOnly(address); (err == nil) != public || err != nil && !errors.Is(err, ErrPrivate) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
