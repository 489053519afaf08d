package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"sync/atomic"

	"github.com/blevesearch/mmap-go"
)

// ListingsFile is the file of a disk index that holds the packed facts of its
// listings, one after the other as they were written; the newest of a listing
// counts. Bleve's batch says how much of it is committed.
const ListingsFile = "listings"

// frameBytes precede each entry: the length of the body and its checksum. With
// goneMark the body is the id of a listing that was taken out.
const frameBytes = 8

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ListingFile is the open ListingsFile of a disk index. One goroutine writes at a
// time.
type ListingFile struct {
	file *os.File
	Size int64
}

// OpenListings opens the file and truncates it to size: what follows was not
// committed.
func OpenListings(path string, size int64) (*ListingFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the listings: %w", err)
	}
	l := &ListingFile{file: f, Size: size}
	info, err := f.Stat()
	if err == nil && info.Size() < size {
		err = fmt.Errorf("the file of listings is shorter than what was committed: %w", ErrDamaged)
	}
	if err == nil {
		err = f.Truncate(size)
	}
	if err == nil {
		_, err = f.Seek(size, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the listings: %w", err), f.Close())
	}
	return l, nil
}

// Entry is what is written of one listing: packed facts, or that it is gone.
type Entry struct {
	ID   string
	Body []byte // nil: gone
}

// Append writes entries so that they survive a crash, and answers where each
// body begins. They count once the new size is committed: after an error Append
// may be repeated, unless it is ErrUnsynced.
func (l *ListingFile) Append(entries []Entry) (at []int64, err error) {
	var b []byte
	for _, e := range entries {
		body := e.Body
		kind := uint32(0)
		if body == nil {
			body, kind = []byte(e.ID), goneMark
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(len(body))|kind)
		b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(body, castagnoli))
		at = append(at, l.Size+int64(len(b)))
		b = append(b, body...)
	}
	if _, err := l.file.WriteAt(b, l.Size); err != nil {
		return nil, fmt.Errorf("write listings: %w", err)
	}
	if err := l.file.Sync(); err != nil {
		return nil, fmt.Errorf("write listings: %w: %w", ErrUnsynced, err)
	}
	l.Size += int64(len(b))
	return at, nil
}

// goneMark in the length of an entry says that its body is the id of a listing
// that was taken out.
const goneMark = 1 << 31

// MappedFile is the committed part of a file of listings, mapped into memory.
type MappedFile struct {
	bytes mmap.MMap
	reads atomic.Uint32
	// segments are mapped files of Bleve that are released together with this one.
	segments [][]byte
}

const (
	// maxMappedBytes is how many bytes of mapped files the process may keep in its
	// memory before it drops those of the index: reading a listing maps its
	// neighbours too, so that otherwise all of a million would stay. What is dropped
	// is still in the system's cache, and back in two microseconds.
	maxMappedBytes = 512 << 20
	// releaseCheckEvery is how many listings are read between checks of that.
	releaseCheckEvery = 1 << 11
)

// MapCommitted maps what is committed.
func (l *ListingFile) MapCommitted() (*MappedFile, error) {
	if l.Size == 0 {
		return &MappedFile{}, nil
	}
	bytes, err := mmap.MapRegion(l.file, int(l.Size), mmap.RDONLY, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("map the listings: %w", err)
	}
	return &MappedFile{bytes: bytes}, nil
}

// Close unmaps the file. What was read of it must not be used any more.
func (m *MappedFile) Close() error {
	if m.bytes == nil {
		return nil
	}
	return m.bytes.Unmap()
}

// body is a copy of the body that begins at an offset.
func (m *MappedFile) body(at int64) string { return string(m.raw(at)) }

// raw is the body that begins at an offset, for as long as m is open.
func (m *MappedFile) raw(at int64) []byte {
	if m.reads.Add(1)%releaseCheckEvery == 0 && mappedBytes() > maxMappedBytes {
		m.Release()
	}
	n := int64(binary.LittleEndian.Uint32(m.bytes[at-frameBytes:]))
	return m.bytes[at : at+n]
}

// blockBytes is how much of the file is read at a time: some thousand entries.
const blockBytes = 4 << 20

// Blocks calls do with all that is committed, in blocks of whole entries. The
// memory of a block is used again once it is sent back on free. The file is read
// instead of mapped, so that its pages do not count as memory of the process from
// then on.
func (l *ListingFile) Blocks(free <-chan []byte, do func(from int64, entries []byte) error) error {
	var rest []byte // the beginning of an entry that goes on in the next block
	for from := int64(0); from < l.Size; {
		at := from + int64(len(rest))
		block := blockOf(int(int64(len(rest))+min(blockBytes, l.Size-at)), free)
		if _, err := l.file.ReadAt(block[copy(block, rest):], at); err != nil {
			return fmt.Errorf("read the listings: %w", err)
		}
		whole, next := wholeEntries(block)
		if at+int64(len(block)-len(rest)) == l.Size && whole < len(block) || next > l.Size-from {
			return fmt.Errorf("the file of listings ends within an entry: %w", ErrDamaged)
		}
		rest = slices.Clone(block[whole:])
		if whole > 0 {
			if err := do(from, block[:whole]); err != nil {
				return err
			}
		}
		from += int64(whole)
	}
	return nil
}

// blockOf is memory of n bytes, that of a block that is free if there is one.
func blockOf(n int, free <-chan []byte) []byte {
	select {
	case block := <-free:
		if cap(block) >= n {
			return block[:n]
		}
	default:
	}
	return make([]byte, n, max(n, blockBytes+blockBytes/8))
}

// wholeEntries is how many bytes of a block are whole entries, and where the
// next one ends as far as is known.
func wholeEntries(block []byte) (n int, end int64) {
	for {
		if n+frameBytes > len(block) {
			return n, int64(n)
		}
		end = int64(n) + frameBytes + int64(binary.LittleEndian.Uint32(block[n:])&^goneMark)
		if end > int64(len(block)) {
			return n, end
		}
		n = int(end)
	}
}

// EachEntry calls do with the entries in a block that begins at an offset, in
// the order in which they were written. Their bodies share the memory of the block.
func EachEntry(from int64, block []byte, do func(at int64, e Entry) error) error {
	for n := 0; n < len(block); {
		size := binary.LittleEndian.Uint32(block[n:])
		sum := binary.LittleEndian.Uint32(block[n+4:])
		begin := n + frameBytes
		n = begin + int(size&^goneMark)
		body := block[begin:n:n]
		if crc32.Checksum(body, castagnoli) != sum {
			return fmt.Errorf("an entry of the file of listings has a wrong checksum: %w", ErrDamaged)
		}
		e := Entry{Body: body}
		if size&goneMark != 0 {
			e = Entry{ID: string(body)}
		}
		if err := do(from+int64(begin), e); err != nil {
			return err
		}
	}
	return nil
}

// Release drops the files' pages from memory; they are read again when needed.
func (m *MappedFile) Release() {
	releasePages(m.bytes)
	for _, b := range m.segments {
		releasePages(b)
	}
}

// Close closes the file.
func (l *ListingFile) Close() error { return l.file.Close() }

// ErrDamaged marks a disk index that cannot be read and must be rebuilt.
var ErrDamaged = errors.New("the index is damaged or of another version")

// ErrUnsynced marks a write of which it is not known what is on the disk: the
// file must be opened again.
var ErrUnsynced = errors.New("what was written may be lost")
