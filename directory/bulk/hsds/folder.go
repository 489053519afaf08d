package hsds

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gather/directory"
)

// PackFolder packs the CSV tables and datapackage.json of a folder, without its
// subfolders, into a temporary zip file, so that ReadTables handles one form
// only. The caller removes the file. More than 128 MiB of tables is an error.
func PackFolder(folder string) (packed string, err error) {
	out, err := os.CreateTemp("", "gather-import-*.zip")
	if err != nil {
		return "", fmt.Errorf("import: pack %s: %w", folder, err)
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(fmt.Errorf("import: pack %s: %w", folder, err), os.Remove(out.Name()))
		}
	}()
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	z := zip.NewWriter(out)
	left := int64(maxTables)
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !strings.EqualFold(filepath.Ext(name), ".csv") && name != "datapackage.json" {
			continue
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return "", err
		}
		f, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			return "", err
		}
		n, err := io.Copy(w, io.LimitReader(f, left+1))
		if left -= n; left < 0 {
			err = directory.InvalidField(name, "give a part at a time", "makes the tables larger than %d bytes", maxTables)
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return "", err
		}
	}
	return out.Name(), z.Close()
}
