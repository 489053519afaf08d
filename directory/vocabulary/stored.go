package vocabulary

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// storedName is the file in the data folder that holds imported interests.
const storedName = "interests.json"

type storedFile struct {
	Interests []Interest `json:"interests"`
}

// Load returns the built-in vocabulary with the interests that Store wrote to
// the folder, or Default if there are none.
func Load(dir string) (*Vocabulary, error) {
	v, err := Default()
	if err != nil {
		return nil, err
	}
	extra, err := Stored(dir)
	if err != nil {
		return nil, err
	}
	if len(extra) == 0 {
		return v, nil
	}
	if v, err = v.With(extra); err != nil {
		return nil, fmt.Errorf("vocabulary: %s: %w", filepath.Join(dir, storedName), err)
	}
	return v, nil
}

// Stored returns the imported interests in the folder, nil when nothing was
// imported yet.
func Stored(dir string) ([]Interest, error) {
	data, err := os.ReadFile(filepath.Join(dir, storedName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("vocabulary: reading the imported interests: %w", err)
	}
	var file storedFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("vocabulary: reading the imported interests in %s: %w", storedName, err)
	}
	return file.Interests, nil
}

// Store writes the result of Merge to the folder, which must exist. It replaces
// the file atomically: after a crash it is the old one or the new one.
func Store(dir string, extra []Interest) error {
	data, err := json.MarshalIndent(storedFile{Interests: extra}, "", "\t")
	if err != nil {
		return fmt.Errorf("vocabulary: writing the imported interests: %w", err)
	}
	if err := replaceFile(filepath.Join(dir, storedName), data); err != nil {
		return fmt.Errorf("vocabulary: writing the imported interests: %w", err)
	}
	return nil
}

// replaceFile writes a temporary file in the same folder, syncs and renames it.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(data, '\n'))
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
