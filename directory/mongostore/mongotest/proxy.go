package mongotest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Cut is when a proxy breaks the connection of a command.
type Cut int

// When a connection breaks.
const (
	// CutNot: it does not.
	CutNot Cut = iota
	// CutBefore: the server never gets the command.
	CutBefore
	// CutAfter: the server runs the command, but the client never gets the
	// reply.
	CutAfter
)

// Action is what a proxy does to one command. The zero Action lets it pass.
type Action struct {
	// Answer is the reply of the proxy itself; the server never gets the
	// command.
	Answer bson.D
	// Without are fields that are removed from the command.
	Without []string
	// Replace are fields that replace those of the same names in the server's
	// reply. One without a value is removed.
	Replace bson.D
	Cut     Cut
}

// Proxy is between a client and a server that speaks MongoDB's protocol. It
// makes the server look different, or fail.
type Proxy struct {
	// URI is the proxy's address, without a database. It makes the driver
	// connect directly, because otherwise it would use the address that the
	// server announces.
	URI string

	server   string
	listener net.Listener
	open     sync.WaitGroup

	mu    sync.Mutex
	rule  func(name string, body bson.Raw) Action
	conns map[net.Conn]bool
}

// NewProxy starts a proxy in front of the server at uri, which must have no
// credentials. It ends with the test.
func NewProxy(t testing.TB, uri string) *Proxy {
	t.Helper()
	address, _, _ := strings.Cut(strings.TrimPrefix(uri, "mongodb://"), "/")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		URI:    "mongodb://" + l.Addr().String() + "/?directConnection=true",
		server: address, listener: l, conns: map[net.Conn]bool{},
	}
	p.open.Go(p.accept)
	t.Cleanup(func() {
		l.Close()
		p.Break()
		p.open.Wait()
	})
	return p
}

// Rule sets the function that decides what is done to each command from now on.
// It is called from several goroutines. Nil lets all commands pass.
func (p *Proxy) Rule(rule func(name string, body bson.Raw) Action) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rule = rule
}

// Break closes all connections.
func (p *Proxy) Break() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			client.Close() // like a server that is down
			continue
		}
		l := &link{proxy: p, client: client, server: server, pending: map[int32]Action{}}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		p.open.Go(func() { l.forward(l.command) })
		p.open.Go(func() { l.forward(l.reply) })
	}
}

// link is one connection from a client and the one to the server for it.
type link struct {
	proxy          *Proxy
	client, server net.Conn

	mu      sync.Mutex
	pending map[int32]Action // for replies, by request id
}

// forward calls one, which forwards one message, until either side closes.
func (l *link) forward(one func() error) {
	for one() == nil {
	}
	l.client.Close()
	l.server.Close()
	l.proxy.mu.Lock()
	delete(l.proxy.conns, l.client)
	delete(l.proxy.conns, l.server)
	l.proxy.mu.Unlock()
}

var errCut = errors.New("cut")

// command forwards one message to the server.
func (l *link) command() error {
	m, err := readMessage(l.client)
	if err != nil {
		return err
	}
	body, rest, err := m.body()
	if err != nil {
		return err
	}
	var action Action
	l.proxy.mu.Lock()
	rule := l.proxy.rule
	l.proxy.mu.Unlock()
	if elements, err := body.Elements(); rule != nil && err == nil && len(elements) > 0 {
		action = rule(elements[0].Key(), body)
	}
	switch {
	case action.Cut == CutBefore:
		return errCut
	case action.Answer != nil:
		return writeReply(l.client, m.request(), action.Answer)
	case len(action.Without) > 0:
		if m, err = m.without(body, rest, action.Without); err != nil {
			return err
		}
	}
	if action.Cut == CutAfter || action.Replace != nil {
		l.mu.Lock()
		l.pending[m.request()] = action
		l.mu.Unlock()
	}
	_, err = l.server.Write(m)
	return err
}

// reply forwards one message to the client.
func (l *link) reply() error {
	m, err := readMessage(l.server)
	if err != nil {
		return err
	}
	l.mu.Lock()
	action := l.pending[m.responseTo()]
	l.mu.Unlock()
	if action.Cut == CutAfter {
		return errCut
	}
	if action.Replace != nil {
		if m, err = m.replace(action.Replace); err != nil {
			return err
		}
	}
	_, err = l.client.Write(m)
	return err
}

