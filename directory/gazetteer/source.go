package gazetteer

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxFileBytes bounds one unpacked file. The largest official one, the ONSPD, is
// 1.4 GB.
const maxFileBytes = 8 << 30

// source is one CSV file to import.
type source struct {
	name string
	size int64
	open func() (io.ReadCloser, error)
}

// readAll reads every source of the paths.
func (im *importer) readAll(ctx context.Context, paths []string) error {
	for _, p := range paths {
		sources, done, err := sourcesOf(p)
		if err != nil {
			return fmt.Errorf("opening %s: %w", p, err)
		}
		for _, s := range sources {
			im.total += s.size
		}
		err = im.readSources(ctx, sources, len(sources) == 1)
		if err := errors.Join(err, done()); err != nil {
			return err
		}
	}
	im.progress(im.done, im.total)
	return nil
}

func (im *importer) readSources(ctx context.Context, sources []source, alone bool) error {
	for _, s := range sources {
		if s.size > maxFileBytes {
			return fmt.Errorf("%s: %d bytes, more than the %d that are read", s.name, s.size, int64(maxFileBytes))
		}
		r, err := s.open()
		if err != nil {
			return fmt.Errorf("opening %s: %w", s.name, err)
		}
		err = im.readFile(ctx, s.name, r, alone)
		if err := errors.Join(err, r.Close()); err != nil {
			return fmt.Errorf("reading %s: %w", s.name, err)
		}
	}
	return nil
}

// sourcesOf returns the CSV files of a zip or a folder, or a single CSV file.
// The caller calls done after reading them.
func sourcesOf(p string) (sources []source, done func() error, err error) {
	done = func() error { return nil }
	info, err := os.Stat(p)
	if err != nil {
		return nil, done, err
	}
	var tree fs.FS
	switch {
	case info.IsDir():
		tree = os.DirFS(p)
	case strings.EqualFold(filepath.Ext(p), ".zip"):
		z, err := zip.OpenReader(p)
		if err != nil {
			return nil, done, err
		}
		tree, done = z, z.Close
	default:
		open := func() (io.ReadCloser, error) { return os.Open(p) }
		return []source{{filepath.Base(p), info.Size(), open}}, done, nil
	}
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skippedFolder(d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.EqualFold(path.Ext(name), ".csv") || strings.HasPrefix(d.Name(), ".") {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		open := func() (io.ReadCloser, error) { return tree.Open(name) }
		sources = append(sources, source{name, info.Size(), open})
		return nil
	})
	if err != nil {
		return nil, done, errors.Join(err, done())
	}
	return sources, done, nil
}

// skippedFolder reports whether a folder holds nothing to import: the ONSPD's
// multi_csv repeats its one large file by area, and macOS adds __MACOSX to
// archives.
func skippedFolder(name string) bool {
	return strings.EqualFold(name, "multi_csv") || name == "__MACOSX"
}
