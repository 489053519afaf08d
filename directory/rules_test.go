package directory_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"gather/directory"
)

var sharedRules struct {
	sync.Once
	d *directory.Directory
}

// fuzzRules are made once, because making them takes far longer than one input.
func fuzzRules(t testing.TB) *directory.Directory {
	sharedRules.Do(func() { sharedRules.d = rules(t) })
	return sharedRules.d
}

// fieldsOf names the faults' fields, in order.
func fieldsOf(err error) string {
	var bad *directory.Invalid
	if !errors.As(err, &bad) {
		return ""
	}
	var fields []string
	for _, f := range bad.Faults {
		if f.Detail == "" {
			fields = append(fields, f.Field+" (no detail)")
			continue
		}
		fields = append(fields, f.Field)
	}
	return strings.Join(fields, " ")
}

func TestRules(t *testing.T) {
	d := rules(t)
	for _, c := range []struct{ name, json, faults string }{
		{"the least there can be", `{"title":"Phone chat","delivery":["phone"]}`, ""},
		{"nothing", `{}`, "title delivery"},
		{"every fault at once", `{"title":"ab","summary":"a\nb","delivery":["venue","by-post"],"interests":["choire"],"languages":["xx","xx"],"website":"javascript:alert(1)"}`,
			"title summary interests[0] delivery[1] venue languages[0] languages[1] languages[1] website"},
		{"a venue without venue delivery", `{"title":"Choir","delivery":["online"],"venue":{"address":{"postcode":"M33 7DB"}}}`, "venue"},
		{"a venue without a place", `{"title":"Choir","delivery":["venue"],"venue":{"address":{"town":"Sale"}}}`, "venue.address.postcode"},
		{"a postcode that cannot be", `{"title":"Choir","delivery":["venue"],"venue":{"address":{"postcode":"QQ1 1QQ"}}}`, "venue.address.postcode"},
		{"a postcode with no location", `{"title":"Choir","delivery":["venue"],"venue":{"address":{"postcode":"GIR 0AA"}}}`, "venue.address.postcode"},
		{"a postcode too new for the data", `{"title":"Choir","delivery":["venue"],"venue":{"address":{"postcode":"M33 7DA"}}}`, ""},
		{"Northern Ireland needs a position", `{"title":"Choir","delivery":["venue"],"venue":{"address":{"postcode":"BT1 1AA"}}}`, "venue.address.postcode"},
		{"and is taken with one", `{"title":"Choir","delivery":["venue"],"venue":{"address":{"postcode":"BT1 1AA"},"position":{"lat":54.6,"lon":-5.93}}}`, ""},
		{"swapped coordinates", `{"title":"Choir","delivery":["venue"],"venue":{"address":{},"position":{"lat":-2.3,"lon":53.4}}}`, "venue.position"},
		{"a place abroad", `{"title":"Choir","delivery":["venue"],"venue":{"address":{},"position":{"lat":40,"lon":-74}}}`, "venue.position"},
		{"two catchments", `{"title":"Chat","delivery":["phone"],"catchment":{"nationwide":true,"outcodes":["M33"]}}`, "catchment"},
		{"an empty catchment", `{"title":"Chat","delivery":["phone"],"catchment":{}}`, "catchment"},
		{"a radius around nothing", `{"title":"Chat","delivery":["home"],"catchment":{"radius_miles":5}}`, "catchment.around"},
		{"a radius around a postcode", `{"title":"Chat","delivery":["home"],"catchment":{"radius_miles":5,"around":"M33 7DB"}}`, ""},
		{"a radius around a sector", `{"title":"Chat","delivery":["home"],"catchment":{"radius_miles":5,"around":"m33 7"}}`, ""},
		{"a radius around an outcode", `{"title":"Chat","delivery":["home"],"catchment":{"radius_miles":5,"around":"M33"}}`, ""},
		{"a radius around an area", `{"title":"Chat","delivery":["home"],"catchment":{"radius_miles":5,"around":"M"}}`, "catchment.around"},
		{"a radius around half a postcode", `{"title":"Chat","delivery":["home"],"catchment":{"radius_miles":5,"around":"M33 7D"}}`, "catchment.around"},
		{"an unknown district", `{"title":"Chat","delivery":["phone"],"catchment":{"districts":["E08000009","Trafford"]}}`, "catchment.districts[1]"},
		{"impossible dates", `{"title":"Chat","delivery":["phone"],"schedule":{"except":["2026-02-30"],"dates":[{"date":"2026-13-01","start":"25:00"}]}}`, "schedule.dates[0].date schedule.dates[0].start schedule.except[0]"},
		{"an end before its start", `{"title":"Chat","delivery":["phone"],"schedule":{"repeats":[{"every":"week","days":["tue"],"start":"14:00","end":"12:00"}]}}`, "schedule.repeats[0].end"},
		{"a fortnight from nowhere", `{"title":"Chat","delivery":["phone"],"schedule":{"repeats":[{"every":"week","interval":2,"days":["tue"],"start":"14:00"}]}}`, "schedule.repeats[0].from"},
		{"a month without which", `{"title":"Chat","delivery":["phone"],"schedule":{"repeats":[{"every":"month","days":["tue"],"start":"14:00"}]}}`, "schedule.repeats[0].nth"},
		{"a sixth Tuesday", `{"title":"Chat","delivery":["phone"],"schedule":{"repeats":[{"every":"month","nth":[6,0],"days":["tue"],"start":"14:00"}]}}`, "schedule.repeats[0].nth[0] schedule.repeats[0].nth[1]"},
		{"a pause of two minds", `{"title":"Chat","delivery":["phone"],"schedule":{"pauses":[{"from":"12-20","until":"2027-01-03"}]}}`, "schedule.pauses[0]"},
		{"a position astray", `{"title":"Choir","delivery":["venue"],"venue":{"address":{"postcode":"M33 7DB"},"position":{"lat":50.12,"lon":-5.54}}}`, "venue.position"},
		{"an invisible title", `{"title":"\u2060\u2060\u2060","delivery":["phone"]}`, "title title"},
		{"more sessions than are computed", `{"title":"Centre","delivery":["phone"],"schedule":{"repeats":[` + strings.TrimSuffix(strings.Repeat(`{"every":"week","days":["mon","tue","wed","thu","fri","sat","sun"],"start":"09:00"},`, 1)+daily(6), ",") + `]}}`, "schedule.repeats"},
		{"far too many of everything", `{"title":"Chat","delivery":[` + strings.Repeat(`"venue",`, 999) + `"venue"],"contacts":[` + strings.Repeat(`{},`, 999) + `{}]}`, "delivery venue contacts"},
		{"free at a price", `{"title":"Chat","delivery":["phone"],"cost":{"kind":"free","pounds":2}}`, "cost.pounds"},
		{"a price of nothing", `{"title":"Chat","delivery":["phone"],"cost":{"kind":"fixed"}}`, "cost.pounds"},
		{"part of a penny", `{"title":"Chat","delivery":["phone"],"cost":{"kind":"fixed","pounds":2.505}}`, "cost.pounds"},
		{"a dear concession", `{"title":"Chat","delivery":["phone"],"cost":{"kind":"fixed","pounds":2,"concession_pounds":3}}`, "cost.concession_pounds"},
		{"ages upside down", `{"title":"Chat","delivery":["phone"],"audience":{"min_age":60,"max_age":16}}`, "audience.max_age"},
		{"for nobody", `{"title":"Chat","delivery":["phone"],"audience":{"open_to_all":false}}`, "audience.made_for"},
		{"an answer that is neither", `{"title":"Chat","delivery":["phone"],"access":{"step-free":{"answer":"maybe"},"stairs":{"answer":"yes"}}}`, "access.stairs access.step-free.answer"},
		{"a contact nobody can use", `{"title":"Chat","delivery":["phone"],"contacts":[{"role":"Host","public":true}]}`, "contacts[0]"},
		{"a contact with a broken address", `{"title":"Chat","delivery":["phone"],"contacts":[{"email":"a@b","phone":"ring me","public":true}]}`, "contacts[0].phone contacts[0].email"},
		{"a picture without words", `{"title":"Chat","delivery":["phone"],"images":[{"url":"http://example.org/a.jpg","alt":""}]}`, "images[0].url images[0].alt"},
		{"control characters", `{"title":"Chat\u0007","description":"a\u202Eb","delivery":["phone"]}`, "title description"},
		{"too long", `{"title":"` + strings.Repeat("x", 121) + `","delivery":["phone"]}`, "title"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var details directory.Details
			if err := directory.Decode([]byte(c.json), &details); err != nil {
				t.Fatal(err)
			}
			if got := fieldsOf(d.CheckDetails(&details)); got != c.faults {
				t.Errorf("faults of %s\n got %q\nwant %q\n%v", c.json, got, c.faults, d.CheckDetails(&details))
			}
		})
	}
}

