// Package harvest imports listings from live sources: OpenActive's RPDE feeds,
// lists of Open Referral UK, and files that are republished as they change.
//
// It makes one request at a time, with a pause between them, conditional where
// possible, and honours Retry-After. It resumes where the last harvest stopped.
// It does not trust a source: it refuses addresses in private networks and
// bounds pages and bytes. Fetched items are kept in a mirror file, separate from
// the directory; package bulk imports them.
package harvest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk"
)

// Options configure a harvest.
type Options struct {
	// URLs are the addresses of one source: a feed, a list, the base of an
	// API, or a file. Several feeds of one source are imported together, since
	// OpenActive separates series from their dated sessions. An address without
	// a scheme gets https.
	URLs []string
	// Import configures the import of the listings; its Format, Columns and
	// Delimiter apply to files only, and Strict is ignored. Source.Name
	// defaults to the host of the first address, Source.Licence to the licence
	// that a feed names.
	Import bulk.Options
	// Folder is where the mirrors are kept, one file for each source.
	Folder string
	// Grace is how long a listing stays after it vanished from its source; 0 is
	// DefaultGrace, a negative value withdraws it at once.
	Grace time.Duration
	// Afresh starts from the beginning instead of where the last harvest ended.
	Afresh bool
	// AllowPrivate allows addresses in private, loopback and link-local
	// networks.
	AllowPrivate bool
	// UserAgent names this directory and its public address, so that the
	// publisher can contact its operator.
	UserAgent string
	// Spacing is the least time between two requests; 0 is DefaultSpacing.
	Spacing time.Duration
	// Now is the clock, and Wait waits for d or until ctx ends; nil for the
	// system's.
	Now  func() time.Time
	Wait func(ctx context.Context, d time.Duration) error
	// Progress, if not nil, is called with the number of requests made.
	Progress func(requests int)
}

// Defaults of the Options.
const (
	// DefaultGrace is a week: RPDE keeps deleted items that long, and it gives a
	// publisher time to repair a broken export.
	DefaultGrace = 7 * 24 * time.Hour
	// DefaultSpacing allows four requests a second.
	DefaultSpacing = 250 * time.Millisecond
)

// Harvest imports the listings of one source into dir, as by, and returns a
// report. It fails with bulk's errors, *directory.Invalid for an address that
// cannot be followed, and ErrBusy while another harvest of the same source runs.
// It does not fail where a source becomes unavailable half-way: the fetched items
// are imported, the report says why it Stopped, and the next harvest resumes
// there.
func Harvest(ctx context.Context, dir *directory.Directory, by directory.Principal, o Options) (Report, error) {
	h, err := newHarvest(dir, by, o)
	if err != nil {
		return Report{}, err
	}
	if err := h.openMirror(); err != nil {
		return Report{}, err
	}
	err = h.run(ctx)
	return h.report, errors.Join(err, h.closeMirror())
}

// harvest is one run.
type harvest struct {
	dir    *directory.Directory
	by     directory.Principal
	o      Options
	urls   []*url.URL
	client *client
	mirror *mirror
	trial  string // the copy that a dry run works on
	report Report
}

func newHarvest(dir *directory.Directory, by directory.Principal, o Options) (*harvest, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Grace == 0 {
		o.Grace = DefaultGrace
	}
	if o.Spacing == 0 {
		o.Spacing = DefaultSpacing
	}
	o.Import.Strict = false
	h := &harvest{dir: dir, by: by, o: o}
	var fs directory.Faults
	for _, text := range o.URLs {
		if !strings.Contains(text, "://") {
			text = "https://" + text
		}
		u, err := url.Parse(text)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil {
			fs.Add("url", "give an address such as https://example.org/feed", "%q is not a web address that can be followed", clip(text))
			continue
		}
		u.Fragment = ""
		h.urls = append(h.urls, u)
	}
	if len(o.URLs) == 0 {
		fs.Add("url", "give the address of a feed, a list or a file", "is missing")
	}
	if err := fs.Err(); err != nil {
		return nil, err
	}
	if h.o.Import.Source.Name == "" {
		h.o.Import.Source.Name = h.urls[0].Hostname()
	}
	if h.o.Import.Source.URL == "" {
		h.o.Import.Source.URL = h.urls[0].String()
	}
	h.o.Import.Source.Retrieved = o.Now().In(directory.London()).Format(directory.DateLayout)
	h.client = newClient(o)
	return h, nil
}

// wait waits for d, or until ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var notInNames = regexp.MustCompile(`[^a-z0-9.-]+`)

// mirrorFile returns the path of the mirror of a source and its addresses.
func (h *harvest) mirrorFile() string {
	names := []string{h.o.Import.Source.Name}
	for _, u := range h.urls {
		names = append(names, u.String())
	}
	slices.Sort(names[1:])
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	slug := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(h.urls[0].Host), "-"), "-.")
	return filepath.Join(h.o.Folder, slug+"-"+hex.EncodeToString(sum[:6])+".db")
}

