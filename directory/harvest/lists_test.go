package harvest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// A list of version 1 numbers its pages from 1 and omits the locations of services
// and the dates of their changes: each service is fetched, conditional on its ETag.
func TestAVersion1ListIsFollowed(t *testing.T) {
	names := map[string]string{"1": "Tea", "2": "Cake", "3": "Walk"}
	pages := [][]string{{"1", "2"}, {"3"}}
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, ok := strings.CutPrefix(r.URL.Path, "/services/"); ok {
			tag := fmt.Sprintf("%q", names[id])
			if w.Header().Set("ETag", tag); r.Header.Get("If-None-Match") == tag {
				asked = append(asked, "same "+id)
				w.WriteHeader(http.StatusNotModified)
				return
			}
			asked = append(asked, "new "+id)
			fmt.Fprintf(w, `{"id":%q,"name":%q,"status":"active","organization":{"id":"o","name":"Age Friends"},"attending_type":"phone",
				"contacts":[{"phones":[{"number":"01632 960001"}]}],"eligibilitys":[],"service_at_locations":[]}`, id, names[id])
			return
		}
		n := 1
		if p := r.URL.Query().Get("page"); p != "" {
			fmt.Sscan(p, &n)
		}
		asked = append(asked, fmt.Sprintf("page %d of %s", n, r.URL.Query().Get("text")))
		var content []string
		for _, id := range pages[n-1] {
			content = append(content, fmt.Sprintf(`{"id":%q,"name":%q,"status":"active"}`, id, names[id]))
		}
		fmt.Fprintf(w, `{"totalElements":3,"totalPages":%d,"number":%d,"size":2,"first":%v,"last":%v,"content":[%s]}`, len(pages), n, n == 1, n == len(pages), strings.Join(content, ","))
	}))
	defer s.Close()
	h := newHere(t, &clock{now: opened})
	url := s.URL + "/services?text=x"
	h.want(h.harvest(url), "created 3 revised 0 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 0")
	if want := []string{"page 1 of x", "new 1", "new 2", "page 2 of x", "new 3"}; !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
	asked = nil
	names["2"], pages = "Carrot cake", [][]string{{"1", "2"}}
	r := h.harvest(url)
	h.want(r, "created 0 revised 1 unchanged 0 kept 0 refused 0 waiting 1 withdrawn 0")
	if want := []string{"page 1 of x", "same 1", "new 2"}; !slices.Equal(asked, want) || r.Feeds[0].Unfetched != 1 {
		t.Errorf("asked %q, want %q; %+v", asked, want, r.Feeds)
	}
	// A listing that returns within the grace time is not withdrawn.
	pages = [][]string{{"1", "2"}, {"3"}}
	h.clock.move(6 * 24 * time.Hour)
	h.harvest(url)
	pages = pages[:1]
	h.clock.move(2 * 24 * time.Hour)
	h.want(h.harvest(url), "created 0 revised 0 unchanged 0 kept 0 refused 0 waiting 1 withdrawn 0")
	h.clock.move(8 * 24 * time.Hour)
	h.want(h.harvest(url), "created 0 revised 0 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 1")
	if h.titles() != "Carrot cake, Tea" {
		t.Error(h.titles())
	}
	// One that returns later is the same activity again.
	was := h.titled("Walk").ID
	pages = [][]string{{"1", "2"}, {"3"}}
	h.harvest(url)
	if a := h.titled("Walk"); h.titles() != "Carrot cake, Tea, Walk" || a.ID != was {
		t.Errorf("%s, with the id %s, was %s", h.titles(), a.ID, was)
	}
}

// A list that fails half-way withdraws nothing from the pages not read.
func TestAListThatBreaksOffWithdrawsNothing(t *testing.T) {
	whole := true
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const service = `{"id":"%s","name":"%s","status":"active","service_at_locations":[],"phones":[{"number":"01632 960001"}]}`
		if r.URL.Query().Get("page") == "2" {
			if !whole {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			fmt.Fprintf(w, `{"total_pages":2,"page_number":2,"contents":[`+service+`]}`, "2", "Cake")
			return
		}
		fmt.Fprintf(w, `{"total_pages":2,"page_number":1,"contents":[`+service+`]}`, "1", "Tea")
	}))
	defer s.Close()
	h := newHere(t, &clock{now: opened})
	h.o.Grace = -1
	h.harvest(s.URL)
	whole = false
	if r := h.harvest(s.URL); !r.Stopped() || len(r.Vanished)+len(r.Waiting) > 0 || h.titles() != "Cake, Tea" {
		t.Errorf("%s; %+v", h.titles(), r)
	}
}