// daily makes n repeats a day, an hour apart.
func daily(n int) string {
	var s string
	for i := range n {
		s += fmt.Sprintf(`{"every":"week","days":["mon","tue","wed","thu","fri","sat","sun"],"start":"%02d:00"},`, 10+i)
	}
	return s
}

func TestFaultsEnd(t *testing.T) {
	var details directory.Details
	err := directory.Decode([]byte(`{"title":"x",`+strings.Repeat(`"a":1,`, 5000)+`"b":1}`), &details)
	var bad *directory.Invalid
	if !errors.As(err, &bad) || len(bad.Faults) != 101 {
		t.Fatalf("%d faults of 5,000, want 100 and a word about the rest", len(bad.Faults))
	}
	if last := bad.Faults[100]; !strings.Contains(last.Detail, "more") {
		t.Errorf("the last fault is %+v", last)
	}
}

// A fault for a field with a wrong name, place or type says the right one.
func TestDecodeSaysWhatIsMeant(t *testing.T) {
	for _, c := range []struct{ json, field, fix string }{
		{`{"interest":["yoga"]}`, "interest", "write interests"},
		{`{"Interests":["yoga"]}`, "Interests", "write interests"},
		{`{"contact":[]}`, "contact", "write contacts"},
		{`{"name":"x"}`, "name", "write title"},
		{`{"titel":"x"}`, "titel", "write title"},
		{`{"first-visit":{}}`, "first-visit", "write first_visit"},
		{`{"price":3}`, "price", "write cost"},
		{`{"postcode":"M33 7DB"}`, "postcode", "send it as venue.address.postcode"},
		{`{"districts":["E08000009"]}`, "districts", "send it as catchment.districts"},
		{`{"email":"a@b.example"}`, "email", "send it as contacts[].email"},
		{`{"venue":{"postcode":"M33 7DB"}}`, "venue.postcode", "send it as venue.address.postcode"},
		{`{"min_age":60}`, "min_age", "send it as audience.min_age"},
		{`{"colour":"red"}`, "colour", "leave it out"},
		{`{"rev":1}`, "rev", "leave it out: only the directory sets it"},
		{`{"delivery":"venue"}`, "delivery", `send a list, such as ["…"]`},
		{`{"access":[]}`, "access", `send an object, such as {"…": {"answer": "yes", "note": "…"}}`},
		{`{"contacts":{}}`, "contacts", `send a list, such as [{`},
		{`{"title":1}`, "title", "send a text in quotes"},
	} {
		var details directory.Details
		var bad *directory.Invalid
		if err := directory.Decode([]byte(c.json), &details); !errors.As(err, &bad) || bad.Faults[0].Field != c.field || !strings.HasPrefix(bad.Faults[0].Fix, c.fix) {
			t.Errorf("%s: %+v, want %q for %s", c.json, err, c.fix, c.field)
			if bad != nil {
				t.Logf("%q", bad.Faults[0].Fix)
			}
		}
	}
	var n directory.NewKey
	for body, fix := range map[string]string{`{"name":"x"}`: "write label", `{"outcodes":["M33"]}`: "send it as area.outcodes"} {
		var bad *directory.Invalid
		if err := directory.Decode([]byte(body), &n); !errors.As(err, &bad) || bad.Faults[0].Fix != fix {
			t.Errorf("%s: %+v, want %q", body, err, fix)
		}
	}
}

