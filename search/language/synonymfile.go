package language

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// SynonymFile is an operator's file of synonyms, which may change while the
// index is open.
type SynonymFile struct {
	Path string // empty: none

	mu       sync.Mutex
	modified time.Time
	size     int64
	missing  bool
}

// Read reads the built-in synonyms and those of the file. The error is a
// *directory.Invalid with every fault, by its row.
func (o *SynonymFile) Read(words *vocabulary.Vocabulary) (*synonyms, error) {
	if o.Path == "" {
		return newSynonyms(words, nil)
	}
	f, err := os.Open(o.Path)
	if err != nil {
		return nil, fmt.Errorf("read the synonyms: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil {
		o.note(info)
	}
	s, err := newSynonyms(words, f)
	var invalid *directory.Invalid
	if errors.As(err, &invalid) {
		for i := range invalid.Faults {
			invalid.Faults[i].Field = o.Path + ", " + invalid.Faults[i].Field
		}
	}
	return s, err
}

func (o *SynonymFile) note(info fs.FileInfo) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.modified, o.size, o.missing = info.ModTime(), info.Size(), false
}

// Changed reports whether the file is not as it was when it was read last, and
// is there. A file that went away is told of once.
func (o *SynonymFile) Changed() (bool, error) {
	if o.Path == "" {
		return false, nil
	}
	info, err := os.Stat(o.Path)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil {
		told := o.missing
		if o.missing = true; told {
			return false, nil
		}
		return false, fmt.Errorf("read the synonyms: %w", err)
	}
	if !o.missing && info.ModTime().Equal(o.modified) && info.Size() == o.size {
		return false, nil
	}
	o.modified, o.size, o.missing = info.ModTime(), info.Size(), false
	return true, nil
}
