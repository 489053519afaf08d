package engines

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Cluster is a PostgreSQL server of our own, on a Unix socket only.
type Cluster struct {
	folder string
	server *exec.Cmd
}

// serverSettings are PostgreSQL's for a machine of this size: everything in
// memory, no compilation of plans, which costs more than it brings to queries
// of milliseconds, and the planner told that pages are at hand. A commit waits
// for the disk, as Gather's does.
var serverSettings = []string{
	"listen_addresses=", "shared_buffers=4GB", "work_mem=128MB", "maintenance_work_mem=1GB", "effective_cache_size=8GB",
	"random_page_cost=1.1", "jit=off", "max_wal_size=8GB", "checkpoint_timeout=30min", "max_connections=20", "logging_collector=off", "wal_level=minimal", "max_wal_senders=0",
}

// unprivileged is who runs the server when we are root, as whom it refuses to
// run.
const unprivileged = "postgres"

// binaries finds PostgreSQL's programs, which Debian keeps out of PATH.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		if path, err := exec.LookPath("initdb"); err == nil {
			return filepath.Dir(path), nil
		}
		return "", errors.New("PostgreSQL is not installed: install the packages postgresql and postgresql-postgis")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// StartCluster makes a cluster in folder and starts it.
func StartCluster(ctx context.Context, folder string) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	c := &Cluster{folder: folder}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	attributes, err := c.owner()
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, filepath.Join(bin, name), args...)
		cmd.SysProcAttr, cmd.Dir = attributes, folder
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) } // a fast shutdown
		cmd.WaitDelay = time.Minute
		return cmd
	}
	data := filepath.Join(folder, "data")
	if out, err := run("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make a PostgreSQL cluster: %w: %s", err, out)
	}
	args := []string{"-D", data, "-k", folder}
	for _, s := range serverSettings {
		args = append(args, "-c", s)
	}
	c.server = run("postgres", args...)
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	defer log.Close()
	c.server.Stdout, c.server.Stderr = log, log
	if err := c.server.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	for range 300 {
		if err := run("pg_isready", "-h", folder, "-U", "bench").Run(); err == nil {
			return c, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, errors.Join(errors.New("PostgreSQL does not get ready"), c.Stop())
}

// owner gives the folder to who is to run the server, if that is not us.
func (c *Cluster) owner() (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	who, err := user.Lookup(unprivileged)
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.Atoi(who.Uid)
	gid, err2 := strconv.Atoi(who.Gid)
	if err := errors.Join(err1, err2, os.Chown(c.folder, uid, gid)); err != nil {
		return nil, err
	}
	// The folders above must let them through.
	for up := filepath.Dir(c.folder); strings.HasPrefix(up, os.TempDir()) && up != os.TempDir(); up = filepath.Dir(up) {
		if err := os.Chmod(up, 0o711); err != nil {
			return nil, err
		}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// Address is where to connect.
func (c *Cluster) Address() string { return "host=" + c.folder + " user=bench dbname=postgres" }

// Stop stops the server.
func (c *Cluster) Stop() error {
	if err := c.server.Process.Signal(syscall.SIGINT); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	if err := c.server.Wait(); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	return nil
}
