// Package archive exports everything a store holds to one file and restores it
// into an empty store. That includes every revision, API keys and withdrawn
// records.
package archive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"gather/directory"
	"gather/directory/bulk/loose"
	"gather/directory/bulk/spool"
)

// version is the archive format's version; any other is refused.
const version = 1

// Limits of an archive.
const (
	// maxFile is 64 GiB: a million listings with ten revisions each are a
	// third of that.
	maxFile = 64 << 30
	// logPage is how many revisions are read at a time, a few megabytes.
	logPage = 500
	// maxLine allows for the largest document plus the fields around it.
	maxLine = 2 * directory.MaxDoc
	// batchRecords and batchBytes bound one transaction. Both engines accept
	// far more, but hold the whole transaction in memory.
	batchRecords = 500
	batchBytes   = 8 << 20
)

// header is the first line of an archive and trailer the last. A file without a
// trailer is truncated.
type (
	header struct {
		Gather  string `json:"gather"`
		Version int    `json:"version"`
	}
	trailer struct {
		End     bool  `json:"end"`
		Records int64 `json:"records"`
		Last    int64 `json:"last"`
		// SHA256 is over every byte before this line, in hexadecimal.
		SHA256 string `json:"sha256"`
	}
)

// start is how every archive begins.
var start = []byte(`{"gather":"archive"`)

// Is reports whether head is the beginning of an archive written by Export.
func Is(head []byte) bool { return bytes.HasPrefix(head, start) }

// Export writes everything in d to w as JSON Lines: a header, every revision of
// every record in change order (including keys and withdrawn records), and a
// trailer with the count and a checksum. It returns the number of revisions.
// Writes made during the export are not included.
//
// An archive contains contacts that are not public and the hashes of API keys:
// protect it like the store itself.
func Export(ctx context.Context, d *directory.Directory, w io.Writer) (int64, error) {
	last, err := d.Last(ctx)
	if err != nil {
		return 0, fmt.Errorf("archive: %w", err)
	}
	sum := sha256.New()
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(io.MultiWriter(b, sum))
	// Stored documents are already compact, so they are written unchanged.
	enc.SetEscapeHTML(false)
	if err := enc.Encode(header{Gather: "archive", Version: version}); err != nil {
		return 0, fmt.Errorf("archive: %w", err)
	}
	var n, after int64
	for after < last {
		rs, err := d.Log(ctx, after, logPage)
		if err != nil {
			return n, fmt.Errorf("archive: %w", err)
		}
		if len(rs) == 0 {
			break
		}
		for _, r := range rs {
			if after = r.Change; r.Change > last {
				break
			}
			if err := enc.Encode(r); err != nil {
				return n, fmt.Errorf("archive change %d: %w", r.Change, err)
			}
			n++
		}
	}
	end := json.NewEncoder(b)
	if err := end.Encode(trailer{End: true, Records: n, Last: last, SHA256: hex.EncodeToString(sum.Sum(nil))}); err != nil {
		return n, fmt.Errorf("archive: %w", err)
	}
	if err := b.Flush(); err != nil {
		return n, fmt.Errorf("archive: %w", err)
	}
	return n, nil
}

// Restore writes an archive into d, which must be empty, and returns the number
// of revisions. The whole archive is checked first: if it is truncated, damaged
// or of another version, the error is a *directory.Invalid and nothing is
// restored. If the store fails part-way, the error says how many revisions were
// written, and the store is refused until it has been emptied and restored
// again.
func Restore(ctx context.Context, d *directory.Directory, r io.Reader) (int64, error) {
	last, err := d.Last(ctx)
	if err != nil {
		return 0, fmt.Errorf("restore: %w", err)
	}
	if last != 0 {
		return 0, directory.InvalidField("", "restore into an empty one: nothing was restored", "cannot be restored: the store already holds %d changes", last)
	}
	f, err := spool.Open(r, maxFile)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if err := f.Rewind(); err != nil {
		return 0, err
	}
	if err := read(ctx, f.File, func(directory.Record, int) error { return nil }); err != nil {
		return 0, err
	}
	if err := f.Rewind(); err != nil {
		return 0, err
	}
	var done int64
	var batch []directory.Record
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		if err := d.Restore(ctx, batch); err != nil {
			return fmt.Errorf("restore: stopped after %d revisions: %w", done, err)
		}
		done += int64(len(batch))
		batch, size = nil, 0
		return nil
	}
	err = read(ctx, f.File, func(rec directory.Record, length int) error {
		if len(batch) == batchRecords || size+length > batchBytes {
			if err := flush(); err != nil {
				return err
			}
		}
		batch, size = append(batch, rec), size+length
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return done, err
	}
	if err := d.FinishRestore(ctx); err != nil {
		return done, fmt.Errorf("restore: all %d revisions were written, but the store could not be marked as complete: %w", done, err)
	}
	return done, nil
}

