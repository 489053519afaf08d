package csv_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

// column imports a CSV with one column beside the title, a row for each value,
// and answers the listings and the report's rows by value.
func column(t *testing.T, header string, values []string) (map[string]directory.Activity, map[string]bulk.Row) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write([]string{"id", "name", "town", "postcode", header}); err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		if err := w.Write([]string{fmt.Sprint(i), fmt.Sprintf("Row %d", i), "Sale", "M33 7DB", v}); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	d := bulktest.NewDirectory(t)
	r, err := bulktest.Import(t, d, "a list", b.String(), bulk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := bulktest.Listings(t, d)
	as, rows := map[string]directory.Activity{}, map[string]bulk.Row{}
	for i, v := range values {
		as[v], rows[v] = all[fmt.Sprintf("Row %d", i)], r.Rows[i]
	}
	return as, rows
}

// brief writes repeats the short way: "tue 11:00-14:00; fri 11:30-13:30".
func brief(s *directory.Schedule) string {
	if s == nil {
		return ""
	}
	var parts []string
	for _, r := range s.Repeats {
		p := strings.Join(r.Days, ",") + " " + r.Start
		if r.End != "" {
			p += "-" + r.End
		}
		if r.Every == "month" {
			p = strings.Trim(strings.ReplaceAll(fmt.Sprint(r.Nth), " ", ","), "[]") + " " + p
		}
		parts = append(parts, p)
	}
	if s.TermTime {
		parts = append(parts, "term")
	}
	return strings.Join(parts, "; ")
}

