package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// exchange is a request written to the connection byte by byte: a PATCH of a
// listing, or a publication if id is empty.
type exchange struct {
	base, id, group, key, mark string
}

func (x exchange) body() []byte {
	var v any = listing(x.group, x.mark)
	if x.id != "" {
		v = revision(x.mark)
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of strings always encode
	}
	return b
}

// head is the request line and headers, with the length of the whole body.
func (x exchange) head(length int) string {
	method, path := http.MethodPost, "/v1/activities"
	if x.id != "" {
		method, path = http.MethodPatch, path+"/"+x.id
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: torture\r\nAuthorization: Bearer %s\r\nIf-Match: *\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		method, path, x.key, contentType(method), length)
}

// send sends a part of the body, then stalls or closes its half of the
// connection, and reads the response. If there is none, its status is 0.
func (x exchange) send(part int, closeHalf bool) (answer, error) {
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(x.base, "http://"), answerTime)
	if err != nil {
		return answer{}, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return answer{}, err
	}
	body := x.body()
	if _, err := io.WriteString(conn, x.head(len(body))+string(body[:len(body)*part/2])); err != nil {
		return answer{}, err
	}
	if closeHalf {
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			return answer{}, err
		}
	}
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return answer{}, nil
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{}, nil
	}
	return answer{r.StatusCode, r.Header.Get("ETag"), b}, nil
}

// half and whole are the parts of a body that send sends.
const (
	half  = 1
	whole = 2
)

// stall sends half a body and no more, on options.each connections. None of them
// may be acknowledged.
func stall(w *world, _ int) error {
	done := make(chan error, w.options.each)
	for n := range w.options.each {
		go func() { done <- w.cutOff(n, "stalled", false) }()
	}
	for range w.options.each {
		if err := <-done; err != nil {
			return err
		}
	}
	return nil
}

// halfClose closes its half of a connection after half a body, and of another
// after a whole body.
func halfClose(w *world, n int) error {
	if err := w.cutOff(n, "half-closed", true); err != nil {
		return err
	}
	x := w.exchange(n, "half")
	r, err := x.send(whole, true)
	switch {
	case err != nil:
		return err
	case !r.ok():
		w.ledger.doubt(x.id, x.mark) // it may be written after the connection is closed
	case x.id == "" && r.status == http.StatusCreated, x.id != "" && r.status == http.StatusOK:
		w.acknowledge(r, x.group, x.mark)
	default:
		w.ledger.fail("a half-closed write has status %d: %s", r.status, r.body)
	}
	return nil
}

// cutOff sends half a body. Its mark is not in the ledger, so that check reports
// it if it was written.
func (w *world) cutOff(n int, how string, closeHalf bool) error {
	r, err := w.exchange(n, how).send(half, closeHalf)
	if err != nil {
		return err
	}
	if r.ok() {
		w.ledger.fail("a %s body has status %d: %q", how, r.status, r.body)
	}
	return nil
}

// exchange makes a publication for even n, and a revision for odd n.
func (w *world) exchange(n int, how string) exchange {
	x := exchange{base: w.any().base(), group: w.groups[0], key: w.key, mark: w.mark(how, n)}
	if n%2 == 1 {
		x.id = w.shared[n%len(w.shared)]
	}
	return x
}
