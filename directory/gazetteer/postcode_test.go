package gazetteer_test

import (
	"regexp"
	"strings"
	"testing"

	"gather/directory/gazetteer"
)

func TestReadPostcode(t *testing.T) {
	type reading = gazetteer.Reading
	unit := func(postcode string, repaired bool) reading {
		outcode, inward, _ := strings.Cut(postcode, " ")
		return reading{
			Kind: gazetteer.Unit, Postcode: postcode, Outcode: outcode, Sector: outcode + " " + inward[:1],
			Area: strings.TrimRight(outcode[:min(2, len(outcode))], "0123456789"), Repaired: repaired,
		}
	}
	placeless := func(code string) reading { return reading{Kind: gazetteer.Placeless, Postcode: code} }
	for _, c := range []struct {
		text string
		want reading
	}{
		// The six outward forms.
		{"DN55 1PT", unit("DN55 1PT", false)},
		{"CR2 6XH", unit("CR2 6XH", false)},
		{"M60 1NW", unit("M60 1NW", false)},
		{"M1 1AE", unit("M1 1AE", false)},
		{"EC1A 1BB", unit("EC1A 1BB", false)},
		{"W1A 1HQ", unit("W1A 1HQ", false)},
		// District zero, and third letters that the rule does not mention.
		{"BL0 9AA", unit("BL0 9AA", false)},
		{"N1P 2BG", unit("N1P 2BG", false)},
		{"W1X 3TE", unit("W1X 3TE", false)},

		// Normalisation.
		{"sw1a1aa", unit("SW1A 1AA", false)},
		{"  Sw1A\u00a01Aa. ", unit("SW1A 1AA", false)},
		{"m33-7db", unit("M33 7DB", false)},
		{"M3 37DB", unit("M33 7DB", false)},
		{"M33\u20097\u3000DB", unit("M33 7DB", false)},

		// Letters and digits corrected.
		{"MI 1AE", unit("M1 1AE", true)},
		{"EHI 1YZ", unit("EH1 1YZ", true)},
		{"E1O 1AA", unit("E10 1AA", true)},
		{"SO1 1AA", unit("SO1 1AA", false)},
		{"S01 1AA", unit("SO1 1AA", true)},
		{"0X1 1AA", unit("OX1 1AA", true)},
		{"BSI6 1AA", unit("BS16 1AA", true)},
		{"SW1A IAA", unit("SW1A 1AA", true)},
		{"SW1A OAA", unit("SW1A 0AA", true)},
		{"SW1A 2A0", reading{
			Kind: gazetteer.Impossible, Postcode: "SW1A 2AO", Outcode: "SW1A", Sector: "SW1A 2", Area: "SW", Repaired: true,
		}},
		{"SW1A 2AO", reading{
			Kind: gazetteer.Impossible, Postcode: "SW1A 2AO", Outcode: "SW1A", Sector: "SW1A 2", Area: "SW",
		}},
		{"M1 1CC", reading{Kind: gazetteer.Impossible, Postcode: "M1 1CC", Outcode: "M1", Sector: "M1 1", Area: "M"}},

		// Partial postcodes.
		{"SW1A", reading{Kind: gazetteer.Outcode, Outcode: "SW1A", Area: "SW"}},
		{"m1", reading{Kind: gazetteer.Outcode, Outcode: "M1", Area: "M"}},
		{"M1 1", reading{Kind: gazetteer.Sector, Outcode: "M1", Sector: "M1 1", Area: "M"}},
		{"M11 2", reading{Kind: gazetteer.Sector, Outcode: "M11", Sector: "M11 2", Area: "M"}},
		{"M11", reading{Kind: gazetteer.Ambiguous, Outcode: "M11", Sector: "M1 1", Area: "M"}},
		{"AB10", reading{Kind: gazetteer.Ambiguous, Outcode: "AB10", Sector: "AB1 0", Area: "AB"}},
		{"SW1A1", reading{Kind: gazetteer.Sector, Outcode: "SW1A", Sector: "SW1A 1", Area: "SW"}},
		{"M337", reading{Kind: gazetteer.Sector, Outcode: "M33", Sector: "M33 7", Area: "M"}},
		{"SW1A 1A", reading{Kind: gazetteer.Typing, Outcode: "SW1A", Sector: "SW1A 1", Area: "SW"}},
		{"SW1A1A", reading{Kind: gazetteer.Typing, Outcode: "SW1A", Sector: "SW1A 1", Area: "SW"}},
		{"W1", reading{Kind: gazetteer.Outcode, Outcode: "W1", Area: "W"}},
		{"BT", reading{Kind: gazetteer.PostcodeArea, Area: "BT"}},
		{"eh", reading{Kind: gazetteer.PostcodeArea, Area: "EH"}},

		// Codes without a position.
		{"GIR 0AA", placeless("GIR 0AA")},
		{"bfpo 57", placeless("BFPO 57")},
		{"BF1 3AA", placeless("BF1 3AA")},
		{"BX1 1LT", placeless("BX1 1LT")},
		{"XX10 1DD", placeless("XX10 1DD")},
		{"SAN TA1", placeless("SAN TA1")},
		{"GX11 1AA", placeless("GX11 1AA")},
		{"ASCN 1ZZ", placeless("ASCN 1ZZ")},
		{"stHL1zz", placeless("STHL 1ZZ")},
		{"TDCU 1ZZ", placeless("TDCU 1ZZ")},
		{"FIQQ 1ZZ", placeless("FIQQ 1ZZ")},
		{"SIQQ 1ZZ", placeless("SIQQ 1ZZ")},
		{"BIQQ 1ZZ", placeless("BIQQ 1ZZ")},
		{"BBND 1ZZ", placeless("BBND 1ZZ")},
		{"PCRN 1ZZ", placeless("PCRN 1ZZ")},
		{"TKCA 1ZZ", placeless("TKCA 1ZZ")},
		{"NPT 7GH", reading{Kind: gazetteer.Withdrawn, Postcode: "NPT 7GH"}},

		// Not a postcode.
		{"", reading{}},
		{" . ", reading{}},
		{"Leith", reading{}},
		{"QA1 1AA", reading{}},
		{"VA1 1AA", reading{}},
		{"AJ1 1AA", reading{}},
		{"M1 1AEE", reading{}},
		{"M101 1AA", reading{}},
		{"M1 1ае", reading{}}, // Cyrillic
		{"ſw1a 1aa", reading{}},
		{"51.5,-0.14", reading{}},
		{strings.Repeat(" ", 70) + "M1 1AE", reading{}},
	} {
		if got := gazetteer.ReadPostcode(c.text); got != c.want {
			t.Errorf("ReadPostcode(%q) =\n %+v, want\n %+v", c.text, got, c.want)
		}
	}
}

