package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"

	"gather/directory"
)

// The reasons why a file is not opened that a caller may want to tell apart.
var (
	// ErrLocked: another process has the store open.
	ErrLocked = errors.New("another process has the store open")
	// ErrDamaged: the file is not what was written to it.
	ErrDamaged = errors.New("the store's file is damaged")

	errFormat = errors.New("the store's file is from another version of Gather")
)

// explain says what is wrong with the file at path and what to do.
func explain(path string, err error) error {
	say := func(what error, fix string) error {
		return fmt.Errorf("open the store %s: %w; %s", path, what, fix)
	}
	var system syscall.Errno
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return say(ErrLocked, "stop that process, or give this one another data folder")
	case errors.Is(err, directory.ErrUnfinished):
		return say(err, "delete that file, and restore again")
	case errors.Is(err, ErrDamaged):
		return say(err, "put back a copy from your backup")
	case errors.Is(err, errFormat):
		return say(err, "use the version that wrote it to export, and this one to import")
	case !errors.As(err, &system): // bbolt could not make sense of what it read
		return say(fmt.Errorf("%w: %w", ErrDamaged, err), "put back a copy from your backup")
	case errors.Is(err, syscall.EROFS):
		return say(err, "the disk is read-only; give a data folder on one that can be written")
	case errors.Is(err, fs.ErrPermission):
		return say(err, "this user may not write there; change the owner of the data folder, or give another")
	case errors.Is(err, syscall.ENOSPC):
		return say(err, "the disk is full; make room, or give a data folder on another")
	}
	return say(err, "the data folder must be one that this user can write")
}

// unwritten is the answer to a commit that the disk would not take. bbolt
// makes a transaction visible by its last page alone, so nothing of it stays.
func unwritten(err error) error {
	if errors.Is(err, ErrDamaged) {
		return err
	}
	return fmt.Errorf("%w: %w", directory.ErrUnavailable, err)
}
