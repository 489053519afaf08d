package mongostore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// defaultDatabase is the database of a URI that names none.
const defaultDatabase = "gather"

// ErrRefused marks a server that Open will not use. Trying again does not
// help: the server must be set up differently first.
var ErrRefused = errors.New("this MongoDB server cannot keep a directory")

// connect returns a client that is connected to a member that accepts writes,
// and the database that uri names.
func connect(ctx context.Context, uri string) (*mongo.Client, *mongo.Database, error) {
	where, err := connstring.ParseAndValidate(uri)
	switch {
	case err != nil && strings.HasPrefix(uri, connstring.SchemeMongoDBSRV+"://"):
		return nil, nil, errors.New("the MongoDB URI cannot be read, or DNS has no SRV record for its host; check the host, the network, and that special characters of the password are %XX")
	case err != nil: // the parser's error may quote the password
		return nil, nil, errors.New("the MongoDB URI cannot be read; it looks like mongodb://USER:PASSWORD@HOST:PORT/DATABASE?replicaSet=NAME, with special characters of the password as %XX")
	}
	name := where.Database
	if name == "" {
		name = defaultDatabase
	}
	var seen heartbeats
	client, err := mongo.Connect(options.Client().ApplyURI(uri).
		SetAppName("gather").
		SetServerSelectionTimeout(selectTime).
		SetConnectTimeout(selectTime).
		SetHeartbeatInterval(monitorEvery).
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Majority()).
		SetWriteConcern(writeconcern.Majority()).
		SetServerMonitor(&event.ServerMonitor{ServerHeartbeatFailed: seen.failed}))
	if err != nil {
		return nil, nil, fmt.Errorf("connect to MongoDB: %w", err)
	}
	if err := checkWritable(ctx, client.Database(name)); err != nil {
		ctx, cancel := context.WithTimeout(context.Background(), closeTime)
		defer cancel()
		client.Disconnect(ctx) // its error would hide why the server was refused
		return nil, nil, explain(where, err, seen.last())
	}
	return client, client.Database(name), nil
}

// checkWritable fails if the member that the driver reaches accepts no writes,
// or if the user cannot log in.
func checkWritable(ctx context.Context, db *mongo.Database) error {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	var hello struct {
		Writable bool   `bson:"isWritablePrimary"`
		Me       string `bson:"me"`
	}
	anyMember := options.RunCmd().SetReadPreference(readpref.PrimaryPreferred())
	if err := db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}, anyMember).Decode(&hello); err != nil {
		return err
	}
	if !hello.Writable {
		return fmt.Errorf("%w: %s takes no writes: it is not the primary of its replica set; name all members in the URI, with replicaSet=NAME and without directConnection, or wait for an election", ErrRefused, hello.Me)
	}
	return db.RunCommand(ctx, bson.D{{Key: "ping", Value: 1}}).Err()
}

// heartbeats keeps the driver's last failure to reach a server: the error of a
// call only says that no server was found in time.
type heartbeats struct {
	mu  sync.Mutex
	err error
}

func (h *heartbeats) failed(e *event.ServerHeartbeatFailedEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !errors.Is(e.Failure, context.Canceled) {
		h.err = e.Failure
	}
}

func (h *heartbeats) last() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// missingRole is the error for a user who can log in but not read and write.
const missingRole = "this user may not read and write there; grant it the role readWrite on that database"

// tlsMismatch is the error for a TLS handshake with a server without TLS.
const tlsMismatch = "the URI asks for TLS and the server does not speak it; remove tls=true from the URI, or enable TLS on the server"

// explain returns a one-line error: why a server cannot be used, and what to
// do. cause is the last failure to reach it, if any.
func explain(where *connstring.ConnString, err, cause error) error {
	hosts := strings.Join(where.Hosts, ",")
	if cause == nil {
		cause = err
	}
	var (
		refused   net.Error
		plain     tls.RecordHeaderError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		dns       *net.DNSError
	)
	say := func(format string, args ...any) error {
		return fmt.Errorf("connect to MongoDB at %s: %s", hosts, oneLine(fmt.Sprintf(format, args...)))
	}
	switch {
	case errors.Is(err, ErrRefused):
		return fmt.Errorf("connect to MongoDB at %s: %w", hosts, err)
	case hasCode(err, codeAuthenticationFailed), hasCode(cause, codeAuthenticationFailed), isAuth(err):
		return say("the user name or password is wrong; check both, and authSource if the user is kept in another database")
	case hasCode(err, codeUnauthorized):
		return say("%s", missingRole)
	case errors.As(cause, &plain):
		return say("%s", tlsMismatch)
	case errors.As(cause, &authority), errors.As(cause, &host), errors.As(cause, &invalid):
		return say("the server's certificate is not trusted: %v; set tlsCAFile to the certificate of its authority", cause)
	case errors.As(cause, &dns):
		return say("no such host: %s", dns.Name)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("connect to MongoDB at %s: %w", hosts, err)
	case where.SSL && (errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF) || errors.Is(cause, syscall.ECONNRESET)):
		return say("%s", tlsMismatch)
	case errors.As(cause, &refused), mongo.IsTimeout(err), mongo.IsNetworkError(err):
		return say("it cannot be reached: %v; check that it runs, the host and port, and tls=true if it needs TLS", cause)
	}
	return say("%v", err)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
