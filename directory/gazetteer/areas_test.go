package gazetteer_test

import (
	"slices"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/gazetteer"
)

func TestArea(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		text, name, welsh string
		kind              gazetteer.AreaKind
		districts         int
		in, out           string // districts, or outcodes where there are none
	}{
		{"Wales", "Wales", "Cymru", gazetteer.Country, 22, "W06000001 W06000024", "E06000019"},
		{"cymru", "Wales", "Cymru", gazetteer.Country, 22, "W06000015", ""},
		{"Northern Ireland", "Northern Ireland", "Gogledd Iwerddon", gazetteer.Country, 11, "N09000003", ""},
		{"W92000004", "Wales", "Cymru", gazetteer.Country, 22, "W06000015", ""},
		{"Kent", "Kent", "Caint", gazetteer.County, 13, "E06000035 E07000106", "E09000006"},
		{"E10000016", "Kent", "Caint", gazetteer.Council, 12, "E07000106", "E06000035"},
		{"Greater Manchester", "Greater Manchester", "Manceinion Fwyaf", gazetteer.County, 10, "E08000003 E08000009", "E06000049"},
		{"E11000001", "Greater Manchester", "Manceinion Fwyaf", gazetteer.County, 10, "E08000003", ""},
		{"Ynys Môn", "Isle of Anglesey", "Ynys Môn", gazetteer.District, 1, "W06000001", "W06000002"},
		{"ynys mon", "Isle of Anglesey", "Ynys Môn", gazetteer.District, 1, "W06000001", ""},
		{"Anglesey", "Isle of Anglesey", "Ynys Môn", gazetteer.District, 1, "W06000001", ""},
		{"Orkney", "Orkney Islands", "Ynysoedd Erch", gazetteer.District, 1, "S12000023", ""},
		{"Shetland", "Shetland Islands", "", gazetteer.District, 1, "S12000027", ""},
		{"the Western Isles", "Na h-Eileanan Siar", "", gazetteer.District, 1, "S12000013", ""},
		{"Bristol", "Bristol", "", gazetteer.District, 1, "E06000023", ""},
		{"city of bristol", "Bristol", "", gazetteer.District, 1, "E06000023", ""},
		{"Glasgow", "Glasgow", "", gazetteer.District, 1, "S12000049", ""},
		{"City of London", "City of London", "", gazetteer.District, 1, "E09000001", ""},
		{"E06000066", "Somerset", "", gazetteer.District, 1, "E06000066", "E06000024"},
		{"Somerset", "Somerset", "Gwlad yr Haf", gazetteer.County, 3, "E06000066 E06000024", "E06000023"},
		{"Yorks", "Yorkshire", "Swydd Efrog", gazetteer.Grouping, 13, "E08000035 E06000010", "E08000001"},
		{"Middlesex", "Middlesex", "", gazetteer.FormerCounty, 8, "E09000015", "E09000001"},
		{"Skye", "Isle of Skye", "", gazetteer.Island, 0, "IV41 IV51", "IV40"},
		{"Central London", "Central London", "", gazetteer.PartOfTown, 0, "EC1A WC2N W1A SW1A", "E1"},
		{"m33", "M33", "", gazetteer.OutcodeArea, 0, "M33", "M32"},
		{"W1", "W1", "", gazetteer.OutcodeArea, 0, "W1A W1W", "W2"},
	} {
		a, ok := g.AreaNamed(c.text)
		if !ok || a.Name != c.name || a.Welsh != c.welsh || a.Kind != c.kind || len(a.Districts) != c.districts {
			t.Errorf("AreaNamed(%q) = %v %q %q of %d districts, %v; want %v %q %q of %d", c.text, a.Kind, a.Name, a.Welsh, len(a.Districts), ok, c.kind, c.name, c.welsh, c.districts)
			continue
		}
		for _, code := range strings.Fields(c.in) {
			if !a.Holds(directory.Location{District: code, Outcode: code}) {
				t.Errorf("%s does not hold %s", c.text, code)
			}
		}
		if c.out != "" && a.Holds(directory.Location{District: c.out, Outcode: c.out}) {
			t.Errorf("%s holds %s", c.text, c.out)
		}
	}
	for _, none := range []string{"", " ", "Sale", "Atlantis", "M33 7", "M33 7DB", "E07999999", "ZZ99", "N0ddington", strings.Repeat("Kent ", 100)} {
		if a, ok := g.AreaNamed(none); ok {
			t.Errorf("AreaNamed(%q) = %q", none, a.Name)
		}
	}
}

// An area of districts has every outcode that overlaps it, including those whose
// sectors lie mostly in another area.
func TestAreaOutcodes(t *testing.T) {
	g := open(t)
	for _, c := range []struct{ area, in, out string }{
		{"Trafford", "M33 M41 M31 WA14 WA15 M16", "M1 SK4"},
		{"Bristol", "BS1 BS16 BS13", "BS20 BA1"},
		{"Orkney", "KW15 KW16 KW17", "KW1"},
		{"Wales", "CF10 LL11 HR3 SY10", "HR1 BS1"},
		{"Northern Ireland", "", "BT1"},
	} {
		a, _ := g.AreaNamed(c.area)
		if !slices.IsSorted(a.Outcodes) {
			t.Errorf("%s: %v is not in order", c.area, a.Outcodes)
		}
		for _, code := range strings.Fields(c.in) {
			if !slices.Contains(a.Outcodes, code) {
				t.Errorf("%s lacks %s: %v", c.area, code, a.Outcodes)
			}
		}
		for _, code := range strings.Fields(c.out) {
			if slices.Contains(a.Outcodes, code) {
				t.Errorf("%s has %s", c.area, code)
			}
		}
	}
}

// Every district lies in one country and, in England, in one region and one
// ceremonial county.
func TestAreasCoverTheDistricts(t *testing.T) {
	g := open(t)
	in := map[string]map[gazetteer.AreaKind][]string{}
	for _, code := range strings.Fields("E92000001 W92000004 S92000003 N92000002 E12000001 E12000002 E12000003 E12000004 E12000005 E12000006 E12000007 E12000008 E12000009") {
		a, ok := g.AreaNamed(code)
		if !ok {
			t.Fatalf("no area %s", code)
		}
		for _, d := range a.Districts {
			if in[d] == nil {
				in[d] = map[gazetteer.AreaKind][]string{}
			}
			in[d][a.Kind] = append(in[d][a.Kind], a.Name)
		}
	}
	for _, d := range g.Districts() {
		if n := len(in[d.Code][gazetteer.Country]); n != 1 {
			t.Errorf("%s %s is in %d countries: %v", d.Code, d.Name, n, in[d.Code])
		}
		if !strings.HasPrefix(d.Code, "E") {
			continue
		}
		if n := len(in[d.Code][gazetteer.Region]); n != 1 {
			t.Errorf("%s %s is in %d regions: %v", d.Code, d.Name, n, in[d.Code])
		}
		if county, ok := g.AreaNamed(d.County); !ok || !slices.Contains(county.Districts, d.Code) {
			t.Errorf("%s %s is not in %s", d.Code, d.Name, d.County)
		}
	}
}