// message is one message of the wire protocol with its header of 16 bytes:
// length, request id, id of the request it replies to, and opcode.
type message []byte

// The opcodes that drivers use, and the lengths of what precedes the document in
// them.
const (
	opReply    = 1
	opQuery    = 2004
	opMsg      = 2013
	headerSize = 16
	replySize  = 20 // flags, cursor, start, number
	msgSize    = 5  // flags, kind of the first section
)

// maxMessage is the protocol's own limit.
const maxMessage = 48_000_000

func readMessage(r io.Reader) (message, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(size[:])
	if n < headerSize || n > maxMessage {
		return nil, fmt.Errorf("a message of %d bytes", n)
	}
	m := make(message, n)
	copy(m, size[:])
	_, err := io.ReadFull(r, m[4:])
	return m, err
}

func (m message) request() int32    { return int32(binary.LittleEndian.Uint32(m[4:])) }
func (m message) responseTo() int32 { return int32(binary.LittleEndian.Uint32(m[8:])) }
func (m message) op() uint32        { return binary.LittleEndian.Uint32(m[12:]) }

// start returns the offset of the document of m.
func (m message) start() (int, error) {
	switch m.op() {
	case opMsg:
		return headerSize + msgSize, nil
	case opReply:
		return headerSize + replySize, nil
	case opQuery:
		name := strings.IndexByte(string(m[headerSize+4:]), 0)
		return headerSize + 4 + name + 1 + 8, nil // flags, name, skip, number
	}
	return 0, fmt.Errorf("operation %d", m.op())
}

// body returns the document of m and what follows it.
func (m message) body() (bson.Raw, []byte, error) {
	start, err := m.start()
	if err != nil || start+4 > len(m) {
		return nil, nil, errors.Join(err, io.ErrUnexpectedEOF)
	}
	end := start + int(binary.LittleEndian.Uint32(m[start:]))
	if end > len(m) {
		return nil, nil, io.ErrUnexpectedEOF
	}
	return bson.Raw(m[start:end]), m[end:], nil
}

// with returns m with another document.
func (m message) with(doc bson.D, rest []byte) (message, error) {
	start, err := m.start()
	if err != nil {
		return nil, err
	}
	raw, err := bson.Marshal(doc)
	if err != nil {
		return nil, err
	}
	out := append(append(append(message(nil), m[:start]...), raw...), rest...)
	binary.LittleEndian.PutUint32(out, uint32(len(out)))
	return out, nil
}

func (m message) without(body bson.Raw, rest []byte, names []string) (message, error) {
	var doc, kept bson.D
	if err := bson.Unmarshal(body, &doc); err != nil {
		return nil, err
	}
	for _, e := range doc {
		if !slices.Contains(names, e.Key) {
			kept = append(kept, e)
		}
	}
	return m.with(kept, rest)
}

func (m message) replace(fields bson.D) (message, error) {
	body, rest, err := m.body()
	if err != nil {
		return nil, err
	}
	var doc bson.D
	if err := bson.Unmarshal(body, &doc); err != nil {
		return nil, err
	}
	var kept bson.D
	for _, e := range doc {
		if !slices.ContainsFunc(fields, func(f bson.E) bool { return f.Key == e.Key }) {
			kept = append(kept, e)
		}
	}
	for _, f := range fields {
		if f.Value != nil {
			kept = append(kept, f)
		}
	}
	return m.with(kept, rest)
}

// writeReply replies to a request instead of the server.
func writeReply(w io.Writer, request int32, answer bson.D) error {
	head := make(message, headerSize+msgSize)
	binary.LittleEndian.PutUint32(head[8:], uint32(request))
	binary.LittleEndian.PutUint32(head[12:], opMsg)
	m, err := head.with(answer, nil)
	if err != nil {
		return err
	}
	_, err = w.Write(m)
	return err
}

// Failure returns a server's reply to a command that failed.
func Failure(code int, name string, labels ...string) bson.D {
	answer := bson.D{{Key: "ok", Value: 0}, {Key: "errmsg", Value: name}, {Key: "code", Value: code}, {Key: "codeName", Value: name}}
	if len(labels) > 0 {
		answer = append(answer, bson.E{Key: "errorLabels", Value: labels})
	}
	return answer
}
