package hsds

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/loose"
	"gather/directory/bulk/spool"
)

// maxTables is the most bytes of a package's unpacked tables, which are held in
// memory to be joined: 128 MiB is many times what a large city needs.
const maxTables = 128 << 20

// maxTableFiles is the most files in a package; HSDS has fewer than thirty
// tables.
const maxTableFiles = 200

// tableNames are the names that versions of HSDS have given its tables, by the
// name used here. Tables with nothing that a listing holds are left out.
var tableNames = map[string][]string{
	"services": {"service"}, "organizations": {"organization"}, "locations": {"location"},
	"addresses":           {"address", "physical_addresses", "physical_address"},
	"service_at_location": {"service_at_locations", "services_at_location", "services_at_locations"},
	"schedules":           {"schedule", "regular_schedules", "regular_schedule"}, "phones": {"phone"}, "contacts": {"contact"},
	"cost_options": {"cost_option"}, "languages": {"language"}, "accessibility": {"accessibility_for_disabilities"},
	"service_areas": {"service_area"}, "eligibility": {"eligibilities", "eligibilitys"}, "attributes": {"attribute"},
	"taxonomy_terms": {"taxonomy_term"}, "taxonomy": {}, "service_taxonomy": {"services_taxonomy", "service_taxonomys"},
	"organization_identifiers": {"organization_identifier"},
}

// tableName returns the name used here for a table, and whether it is imported.
func tableName(name string) (string, bool) {
	name = strings.ToLower(name)
	for own, others := range tableNames {
		if name == own || slices.Contains(others, name) {
			return own, true
		}
	}
	return name, false
}

// tables are the tables of one package in memory, by the names of tableNames.
type tables map[string]*table

// table is one table. used counts how often each row was joined to a service.
type table struct {
	file   string
	header []string
	rows   [][]string
	lines  []int
	used   []int
	index  map[string]map[string][]int // by column, by value
}

// ReadTables reads a zip file of CSV tables and calls take with a draft for each
// row of the services table, joined with the rows that belong to it. It stops at
// the first error that take returns. Files and rows that belong to no service
// are listed in f.Notes.
func ReadTables(f *draft.File, at io.ReaderAt, size int64, take func(*draft.Draft) error) error {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return directory.InvalidField("", "pack the tables again", "is not a zip file that can be read: %v", err)
	}
	if len(z.File) > maxTableFiles {
		return directory.InvalidField("", "pack the tables of one directory only", "has %d files, and %d is the most", len(z.File), maxTableFiles)
	}
	ts, err := openTables(f, z)
	if err != nil {
		return err
	}
	services := ts["services"]
	if services == nil {
		return directory.InvalidField("", "give the tables of HSDS with services.csv among them; places and postcodes are read by gather places import", "is a zip file without a table of services")
	}
	for i := range services.rows {
		d := f.Draft(services.lines[i], i+1)
		raw, err := json.Marshal(ts.service(i))
		if err != nil {
			return fmt.Errorf("join service %d: %w", i+1, err)
		}
		draft.JSONRow(d, raw, Take)
		if err := take(d); err != nil {
			return err
		}
	}
	f.Notes = append(f.Notes, ts.leftOver()...)
	return nil
}

