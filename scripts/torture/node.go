package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// readyTime is how long a node may take to be ready after a fault.
const readyTime = time.Minute

// node is a process of the program. It keeps its address through restarts.
type node struct {
	binary, data, addr string
	args               []string
	log                io.Writer

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has
}

func (n *node) base() string { return "http://" + n.addr }

// freeAddr returns an address on which nothing listens.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// start starts the process. It does not wait until it is ready.
func (n *node) start() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	cmd := exec.Command(n.binary, append([]string{"serve", "--addr", n.addr, "--data", n.data, "--rate-limit", "0", "--log-level", "warn"}, n.args...)...)
	cmd.Stdout, cmd.Stderr = n.log, n.log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	n.cmd, n.ended = cmd, ended
	go func() {
		cmd.Wait() // an end that was not asked for is reported by revive
		close(ended)
	}()
	return nil
}

func (n *node) signal(s os.Signal) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cmd.Process.Signal(s) // fails only if the process has ended
}

func (n *node) pid() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cmd.Process.Pid
}

// alive reports whether the process is running.
func (n *node) alive() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	select {
	case <-n.ended:
		return false
	default:
		return true
	}
}

func (n *node) wait() {
	n.mu.Lock()
	ended := n.ended
	n.mu.Unlock()
	<-ended
}

// kill kills the process with SIGKILL and waits for it.
func (n *node) kill() {
	n.signal(syscall.SIGKILL)
	n.wait()
}

// stop interrupts the process, and kills it if it has not ended by readyTime.
func (n *node) stop() error {
	n.signal(os.Interrupt)
	timer := time.AfterFunc(readyTime, func() { n.signal(syscall.SIGKILL) })
	defer timer.Stop()
	n.wait()
	if code := n.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("a node that was interrupted ended with code %d", code)
	}
	return nil
}

// ready waits until /readyz says that the node is ready.
func (n *node) ready(ctx context.Context) error {
	for deadline := time.Now().Add(readyTime); ; time.Sleep(20 * time.Millisecond) {
		if r, err := http.Get(n.base() + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !n.alive():
			return errEnded
		case time.Now().After(deadline):
			return fmt.Errorf("not ready after %v", readyTime)
		}
	}
}

// errEnded: the process ended by itself.
var errEnded = errors.New("the process ended by itself")
