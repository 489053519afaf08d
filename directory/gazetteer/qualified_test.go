package gazetteer_test

import (
	"os"
	"strings"
	"testing"

	"gather/directory/gazetteer/packed"
)

// Every place of the data is found by its name, by its other names, and by its
// label.
func TestEveryPlaceIsFoundByItsName(t *testing.T) {
	g := open(t)
	file, err := os.ReadFile("gazetteer.bin")
	if err != nil {
		t.Fatal(err)
	}
	data, err := packed.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	places, err := data.Places()
	if err != nil || len(places) < 5_000 {
		t.Fatalf("%d places, %v", len(places), err)
	}
	names := map[string]bool{}
	for _, p := range places {
		names[p.Name] = true
	}
	if len(names) < 5_429 {
		t.Errorf("%d names, want 5,429 or more", len(names))
	}
	for name := range names {
		for _, text := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			f, err := g.Find(text)
			if err != nil {
				t.Errorf("Find(%q): %v", text, err)
				continue
			}
			if f.Postcode != "" || f.Place == "" && f.Name == "" {
				t.Errorf("Find(%q) = %q, %s", text, f.Name, f.Precision)
			}
		}
	}
}

func TestFindAmongOtherWords(t *testing.T) {
	g := open(t)
	for _, c := range []struct{ text, name string }{
		// A name without digits is a name.
		{"Poole", "Poole, Bournemouth, Christchurch and Poole, Dorset"},
		{"Woking", "Woking, Surrey"},
		{"Goole", "Goole, East Riding of Yorkshire"},
		{"Goring", "Goring, South Oxfordshire, Oxfordshire"},
		{"Rhoose", "Rhoose, Vale of Glamorgan"},
		{"Poole, Dorset", "Poole, Bournemouth, Christchurch and Poole, Dorset"},
		{"woking surrey", "Woking, Surrey"},
		{"near Goole", "Goole, East Riding of Yorkshire"},
		{"Poole town centre", "Poole, Bournemouth, Christchurch and Poole, Dorset"},
		{"Fair Oak", "Fair Oak, Eastleigh, Hampshire"},
		{"SWIA OAA", "SW1A 0AA"}, // and what names nothing is a postcode still
		{"MIIAE", "M1 1AE"},
		// A postcode with other words around it.
		{"M33 7DB, UK", "M33 7DB"},
		{"Sale M33 7DB", "M33 7DB"},
		{"M33 7DB, Sale", "M33 7DB"},
		{"Hall, Sale, M33 7DB, UK", "M33 7DB"},
		{"Sale (M33 7DB)", "M33 7DB"},
		{"m33-7db uk", "M33 7DB"},
		{"1 M33 7DB", "M33 7DB"},
		{"Flat B, L1 1AA", "L1 1AA"},
		{"Flat 3, 12 High St, Bath BA1 1AA", "BA1 1AA"},
		{"Sale\nM33 7DB\nUK", "M33 7DB"},
		{"London SE15", "SE15"},
		{"Leeds, LS6", "LS6"},
		{"12 Roman Road, E3 2ND", "E3 2ND"},
		{"Unit E3 2ND Floor", "E3"}, // a floor is no half of a postcode
		{"Unit E3, 2nd floor, Leeds LS6", "LS6"},
		// A name and the area it is in, as in addresses.
		{"Brixton, London", "Brixton, Lambeth, Greater London"},
		{"Brixton London", "Brixton, Lambeth, Greater London"},
		{"Altrincham, Cheshire", "Altrincham, Trafford, Greater Manchester"},
		{"Altrincham Cheshire", "Altrincham, Trafford, Greater Manchester"},
		{"Altrincham, Cheshire, UK", "Altrincham, Trafford, Greater Manchester"},
		{"Sale, Manchester", "Sale, Trafford, Greater Manchester"},
		{"Bromley, Kent", "Bromley, Greater London"},
		{"Romford, Essex", "Romford, Havering, Greater London"},
		{"Ashford, Middlesex", "Ashford, Spelthorne, Surrey"},
		{"Newport, Gwent", "Newport, Wales"},
		{"Bangor, Cymru", "Bangor, Gwynedd"},
		{"Holyhead, Ynys Môn", "Holyhead, Isle of Anglesey"},
		{"Hull, East Yorks", "Kingston upon Hull, East Riding of Yorkshire"},
		{"Oxford, Oxon", "Oxford, Oxfordshire"},
		// Districts by their common names.
		{"Orkney", "Orkney Islands, Scotland"},
		{"the Orkneys", "Orkney Islands, Scotland"},
		{"Shetland", "Shetland Islands, Scotland"},
		{"Western Isles", "Na h-Eileanan Siar, Scotland"},
		{"Outer Hebrides", "Na h-Eileanan Siar, Scotland"},
		{"Ynys Môn", "Isle of Anglesey, Wales"},
		{"Sir Benfro", "Pembrokeshire, Wales"},
		{"Highlands", "Highland, Scotland"},
		{"Dudley, West Mids, UK", ""},
		{"High Street, Sale", ""}, // a street is not known
		{"Sale, Kent", ""},
		{"Atlantis, Kent", ""},
	} {
		f, err := g.Find(c.text)
		if c.name == "" {
			if err == nil {
				t.Errorf("Find(%q) = %q, want none", c.text, f.Name)
			}
			continue
		}
		if err != nil || f.Name != c.name {
			t.Errorf("Find(%q) = %q, %v, want %q", c.text, f.Name, err, c.name)
		}
		if f.Postcode != "" && c.text != f.Postcode && !strings.Contains(f.How, "from ") && !strings.Contains(f.How, "typed as") {
			t.Errorf("Find(%q) says no more than %q", c.text, f.How)
		}
	}
	// A place in the named county comes first, and one next to it is offered.
	f, err := g.Find("Hale, Cheshire")
	if err != nil || f.Name != "Hale, Halton, Cheshire" || len(f.Others) != 1 || g.Label(f.Others[0]) != "Hale, Trafford, Greater Manchester" {
		t.Errorf("Hale, Cheshire is %q, %v, and others %+v", f.Name, err, f.Others)
	}
	// For an address with an unknown street, the town is offered.
	f, err = g.Find("High Street, Sale")
	if err == nil || len(f.Others) != 1 || g.Label(f.Others[0]) != "Sale, Trafford, Greater Manchester" {
		t.Errorf("High Street, Sale is %+v, %v", f, err)
	}
}

func FuzzFind(f *testing.F) {
	g := open(f)
	for _, text := range []string{"Poole", "Sale M33 7DB, UK", "Brixton, London", "E3 2ND Floor", "M1 1AE M1 1AE", ",,,", "St. Ives,", "BT1, Belfast", "BF1 6FA, UK"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, err := g.Find(text)
		if err == nil && (found.Name == "" || found.How == "" || !found.InUK()) {
			t.Errorf("Find(%q) = %+v", text, found)
		}
	})
}
