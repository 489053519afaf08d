package feeds_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/directory"
)

func TestGoldenJSONLD(t *testing.T) {
	s, a, noDates := site(t), full(), least()
	for _, c := range []struct {
		file  string
		write func() ([]byte, error)
	}{
		{"activity.jsonld", func() ([]byte, error) { return s.ActivityLD(&a, at) }},
		{"no-dates.jsonld", func() ([]byte, error) { return s.ActivityLD(&noDates, at) }},
		{"cancelled.jsonld", func() ([]byte, error) { return s.SessionLD(&a, session(t, &a, "2026-12-01T10:00")) }},
		{"moved.jsonld", func() ([]byte, error) { return s.SessionLD(&a, session(t, &a, "2026-12-08T10:00")) }},
	} {
		data, err := c.write()
		if err != nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, data, "", "  "); err != nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		golden(t, c.file, append(pretty.Bytes(), '\n'))
	}
}

func session(t *testing.T, a *directory.Activity, key string) directory.Session {
	t.Helper()
	s, ok := a.Session(key)
	if !ok {
		t.Fatalf("no session %s", key)
	}
	return s
}

// googleFaults lists what Google's event results require and an Event lacks: a
// name, a startDate with an offset, and a location that is a Place with an
// address or a VirtualLocation with a url.
func googleFaults(e map[string]any) []string {
	var faults []string
	if name, _ := e["name"].(string); name == "" {
		faults = append(faults, "name")
	}
	start, _ := e["startDate"].(string)
	if _, err := time.Parse(time.RFC3339, start); err != nil {
		faults = append(faults, "startDate")
	}
	places, _ := e["location"].([]any)
	if len(places) == 0 {
		faults = append(faults, "location")
	}
	for _, p := range places {
		place, _ := p.(map[string]any)
		address, _ := place["address"].(map[string]any)
		url, _ := place["url"].(string)
		switch place["@type"] {
		case "Place":
			if address["@type"] != "PostalAddress" || address["addressCountry"] != "GB" {
				faults = append(faults, "location.address")
			}
		case "VirtualLocation":
			if !strings.HasPrefix(url, "https://") {
				faults = append(faults, "location.url")
			}
		default:
			faults = append(faults, "location.@type")
		}
	}
	for _, sub := range objects(e["subEvent"]) {
		for _, fault := range googleFaults(sub) {
			faults = append(faults, "subEvent."+fault)
		}
	}
	return faults
}

func objects(v any) []map[string]any {
	var out []map[string]any
	items, _ := v.([]any)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func TestEventsHaveWhatGoogleNeeds(t *testing.T) {
	s := site(t)
	var deliveries [][]string
	for bits := 1; bits < 16; bits++ { // every combination of deliveries
		var d []string
		for i, name := range []string{"venue", "online", "phone", "home"} {
			if bits&(1<<i) != 0 {
				d = append(d, name)
			}
		}
		deliveries = append(deliveries, d)
	}
	for _, d := range deliveries {
		a := full()
		a.Delivery = d
		if !slices.Contains(d, "venue") {
			a.Venue = nil
		}
		if !slices.Contains(d, "online") {
			a.Online = nil
		}
		for _, key := range []string{"2026-11-24T10:00", "2026-12-01T10:00", "2026-12-08T10:00", "2026-12-15T10:00"} {
			data, err := s.SessionLD(&a, session(t, &a, key))
			if err != nil {
				t.Fatal(err)
			}
			checkEvent(t, fmt.Sprint(d, key), data)
		}
		data, err := s.ActivityLD(&a, at)
		if err != nil {
			t.Fatal(err)
		}
		checkEvent(t, fmt.Sprint(d), data)
	}
}

func checkEvent(t *testing.T, name string, data []byte) map[string]any {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if faults := googleFaults(e); e["@type"] != "Event" || len(faults) > 0 {
		t.Errorf("%s: a %v with faults %v\n%s", name, e["@type"], faults, data)
	}
	return e
}

func TestSessionsSayHowTheyDiffer(t *testing.T) {
	s, a := site(t), full()
	for _, c := range []struct{ key, status, start, before, room string }{
		{"2026-11-24T10:00", "EventScheduled", "2026-11-24T10:00:00Z", "", "LimitedAvailability"},
		{"2026-12-01T10:00", "EventCancelled", "2026-12-01T10:00:00Z", "", "LimitedAvailability"},
		{"2026-12-08T10:00", "EventRescheduled", "2026-12-09T14:00:00Z", "2026-12-08T10:00:00Z", "LimitedAvailability"},
		{"2026-12-15T10:00", "EventScheduled", "2026-12-15T10:00:00Z", "", "SoldOut"},
		{"2026-06-02T10:00", "EventScheduled", "2026-06-02T10:00:00+01:00", "", "LimitedAvailability"},
	} {
		data, err := s.SessionLD(&a, session(t, &a, c.key))
		if err != nil {
			t.Fatal(err)
		}
		e := checkEvent(t, c.key, data)
		before, _ := e["previousStartDate"].(string)
		room := objects(e["offers"])[0]["availability"]
		if e["eventStatus"] != "https://schema.org/"+c.status || e["startDate"] != c.start || before != c.before || room != "https://schema.org/"+c.room {
			t.Errorf("%s: %v at %v (before: %q), %v", c.key, e["eventStatus"], e["startDate"], before, room)
		}
	}
}

func TestWhatIsNotStatedIsNotSaid(t *testing.T) {
	a := least()
	a.Schedule = &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "10:00"}}}
	data, err := site(t).ActivityLD(&a, at)
	if err != nil {
		t.Fatal(err)
	}
	e := checkEvent(t, "least", data)
	for _, field := range []string{"isAccessibleForFree", "offers", "inLanguage", "audience", "typicalAgeRange", "endDate", "image", "maximumAttendeeCapacity"} {
		if v, ok := e[field]; ok {
			t.Errorf("%s is %v, but the listing does not state it", field, v)
		}
	}
	a.Schedule.Pauses = []directory.Pause{{From: "07-20", Until: "09-01"}}
	if data, err = site(t).ActivityLD(&a, at); err != nil || bytes.Contains(data, []byte("eventSchedule")) {
		t.Errorf("the rule includes the weeks of a pause (error %v)", err)
	}
}

func TestJSONLDIsSafeInAScript(t *testing.T) {
	s := site(t)
	texts := hostileTexts()
	for text := range spoilt() {
		texts = append(texts, text)
	}
	for i, text := range texts {
		a := numbered(i, text)
		activity, err := s.ActivityLD(&a, at)
		if err != nil {
			t.Fatal(err)
		}
		one, err := s.SessionLD(&a, session(t, &a, "2026-11-24T10:00"))
		if err != nil {
			t.Fatal(err)
		}
		for _, data := range [][]byte{activity, one} {
			if bytes.ContainsAny(data, "<>&\u2028") || !json.Valid(data) {
				t.Errorf("%q is written as %s", text, data)
			}
			if e := checkEvent(t, text, data); i < len(hostileTexts()) && e["name"] != text {
				t.Errorf("%q is read back as %q", text, e["name"])
			}
			if bytes.Contains(data, []byte("Secret")) {
				t.Error("a contact that is not public is named")
			}
		}
	}
}
