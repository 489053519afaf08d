package segment

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// mappedBytes is how much of mapped files the process has in its memory, 0
// where that is not known.
func mappedBytes() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	fields := bytes.Fields(b)
	if err != nil || len(fields) < 3 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[2]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// releasePages drops the pages of a mapped file from memory. They are read again
// when needed.
func releasePages(mapped []byte) {
	if len(mapped) == 0 {
		return
	}
	_ = syscall.Madvise(mapped, syscall.MADV_DONTNEED) // on failure they stay, which costs memory only
}
