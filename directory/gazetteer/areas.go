package gazetteer

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/gazetteer/packed"
)

// AreaKind is the kind of an Area.
type AreaKind string

// The kinds of Area.
const (
	// Country is one of the four, or Great Britain or the United Kingdom.
	Country AreaKind = "country"
	// Region is one of the nine of England.
	Region AreaKind = "region"
	// County is a ceremonial or metropolitan county of England, or a preserved
	// county of Wales.
	County AreaKind = "county"
	// Council is what a county council serves: the county of its name without
	// the towns that have a council of their own.
	Council AreaKind = "council"
	// FormerCounty is an abolished county that addresses still name: Middlesex,
	// Avon.
	FormerCounty AreaKind = "former"
	// Grouping is several counties or districts known by one name: Yorkshire,
	// North Wales, Tyneside.
	Grouping AreaKind = "group"
	// District is a local authority district.
	District AreaKind = "district"
	// Island is an island that is not a district by itself.
	Island AreaKind = "island"
	// PartOfTown is a part of London by its postcodes.
	PartOfTown AreaKind = "part"
	// OutcodeArea is the area of one outcode.
	OutcodeArea AreaKind = "outcode"
)

// Area is a part of the United Kingdom made of whole districts or of whole
// outcodes. Its slices are shared and must not be changed.
type Area struct {
	Kind AreaKind
	// Code is its GSS code, or the outcode; empty for an area that has neither.
	Code string
	// Name is its English name, or its local one where it has no English name;
	// Welsh is its Welsh name where that is known.
	Name, Welsh string
	// Districts are the GSS codes of the districts that it is made of, in order;
	// none where it is made of outcodes.
	Districts []string
	// Outcodes are the outcodes that it is made of or, where it is made of
	// districts, those with at least one unit postcode in a hundred in it. They
	// are sorted by text. Outcodes that no layer of the gazetteer holds, such as
	// those of Northern Ireland, are left out.
	Outcodes []string
}

// AreaNamed returns the area of a name ("Kent", "Ynys Môn", "Greater Manchester"), of
// a GSS code ("E08000009") or of an outcode ("M33"), and whether there is one.
// Case, accents, "the" and "City of" do not matter. Of several areas with one
// name it returns the largest: "Somerset" is the ceremonial county, E06000066
// the district of that name. A town is not an area unless a district has its
// name.
func (g *Gazetteer) AreaNamed(text string) (Area, bool) {
	x := g.areas()
	text = directory.Quote(text)
	if i, ok := x.byCode[strings.ToUpper(strings.TrimSpace(text))]; ok {
		return x.area(i), true
	}
	if i, ok := x.byName[areaKey(text)]; ok {
		return x.area(i), true
	}
	r := ReadPostcode(text)
	if r.Repaired || r.Kind != Outcode && r.Kind != Ambiguous {
		return Area{}, false
	}
	codes := g.outcodesOf(r.Outcode)
	return Area{Kind: OutcodeArea, Code: r.Outcode, Name: r.Outcode, Outcodes: codes}, len(codes) > 0
}

// Holds reports whether a place lies in the area: by its district where the area
// is made of districts, otherwise by its outcode.
func (a Area) Holds(l directory.Location) bool {
	if len(a.Districts) > 0 {
		_, ok := slices.BinarySearch(a.Districts, l.District)
		return ok
	}
	_, ok := slices.BinarySearch(a.Outcodes, l.Outcode)
	return ok
}

// The head of areas.tsv describes its columns and names their sources.
//
//go:embed areas.tsv
var areaTable string

// areaIndex holds all areas except those of single outcodes.
type areaIndex struct {
	gazetteer *Gazetteer
	areas     []Area
	byCode    map[string]int
	byName    map[string]int // by folded name
}

// area returns the area at i, with the outcodes that overlap its districts.
func (x *areaIndex) area(i int) Area {
	a := x.areas[i]
	if len(a.Districts) > 0 {
		a.Outcodes = x.gazetteer.overlaps().outcodesOf(a.Districts)
	}
	return a
}

// areaRow is one row of areas.tsv.
type areaRow struct {
	kind                AreaKind
	code, name, welsh   string
	otherNames, members []string
}

// readAreaRows parses areas.tsv.
func readAreaRows(table string) ([]areaRow, error) {
	var rows []areaRow
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 3 || len(f) > 6 {
			return nil, fmt.Errorf("row %q has %d columns", line, len(f))
		}
		f = append(f, "", "", "")
		rows = append(rows, areaRow{AreaKind(f[0]), f[1], f[2], f[3], list(f[4], ";"), list(f[5], ",")})
	}
	return rows, nil
}

// list splits a column at a separator; an empty column is nil.
func list(column, separator string) []string {
	if column == "" {
		return nil
	}
	return strings.Split(column, separator)
}

