package gazetteer_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"gather/directory"
)

func TestFind(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		text, name, how string
		precision       directory.Precision
		others          int
	}{
		{"M33 7DB", "M33 7DB", "postcode M33 7DB", directory.PrecisionUnit, 0},
		{"m337da", "M33 7DA", "the middle of sector M33 7: postcode M33 7DA is not in our data", directory.PrecisionSector, 0},
		{"MI 1AE", "M1 1AE", `postcode M1 1AE (typed as "MI 1AE")`, directory.PrecisionUnit, 0},
		{"M1 1", "M1 1", "the middle of sector M1 1", directory.PrecisionSector, 0},
		{"SW1A1", "SW1A 1", "the middle of sector SW1A 1", directory.PrecisionSector, 0},
		{"SW1A 1A", "SW1A 1", "the middle of sector SW1A 1: the postcode is not complete", directory.PrecisionSector, 0},
		{"SW1A 2A0", "SW1A 2", "the middle of sector SW1A 2: no postcode ends in 2AO", directory.PrecisionSector, 0},
		{"SW1A", "SW1A", "the middle of SW1A", directory.PrecisionOutcode, 0},
		{"M11", "M11", "the middle of M11 (for sector M1 1, put the space in)", directory.PrecisionOutcode, 0},
		{"M338", "M33", "the middle of M33: there is no sector M33 8", directory.PrecisionOutcode, 0},
		{"W1", "W1", "the middle of all W1 postcodes", directory.PrecisionOutcode, 0},
		{"53.4246,-2.3202", "53.4246,-2.3202", "the point 53.4246,-2.3202", directory.PrecisionPoint, 0},
		{" 53.4246  -2.3202 ", "53.4246,-2.3202", "the point 53.4246,-2.3202", directory.PrecisionPoint, 0},
		{"Leith", "Leith, City of Edinburgh", "Leith, City of Edinburgh", directory.PrecisionPlace, 0},
		{"hale, trafford", "Hale, Trafford, Greater Manchester", "Hale, Trafford, Greater Manchester", directory.PrecisionPlace, 0},
		{"Hale, Trafford, Greater Manchester", "Hale, Trafford, Greater Manchester", "Hale, Trafford, Greater Manchester", directory.PrecisionPlace, 0},
		{"St Ives Cornwall", "St Ives, Cornwall", "St Ives, Cornwall", directory.PrecisionPlace, 0},
		{"SAINT IVES", "St Ives, Huntingdonshire, Cambridgeshire", "", directory.PrecisionPlace, 1},
		{"Hay-on-Wye", "Hay, Powys", "Hay, Powys", directory.PrecisionPlace, 0},
		{"hay on wye", "Hay, Powys", "Hay, Powys", directory.PrecisionPlace, 0},
		{"King's Lynn", "King's Lynn, King's Lynn and West Norfolk, Norfolk", "", directory.PrecisionPlace, 0},
		{"Kings Lynn", "King's Lynn, King's Lynn and West Norfolk, Norfolk", "", directory.PrecisionPlace, 0},
		{"Caerdydd", "Cardiff, Wales", "Cardiff, Wales", directory.PrecisionPlace, 0},
		{"Abertawe", "Swansea, Wales", "", directory.PrecisionPlace, 0},
		{"Inbhir Nis", "Inverness, Highland", "", directory.PrecisionPlace, 0},
		{"Belfast", "Belfast, Northern Ireland", "", directory.PrecisionPlace, 0},
		{"Newport", "Newport, Wales", "Newport, Wales", directory.PrecisionPlace, 5},
		{"Newport, Isle of Wight", "Newport, Isle of Wight", "Newport, Isle of Wight", directory.PrecisionPlace, 0},
		{"newport shropshire", "Newport, Telford and Wrekin, Shropshire", "", directory.PrecisionPlace, 0},
		{"Ashford", "Ashford, Kent", "Ashford, Kent", directory.PrecisionPlace, 1},
		{"Ashford Surrey", "Ashford, Spelthorne, Surrey", "", directory.PrecisionPlace, 0},
		{"Trafford", "Trafford, Greater Manchester", "the middle of the district of Trafford", directory.PrecisionPlace, 0},
	} {
		got, err := g.Find(c.text)
		if err != nil {
			t.Errorf("Find(%q): %v", c.text, err)
			continue
		}
		if got.Name != c.name || c.how != "" && got.How != c.how || got.Precision != c.precision || len(got.Others) != c.others {
			t.Errorf("Find(%q) = %q, %q, %s, %d others, want\n %q, %q, %s, %d others",
				c.text, got.Name, got.How, got.Precision, len(got.Others), c.name, c.how, c.precision, c.others)
		}
		if !got.InUK() || got.District == "" && c.text != "Belfast" {
			t.Errorf("Find(%q) = %+v", c.text, got.Location)
		}
		exact := got.Precision == directory.PrecisionUnit || got.Precision == directory.PrecisionPoint
		if exact != (got.Radius == 0) || got.Radius > 20 {
			t.Errorf("Find(%q): %s, but a radius of %v miles", c.text, got.Precision, got.Radius)
		}
	}
}