// openTables reads the tables that are imported, and notes the files that are
// not.
func openTables(f *draft.File, z *zip.Reader) (tables, error) {
	names := resources(z)
	ts := tables{}
	left := int64(maxTables)
	for _, packed := range z.File {
		base := path.Base(packed.Name)
		if packed.FileInfo().IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(packed.Name, "__MACOSX/") || strings.EqualFold(base, "datapackage.json") {
			continue
		}
		plainName, isCSV := strings.CutSuffix(strings.ToLower(base), ".csv")
		name, taken := tableName(names[base])
		if !taken {
			name, taken = tableName(plainName)
		}
		if !isCSV || !taken {
			f.Notes = append(f.Notes, fmt.Sprintf("%s holds nothing that a listing says; it was not taken", directory.Quote(packed.Name)))
			continue
		}
		if ts[name] != nil {
			return nil, directory.InvalidField(directory.Quote(packed.Name), "leave one of them out", "is the second table of %s", name)
		}
		r, err := packed.Open()
		if err != nil {
			return nil, directory.InvalidField(directory.Quote(packed.Name), "pack the tables again", "cannot be unpacked: %v", err)
		}
		bounded := &io.LimitedReader{R: r, N: left + 1}
		t, err := readTable(base, bounded)
		err = errors.Join(err, r.Close())
		if left = bounded.N - 1; left < 0 {
			return nil, directory.InvalidField(directory.Quote(packed.Name), "give a part at a time", "makes the tables larger than %d bytes", maxTables)
		}
		if err != nil {
			return nil, directory.InvalidField(directory.Quote(packed.Name), "save it as UTF-8 CSV with a header line", "cannot be read: %v", err)
		}
		ts[name] = t
	}
	return ts, nil
}

// resources returns the table names that a datapackage.json gives, by file name.
func resources(z *zip.Reader) map[string]string {
	names := map[string]string{}
	for _, f := range z.File {
		if !strings.EqualFold(path.Base(f.Name), "datapackage.json") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		var p struct {
			Resources []struct {
				Name string     `json:"name"`
				Path loose.Text `json:"path"`
			} `json:"resources"`
		}
		// The data package is optional: without a valid one, the file names are used.
		if json.NewDecoder(io.LimitReader(r, draft.MaxRow)).Decode(&p) == nil {
			for _, x := range p.Resources {
				names[path.Base(string(x.Path))] = x.Name
			}
		}
		_ = r.Close() // read only
	}
	return names
}

// errNotUTF8 reports a table whose bytes are not UTF-8.
var errNotUTF8 = errors.New("it is not UTF-8")

func readTable(file string, r io.Reader) (*table, error) {
	c := csv.NewReader(spool.SkipBOM(r))
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	t := &table{file: file, index: map[string]map[string][]int{}}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			t.used = make([]int, len(t.rows))
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		if !utf8.ValidString(strings.Join(row, "")) {
			return nil, errNotUTF8
		}
		if t.header == nil {
			for _, h := range row {
				t.header = append(t.header, strings.ToLower(strings.TrimSpace(h)))
			}
			continue
		}
		line, _ := c.FieldPos(0)
		t.rows, t.lines = append(t.rows, row), append(t.lines, line)
		if len(t.rows) > draft.MaxRows {
			return nil, fmt.Errorf("it has more than %d rows", draft.MaxRows)
		}
	}
}

// where returns the rows that have value in a column; none for an empty value
// or a nil table.
func (t *table) where(column, value string) []int {
	if t == nil || value == "" {
		return nil
	}
	byValue := t.index[column]
	if byValue == nil {
		byValue = map[string][]int{}
		at := slices.Index(t.header, column)
		for i, row := range t.rows {
			if at >= 0 && at < len(row) && row[at] != "" {
				byValue[row[at]] = append(byValue[row[at]], i)
			}
		}
		t.index[column] = byValue
	}
	return byValue[value]
}

// get returns one field of a row, empty where the row or table lacks it.
func (t *table) get(i int, column string) string {
	if at := slices.Index(t.header, column); at >= 0 && at < len(t.rows[i]) {
		return t.rows[i][at]
	}
	return ""
}

// object returns a row as its HSDS JSON object, without empty fields, and counts
// the row as used.
func (t *table) object(i int) map[string]any {
	t.used[i]++
	o := map[string]any{}
	for at, h := range t.header {
		if at < len(t.rows[i]) && t.rows[i][at] != "" {
			o[h] = t.rows[i][at]
		}
	}
	return o
}