func TestOpeningTimes(t *testing.T) {
	rows := []struct{ in, want string }{
		{"Wednesday 10am - 4pm", "wed 10:00-16:00"},
		{"Wednesday 9:30am - 12noon", "wed 09:30-12:00"},
		{"Friday 9.30am - 12 noon", "fri 09:30-12:00"},
		{"Tues 11am - 2pm, Fri 11.30am -1.30pm", "tue 11:00-14:00; fri 11:30-13:30"},
		{"Tuesday - Friday 12noon - 2pm", "tue,wed,thu,fri 12:00-14:00"},
		{"Mon-Fri 9-5", "mon,tue,wed,thu,fri 09:00-17:00"},
		{"Thursday 1.30 - 3.30pm", "thu 13:30-15:30"},
		{"Thursday 3.30 - 5.30pm Friday 10am - 12noon", "thu 15:30-17:30; fri 10:00-12:00"},
		{"Friday 10 - 11.30am", "fri 10:00-11:30"},
		{"Friday 12 - 2pm", "fri 12:00-14:00"},
		{"Wed 11-1pm", "wed 11:00-13:00"},
		{"Wednesday 7 - 9pm Saturday 12 - 3pm", "wed 19:00-21:00; sat 12:00-15:00"},
		{"Weds 12-2pm", "wed 12:00-14:00"},
		{"Mondays, Tuesdays and Thursdays 10:00-15:00", "mon,tue,thu 10:00-15:00"},
		{"Monday – Thursday 11:30am — 2pm and Monday - Thursday 5pm - 8pm", "mon,tue,wed,thu 11:30-14:00; mon,tue,wed,thu 17:00-20:00"},
		{"Monday 10am-12pm, 1pm-3pm", "mon 10:00-12:00; mon 13:00-15:00"},
		{"Tues/Weds 10am - 12pm. Thurs 10am - 2pm", "tue,wed 10:00-12:00; thu 10:00-14:00"},
		{"Tues , Wed, Thursday, 11am - 2pm and Friday 11am - 4pm", "tue,wed,thu 11:00-14:00; fri 11:00-16:00"},
		{"Tuesdays & Fridays 12pm - 3pm; 1st Saturday of month 10am - 12noon", "tue,fri 12:00-15:00; 1 sat 10:00-12:00"},
		{"First and third Sunday of the month 2pm-4pm", "1,3 sun 14:00-16:00"},
		{"Last Friday 7.30pm", "-1 fri 19:30"},
		{"Wednesday 7:30pm", "wed 19:30"},
		{"Tuesday from 11am", "tue 11:00"},
		{"Monday & Friday 12noon", "mon,fri 12:00"},
		{"Daily 9am - 1:30pm", "mon,tue,wed,thu,fri,sat,sun 09:00-13:30"},
		{"9 - 4 Monday - Friday", "mon,tue,wed,thu,fri 09:00-16:00"},
		{"Weekdays 10am-4pm and Saturdays 10am-2pm", "mon,tue,wed,thu,fri 10:00-16:00; sat 10:00-14:00"},
		{"Mon & Thur 1-3pm (except bank holidays)", "mon,thu 13:00-15:00"},
		{"Monday 10am - 12noon (term-time only)", "mon 10:00-12:00; term"},
		{"Tue 6-8", "tue 18:00-20:00"},
		// As spreadsheets save a column of times, and without a mark.
		{"Tuesday 13:15:00 - 14:45:00", "tue 13:15-14:45"},
		{"Tuesday 9:00:00 AM - 10:30:00 AM", "tue 09:00-10:30"},
		{"Wed 09:05:00-10:05:30", "wed 09:05-10:05"},
		{"Thursday 1:00:00 pm to 2:00:00 pm", "thu 13:00-14:00"},
		{"Friday 18:30:00", "fri 18:30"},
		{"Tuesday 1315-1445", "tue 13:15-14:45"},
		{"Mon-Fri 0930 - 1630", "mon,tue,wed,thu,fri 09:30-16:30"},
		{"Sat 1000 to 1200hrs", "sat 10:00-12:00"},
		{"Sundays 930-1130", "sun 09:30-11:30"},
		{"Wed 1900hrs - 2030hrs", "wed 19:00-20:30"},
		{"Wed 1900-2000", "wed 19:00-20:00"},
		{"Thu 2pm-4pm, Fri 1800-2000", "thu 14:00-16:00; fri 18:00-20:00"},
		{"Dydd Llun", ""},
		{"Llun 10:00-12:00", "mon 10:00-12:00"},
		// What is not wholly understood is kept as words.
		{"One morning per week", ""},
		{"By appointment", ""},
		{"24/7 upon request", ""},
		{"9 - 4 weekdays except Wed 9 - 2", ""},
		{"Closed Tuesday 10am - 4pm", ""},
		{"Monday - Friday 8am - 4pm. Please ring.", ""},
		{"Every other Tuesday 2pm-4pm", ""},
		{"Fortnightly on Mondays 10-12", ""},
		{"Friday - Monday 10am - 2pm", ""},
		{"Monday 4pm - 2pm", ""},
		{"Monday 25:00 - 26:00", ""},
		{"Monday 13pm - 14pm", ""},
		{"6th Friday 10am", ""},
		{"Mondays 2025 - 2026", ""},
		{"Tuesday 2026", ""},
		{"Tuesday 7pm from 2026", ""},
		{"Tuesday 0.5833 - 0.6667", ""},
		{"Tuesday 0.25", ""},
		{"Tuesday 0.5", ""},
		{"Tuesday for 2 hours", ""},
		{"Tuesday 2hrs", ""},
		{"Tuesday 14000", ""},
		{"Tuesday 1475", ""},
		{"Tuesday 14:00:75", ""},
		{"Tuesday 24:30", ""},
		{"Tuesday 0 - 2", ""},
		{"5 days and 5 evenings per week", ""},
		{"Daily (except Tues & Sat) 10:30am - 12pm", ""},
	}
	var in []string
	for _, r := range rows {
		in = append(in, r.in)
	}
	as, reported := column(t, "opening times", in)
	for _, r := range rows {
		a := as[r.in]
		if got := brief(a.Schedule); got != r.want {
			t.Errorf("%q was read as %q, want %q", r.in, got, r.want)
		}
		if r.want == "" && (a.Schedule == nil || a.Schedule.Note != r.in || len(reported[r.in].Warnings) == 0) {
			t.Errorf("%q was not read, and not kept and reported either: %+v %v", r.in, a.Schedule, reported[r.in].Warnings)
		}
	}
}

func TestPrices(t *testing.T) {
	rows := []struct{ in, want string }{
		{"Free", `{"kind":"free"}`},
		{"£0.00", `{"kind":"free"}`},
		{"£3.50", `{"kind":"fixed","pounds":3.5}`},
		{"3", `{"kind":"fixed","pounds":3}`},
		{"50p", `{"kind":"fixed","pounds":0.5}`},
		{"£7-10", `{"kind":"fixed","pounds":7,"pounds_to":10}`},
		{"£7 to £10 per class", `{"kind":"fixed","pounds":7,"pounds_to":10}`},
		{"£20 a month", `{"kind":"fixed","pounds":20,"per":"month"}`},
		{"£60 per term", `{"kind":"fixed","pounds":60,"per":"course"}`},
		{"£5 (£3 concessions)", `{"kind":"fixed","pounds":5,"concession_pounds":3,"concession_for":"concessions"}`},
		{"from £4", `{"kind":"fixed","pounds":4,"note":"from this price"}`},
		{"Suggested donation £2", `{"kind":"donation","pounds":2}`},
		{"Pay what you can", `{"kind":"donation"}`},
		{"NA", `null`},
		{"-1", `null`}, {"£10-7", `null`}, {"£5 (£9 concessions)", `null`}, {"ask", `null`}, {"£1,000,000", `null`}, {"Free for members, £4 others", `null`},
	}
	var in []string
	for _, r := range rows {
		in = append(in, r.in)
	}
	as, reported := column(t, "price", in)
	for _, r := range rows {
		got, err := json.Marshal(as[r.in].Cost)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != r.want {
			t.Errorf("%q was read as %s, want %s", r.in, got, r.want)
		}
		if r.want == "null" && r.in != "NA" && (len(reported[r.in].Warnings) == 0 || !strings.Contains(as[r.in].Description, r.in)) {
			t.Errorf("%q was not read, and not kept and reported either", r.in)
		}
	}
}

