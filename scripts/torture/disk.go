package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// diskSize is large enough for the long form, in bytes.
const diskSize = 1 << 30

// disk holds the nodes' data and can be filled. It is a tmpfs where one may be
// mounted; otherwise fill limits the size of files that a process may write.
type disk struct {
	folder  string
	mounted bool
}

func newDisk(folder string) (*disk, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprint("size=", diskSize), "none", folder).Run()
	return &disk{folder, err == nil}, nil
}

// String says how the disk is filled.
func (d *disk) String() string {
	if d.mounted {
		return "on a tmpfs"
	}
	return "on the disk, with a limit on the size of files for a full one"
}

func (d *disk) ballast() string { return filepath.Join(d.folder, "ballast") }

// fill leaves no room for n to write to.
func (d *disk) fill(n *node) error {
	if !d.mounted {
		return limit(n, "1") // existing files cannot be written either
	}
	f, err := os.Create(d.ballast())
	if err != nil {
		return err
	}
	defer f.Close()
	block := make([]byte, 1<<20)
	for size := len(block); size > 0; {
		if _, err = f.Write(block[:size]); err != nil {
			size /= 2 // to the last byte
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("fill the disk: %w", err)
	}
	return nil
}

// free undoes fill.
func (d *disk) free(n *node) error {
	if !d.mounted {
		return limit(n, "unlimited")
	}
	return os.Remove(d.ballast())
}

// limit sets the soft limit on the size of the files that a process writes.
func limit(n *node, size string) error {
	out, err := exec.Command("prlimit", "--pid", strconv.Itoa(n.pid()), "--fsize="+size+":").CombinedOutput()
	if err != nil {
		return fmt.Errorf("prlimit: %w: %s", err, out)
	}
	return nil
}

func (d *disk) close() {
	if d.mounted {
		exec.Command("umount", "--lazy", d.folder).Run() // on failure it stays mounted until the next reboot
	}
}