// indexAreas builds the areas of the districts of all layers, of the counties
// these are in, and of areas.tsv. It panics where that file is malformed, which
// its test catches first.
func (g *Gazetteer) indexAreas() *areaIndex {
	x := &areaIndex{gazetteer: g, byCode: map[string]int{}, byName: map[string]int{}}
	rows, err := readAreaRows(areaTable)
	if err != nil {
		panic("gazetteer: areas.tsv: " + err.Error())
	}
	for _, r := range rows { // districts that no layer holds
		if r.kind == District {
			x.add(Area{Kind: District, Code: r.code, Name: r.name, Welsh: r.welsh, Districts: []string{r.code}})
		}
	}
	counties := map[string][]string{}
	for _, d := range g.Districts() {
		if d.County != "" {
			counties[d.County] = append(counties[d.County], d.Code)
		}
		if _, known := x.byCode[d.Code]; !known {
			x.add(Area{Kind: District, Code: d.Code, Name: d.Name, Districts: []string{d.Code}})
		}
	}
	for i := range x.areas {
		x.named(i, districtNames(x.areas[i].Name)...)
		x.areas[i].Name = plainName(x.areas[i].Name)
	}
	for county, districts := range counties { // after the districts: a county's name is the county
		if i, same := x.byName[areaKey(county)]; same && len(districts) == 1 && x.areas[i].Code == districts[0] {
			continue
		}
		slices.Sort(districts)
		x.named(x.add(Area{Kind: County, Name: county, Districts: districts}), areaKey(county))
	}
	for _, r := range rows {
		if err := x.row(r); err != nil {
			panic(fmt.Sprintf("gazetteer: areas.tsv: %s: %v", r.name, err))
		}
	}
	return x
}

// areaKey returns the form in which names of areas are compared: "The Wirral"
// equals "Wirral".
func areaKey(name string) string { return strings.TrimPrefix(fold(name), "the ") }

// add adds an area and returns its index.
func (x *areaIndex) add(a Area) int {
	x.areas = append(x.areas, a)
	if a.Code != "" {
		x.byCode[a.Code] = len(x.areas) - 1
	}
	return len(x.areas) - 1
}

// named maps folded names to area i, replacing any area they named before.
func (x *areaIndex) named(i int, names ...string) {
	for _, name := range names {
		x.byName[name] = i
	}
}

// row adds one row of areas.tsv: a new area, or more names of an existing one.
func (x *areaIndex) row(r areaRow) error {
	var i int
	switch r.kind {
	case District:
		i = x.byCode[r.code]
	case "name":
		at, ok := x.byName[areaKey(r.name)]
		if !ok {
			return fmt.Errorf("there is no such county")
		}
		i = at
		x.areas[i].Welsh = r.welsh
	case Council:
		at, ok := x.byName[areaKey(r.name)]
		if !ok {
			return fmt.Errorf("there is no such county")
		}
		districts := slices.DeleteFunc(slices.Clone(x.areas[at].Districts), func(code string) bool { return !strings.HasPrefix(code, "E07") })
		x.add(Area{Kind: Council, Code: r.code, Name: r.name, Welsh: x.areas[at].Welsh, Districts: districts})
		return nil
	default:
		a, err := x.made(r)
		if err != nil {
			return err
		}
		i = x.add(a)
		x.named(i, areaKey(r.name))
	}
	if r.welsh != "" {
		x.named(i, areaKey(r.welsh))
	}
	for _, name := range r.otherNames {
		x.named(i, areaKey(name))
	}
	return nil
}

var (
	gssForm      = regexp.MustCompile(`^[ENSW]\d{8}$`)
	gssBeginning = regexp.MustCompile(`^[ENSW]\d{2}\*$`)
	outcodeRange = regexp.MustCompile(`^([A-Z]{1,2})(\d{1,2})-[A-Z]{1,2}(\d{1,2})$`)
)

// made returns the area of a row, built from its members.
func (x *areaIndex) made(r areaRow) (Area, error) {
	a := Area{Kind: r.kind, Code: r.code, Name: r.name, Welsh: r.welsh}
	for _, m := range r.members {
		districts, outcodes := x.member(m)
		if len(districts)+len(outcodes) == 0 {
			return a, fmt.Errorf("nothing is called %s", m)
		}
		a.Districts, a.Outcodes = append(a.Districts, districts...), append(a.Outcodes, outcodes...)
	}
	if len(a.Districts) > 0 && len(a.Outcodes) > 0 {
		return a, fmt.Errorf("is made of both districts and outcodes")
	}
	slices.Sort(a.Districts)
	slices.Sort(a.Outcodes)
	a.Districts, a.Outcodes = slices.Compact(a.Districts), slices.Compact(a.Outcodes)
	return a, nil
}

// member returns the districts or outcodes that one member of a row stands for.
func (x *areaIndex) member(m string) (districts, outcodes []string) {
	switch {
	case gssForm.MatchString(m):
		if _, known := x.byCode[m]; known {
			return []string{m}, nil
		}
	case gssBeginning.MatchString(m):
		for _, a := range x.areas {
			if a.Kind == District && strings.HasPrefix(a.Code, m[:3]) {
				districts = append(districts, a.Code)
			}
		}
	case areaForm.MatchString(m):
		for _, code := range x.gazetteer.allOutcodes() {
			if packed.Area(code) == m {
				outcodes = append(outcodes, code)
			}
		}
	case outwardOnly.MatchString(m):
		outcodes = x.gazetteer.outcodesOf(m)
	case outcodeRange.MatchString(m):
		r := outcodeRange.FindStringSubmatch(m)
		first, _ := strconv.Atoi(r[2])
		last, _ := strconv.Atoi(r[3])
		for n := first; n <= last; n++ {
			outcodes = append(outcodes, x.gazetteer.outcodesOf(r[1]+strconv.Itoa(n))...)
		}
	default:
		if i, ok := x.byName[areaKey(m)]; ok {
			return x.areas[i].Districts, x.areas[i].Outcodes
		}
	}
	return districts, outcodes
}