// read reads an archive from the start, checks it, and passes each revision and
// the size of its line to take.
func read(ctx context.Context, r io.Reader, take func(directory.Record, int) error) error {
	b := bufio.NewReaderSize(r, 64<<10)
	sum := sha256.New()
	broken := func(line int, what string, args ...any) error {
		return directory.InvalidField("", "get the whole archive again: nothing was restored", "line %d %s", line, fmt.Sprintf(what, args...))
	}
	var count, last int64
	for line := 1; ; line++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		text, err := readLine(b)
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0:
			return broken(line, "is missing: the archive is cut off before its closing line")
		case errors.Is(err, io.EOF):
			return broken(line, "is not complete: the archive is cut off")
		case errors.Is(err, bufio.ErrTooLong):
			return broken(line, "is longer than %d bytes", maxLine)
		case err != nil:
			return fmt.Errorf("restore: read line %d: %w", line, err)
		}
		if line == 1 {
			if err := checkHeader(text); err != nil {
				return err
			}
			sum.Write(text)
			continue
		}
		if bytes.HasPrefix(text, []byte(`{"end":`)) {
			return checkTrailer(b, text, sum, count, last, func(what string, args ...any) error { return broken(line, what, args...) })
		}
		sum.Write(text)
		var rec directory.Record
		if err := json.Unmarshal(text, &rec); err != nil {
			return broken(line, "is not a record: %s", loose.Fault(err))
		}
		if rec.Change <= last || rec.Rev < 1 || rec.ID == "" || rec.Kind == "" {
			return broken(line, "is out of order: change %d after %d", rec.Change, last)
		}
		count, last = count+1, rec.Change
		if err := take(rec, len(text)); err != nil {
			return err
		}
	}
}

// readLine returns the next line including its line ending, or io.EOF with the
// remainder if the line ending is missing.
func readLine(b *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := b.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > maxLine:
			return text, bufio.ErrTooLong
		case !errors.Is(err, bufio.ErrBufferFull):
			return text, err
		}
	}
}

func checkHeader(text []byte) error {
	var head header
	if !Is(text) || json.Unmarshal(text, &head) != nil {
		return directory.InvalidField("", "give a file that an export of everything wrote", "is not an archive of a directory")
	}
	if head.Version != version {
		return directory.InvalidField("", "use the release that wrote it, or a newer one", "is an archive of version %d, and this program reads version %d", head.Version, version)
	}
	return nil
}

func checkTrailer(b *bufio.Reader, text []byte, sum hash.Hash, count, last int64, broken func(string, ...any) error) error {
	var end trailer
	if err := json.Unmarshal(text, &end); err != nil {
		return broken("is not a closing line: %s", loose.Fault(err))
	}
	if end.Records != count || end.SHA256 != hex.EncodeToString(sum.Sum(nil)) {
		return broken("does not fit what comes before it: %d records, and it counts %d; the archive was changed or parts of it are missing", count, end.Records)
	}
	if last > end.Last {
		return broken("says that the last change is %d, and there is %d", end.Last, last)
	}
	if _, err := b.ReadByte(); !errors.Is(err, io.EOF) {
		return broken("is the closing line, and something comes after it")
	}
	return nil
}