// strict is the expression that accepts every live unit of Great Britain.
var strict = regexp.MustCompile(`^(GIR 0AA|([A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKMNPR-Y]|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY]) \d[ABD-HJLNP-UW-Z]{2})$`)

func FuzzReadPostcode(f *testing.F) {
	for _, s := range []string{"M33 7DB", "sw1a1aa", "MI 1AE", "M11", "SW1A 2A0", "BFPO 57", "NPT7GH", "EH", "\u00a0W1", "W1A 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := gazetteer.ReadPostcode(text)
		switch r.Kind {
		case gazetteer.Unit:
			if !strict.MatchString(r.Postcode) {
				t.Errorf("%q read as unit %q, which cannot be one", text, r.Postcode)
			}
			if !strings.HasPrefix(r.Postcode, r.Sector) || !strings.HasPrefix(r.Sector, r.Outcode+" ") {
				t.Errorf("%q: parts do not fit: %+v", text, r)
			}
			again := gazetteer.ReadPostcode(r.Postcode)
			again.Repaired = r.Repaired
			if again != r {
				t.Errorf("%q read as %+v, and that as %+v", text, r, again)
			}
		case gazetteer.NotPostcode:
			if r != (gazetteer.Reading{}) {
				t.Errorf("%q: not a postcode, but %+v", text, r)
			}
			if strict.MatchString(text) && !regexp.MustCompile(`^[A-Z]+0\d`).MatchString(text) {
				t.Errorf("%q is a postcode", text)
			}
		}
	})
}