func (h *harvest) openMirror() (err error) {
	file := h.mirrorFile()
	if err := os.MkdirAll(h.o.Folder, 0o700); err != nil {
		return fmt.Errorf("harvest: %w", err)
	}
	if h.o.Import.Dry {
		if file, err = copyOf(file); err != nil {
			return err
		}
		h.trial = file
	}
	h.mirror, err = openMirror(file)
	return err
}

func (h *harvest) closeMirror() error {
	err := h.mirror.close()
	if h.trial != "" {
		err = errors.Join(err, os.Remove(h.trial))
	}
	return err
}

// run fetches items, imports the listings that changed, and withdraws those that
// are gone.
func (h *harvest) run(ctx context.Context) error {
	h.report.Source, h.report.Dry = h.o.Import.Source.Name, h.o.Import.Dry
	for _, u := range h.urls {
		f := FeedReport{URL: u.String()}
		err := h.follow(ctx, u, &f)
		if f.Requests = h.client.requests - h.report.Requests; err != nil {
			f.Stopped = err.Error()
		}
		h.report.Feeds = append(h.report.Feeds, f)
		h.report.Requests, h.report.Bytes = h.client.requests, h.client.bytes
		if ctx.Err() != nil {
			return fmt.Errorf("harvest: %w", ctx.Err())
		}
	}
	if err := h.take(ctx); err != nil {
		return err
	}
	return h.vanish(ctx)
}

// The kinds of source.
const (
	kindRPDE  = "OpenActive feed"
	kindHSDS  = "Open Referral UK 3 list"
	kindORUK1 = "Open Referral UK 1 list"
	kindFile  = "file"
)

// follow fetches the changes at one address into the mirror.
func (h *harvest) follow(ctx context.Context, u *url.URL, f *FeedReport) error {
	state, err := h.mirror.feed(u.String())
	if err != nil {
		return err
	}
	at := u
	if h.o.Afresh {
		state.Next, state.ETag, state.Modified, state.Walk = "", "", "", state.Walk+1
	}
	if state.Next != "" {
		if at, err = u.Parse(state.Next); err != nil {
			return fmt.Errorf("go on at %s: %w", clip(state.Next), err)
		}
	}
	got, err := h.client.get(ctx, at, state.ETag, state.Modified)
	if f.Kind = state.Kind; err != nil {
		return err
	}
	if got.unchanged {
		f.Unchanged = true
		return nil
	}
	f.Kind = kindOf(got.body)
	if f.Kind == "" { // the base of an API
		list := *got.at
		list.Path = strings.TrimRight(list.Path, "/") + "/services"
		if got, err = h.client.get(ctx, &list, "", ""); err != nil {
			return err
		}
		if f.Kind = kindOf(got.body); f.Kind != kindHSDS && f.Kind != kindORUK1 {
			return fmt.Errorf("%s does not return a list of services", &list)
		}
	}
	state.Kind = f.Kind
	switch f.Kind {
	case kindRPDE:
		return h.walkFeed(ctx, u, state, got, f)
	case kindHSDS, kindORUK1:
		return h.walkList(ctx, u, state, got, f)
	}
	return h.takeFile(ctx, u, state, got, f)
}

// maxHeld is the most listings in one import from the mirror, which bounds its
// memory.
const maxHeld = 20_000

// take imports the changed listings of the mirror.
func (h *harvest) take(ctx context.Context) error {
	for {
		batch, err := h.mirror.changed(maxHeld)
		if err != nil {
			return err
		}
		if len(batch.listings) == 0 {
			return nil
		}
		for _, part := range batch.parts() {
			if err := h.takeItems(ctx, part.format, part.items); err != nil {
				return err
			}
		}
		if err := h.mirror.taken(batch.listings); err != nil {
			return err
		}
	}
}

// takeItems imports items of one format.
func (h *harvest) takeItems(ctx context.Context, format bulk.Format, items [][]byte) error {
	if len(items) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(`{"` + listName(format) + `":[`)
	for i, item := range items {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.Write(item)
	}
	b.WriteString("]}\n")
	o := h.o.Import
	o.Format, o.Progress = format, nil
	if licence, err := h.mirror.licence(); err != nil {
		return err
	} else if o.Source.Licence == "" {
		o.Source.Licence = licence
	}
	r, err := bulk.Import(ctx, h.dir, h.by, bytes.NewReader(b.Bytes()), o)
	h.report.Import.Add(r)
	return err
}

// listName returns the name of the list in a page of a format.
func listName(format bulk.Format) string {
	switch format {
	case bulk.OpenActive:
		return "items"
	case bulk.ORUK1:
		return "content"
	}
	return "contents"
}

// clip shortens an address for an error.
func clip(address string) string { return directory.Clip(address, 200) }