// list returns the objects of the rows that have value in column and nothing in
// any of the columns unless.
func (ts tables) list(table, column, value string, unless ...string) []map[string]any {
	t := ts[table]
	var out []map[string]any
	for _, i := range t.where(column, value) {
		if slices.ContainsFunc(unless, func(c string) bool { return t.get(i, c) != "" }) {
			continue
		}
		out = append(out, t.object(i))
	}
	return out
}

// one returns the object of the row with this id, nil where there is none.
func (ts tables) one(table, id string) map[string]any {
	if found := ts[table].where("id", id); len(found) > 0 {
		return ts[table].object(found[0])
	}
	return nil
}

// service returns one service with the rows that belong to it, nested as in HSDS
// JSON.
func (ts tables) service(i int) map[string]any {
	t := ts["services"]
	s, id := t.object(i), t.get(i, "id")
	if o := ts.one("organizations", t.get(i, "organization_id")); o != nil {
		o["organization_identifiers"] = ts.list("organization_identifiers", "organization_id", t.get(i, "organization_id"))
		s["organization"] = o
	}
	s["schedules"] = ts.list("schedules", "service_id", id)
	s["phones"] = ts.list("phones", "service_id", id, "contact_id")
	s["contacts"] = ts.contacts("service_id", id)
	s["languages"] = ts.list("languages", "service_id", id)
	s["cost_options"] = ts.list("cost_options", "service_id", id)
	s["service_areas"] = ts.list("service_areas", "service_id", id)
	s["eligibilitys"] = ts.list("eligibility", "service_id", id)
	s["attributes"] = ts.labels(id)
	at := ts.list("service_at_location", "service_id", id)
	for _, x := range at {
		atID, _ := x["id"].(string)
		location, _ := x["location_id"].(string)
		x["location"] = ts.location(location)
		x["schedules"] = ts.list("schedules", "service_at_location_id", atID, "service_id")
		x["phones"] = ts.list("phones", "service_at_location_id", atID, "service_id")
		x["contacts"] = ts.contacts("service_at_location_id", atID)
	}
	s["service_at_locations"] = at
	return s
}

// contacts returns the contacts that have id in column, with their phones.
func (ts tables) contacts(column, id string) []map[string]any {
	out := ts.list("contacts", column, id)
	for _, c := range out {
		own, _ := c["id"].(string)
		c["phones"] = ts.list("phones", "contact_id", own)
	}
	return out
}

// location returns a location with its addresses, accessibility and schedules;
// nil where the tables do not have it.
func (ts tables) location(id string) map[string]any {
	l := ts.one("locations", id)
	if l == nil {
		return nil
	}
	l["addresses"] = ts.list("addresses", "location_id", id)
	l["accessibility"] = ts.list("accessibility", "location_id", id)
	l["schedules"] = ts.list("schedules", "location_id", id, "service_id", "service_at_location_id")
	return l
}

// labels returns the attributes of a service, with their taxonomy terms.
func (ts tables) labels(service string) []map[string]any {
	out := ts.list("attributes", "link_id", service)
	for _, a := range out {
		term, _ := a["taxonomy_term_id"].(string)
		if t := ts.one("taxonomy_terms", term); t != nil {
			a["taxonomy_term"] = t
		}
	}
	for _, l := range ts.list("service_taxonomy", "service_id", service) {
		term, _ := l["taxonomy_id"].(string)
		if t := ts.one("taxonomy", term); t != nil {
			out = append(out, map[string]any{"taxonomy_term": t})
		}
	}
	return out
}

// leftOver returns a note for each table with rows that belong to no service.
func (ts tables) leftOver() []string {
	var out []string
	for name, t := range ts {
		if name == "taxonomy_terms" || name == "taxonomy" {
			continue // there are more labels than are used
		}
		n := 0
		for _, used := range t.used {
			if used == 0 {
				n++
			}
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("%d of %d rows of %s belong to no service of the file; they were not taken", n, len(t.rows), t.file))
		}
	}
	slices.Sort(out)
	return out
}
