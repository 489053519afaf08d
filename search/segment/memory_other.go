//go:build !linux

package segment

// mappedBytes is only known on Linux.
func mappedBytes() int64 { return 0 }

func releasePages([]byte) {}
