package csv_test

import (
	"testing"
	"time"

	"gather/directory"
)

// A number is taken in every form people write it in, and a listing is never
// lost for one.
func TestPhonesAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		in, want string
		said     bool
	}{
		{"(01632) 960 017", "(01632) 960 017", false}, {"(01632)-960-017", "(01632) 960-017", false}, {"[01632] 960017", "(01632) 960017", false},
		{"01632.960.017", "01632 960 017", false}, {"01632/960017", "01632 960017", false}, {"01632–960–017", "01632-960-017", false}, {"01632‑960017", "01632-960017", false},
		{"+44 (0)1632 960017", "+44 1632 960017", false}, {"+44(0) 1632 960017", "+44 1632 960017", false}, {"0044 1632 960017", "+44 1632 960017", false},
		{"+44 01632 960017", "+44 1632 960017", false}, {"(+44) 1632 960017", "+44 1632 960017", false},
		{"1632960017", "01632960017", true}, {"7700900417", "07700900417", true}, {"2079460017", "02079460017", true}, {"8081570017", "08081570017", true}, {"1632 960017", "01632 960017", true},
		{"9632960017", "9632960017", false}, {"116123", "116123", false},
		{"18001 01632 960017", "18001 01632 960017", false}, {"18002 0800 157 0017", "18002 0800 157 0017", false},
		{"01632 960017 x12", "01632 960017 ext 12", false}, {"01632 960017 extn 12", "01632 960017 ext 12", false}, {"01632 960017 (ext. 12)", "01632 960017 ext 12", false},
		{"01632 960017, option 2", "01632 960017 ext 2", false}, {"Tel: 01632 960017", "01632 960017", false}, {"Mobile 07700 900417", "07700 900417", false},
		{"ask at the desk", "", true}, {"000000", "", true}, {"12", "", true},
	} {
		a, row := one(t, "phone", `"`+c.in+`"`)
		got := ""
		if len(a.Contacts) > 0 {
			got = a.Contacts[0].Phone
		}
		if row.Outcome != directory.Created || got != c.want || (len(row.Warnings) > 0) != c.said {
			t.Errorf("%q became %q (%s, %v), want %q", c.in, got, row.Outcome, row.Warnings, c.want)
		}
	}
}

func TestAddressWithItsOwner(t *testing.T) {
	for in, want := range map[string]string{
		"Draughts <d@example.org>": "d@example.org", "<d@example.org>": "d@example.org", `""Draughts, the"" <d@example.org>`: "d@example.org",
		"mailto:d@example.org": "d@example.org", "d@example.org": "d@example.org",
	} {
		if a, row := one(t, "email", `"`+in+`"`); len(a.Contacts) != 1 || a.Contacts[0].Email != want || len(row.Warnings) > 0 {
			t.Errorf("%s became %+v, want %s (%v)", in, a.Contacts, want, row.Warnings)
		}
	}
}

// When a row was last updated; today is 2 March 2026. What cannot be read is
// trusted least, never fresh.
func TestLastUpdatedInEveryForm(t *testing.T) {
	for in, want := range map[string]string{
		"03/04/2024 10:15": "2024-04-03", "3/4/24": "2024-04-03", "03.04.2024": "2024-04-03", "3-Apr-24": "2024-04-03", "03-Apr-2024 10:15:00": "2024-04-03",
		"3rd April 2024": "2024-04-03", "Wednesday, 3 April 2024": "2024-04-03", "April 3, 2024": "2024-04-03", "2024/04/03": "2024-04-03", "20240403": "2024-04-03",
		"45385": "2024-04-03", "45385.427083": "2024-04-03", "2024-04-03T10:15:00Z": "2024-04-03", "Apr-24": "2024-04-01", "April 2024": "2024-04-01", "04/2024": "2024-04-01",
		"03/04/2024 10:15 AM": "2024-04-03", "Wed Apr 03 2024 10:15:00 GMT+0100 (British Summer Time)": "2024-04-03",
		"never": "2000-01-01", "4/23/2024": "2000-01-01", "31/02/2024": "2000-01-01", "last week": "2000-01-01", "2024": "2000-01-01", "01/01/2031": "2000-01-01",
		"": "2026-03-02",
	} {
		a, row := one(t, "last updated", `"`+in+`"`)
		if got := a.Checked.At.Format(time.DateOnly); got != want || (len(row.Warnings) > 0) != (want == "2000-01-01") {
			t.Errorf("%q counts as confirmed on %s, want %s (%v)", in, got, want, row.Warnings)
		}
	}
}
