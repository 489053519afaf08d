package harvest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	bolt "go.etcd.io/bbolt"

	"gather/directory/bulk"
	"gather/directory/bulk/openactive"
)

// maxPages is the most pages of one walk: with 500 items each, fifty million.
const maxPages = 100_000

// feedPage is a page of an RPDE feed.
type feedPage struct {
	Next    *string            `json:"next"`
	Items   *[]json.RawMessage `json:"items"`
	License any                `json:"license"`
	Licence any                `json:"licence"` // in old feeds
}

// listPage is a page of a list of services, of version 3 or 1.
type listPage struct {
	Contents *[]json.RawMessage `json:"contents"`
	Content  *[]json.RawMessage `json:"content"`
	Number3  *int               `json:"page_number"`
	Number1  *int               `json:"number"`
	Pages3   int                `json:"total_pages"`
	Pages1   int                `json:"totalPages"`
	Last3    bool               `json:"last_page"`
	Last1    bool               `json:"last"`
}

// kindOf detects the kind of a response body, empty for the base of an Open
// Referral API.
func kindOf(body []byte) string {
	var keys map[string]json.RawMessage
	if json.Unmarshal(body, &keys) != nil {
		return kindFile
	}
	isList := func(name string) bool { v := bytes.TrimSpace(keys[name]); return len(v) > 0 && v[0] == '[' }
	switch {
	case isList("items") && keys["next"] != nil:
		return kindRPDE
	case isList("contents") && (keys["total_pages"] != nil || keys["page_number"] != nil):
		return kindHSDS
	case isList("content") && (keys["totalPages"] != nil || keys["number"] != nil):
		return kindORUK1
	case keys["version"] != nil && keys["openapi_url"] != nil:
		return ""
	}
	return kindFile
}

// notAPage returns the error for a response in the middle of a walk that is not a
// page; err is its parse error, nil where it parses but lacks members.
func notAPage(got answer, of string, err error) error {
	if err == nil {
		return fmt.Errorf("%s is not a page of a %s: parts of it are missing", clip(got.at.String()), of)
	}
	return fmt.Errorf("%s is not a page of a %s: %w", clip(got.at.String()), of, err)
}

// errRound reports a page that was read before.
var errRound = errors.New("leads back to a page that was read already")

// walkFeed reads a feed from a page to its end. Each page is stored in the mirror
// with the address of the next, so that an interrupted walk resumes there.
func (h *harvest) walkFeed(ctx context.Context, u *url.URL, state feedState, got answer, f *FeedReport) error {
	address := u.String()
	seen := map[string]bool{}
	for {
		var p feedPage
		if err := json.Unmarshal(got.body, &p); err != nil || p.Items == nil || p.Next == nil {
			return notAPage(got, "feed", err)
		}
		next, err := got.at.Parse(*p.Next)
		if err != nil || (next.Scheme != "https" && next.Scheme != "http") {
			return fmt.Errorf("the page %s has a next that is no address", clip(got.at.String()))
		}
		if got.at.Scheme == "https" && next.Scheme == "http" {
			return fmt.Errorf("next of %s %w", clip(got.at.String()), errDowngrade)
		}
		here := got.at.String()
		seen[here] = true
		end := len(*p.Items) == 0 && next.String() == here
		if f.Pages++; f.Pages > maxPages {
			return fmt.Errorf("the feed has more than %d pages", maxPages)
		}
		f.Items += len(*p.Items)
		for _, l := range []any{p.License, p.Licence} {
			if s, ok := l.(string); ok && s != "" {
				state.Licence = clip(s)
			}
		}
		state.Next, state.ETag, state.Modified = next.String(), "", ""
		if end {
			state.ETag, state.Modified = got.etag, got.modified
		}
		err = h.mirror.keep(address, state, func(tx *bolt.Tx) error {
			for _, raw := range *p.Items {
				if err := putFeedItem(tx, address, raw, state.Walk, f); err != nil {
					return err
				}
			}
			if end && h.o.Afresh {
				return sweep(tx, address, state.Walk)
			}
			return nil
		})
		switch {
		case err != nil, end:
			return err
		case seen[next.String()]:
			return fmt.Errorf("next of %s %w", clip(here), errRound)
		}
		if got, err = h.client.get(ctx, next, "", ""); err != nil {
			return err
		}
	}
}

