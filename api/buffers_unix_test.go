//go:build unix

package api_test

import "syscall"

// smallBuffers gives a connection the smallest receive buffer there is.
func smallBuffers(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 1)
	})
}
