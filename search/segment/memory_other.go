//go:build !linux

package search

// mappedBytes is only told on Linux.
func mappedBytes() int64 { return 0 }

func letGo([]byte) {}