// putFeedItem writes one item of a feed, or removes it if it is deleted. An item
// that cannot be parsed is counted and skipped.
func putFeedItem(tx *bolt.Tx, address string, raw json.RawMessage, walk int, f *FeedReport) error {
	about, err := openactive.ReadFeedItem(raw)
	switch {
	case err != nil || about.ID == "" || len(about.ID) > maxID:
		f.Unreadable++
		return nil
	case about.Deleted:
		f.Deleted++
		return dropItem(tx, address, about.ID)
	}
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return err
	}
	return putItem(tx, address, about.ID, item{Listing: about.Listing, Main: about.Main, Format: bulk.OpenActive, Walk: walk, Data: b.Bytes()})
}

// maxID is the longest id of an item, in bytes; two of them and an address
// make a key of the mirror, which has at most 32 KiB.
const maxID = 4 << 10

// walkList reads all pages of a list of services. Where the list omits the
// locations of services, it fetches each service that changed separately.
func (h *harvest) walkList(ctx context.Context, u *url.URL, state feedState, got answer, f *FeedReport) error {
	address, first := u.String(), got.at
	format := bulk.HSDS
	if f.Kind == kindORUK1 {
		format = bulk.ORUK1
	}
	state.Walk++
	before := ""
	for {
		var p listPage
		if err := json.Unmarshal(got.body, &p); err != nil || p.Contents == nil && p.Content == nil {
			return notAPage(got, "list", err)
		}
		services, number, pages, last := p.services()
		if f.Pages++; f.Pages > maxPages {
			return fmt.Errorf("the list has more than %d pages", maxPages)
		}
		f.Items += len(services)
		sum := hash(services...)
		if len(services) > 0 && sum == before {
			return fmt.Errorf("page %d of the list %w", number, errRound)
		}
		before = sum
		if err := h.putServices(ctx, first, address, format, services, state, f); err != nil {
			return err
		}
		if last || len(services) == 0 || pages > 0 && f.Pages >= pages {
			break
		}
		next := *first
		q := next.Query()
		q.Set("page", strconv.Itoa(number+1))
		next.RawQuery = q.Encode()
		var err error
		if got, err = h.client.get(ctx, &next, "", ""); err != nil {
			return err
		}
	}
	return h.mirror.keep(address, state, func(tx *bolt.Tx) error { return sweep(tx, address, state.Walk) })
}

func (p *listPage) services() (services []json.RawMessage, number, pages int, last bool) {
	number, pages, last = 1, max(p.Pages3, p.Pages1), p.Last3 || p.Last1
	if p.Number3 != nil {
		number = *p.Number3
	} else if p.Number1 != nil {
		number = *p.Number1
	}
	if p.Contents != nil {
		return *p.Contents, number, pages, last
	}
	return *p.Content, number, pages, last
}

