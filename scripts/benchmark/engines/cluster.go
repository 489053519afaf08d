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

// Cluster is a temporary PostgreSQL server, on a Unix socket only.
type Cluster struct {
	folder string
	server *exec.Cmd
}

// serverSettings suit a machine of this size: all data fits in memory, the
// planner's page costs say so, and JIT is off, since it costs queries of
// milliseconds more than it saves. A commit waits for the disk, as Gather's does.
var serverSettings = []string{
	"listen_addresses=", "shared_buffers=4GB", "work_mem=128MB", "maintenance_work_mem=1GB", "effective_cache_size=8GB",
	"random_page_cost=1.1", "jit=off", "max_wal_size=8GB", "checkpoint_timeout=30min", "max_connections=20", "logging_collector=off", "wal_level=minimal", "max_wal_senders=0",
}

// unprivileged is the user that runs the server when the benchmark runs as root,
// which PostgreSQL refuses.
const unprivileged = "postgres"

// binaries returns the folder of PostgreSQL's programs, which Debian does not put
// on PATH.
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

// StartCluster creates a cluster in folder and starts it.
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
	return nil, errors.Join(errors.New("PostgreSQL does not become ready"), c.Stop())
}

// owner gives the folder to the user that runs the server, if that is another one.
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
	// That user must be able to traverse the parent folders.
	for up := filepath.Dir(c.folder); strings.HasPrefix(up, os.TempDir()) && up != os.TempDir(); up = filepath.Dir(up) {
		if err := os.Chmod(up, 0o711); err != nil {
			return nil, err
		}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// Address returns where to connect.
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
