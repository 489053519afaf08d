package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gather/api"
)

// patchHead is the head of a request that changes a, with a body of size bytes.
func (s *site) patchHead(id string, size int) string {
	return fmt.Sprintf("PATCH /v1/activities/%s HTTP/1.1\r\nHost: gather.example\r\nAuthorization: Bearer %s\r\nIf-Match: *\r\nContent-Type: application/merge-patch+json\r\nContent-Length: %d\r\n\r\n",
		id, s.admin, size)
}

// A body that stalls is the caller's fault, and says so: what was not read is
// answered neither as done nor as a fault of the server.
func TestABodyThatStallsIsRefused(t *testing.T) {
	s := newSite(t)
	const question = `{"q":"yoga", "language":["en"]}`
	request := fmt.Sprintf("POST /v1/activities/search HTTP/1.1\r\nHost: gather.example\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(question), question)
	for _, c := range []struct {
		name   string
		pause  time.Duration // before each of the last ten bytes
		status int
	}{{"stalls", 17 * time.Second, 408}, {"trickles past the deadline", 1200 * time.Millisecond, 408}, {"is slow", 900 * time.Millisecond, 200}} {
		synctest.Test(t, func(t *testing.T) {
			server := api.Server(s.handler, "", s.deps.Log)
			listener := &pipes{make(chan net.Conn), make(chan struct{})}
			served := make(chan error)
			go func() { served <- server.Serve(listener) }()
			client, end := net.Pipe()
			listener.conns <- end
			sent := make(chan struct{})
			go func() {
				defer close(sent)
				rest := len(request) - 10
				_, err := io.WriteString(client, request[:rest])
				for ; err == nil && rest < len(request); rest++ {
					time.Sleep(c.pause)
					_, err = io.WriteString(client, request[rest:rest+1])
				}
			}()
			r, err := http.ReadResponse(bufio.NewReader(client), nil)
			if err != nil {
				t.Errorf("a body that %s: %v", c.name, err)
			} else {
				text, _ := io.ReadAll(r.Body)
				if r.StatusCode != c.status || c.status == 408 && !strings.Contains(string(text), `"/problems/slow-body"`) {
					t.Errorf("a body that %s: %d %s, want %d", c.name, r.StatusCode, text, c.status)
				}
			}
			client.Close()
			server.Close()
			<-served
			<-sent
		})
	}
}

// revision is how often an activity was written.
func (s *site) revision(id string) (rev int64) {
	s.t.Helper()
	var a struct{ Rev int64 }
	s.get("/v1/activities/"+id, key(s.admin)).is(http.StatusOK).into(&a)
	return a.Rev
}

// exchange sends a request over a connection whose sending half is then closed,
// and answers the status, 0 where the connection was broken off, and the body.
func (s *site) exchange(request string) (status int, body []byte, err error) {
	s.t.Helper()
	conn := must(net.Dial("tcp", strings.TrimPrefix(s.url, "http://")))(s.t).(*net.TCPConn)
	defer conn.Close()
	must(io.WriteString(conn, request))(s.t)
	check(s.t, conn.CloseWrite())
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, nil, err
	}
	body, err = io.ReadAll(r.Body)
	return r.StatusCode, body, err
}

// Whoever closes the sending half of a connection and goes on reading is told
// the truth: a write answered 200 was written, a list that ends is whole.
func TestHalfClosedConnectionsAreToldTheTruth(t *testing.T) {
	s := newSite(t)
	s.crowd(400)
	a, _ := s.publish(s.trusted("Northgate Friends").Key, yoga)
	for i := range 60 {
		body := fmt.Sprintf(`{"summary":"Text %d"}`, i)
		status, text, _ := s.exchange(s.patchHead(a.ID, len(body)+5) + body)
		if status != http.StatusBadRequest || !bytes.Contains(text, []byte("did not arrive whole")) {
			t.Fatalf("a body that ends too early: %d %s", status, text)
		}
		before := s.revision(a.ID)
		status, text, _ = s.exchange(s.patchHead(a.ID, len(body)) + body)
		if written := s.revision(a.ID) > before; status == http.StatusOK && (!written || !bytes.Contains(text, []byte(body[1:len(body)-1]))) {
			t.Fatalf("a write answered with 200 was written: %v, body %q", written, text)
		}
		status, text, err := s.exchange("GET /oruk/v3/services?format=ndjson HTTP/1.1\r\nHost: gather.example\r\nConnection: close\r\n\r\n")
		if lines := bytes.Count(text, []byte("\n")); status == http.StatusOK && err == nil && lines != 401 {
			t.Fatalf("a list of 401 ends after %d lines", lines)
		}
	}
}