func TestFindNowhere(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		text   string
		want   directory.NoPlaceReason
		others string // the first that is offered instead
	}{
		{"", directory.NotAPlace, ""},
		{" \t", directory.NotAPlace, ""},
		{"!!!", directory.NotAPlace, ""},
		{"\xff\xfe", directory.NotAPlace, ""},
		{strings.Repeat("Hale ", 100), directory.NotAPlace, ""},
		{"-2.3202,53.4246", directory.NotAPlace, ""}, // swapped
		{"530,2", directory.NotAPlace, ""},
		{"48.85,2.35", directory.NoSuchPlace, ""},
		{"GIR 0AA", directory.NoPosition, ""},
		{"BFPO 57", directory.NoPosition, ""},
		{"BT1 1AA", directory.NeedsImport, "Belfast"},
		{"BT1", directory.NeedsImport, "Belfast"},
		{"BT", directory.NeedsImport, "Belfast"},
		{"JE2 3QA", directory.NeedsImport, ""},
		{"EH", directory.TooWide, "Edinburgh"},
		{"ZY", directory.NotAPlace, ""},
		{"M97 1AA", directory.NoSuchPlace, ""},
		{"M97 1CC", directory.NotAPlace, ""},
		{"Hale, Kent", directory.NoSuchPlace, "Hale"},
		{"Timperly", directory.NoSuchPlace, "Timperley"},
		{"Altrinhcam", directory.NoSuchPlace, "Altrincham"},
		{"Edinb", directory.NoSuchPlace, "Edinburgh"},
		{"Xyzzyville", directory.NoSuchPlace, ""},
	} {
		got, err := g.Find(c.text)
		if reason := why(t, err); reason != c.want {
			t.Errorf("Find(%q) = %+v, %q, want %q", c.text, got, reason, c.want)
		}
		first := ""
		if len(got.Others) > 0 {
			first = got.Others[0].Place
		}
		if first != c.others {
			t.Errorf("Find(%q) offers %q, want %q", c.text, first, c.others)
		}
	}
}

func TestSwappedPositionSaysWhatToGive(t *testing.T) {
	_, err := open(t).Find("-2.3202, 53.4246")
	var none *directory.NoPlace
	if !errors.As(err, &none) || !strings.Contains(none.Fix, "53.4246,-2.3202") {
		t.Errorf("error %+v, want the right order in its fix", none)
	}
}

// The largest place is returned, and the others follow by size.
func TestSixNewports(t *testing.T) {
	g := open(t)
	f, err := g.Find("newport")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{g.Label(f.Location)}
	for _, o := range f.Others {
		got = append(got, g.Label(o))
	}
	want := []string{
		"Newport, Wales", "Newport, Isle of Wight", "Newport, Telford and Wrekin, Shropshire",
		"Newport, Uttlesford, Essex", "Newport, East Riding of Yorkshire", "Newport, Pembrokeshire",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// Find finds each by its label.
	for _, label := range want {
		if f, err := g.Find(label); err != nil || f.Name != label {
			t.Errorf("Find(%q) = %q, %v", label, f.Name, err)
		}
	}
}

func TestPlaces(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		prefix string
		limit  int
		want   []string
	}{
		{"newp", 3, []string{"Newport, Wales", "Newport, Isle of Wight", "Newport Pagnell, Milton Keynes, Buckinghamshire"}},
		{"ALTRINC", 5, []string{"Altrincham, Trafford, Greater Manchester"}},
		{"st. iv", 5, []string{"St Ives, Huntingdonshire, Cambridgeshire", "St Ives, Cornwall"}},
		{"caerdy", 5, []string{"Cardiff, Wales"}},
		{"", 5, nil},
		{"--", 5, nil},
		{"newp", 0, nil},
		{"xyzzy", 5, nil},
	} {
		var got []string
		for _, l := range g.Places(c.prefix, c.limit) {
			got = append(got, g.Label(l))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("Places(%q, %d) = %q, want %q", c.prefix, c.limit, got, c.want)
		}
	}
}

func TestDistricts(t *testing.T) {
	g := open(t)
	for _, c := range []struct{ name, code string }{
		{"Trafford", "E08000009"},
		{"trafford", "E08000009"},
		{"City of Edinburgh", "S12000036"},
		{"Edinburgh", "S12000036"},
		{"Bristol", "E06000023"},
		{"Bristol, City of", "E06000023"},
		{"Herefordshire", "E06000019"},
		{"St Helens", "E08000013"},
		{"Na h-Eileanan Siar", "S12000013"},
		{"Northern Ireland", ""},
		{"Atlantis", ""},
		{"", ""},
	} {
		if code, ok := g.DistrictNamed(c.name); code != c.code || ok != (c.code != "") {
			t.Errorf("DistrictNamed(%q) = %q, %v, want %q", c.name, code, ok, c.code)
		}
	}
	// Every district that a postcode lies in has a name.
	all := g.Districts()
	if len(all) != 350 {
		t.Errorf("%d districts, want the 350 of Great Britain", len(all))
	}
	for _, d := range all {
		if name, ok := g.District(d.Code); !ok || name != d.Name || d.Name == "" {
			t.Errorf("%+v is named %q", d, name)
		}
	}
	if name, ok := g.District("E99999999"); ok {
		t.Errorf("no district is %q", name)
	}
}

// Found as JSON has the same member names as the rest of our JSON.
func TestFoundAsJSON(t *testing.T) {
	for text, want := range map[string]string{
		"M33 7DB": `"sector":"M33 7","outcode":"M33","district":"E08000009","district_name":"Trafford","name":"M33 7DB","radius_miles":0,"how":"postcode M33 7DB"}`,
		"Newport": `,"others":[{"lat":`,
	} {
		f, err := open(t).Find(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(f)
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s is %s, %v, want %s in it", text, got, err, want)
		}
	}
}
