// Package mongotest gives tests a server that speaks MongoDB's protocol: the
// one that GATHER_TEST_MONGODB_URI names, else a mongod on the PATH, else
// SecantusDB as scripts/mongo-test-server installs it.
package mongotest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// secantusDB is the version that scripts/mongo-test-server installs.
const secantusDB = "0.7.0b3"

// startTime is how long a server may take to start. It usually takes two
// seconds.
const startTime = 60 * time.Second

// errNoServer means that no server is installed.
var errNoServer = errors.New("no mongod on the PATH and no SecantusDB; run scripts/mongo-test-server install")

// Server is a server process.
type Server struct {
	// URI is the server's address, without a database.
	URI string

	program, folder string
	args            []string
	port            string
	cmd             *exec.Cmd
	life            io.Closer
	reading         sync.WaitGroup
}

// start starts a server with its data in folder and additional arguments.
func start(folder string, args ...string) (*Server, error) {
	s := &Server{folder: folder, args: args}
	program, err := exec.LookPath("mongod")
	if err != nil {
		program, err = secantusPath()
	}
	if err != nil {
		return nil, err
	}
	s.program = program
	if s.port, err = freePort(); err != nil {
		return nil, err
	}
	s.URI = "mongodb://127.0.0.1:" + s.port
	return s, s.begin()
}

func secantusPath() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	program := filepath.Join(cache, "gather", "secantusdb-"+secantusDB, "bin", "secantusd-py")
	if _, err := os.Stat(program); err != nil {
		return "", errNoServer
	}
	return program, nil
}

// freePort returns a port that was free a moment ago. It is chosen here, so that
// a server can restart on the same one.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

func (s *Server) mongod() bool { return filepath.Base(s.program) == "mongod" }

// untilEOF runs a program and kills it when standard input closes, so that it
// ends with the test's process, however that ends.
const untilEOF = `"$@" & pid=$!; cat >/dev/null; kill -9 $pid; wait $pid`

// begin starts the process and waits until it listens.
func (s *Server) begin() error {
	args := append([]string{"--host", "127.0.0.1", "--port", s.port, "--storage-path", s.folder,
		"--sync-on-commit", "--enable-test-commands"}, s.args...)
	if s.mongod() {
		args = append([]string{"--bind_ip", "127.0.0.1", "--port", s.port, "--dbpath", s.folder,
			"--replSet", "rs0", "--setParameter", "enableTestCommands=1"}, s.args...)
	}
	s.cmd = exec.Command("sh", append([]string{"-c", untilEOF, "sh", s.program}, args...)...)
	pipe, err := s.cmd.StderrPipe()
	if err != nil {
		return err
	}
	if s.life, err = s.cmd.StdinPipe(); err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", s.program, err)
	}
	listening := make(chan struct{})
	var log strings.Builder
	s.reading.Go(func() { readLog(pipe, &log, listening) })
	if s.mongod() {
		return s.initiate()
	}
	select {
	case <-listening:
		return nil
	case <-time.After(startTime):
		s.Kill()
		return fmt.Errorf("%s did not listen within %v: %s", s.program, startTime, log.String())
	}
}

// readLog reads the log to its end, so that the server never blocks on its log,
// and closes listening when the log says that the server listens.
func readLog(pipe io.Reader, log *strings.Builder, listening chan struct{}) {
	lines := bufio.NewScanner(pipe)
	for open := true; lines.Scan(); {
		if open {
			fmt.Fprintln(log, lines.Text())
			if strings.Contains(lines.Text(), "secantus listening on") {
				close(listening)
				open = false
			}
		}
	}
	io.Copy(io.Discard, pipe) // the scanner stops at a line that is too long
}

// initiate makes a mongod a replica set of one member, and waits until it
// accepts writes.
func (s *Server) initiate() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI).SetDirect(true))
	if err != nil {
		return err
	}
	defer client.Disconnect(ctx)
	member := bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: "127.0.0.1:" + s.port}}
	config := bson.D{{Key: "_id", Value: "rs0"}, {Key: "members", Value: bson.A{member}}}
	admin := client.Database("admin")
	const alreadyInitialized = 23
	err = admin.RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: config}}).Err()
	var answer mongo.CommandError
	if err != nil && !(errors.As(err, &answer) && answer.Code == alreadyInitialized) {
		return fmt.Errorf("initiate the replica set: %w", err)
	}
	for {
		var hello struct {
			Writable bool `bson:"isWritablePrimary"`
		}
		if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
			return err
		}
		if hello.Writable {
			return nil
		}
		time.Sleep(20 * time.Millisecond) // nothing signals the end of an election
	}
}

// Kill ends the process like kill -9. Its data stay in its folder.
func (s *Server) Kill() {
	s.life.Close()
	s.reading.Wait()
	s.cmd.Wait() // the error says only that it was killed
}

// Restart starts the process again on the same port and data, after Kill. It
// replaces the arguments that Start was given.
func (s *Server) Restart(args ...string) error {
	s.args = args
	return s.begin()
}

// version asks a server for its version.
func version(ctx context.Context, uri string) (string, error) {
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetServerSelectionTimeout(startTime))
	if err != nil {
		return "", err
	}
	defer client.Disconnect(ctx)
	var info struct {
		Version string `bson:"version"`
	}
	if err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&info); err != nil {
		return "", err
	}
	return info.Version, nil
}
