package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"

	"gather/directory"
)

// Reasons for a failing Open that callers can tell apart.
var (
	// ErrLocked means that another process has the store open.
	ErrLocked = errors.New("another process has the store open")
	// ErrDamaged means that the content of the file is corrupt.
	ErrDamaged = errors.New("the store's file is damaged")

	errFormat = errors.New("the store's file is from another version of Gather")
)

// explain adds to err what is wrong with the file at path and what to do.
func explain(path string, err error) error {
	say := func(what error, fix string) error {
		return fmt.Errorf("open the store %s: %w; %s", path, what, fix)
	}
	var system syscall.Errno
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return say(ErrLocked, "stop that process, or choose another data folder for this one")
	case errors.Is(err, directory.ErrUnfinished):
		return say(err, "delete that file, and restore again")
	case errors.Is(err, ErrDamaged):
		return say(err, "restore the file from your backup")
	case errors.Is(err, errFormat):
		return say(err, "use the version that wrote it to export, and this one to import")
	case !errors.As(err, &system): // bbolt could not parse the file
		return say(fmt.Errorf("%w: %w", ErrDamaged, err), "restore the file from your backup")
	case errors.Is(err, syscall.EROFS):
		return say(err, "the disk is read-only; choose a data folder on a writable disk")
	case errors.Is(err, fs.ErrPermission):
		return say(err, "this user has no permission to write there; change the owner of the data folder, or choose another folder")
	case errors.Is(err, syscall.ENOSPC):
		return say(err, "the disk is full; free some space, or choose a data folder on another disk")
	}
	return say(err, "this user must be able to write to the data folder")
}

// unwritten is the error for a commit that could not be written to disk.
// bbolt writes the meta page last, so a failed transaction is never visible.
func unwritten(err error) error {
	if errors.Is(err, ErrDamaged) {
		return err
	}
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return fmt.Errorf("%w: %w", directory.ErrFull, err)
		}
	}
	return fmt.Errorf("%w: %w", directory.ErrUnavailable, err)
}
