package boltstore_test

import (
	"os"
	"runtime"
	"syscall"
	"testing"
)

// nobody is the user without rights, by the convention of Linux.
const nobody = 65534

// asNobody runs f without the right of root to open what modes forbid. It
// changes the file-system user of one thread, and f must not leave it.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0); errno != 0 {
			t.Errorf("setfsuid: %v", errno)
			return
		}
		f()
	}()
	<-done
}
