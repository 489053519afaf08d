package engines

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"benchmark/listings"
)

// Nodes are two processes of the real program on one server that speaks MongoDB's
// protocol.
type Nodes struct {
	Servers  [2]*Server
	database *exec.Cmd
	reading  sync.WaitGroup
}

// databaseStart is the time limit for the database to listen.
const databaseStart = 2 * time.Minute

// ErrNoDatabase means that the server that scripts/mongo-test-server installs is
// not available, or does not start.
var ErrNoDatabase = errors.New("the server of scripts/mongo-test-server does not start")

// StartNodes starts a database and two nodes on it.
func StartNodes(ctx context.Context, root, folder string, corpus *listings.Corpus, facts *listings.Facts) (n *Nodes, err error) {
	n = &Nodes{}
	address, err := n.startDatabase(ctx, root, filepath.Join(folder, "nodes-database"))
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	first, err := BuildServer(ctx, root, folder, corpus, facts)
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	for i := range n.Servers {
		s := *first
		s.name, s.data, s.store = "nodes", filepath.Join(folder, fmt.Sprint("node-", i)), []string{"--mongodb", "mongodb://" + address + "/gather"}
		if i > 0 {
			s.secret = n.Servers[0].secret
		}
		if _, err := s.Start(ctx); err != nil {
			return nil, errors.Join(err, n.Close())
		}
		n.Servers[i] = &s
	}
	return n, nil
}

// startDatabase starts the database and returns its address, which it writes to
// its log.
func (n *Nodes) startDatabase(ctx context.Context, root, folder string) (address string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	n.database = exec.CommandContext(ctx, filepath.Join(root, "scripts", "mongo-test-server"), "run", folder)
	n.database.Cancel = func() error { return n.database.Process.Signal(syscall.SIGTERM) }
	n.database.WaitDelay = time.Minute
	log, err := n.database.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := n.database.Start(); err != nil {
		n.database = nil
		return "", fmt.Errorf("%w: %w", ErrNoDatabase, err)
	}
	listens := make(chan string, 1)
	n.reading.Go(func() { readAddress(log, listens) })
	select {
	case address, ok := <-listens:
		if !ok {
			return "", ErrNoDatabase
		}
		return address, nil
	case <-time.After(databaseStart):
		return "", ErrNoDatabase
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// readAddress reads a log to its end, so that its writer never blocks, and sends
// the address in it.
func readAddress(log io.Reader, to chan<- string) {
	defer close(to)
	sent := false
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "listening on "); ok && !sent {
			to <- strings.TrimSpace(address)
			sent = true
		}
	}
}

// Close stops all of them.
func (n *Nodes) Close() error {
	var errs []error
	for _, s := range n.Servers {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	if n.database != nil {
		errs = append(errs, n.database.Process.Signal(syscall.SIGTERM))
		n.reading.Wait()
		_ = n.database.Wait() // its exit status is not 0 when it is stopped
	}
	return errors.Join(errs...)
}
