package harvest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk"
)

const dateLayout = directory.DateLayout

func london() *time.Location { return directory.London() }

func isNothing(err error) bool {
	return errors.Is(err, directory.ErrNotFound) || errors.Is(err, directory.ErrGone)
}

// Report is the result of a harvest.
type Report struct {
	Source string `json:"source"`
	Dry    bool   `json:"dry,omitempty"`
	// Requests and Bytes are the totals of all feeds.
	Requests int          `json:"requests"`
	Bytes    int64        `json:"bytes"`
	Feeds    []FeedReport `json:"feeds"`
	// Import is the report on the listings that changed.
	Import bulk.Report `json:"import"`
	// Vanished are the listings that were gone for longer than the grace
	// time, Waiting those that are gone and still have some of it.
	Vanished []Vanished `json:"vanished,omitempty"`
	Waiting  []Vanished `json:"waiting,omitempty"`
}

// FeedReport is the result of one address.
type FeedReport struct {
	URL string `json:"url"`
	// Kind is the kind of source, in words.
	Kind     string `json:"kind"`
	Requests int    `json:"requests"`
	Pages    int    `json:"pages"`
	Items    int    `json:"items"`
	// Deleted counts the items that the source withdrew, Unreadable those that
	// are not valid items, and Unfetched the services that had not changed.
	Deleted    int `json:"deleted"`
	Unreadable int `json:"unreadable"`
	Unfetched  int `json:"unfetched"`
	// Unchanged reports whether the source says that nothing is new.
	Unchanged bool `json:"unchanged,omitempty"`
	// Stopped says why it ended early, empty where it did not. The next harvest
	// resumes there.
	Stopped string `json:"stopped,omitempty"`
}

// Vanished is a listing that its source no longer has.
type Vanished struct {
	// ID is the id at the source, Activity that of the activity imported from it.
	ID       string `json:"id"`
	Activity string `json:"activity,omitempty"`
	// Missing is the date, YYYY-MM-DD, on which it was first missed.
	Missing string `json:"missing"`
	// Outcome is withdrawn or kept, and Why why it was kept.
	Outcome directory.Outcome `json:"outcome,omitempty"`
	Why     string            `json:"why,omitempty"`
}

// Stopped reports whether any address could not be followed to its end.
func (r Report) Stopped() bool {
	for _, f := range r.Feeds {
		if f.Stopped != "" {
			return true
		}
	}
	return false
}

// WriteJSON writes the report as one indented JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// WriteText writes the report for people to read: that of the import, then the
// result of each address and the listings that are gone.
func (r Report) WriteText(w io.Writer) error {
	if r.Import.Total > 0 {
		if err := r.Import.WriteText(w); err != nil {
			return err
		}
	}
	var b strings.Builder
	for _, f := range r.Feeds {
		if f.Kind == "" {
			f.Kind = "no answer"
		}
		fmt.Fprintf(&b, "%s: %s: ", f.URL, f.Kind)
		if f.Unchanged {
			b.WriteString("nothing new\n")
			continue
		}
		fmt.Fprintf(&b, "%d pages, %d items, %d deleted, %d that cannot be read, %d unchanged and not fetched, %d requests\n", f.Pages, f.Items, f.Deleted, f.Unreadable, f.Unfetched, f.Requests)
		if f.Stopped != "" {
			fmt.Fprintf(&b, "  stopped: %s\n", f.Stopped)
		}
	}
	for _, v := range r.Vanished {
		fmt.Fprintf(&b, "gone since %s: %s: %s", v.Missing, v.ID, v.Outcome)
		if v.Why != "" {
			b.WriteString(", as it " + v.Why)
		}
		b.WriteByte('\n')
	}
	if n := len(r.Waiting); n > 0 {
		fmt.Fprintf(&b, "%d listings are gone at their source; they stay until their time of grace is over\n", n)
	}
	if r.Dry {
		b.WriteString("dry run: nothing was written\n")
	}
	fmt.Fprintf(&b, "%s: %d requests, %d bytes, %d withdrawn\n", r.Source, r.Requests, r.Bytes, r.withdrawn())
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func (r Report) withdrawn() int {
	n := 0
	for _, v := range r.Vanished {
		if v.Outcome == directory.Withdrawn {
			n++
		}
	}
	return n
}
