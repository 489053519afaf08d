package gazetteer_test

import (
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
