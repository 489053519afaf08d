package feeds

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// SitemapLimit is how many addresses one sitemap, or one index of sitemaps, may
// hold at most (sitemaps.org, "Sitemap XML format").
const SitemapLimit = 50_000

// sitemapBytes is the largest size of a sitemap without compression, from the same
// page.
const sitemapBytes = 50 << 20

// ErrSitemapFull is the error for more addresses than one sitemap can hold. What
// was written by then is incomplete.
var ErrSitemapFull = errors.New("more than one sitemap can hold")

// SitemapURL is an address in a sitemap, or the address of a sitemap in an index.
type SitemapURL struct {
	// Address is absolute.
	Address string
	// Updated is when its content last changed; zero leaves it out.
	Updated time.Time
}

// SitemapPages is how many sitemaps it takes to list n addresses, at least 1. If it
// is more than one, an index lists them.
func SitemapPages(n int) int { return max(1, (n+SitemapLimit-1)/SitemapLimit) }

// WriteSitemap writes addresses as a sitemap. The error is that of w, the first
// of addresses, or ErrSitemapFull.
func WriteSitemap(w io.Writer, addresses iter.Seq2[SitemapURL, error]) error {
	return writeSitemap(w, "urlset", "url", addresses)
}

// WriteSitemapIndex writes the addresses of sitemaps as an index. Its error is as
// that of WriteSitemap.
func WriteSitemapIndex(w io.Writer, sitemaps iter.Seq2[SitemapURL, error]) error {
	return writeSitemap(w, "sitemapindex", "sitemap", sitemaps)
}

// ActivityPages lists the addresses of the pages of activities, for WriteSitemap.
func (s Site) ActivityPages(activities Activities) iter.Seq2[SitemapURL, error] {
	return func(yield func(SitemapURL, error) bool) {
		for a, err := range activities {
			if err != nil {
				yield(SitemapURL{}, err)
				return
			}
			if !yield(SitemapURL{s.ActivityURL(a.ID), a.Updated}, nil) {
				return
			}
		}
	}
}

func writeSitemap(w io.Writer, root, element string, addresses iter.Seq2[SitemapURL, error]) error {
	out := bufio.NewWriter(w)
	n, size := 0, 0
	write := func(text string) {
		size += len(text)
		out.WriteString(text) // Flush returns its error
	}
	write(xml.Header + "<" + root + ` xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	for u, err := range addresses {
		if err != nil {
			return fmt.Errorf("reading addresses for a sitemap: %w", err)
		}
		row, err := xml.Marshal(struct {
			XMLName xml.Name
			Loc     string `xml:"loc"`
			LastMod string `xml:"lastmod,omitempty"`
		}{xml.Name{Local: element}, u.Address, lastMod(u.Updated)})
		if err != nil {
			return fmt.Errorf("writing %q in a sitemap: %w", u.Address, err)
		}
		if n++; n > SitemapLimit || size+len(row) > sitemapBytes-100 { // room for the end
			return fmt.Errorf("address %d of a sitemap: %w", n, ErrSitemapFull)
		}
		write(string(row) + "\n")
	}
	write("</" + root + ">\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing a sitemap: %w", err)
	}
	return nil
}

func lastMod(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return moment(t)
}