func TestAges(t *testing.T) {
	rows := []struct{ in, want string }{
		{"16+", "16-"}, {"Over 50s", "50-"}, {"50s", "50-"}, {"18 and over", "18-"}, {"Adults", "18-"}, {"under 5s", "-4"}, {"up to 11", "-11"},
		{"5-11", "5-11"}, {"5 to 11 years", "5-11"}, {"7-10 year olds", "7-10"}, {"All ages", "-"}, {"N/A", "-"},
		{"16", "- note"}, {"60-16", "- note"}, {"teens", "- note"}, {"-1", "- note"}, {"300+", "- note"},
	}
	var in []string
	for _, r := range rows {
		in = append(in, r.in)
	}
	as, reported := column(t, "age range", in)
	for _, r := range rows {
		got := "-"
		if a := as[r.in].Audience; a != nil {
			if a.MinAge != nil {
				got = fmt.Sprint(*a.MinAge) + got
			}
			if a.MaxAge != nil {
				got += fmt.Sprint(*a.MaxAge)
			}
			if strings.Contains(a.Note, r.in) && len(reported[r.in].Warnings) > 0 {
				got += " note"
			}
		}
		if got != r.want {
			t.Errorf("%q was read as %q, want %q", r.in, got, r.want)
		}
	}
}

func TestAccessColumns(t *testing.T) {
	for _, c := range []struct{ header, value, want string }{
		{"disability_toilets", "Yes", "accessible-toilet yes"},
		{"disability_toilets", "No", "accessible-toilet no"},
		{"disability_toilets", "NA", ""},
		{"disability_doorways", "Yes", ""}, // promises less than wide doors
		{"Step-free", "y", "step-free yes"},
		{"hearing loop", "no", "hearing-loop no"},
		{"disability_notes", "Pool hoist, lift", "lift yes"},
		{"access features", "Wheelchair accessible; Hearing loop", "hearing-loop yes,step-free yes"},
		{"first_aid_room", "Yes", ""},
	} {
		as, _ := column(t, c.header, []string{c.value})
		var got []string
		for _, id := range []string{"accessible-toilet", "changing-places", "hearing-loop", "lift", "medical-support", "step-free", "wide-doors"} {
			if a, ok := as[c.value].Access[id]; ok {
				got = append(got, id+" "+a.Answer)
			}
		}
		if strings.Join(got, ",") != c.want || len(got) != len(as[c.value].Access) {
			t.Errorf("%s %q was taken as %v, want %q", c.header, c.value, as[c.value].Access, c.want)
		}
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"  Tea   and\u00a0cake ", "Tea and cake"},
		{"<p>Tea &amp; cake</p><p>Every&nbsp;week</p>", "Tea & cake\n\nEvery week"},
		{"One<br/>Two<script>alert(1)</script>", "One\nTwo"},
		{"5 < 6 and 7 > 3", "5 < 6 and 7 > 3"},
		{"A & B; C", "A & B; C"},
		{"<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"},
		{"Not known", ""},
		{"soft\u00adhyphen\u200b", "softhyphen"},
		{"&lt;p&gt;Soup &amp;amp; bread&lt;/p&gt;", "Soup & bread"},
		{"&amp;lt;b&amp;gt;Soup&amp;lt;/b&amp;gt;", "Soup"},
		{"ring\u0003 us", "ring us"}, {"a\u200e\u202eb\u2060\ufeff", "ab"}, {"a\u200db", "ab"},
		{"Croeso \U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", "Croeso \U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"},
		{"a\U000e0067b", "ab"}, {"\U0001f468\u200d\U0001f469\u200d\U0001f467 day", "\U0001f468\u200d\U0001f469\u200d\U0001f467 day"},
		{"\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"},
	} {
		as, _ := column(t, "description", []string{c.in})
		if got := as[c.in].Description; got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}

func TestStaffAddressesAreNeverTaken(t *testing.T) {
	for _, header := range []string{"assured_by", "assurer_email", "Updated by"} {
		as, rows := column(t, header, []string{"clerk@council.example"})
		b, err := json.Marshal(as["clerk@council.example"])
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "clerk") {
			t.Errorf("%s was taken: %s (%v)", header, b, rows)
		}
	}
}
