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

// exchange is a request sent by hand: a PATCH of a listing, or a publication
// where id is empty.
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
		panic(err) // maps of strings
	}
	return b
}

// head is the request without its body, of which it announces all.
func (x exchange) head(length int) string {
	method, path := http.MethodPost, "/v1/activities"
	if x.id != "" {
		method, path = http.MethodPatch, path+"/"+x.id
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: torture\r\nAuthorization: Bearer %s\r\nIf-Match: *\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		method, path, x.key, contentType(method), length)
}

// send sends so much of the body, then stalls or closes its half of the
// connection, and reads what is answered. A connection that is closed without
// an answer is status 0.
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

// whole and half are the parts of a body that are sent.
const (
	half  = 1
	whole = 2
)

// stall sends half a body and no more, on so many connections. None of it may
// be told as done.
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

// halfClose closes its half of the connection, after half of a body and after
// all of one.
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
		w.ledger.doubt(x.id, x.mark) // it may go on and find that nobody listens
	case x.id == "" && r.status == http.StatusCreated, x.id != "" && r.status == http.StatusOK:
		w.acknowledge(r, x.group, x.mark)
	default:
		w.ledger.fail("a half-closed write was answered %d %s", r.status, r.body)
	}
	return nil
}

// cutOff sends half a body. Its mark is in no ledger, so that the checker finds
// it should it have been written.
func (w *world) cutOff(n int, how string, closeHalf bool) error {
	r, err := w.exchange(n, how).send(half, closeHalf)
	if err != nil {
		return err
	}
	if r.ok() {
		w.ledger.fail("a %s body was answered %d %q", how, r.status, r.body)
	}
	return nil
}

// exchange is a publication or a revision, by turns.
func (w *world) exchange(n int, how string) exchange {
	x := exchange{base: w.any().base(), group: w.groups[0], key: w.key, mark: w.mark(how, n)}
	if n%2 == 1 {
		x.id = w.shared[n%len(w.shared)]
	}
	return x
}
