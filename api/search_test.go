package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/api"
	"gather/search"
)

func TestSearchIsAskedByAddressAndByBody(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	s.publish(g.Key, yoga)
	s.publish(g.Key, withYoga("Tuesday Chair Yoga", "Yoga with a Lift"))
	s.catchUp()
	for _, row := range []struct{ query, body string }{
		{"q=yoga&near=M33+7DB&within=3&facets=access", `{"q":"yoga","near":"M33 7DB","within":3,"facets":["access"]}`},
		{"access=step-free&day=tue,thu&sort=title", `{"access":["step-free"],"day":["tue,thu"],"sort":"title"}`},
		{"age=70&cost=free", `{"age":70,"cost":"free"}`},
		{"explain=true&limit=1", `{"explain":true,"limit":1}`},
	} {
		var byAddress, byBody search.Answer
		r := s.get("/v1/activities?" + row.query).is(http.StatusOK)
		r.into(&byAddress)
		posted := s.do("POST", "/v1/activities/search", row.body).is(http.StatusOK)
		posted.into(&byBody)
		if byAddress.Total != byBody.Total || len(byAddress.Items) != len(byBody.Items) {
			t.Errorf("%s finds %d, %s finds %d", row.query, byAddress.Total, row.body, byBody.Total)
		}
		if r.header.Get("Cache-Control") != "public, max-age=30" || posted.header.Get("Cache-Control") != "no-store" {
			t.Errorf("Cache-Control: by address %q, by body %q", r.header.Get("Cache-Control"), posted.header.Get("Cache-Control"))
		}
	}
	first := s.find("sort=title&limit=1")
	var page search.Answer
	s.get("/v1/activities?sort=title&limit=1").into(&page)
	second := s.find("sort=title&limit=1&cursor=" + url.QueryEscape(page.Next))
	if !slices.Equal(append(first, second...), []string{"Tuesday Chair Yoga", "Yoga with a Lift"}) {
		t.Errorf("page by page: %q then %q", first, second)
	}
}

func TestSearchIsNotSentTwice(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	s.publish(g.Key, yoga)
	s.catchUp()
	at := "/v1/activities?q=yoga"
	tag := s.get(at).is(http.StatusOK).etag()
	ask := func(at string) int { return s.get(at, header("If-None-Match", tag)).status }
	if got := ask(at); got != http.StatusNotModified {
		t.Errorf("asked again: %d", got)
	}
	if got := ask(at + "&limit=5"); got != http.StatusOK {
		t.Errorf("another question: %d", got)
	}
	s.publish(g.Key, yoga)
	s.catchUp()
	if got := ask(at); got != http.StatusOK {
		t.Errorf("after a change: %d", got)
	}
	tag = s.get(at).etag()
	s.clock.forward(time.Minute)
	if got := ask(at); got != http.StatusOK {
		t.Errorf("a minute later: %d", got)
	}
}

func TestSearchWaitsForAChange(t *testing.T) {
	t.Parallel() // it waits for as long as a search does
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	// Nothing follows the log yet.
	r := s.get(fmt.Sprintf("/v1/activities?after_change=%d", a.Change)).is(http.StatusServiceUnavailable)
	if r.kind() != "not-ready" || r.header.Get("Retry-After") == "" {
		t.Errorf("a change that is not indexed: %s, Retry-After %q", r.kind(), r.header.Get("Retry-After"))
	}
	s.follow()
	if got := s.find(fmt.Sprintf("after_change=%d", a.Change)); len(got) != 1 {
		t.Errorf("found %q", got)
	}
}

func TestSuggestions(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	s.publish(g.Key, yoga)
	s.catchUp()
	for _, row := range []struct{ query, kind, text string }{
		{"q=chai", "interest", "Chair yoga"},
		{"q=tuesday+ch", "activity", "Tuesday Chair Yoga"},
		{"q=northg", "group", "Northgate Friends"},
		{"q=Sal&near=M33", "place", "Sale, Trafford, Greater Manchester"},
	} {
		var out api.Suggestions
		s.get("/v1/suggest?" + row.query).is(http.StatusOK).into(&out)
		if !slices.ContainsFunc(out.Items, func(i search.Suggestion) bool { return i.Kind == row.kind && i.Text == row.text }) {
			t.Errorf("suggest %s: %+v, want %s %q", row.query, out.Items, row.kind, row.text)
		}
		if len(out.Items) > 0 {
			s.get("/v1/activities?" + out.Items[0].Query).is(http.StatusOK)
		}
	}
	var none api.Suggestions
	s.get("/v1/suggest?q=qqqqq").is(http.StatusOK).into(&none)
	if none.Items == nil || len(none.Items) != 0 {
		t.Errorf("for nothing: %+v", none)
	}
}