func hash(parts ...json.RawMessage) string {
	sum := sha256.New()
	for _, p := range parts {
		sum.Write(p)
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// putServices writes the services of a page of a list.
func (h *harvest) putServices(ctx context.Context, list *url.URL, address string, format bulk.Format, services []json.RawMessage, state feedState, f *FeedReport) error {
	whole := false
	for _, raw := range services {
		whole = whole || bytes.Contains(raw, []byte(`"service_at_locations"`))
	}
	items := map[string]item{}
	for _, raw := range services {
		var s struct {
			ID       any `json:"id"`
			Modified any `json:"last_modified"`
		}
		if err := json.Unmarshal(raw, &s); err != nil || s.ID == nil {
			f.Unreadable++
			continue
		}
		id := fmt.Sprint(s.ID)
		if n, ok := s.ID.(float64); ok {
			id = strconv.FormatFloat(n, 'f', -1, 64)
		}
		if id == "" || len(id) > maxID {
			f.Unreadable++
			continue
		}
		x := item{Listing: id, Main: true, Format: format, Walk: state.Walk, Brief: hash(raw), Data: raw}
		if !whole {
			var err error
			if x, err = h.wholeService(ctx, list, address, id, x, s.Modified != nil, f); errors.Is(err, errMissing) {
				continue
			} else if err != nil {
				return err
			}
		}
		items[id] = x
	}
	return h.mirror.update(func(tx *bolt.Tx) error {
		for id, x := range items {
			var b bytes.Buffer
			if err := json.Compact(&b, x.Data); err != nil {
				return err
			}
			x.Data = b.Bytes()
			if err := putItem(tx, address, id, x); err != nil {
				return err
			}
		}
		return nil
	})
}

// wholeService fetches one service, unless its entry in the list, with the date
// of its last change, is the same as before. A conditional request that returns
// 304 also keeps the earlier item.
func (h *harvest) wholeService(ctx context.Context, list *url.URL, address, id string, x item, dated bool, f *FeedReport) (item, error) {
	was, err := h.mirror.item(address, id)
	if err != nil {
		return x, err
	}
	if dated && was.Data != nil && was.Brief == x.Brief {
		was.Walk = x.Walk
		f.Unfetched++
		return was, nil
	}
	one := *list
	one.RawQuery = ""
	one.Path = strings.TrimRight(one.Path, "/") + "/" + url.PathEscape(id)
	one.RawPath = ""
	if was.Data == nil {
		was.ETag = ""
	}
	got, err := h.client.get(ctx, &one, was.ETag, "")
	switch {
	case err != nil:
		return x, err
	case got.unchanged:
		was.Walk, was.Brief = x.Walk, x.Brief
		f.Unfetched++
		return was, nil
	case !json.Valid(got.body):
		return x, fmt.Errorf("read %s: it is not JSON", clip(one.String()))
	}
	x.ETag, x.Data = got.etag, got.body
	return x, nil
}

// takeFile imports a file that is republished when it changes. Listings that are
// no longer in it are gone.
func (h *harvest) takeFile(ctx context.Context, u *url.URL, state feedState, got answer, f *FeedReport) error {
	address := u.String()
	f.Pages = 1
	r, err := bulk.Import(ctx, h.dir, h.by, bytes.NewReader(got.body), h.o.Import)
	h.report.Import.Add(r)
	if f.Items = r.Total; err != nil {
		return err
	}
	state.Walk++
	state.ETag, state.Modified = got.etag, got.modified
	return h.mirror.keep(address, state, func(tx *bolt.Tx) error {
		for _, row := range r.Rows {
			if row.ID == "" || len(row.ID) > maxID {
				continue
			}
			if err := putItem(tx, address, row.ID, item{Listing: row.ID, Main: true, Walk: state.Walk}); err != nil {
				return err
			}
		}
		return sweep(tx, address, state.Walk)
	})
}

// vanish withdraws the listings that have been gone for longer than the grace
// time.
func (h *harvest) vanish(ctx context.Context) error {
	now := h.o.Now().UTC()
	missing, err := h.mirror.missing(now)
	if err != nil {
		return err
	}
	for _, g := range missing {
		v := Vanished{ID: g.listing, Missing: g.state.Missing.In(london()).Format(dateLayout)}
		if now.Sub(g.state.Missing) < h.o.Grace {
			h.report.Waiting = append(h.report.Waiting, v)
			continue
		}
		done, err := h.dir.Vanish(ctx, h.by, h.o.Import.Source.Name, g.listing, h.o.Import.Dry)
		switch {
		case isNothing(err): // it never became an activity, or is withdrawn already
		case err != nil:
			return fmt.Errorf("withdraw %q, which is gone at its source: %w", clip(g.listing), err)
		default:
			v.Activity, v.Outcome, v.Why = done.ID, done.Outcome, done.Why
			h.report.Vanished = append(h.report.Vanished, v)
		}
		if err := h.mirror.markDone(g); err != nil {
			return err
		}
	}
	return nil
}
