package index

import (
	"errors"
	"fmt"
	"gather/search/segment"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The folder of an index holds the disk indexes index-1, index-2 ..., and a file
// that names the one in use: a rebuild makes another beside the old one and then
// replaces the file in one step.
const (
	currentFile = "CURRENT"
	diskPrefix  = "index-"
	probeFile   = "probe"
)

// openCurrent opens the disk index in use, or makes an empty one.
func (x *Index) openCurrent() (*disk, error) {
	name, err := os.ReadFile(filepath.Join(x.dir, currentFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the index: %w", err)
	}
	if current := strings.TrimSpace(string(name)); isDiskName(current) {
		s, err := openDisk(filepath.Join(x.dir, current), x.encoder, x.log)
		if !errors.Is(err, segment.ErrDamaged) {
			return s, err
		}
		x.log.Warn("search: the index cannot be used and is filled again from the store; until then not all is found", "error", err)
	}
	fresh, s, err := x.create(ordinary())
	if err != nil {
		return nil, err
	}
	return s, x.setCurrent(fresh)
}

func isDiskName(name string) bool {
	number, ok := strings.CutPrefix(name, diskPrefix)
	_, err := strconv.ParseUint(number, 10, 32)
	return ok && err == nil
}

// create makes an empty disk index under a name that is not taken, with a
// configuration of Bleve.
func (x *Index) create(config map[string]any) (name string, s *disk, err error) {
	if err := os.MkdirAll(x.dir, 0o700); err != nil { // it may have been removed
		return "", nil, fmt.Errorf("make an index: %w", err)
	}
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return "", nil, fmt.Errorf("make an index: %w", err)
	}
	var last uint64
	for _, e := range entries {
		if isDiskName(e.Name()) {
			n, _ := strconv.ParseUint(strings.TrimPrefix(e.Name(), diskPrefix), 10, 32)
			last = max(last, n)
		}
	}
	name = diskPrefix + strconv.FormatUint(last+1, 10)
	s, err = createDisk(filepath.Join(x.dir, name), x.encoder, x.log, config)
	return name, s, err
}

// setCurrent makes a disk index the one in use, also after a crash.
func (x *Index) setCurrent(name string) error {
	path := filepath.Join(x.dir, currentFile)
	f, err := os.CreateTemp(x.dir, currentFile)
	if err == nil {
		_, err = f.WriteString(name + "\n")
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write which index is in use: %w", err)
	}
	return nil
}

// removeOthers removes the disk indexes that are not in use. One that cannot be
// removed takes up room and does no harm.
func (x *Index) removeOthers() {
	name, err := os.ReadFile(filepath.Join(x.dir, currentFile))
	entries, err2 := os.ReadDir(x.dir)
	if err != nil || err2 != nil {
		x.log.Warn("search: old indexes could not be removed; they only use disk space", "error", errors.Join(err, err2))
		return
	}
	for _, e := range entries {
		old := isDiskName(e.Name()) && e.Name() != strings.TrimSpace(string(name))
		unfinished := strings.HasPrefix(e.Name(), currentFile) && e.Name() != currentFile || strings.HasPrefix(e.Name(), probeFile)
		if !old && !unfinished {
			continue
		}
		if err := os.RemoveAll(filepath.Join(x.dir, e.Name())); err != nil {
			x.log.Warn("search: an old index could not be removed; it only uses disk space", "error", err)
		}
	}
}
