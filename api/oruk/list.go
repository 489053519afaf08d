package oruk

import (
	"encoding/json"
	"net/http"
	"time"
)

// batch is how many entities of a stream are read and written at once, which
// is all the memory it needs.
const batch = 100

// batchTime is how long one batch may take to be read by the caller. A caller
// who keeps up may stream for as long as it takes.
const batchTime = 30 * time.Second

// answer sends the page, or the stream, of l out of all that walk visits.
// load reads what the answer shows of them and leaves out what is gone by now.
func answer[E, T any](w http.ResponseWriter, r *http.Request, l listing, walk func(visit func(E) bool), load func([]E) ([]T, error)) error {
	if l.stream {
		return stream(w, walk, load)
	}
	var window []E
	total, from := 0, (l.page-1)*l.perPage
	walk(func(e E) bool {
		if total >= from && total < from+l.perPage {
			window = append(window, e)
		}
		total++
		return true
	})
	contents, err := load(window)
	if err != nil {
		return err
	}
	pages := (total + l.perPage - 1) / l.perPage
	if contents == nil {
		contents = []T{}
	}
	return send(w, r, Page[T]{
		TotalItems: total, TotalPages: pages, PageNumber: l.page, Size: len(contents),
		FirstPage: l.page == 1, LastPage: l.page >= pages, Empty: len(contents) == 0, Contents: contents,
	})
}

// stream sends everything as one JSON object a line. Once it has begun, an
// error can only break the connection off, so that nobody takes half for all.
func stream[E, T any](w http.ResponseWriter, walk func(visit func(E) bool), load func([]E) ([]T, error)) error {
	var (
		window []E
		err    error
		begun  bool
	)
	out := json.NewEncoder(w)
	control := http.NewResponseController(w)
	flush := func() bool {
		var page []T
		if page, err = load(window); err != nil {
			return false
		}
		if !begun {
			w.Header().Set("Content-Type", "application/x-ndjson")
			w.Header().Set("Cache-Control", "public, max-age=60")
			begun = true
		}
		_ = control.SetWriteDeadline(time.Now().Add(batchTime)) // not every writer has deadlines
		for i := range page {
			if err = out.Encode(page[i]); err != nil {
				return false
			}
		}
		window = window[:0]
		return true
	}
	walk(func(e E) bool {
		window = append(window, e)
		return len(window) < batch || flush()
	})
	if err == nil {
		flush()
	}
	if err != nil && begun {
		panic(http.ErrAbortHandler)
	}
	return err
}

// asIs loads entities that are in memory.
func asIs[T any](page []T) ([]T, error) { return page, nil }
