package boltstore_test

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"gather/directory"
	"gather/directory/boltstore"
)

func TestErrorsOfAFullDisk(t *testing.T) {
	for _, c := range []struct {
		errno syscall.Errno
		full  bool
	}{{syscall.ENOSPC, true}, {syscall.EDQUOT, true}, {syscall.EFBIG, true}, {syscall.EIO, false}, {syscall.EROFS, false}} {
		err := boltstore.Unwritten(&os.PathError{Op: "write", Path: boltstore.FileName, Err: c.errno})
		if errors.Is(err, directory.ErrFull) != c.full || !errors.Is(err, directory.ErrUnavailable) || !errors.Is(err, c.errno) {
			t.Errorf("%v is %v", c.errno, err)
		}
	}
}
