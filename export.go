package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"gather/directory/bulk/archive"
	jsonlines "gather/directory/bulk/gather"
)

func (p *program) export(ctx context.Context, cmd *cli.Command) error {
	file, err := one(cmd, "FILE")
	if err != nil {
		return err
	}
	return p.with(ctx, func(d *opened) error {
		return p.toFile(file, func(w io.Writer) error {
			if cmd.Bool("all") {
				_, err := archive.Export(ctx, d.Directory, w)
				return err
			}
			_, err := jsonlines.Export(ctx, d.Directory, w)
			return err
		})
	})
}

// toFile writes a file atomically: it is replaced as a whole or not at all. A
// symbolic link is followed, and "-" is standard output. A device or a pipe is
// written to directly.
func (p *program) toFile(path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(p.out)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil {
			return fmt.Errorf("export: %s is a link to a file that does not exist; name the file itself", path)
		}
	case err != nil:
		return fmt.Errorf("export: %w", err)
	case info.IsDir():
		return fmt.Errorf("export: %s is a folder; name a file", path)
	case !info.Mode().IsRegular():
		return toDevice(path, write)
	default:
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	err = errors.Join(write(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func toDevice(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return errors.Join(write(f), f.Close())
}

// openFile opens a file to read, and fails for a folder.
func openFile(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder; give a file", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (p *program) restore(ctx context.Context, cmd *cli.Command) error {
	file, err := one(cmd, "FILE")
	if err != nil {
		return err
	}
	return p.withAny(ctx, func(d *opened) error {
		f, err := openFile(file)
		if err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		defer f.Close()
		n, err := archive.Restore(ctx, d.Directory, f)
		if err == nil {
			fmt.Fprintf(p.out, "Restored %d revisions.\n", n)
		}
		return about(file, err)
	})
}