func TestPlaces(t *testing.T) {
	s := newSite(t)
	for _, row := range []struct{ q, name, precision, how string }{
		{"m337db", "M33 7DB", "unit", "postcode M33 7DB"},
		{"M33 7DA", "M33 7DA", "sector", "the middle of sector M33 7"},
		{"M33", "M33", "outcode", "the middle of M33"},
		{"53.42,-2.32", "53.42,-2.32", "point", "the point"},
		{"Sale", "Sale", "place", ""},
	} {
		var p api.Place
		s.get("/v1/places?q=" + url.QueryEscape(row.q)).is(http.StatusOK).into(&p)
		if !strings.HasPrefix(p.Name, row.name) || string(p.Location.Precision) != row.precision || !strings.HasPrefix(p.How, row.how) || p.Attribution == "" {
			t.Errorf("place %q: %+v", row.q, p)
		}
	}
	var newport api.Place
	s.get("/v1/places?q=Newport").is(http.StatusOK).into(&newport)
	if len(newport.Others) == 0 || newport.Others[0].Name == newport.Name {
		t.Errorf("Newport has others: %+v", newport.Others)
	}
	for _, q := range []string{"Nowhereville", "GIR 0AA", "BT1 1AA", "EH"} {
		r := s.get("/v1/places?q=" + url.QueryEscape(q)).is(http.StatusNotFound)
		if r.kind() != "no-place" || r.faults() != "q" || r.problem().Detail == "" {
			t.Errorf("place %q: %s", q, r.body)
		}
	}
	// What may have been meant is data, and each of it is found when it is sent.
	for _, row := range []struct{ q, first string }{
		{"Altrinhcam", "Altrincham, Trafford, Greater Manchester"},
		{"Timperly", "Timperley, Trafford, Greater Manchester"},
		{"Hale, Kent", "Hale, Waverley, Surrey"},
		{"High Street, Sale", "Sale, Trafford, Greater Manchester"},
		{"EH", "Edinburgh, Scotland"},
		{"BT1 1AA", "Belfast, Northern Ireland"},
	} {
		for _, at := range []string{"/v1/places?q=", "/v1/activities?near="} {
			p := s.get(at + url.QueryEscape(row.q)).problem()
			if len(p.Errors) != 1 || len(p.Errors[0].Suggestions) == 0 || p.Errors[0].Suggestions[0] != row.first || strings.Contains(p.Errors[0].Fix+p.Detail, row.first) {
				t.Errorf("%s%s: %+v, want the suggestion %s", at, row.q, p, row.first)
				continue
			}
			for _, text := range p.Errors[0].Suggestions {
				s.get(at + url.QueryEscape(text)).is(http.StatusOK)
			}
		}
	}
	var near api.Nearby
	r := s.get("/v1/places/nearest?lat=53.4243&lon=-2.3226").is(http.StatusOK)
	r.into(&near)
	if near.Outcode != "M33" || near.Place != "Sale" || near.DistrictName != "Trafford" || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("nearest: %+v, %q", near, r.header.Get("Cache-Control"))
	}
}

func TestVocabularies(t *testing.T) {
	s := newSite(t)
	var all api.VocabularyNames
	s.get("/v1/vocabularies").is(http.StatusOK).into(&all)
	if len(all.Items) < 15 {
		t.Errorf("only %d vocabularies", len(all.Items))
	}
	for _, v := range all.Items {
		var one api.Values
		s.get(v.URL).is(http.StatusOK).into(&one)
		if len(one.Items) != v.Values || v.Values == 0 {
			t.Errorf("%s has %d values, and says %d", v.Name, len(one.Items), v.Values)
		}
		up := map[string][]string{}
		for _, value := range one.Items {
			if value.Label == "" || value.LabelCy == "" {
				t.Errorf("%s of %s lacks a label in English or Welsh", value.ID, v.Name)
			}
			up[value.ID] = value.Broader
		}
		for _, value := range one.Items {
			for _, narrower := range value.Narrower {
				if !slices.Contains(up[narrower], value.ID) {
					t.Errorf("%s: %s is narrower than %s, but not the other way round", v.Name, narrower, value.ID)
				}
			}
		}
	}
	var interests api.Values
	s.get("/v1/vocabularies/interest").into(&interests)
	i := slices.IndexFunc(interests.Items, func(v api.Value) bool { return v.ID == "yoga" })
	if i < 0 || !slices.Contains(interests.Items[i].Narrower, "chair-yoga") {
		t.Errorf("yoga: %+v", interests.Items[max(i, 0)])
	}
}