// Values that cannot be written back are refused: half of a surrogate pair, a
// year that RFC 3339 does not have.
func TestDecodeRefusesWhatCannotBeWritten(t *testing.T) {
	for text, good := range map[string]bool{
		`{"label":"\ud800"}`: false, `{"label":"a\udc00\ud800"}`: false, `{"label":"\ud83d\u0041"}`: false, `{"\ud800":1}`: false, `{"label":"\ud83d`: false,
		`{"label":"\ud83d\ude00"}`: true, `{"label":"\\ud800"}`: true, `{"label":"\u00e9"}`: true,
		`{"expires":"9999-12-31T23:59:59-14:00"}`: false, `{"expires":"0000-01-01T00:00:00+14:00"}`: false, `{"expires":"0000-06-01T00:00:00Z"}`: false,
		`{"expires":"9999-12-31T23:59:59Z"}`: true,
	} {
		var n directory.NewKey
		if err := directory.Decode([]byte(text), &n); (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A body with lists longer than any rule allows is refused before it is decoded
// into memory, where it would take many times its own size.
func TestLongListsAreNotRead(t *testing.T) {
	for _, before := range []string{"", strings.Repeat(`"a":1,`, 200)} { // with too many faults to read on, too
		var details directory.Details
		body := []byte(`{` + before + `"schedule":{"repeats":[` + strings.Repeat(`{},`, 300_000) + `{}]}}`)
		var start, end runtime.MemStats
		runtime.ReadMemStats(&start)
		err := directory.Decode(body, &details)
		runtime.ReadMemStats(&end)
		var bad *directory.Invalid
		if !errors.As(err, &bad) || before == "" && !strings.Contains(bad.Error(), "schedule.repeats is longer") {
			t.Errorf("a list of 300,001: %.200v", err)
		}
		if took := end.TotalAlloc - start.TotalAlloc; took > 16<<20 {
			t.Errorf("%d bytes of JSON took %d of memory", len(body), took)
		}
	}
}

// TestAddresses checks web and e-mail addresses, and how they are stored.
func TestAddresses(t *testing.T) {
	d := rules(t)
	for _, c := range []struct{ in, want string }{
		{"https://example.org", ""}, {"http://example.org:8080/a?b=c&d=%20#e", ""}, {"https://EXAMPLE.org/Über", ""}, {"https://192.0.2.1/a", ""},
		{"https://tŷ.cymru/a", "https://xn--t-foa.cymru/a"}, {"https://ехample.org", "https://xn--ample-ywe6i.org"}, // Cyrillic е and х
		{"https://.", "-"}, {"https://", "-"}, {"https://..", "-"}, {"https://a..b", "-"}, {"https://example", "-"}, {"https://example.org.", "-"},
		{"https://exa mple.org", "-"}, {"https://example.org/a b", "-"}, {`https://example.org/"onclick="x`, "-"}, {"https://example.org/<b>", "-"},
		{"https://example.org:99999/", "-"}, {"https://example.org:0/", "-"}, {"https://example.org:x/", "-"}, {"https://example.org:/", "-"},
		{"https://me:secret@example.org/", "-"}, {"javascript:alert(1)//example.org", "-"}, {"https://-example.org", "-"}, {"https://exa_mple.org", "-"},
		{"https://300.1.1.1/", "-"}, {"https://" + strings.Repeat("a", 64) + ".org", "-"}, {`https:\\example.org`, "-"}, {"https://example.org/`x`", "-"},
	} {
		details := directory.Details{Title: "Chat", Delivery: []string{"phone"}, Website: c.in}
		stored(t, c.in, d.CheckDetails(&details), details.Website, c.want)
	}
	for _, c := range []struct{ in, want string }{
		{"host@example.org", ""}, {"o'brien+tea@example.co.uk", ""}, {"A.B_c-d@EXAMPLE.org", ""}, {"host@tŷ.cymru", "host@xn--t-foa.cymru"},
		{"host@ехample.org", "host@xn--ample-ywe6i.org"},
		{"a?bcc=b@example.org", "-"}, {"a&bcc=b@example.org", "-"}, {"a%0Abcc:b@example.org", "-"}, {"a@example.org?bcc=b@example.org", "-"}, {"a@example.org,b@example.org", "-"},
		{"hоst@example.org", "-"}, {`"a b"@example.org`, "-"}, {"a b@example.org", "-"}, {"Host <a@example.org>", "-"}, {"a@b@example.org", "-"},
		{"a@example", "-"}, {"a@", "-"}, {"@example.org", "-"}, {"a..b@example.org", "-"}, {"a@.org", "-"}, {"a#b@example.org", "-"}, {"a@example.org.", "-"},
	} {
		details := directory.Details{Title: "Chat", Delivery: []string{"phone"}, Contacts: []directory.Contact{{Role: "Host", Email: c.in, Public: true}}}
		stored(t, c.in, d.CheckDetails(&details), details.Contacts[0].Email, c.want)
	}
}

// stored compares how a value was stored with what is wanted: "" for unchanged,
// "-" for refused.
func stored(t *testing.T, in string, err error, got, want string) {
	t.Helper()
	switch {
	case want == "-" && err == nil:
		t.Errorf("%q is taken", in)
	case want != "-" && err != nil:
		t.Errorf("%q: %v", in, err)
	case want == "" && got != in || want != "" && want != "-" && got != want:
		t.Errorf("%q is stored as %q, want %q", in, got, want)
	}
}

func TestTextIsText(t *testing.T) {
	d := rules(t)
	details := directory.Details{Title: "  <b>Choir</b> & co  ", Description: "one\r\ntwo", Delivery: []string{"phone"}}
	if err := d.CheckDetails(&details); err != nil {
		t.Fatal(err)
	}
	if details.Title != "<b>Choir</b> & co" || details.Description != "one\ntwo" {
		t.Errorf("stored as %q, %q", details.Title, details.Description)
	}
}

func TestDecodeFindsEveryFault(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 30) + "1" + strings.Repeat("}", 30)
	for _, c := range []struct{ name, json, faults string }{
		{"good", `{"title":"x","access":{"ramp":{"answer":"yes"}}}`, ""},
		{"unknown, wrong and repeated", `{"title":1,"colour":"red","venue":{"adress":{}},"delivery":"venue","title":"x","audience":{"min_age":"60"},"interests":[1,"a"]}`,
			"title colour venue.adress delivery title audience.min_age interests[0]"},
		{"only the directory sets it", `{"id":"x","rev":1,"title":"x"}`, "id rev"},
		{"null", `{"title":null,"venue":null}`, "title venue"},
		{"half a number", `{"audience":{"min_age":1.5}}`, "audience.min_age"},
		{"a huge number", `{"audience":{"min_age":999999999999}}`, "audience.min_age"},
		{"not an object", `[1,2]`, ""},
		{"truncated", `{"title":"x"`, ""},
		{"two values", `{"title":"x"} {"title":"y"}`, ""},
		{"empty", ` `, ""},
		{"too deep", `{"access":` + deep + `}`, "access.a.a"},
		{"bad UTF-8", "{\"title\":\"\xff\"}", ""},
		{"case matters", `{"Title":"x"}`, "Title"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var details directory.Details
			err := directory.Decode([]byte(c.json), &details)
			if (err == nil) != (c.name == "good") {
				t.Fatalf("error %v", err)
			}
			if got := fieldsOf(err); c.faults != "" && !strings.HasPrefix(got, c.faults) {
				t.Errorf("faults\n got %q\nwant %q", got, c.faults)
			}
		})
	}
}

// FuzzDecode checks that what Decode and the rules accept does not change when
// it is written and read again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"title":"Choir","delivery":["venue"],"venue":{"address":{"postcode":"M33 7DB"}}}`))
	f.Add([]byte(`{"title":"Choir","delivery":["phone"],"cost":{"kind":"fixed","pounds":2.5},"schedule":{"repeats":[{"every":"month","nth":[-1],"days":["tue"],"start":"14:00"}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var details directory.Details
		if directory.Decode(data, &details) != nil {
			return
		}
		d := fuzzRules(t)
		if d.CheckDetails(&details) != nil {
			return
		}
		if err := d.CheckDetails(&details); err != nil {
			t.Fatalf("what was let through once is refused the second time: %v\n%s", err, data)
		}
	})
}
