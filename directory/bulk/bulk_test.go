package bulk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

func TestWholeFilesThatAreRefused(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("hsds", "testdata", "hsds_page.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, want string }{
		{"cut off JSON", string(page[:len(page)/2]), "cut off"},
		{"cut off by one brace", strings.TrimSpace(string(page))[:len(strings.TrimSpace(string(page)))-1], "cut off"},
		{"broken JSON", `{"contents":[{"id":1,}]}`, "not JSON"},
		{"two documents", `{"contents":[]} {`, "cut off"},
		{"deep nesting", strings.Repeat("[", 50) + strings.Repeat("]", 50), "nested"},
		{"empty", " \n", "is empty"},
		{"UTF-16", "\xff\xfen\x00a\x00m\x00e\x00", "UTF-16"},
		{"no title column", "colour,size\nred,4\n", "no column for the title"},
		{"header with a broken quote", "\"name,postcode\nA,B\n", "header"},
		{"an archive", "{\"gather\":\"archive\",\"version\":1}\n", "archive"},
	} {
		d := bulktest.NewDirectory(t)
		r, err := bulktest.Import(t, d, "file", c.text, bulk.Options{})
		var bad *directory.Invalid
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an Invalid that says %q", c.name, err, c.want)
		}
		if n := bulktest.Changes(t, d); n != 0 || r.Created != 0 {
			t.Errorf("%s: %d changes were written", c.name, n)
		}
	}
}

func TestFormatsAreFoundOut(t *testing.T) {
	const service = `{"id":"1","name":"Tea Line","status":"active","phones":[{"number":"01632 960001"}]}`
	for _, c := range []struct {
		text string
		want bulk.Format
		rows int
	}{
		{"name;postcode\nTea Line;M33 7DB\n", bulk.CSV, 1},
		{"\ufeffname\tpostcode\r\nTea Line\tM33 7DB\r\n", bulk.CSV, 1},
		{`{"title":"Tea Line","delivery":["phone"]}`, bulk.JSONLines, 1},
		{"{\"id\":\"1\",\n\"title\":\"Tea\"}", bulk.HSDS, 1},
		{service, bulk.HSDS, 1},
		{service + "\n" + strings.Replace(service, `"1"`, `"2"`, 1) + "\n", bulk.HSDS, 2},
		{"[" + service + "]", bulk.HSDS, 1},
		{`{"total_items":1,"contents":[` + service + `]}`, bulk.HSDS, 1},
		{`{"contents":[` + service + `],"page_number":1}`, bulk.HSDS, 1},
		{`{"content":[` + service + `]}`, bulk.Outpost, 1},
		{`{"name":"Tea Line","organisation":{"name":"X"}}`, bulk.Outpost, 1},
		{`{"content":[{"id":"1","name":"Tea Line","organization":{"name":"X"}}]}`, bulk.ORUK1, 1},
		{`{"id":"1","name":"Tea Line","status":"active","eligibilitys":[]}`, bulk.ORUK1, 1},
		{`{"items":[{"state":"deleted","kind":"Event","id":"1","modified":1}],"next":"https://example.org/"}`, bulk.OpenActive, 1},
		{`{"next":"https://example.org/","items":[]}` + "\n" + `{"next":"https://example.org/","items":[{"state":"deleted","id":"1","modified":2}]}`, bulk.OpenActive, 1},
		{`{"items":[` + service + `]}`, bulk.HSDS, 1},
		{`{"@type":"SessionSeries","name":"Tea dance","eventSchedule":[]}`, bulk.OpenActive, 1},
		{`{"id":"o","name":"Group","services":[` + service + `]}`, bulk.HSDS, 1},
	} {
		r, err := bulktest.Import(t, bulktest.NewDirectory(t), "a list", c.text, bulk.Options{Dry: true})
		if err != nil || r.Format != c.want || r.Total != c.rows {
			t.Errorf("%s is taken for %s with %d rows, want %s with %d (%v)", c.text, r.Format, r.Total, c.want, c.rows, err)
		}
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		o    bulk.Options
		want string
	}{
		{"format", bulk.Options{Format: "xlsx"}, "not a format"},
		{"column", bulk.Options{Columns: map[string]string{"colour": "name"}}, "not a field"},
		{"header", bulk.Options{Columns: map[string]string{"title": "colour"}}, "no column"},
		{"interest", bulk.Options{Interests: []string{"yodelling in caves"}}, "not an interest"},
	} {
		if _, err := bulktest.Import(t, bulktest.NewDirectory(t), "file", "name,postcode\nTea,M33 7DB\n", c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error that says %q", c.name, err, c.want)
		}
	}
	if _, err := bulk.Import(context.Background(), bulktest.NewDirectory(t), bulktest.Admin, strings.NewReader("name\nTea\n"), bulk.Options{}); err == nil {
		t.Error("an import without the name of its source went in")
	}
}

func TestStrictWritesNothingWhenARowIsBad(t *testing.T) {
	d := bulktest.NewDirectory(t)
	text := "name,postcode\nGood Tea,M33 7DB\n,M33 7DB\nGood Cake,M33 7DB\n"
	r, err := bulktest.Import(t, d, "file", text, bulk.Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	if n := bulktest.Changes(t, d); n != 0 {
		t.Errorf("%d changes were written", n)
	}
	if r.Refused != 1 || r.NotWritten != 2 || r.Created != 0 || r.Stopped == "" {
		t.Errorf("refused %d, not written %d, created %d, stopped %q", r.Refused, r.NotWritten, r.Created, r.Stopped)
	}
	r, err = bulktest.Import(t, d, "file", strings.Replace(text, "\n,M33 7DB", "", 1), bulk.Options{Strict: true})
	if err != nil || r.Created != 2 {
		t.Errorf("a good file: created %d (%v)", r.Created, err)
	}
}

func TestColumnsAndGroupAreChosen(t *testing.T) {
	d := bulktest.NewDirectory(t)
	g, err := d.Register(context.Background(), bulktest.Admin, directory.GroupDetails{Name: "Registered Friends"}, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := bulktest.Import(t, d, "file", "who|what|pc|dabbles in|organiser\nx|Tea Together|M33 7DB|knitting|Somebody Else\n", bulk.Options{
		Columns: map[string]string{"title": "WHAT", "postcode": "pc", "category": "Dabbles in"}, Group: g.Group.ID,
		Source: directory.Source{Name: "A list", Licence: "OGL-UK-3.0", Attribution: "Thanks", URL: "https://example.org/list"},
	})
	if err != nil || r.Created != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	a := bulktest.Listings(t, d)["Tea Together"]
	if a.Group != g.Group.ID || len(a.Interests) != 1 || a.Interests[0] != "knitting" || a.Source.Licence != "OGL-UK-3.0" || a.Source.ID == "" {
		t.Errorf("%+v", a)
	}
	if _, err := bulktest.Import(t, d, "file", "name,postcode\nTea,M33 7DB\n", bulk.Options{Group: "11111111-2222-4333-8444-555555555555"}); err != nil {
		t.Errorf("an unknown group is a fault of the rows, not an error: %v", err)
	}
}

func TestRowsOfManyGroupsAndMoreThanOneBatch(t *testing.T) {
	d := bulktest.NewDirectory(t)
	var b strings.Builder
	b.WriteString("name,postcode,organiser\n")
	const rows = directory.MaxImport + 300
	for i := range rows {
		fmt.Fprintf(&b, "Tea number %d,M33 7DB,Group %d\n", i, i%2*(i%7))
	}
	var told []int64
	r, err := bulktest.Import(t, d, "file", b.String(), bulk.Options{Progress: func(done, total int64) { told = append(told, done, total) }})
	if err != nil {
		t.Fatal(err)
	}
	if r.Created != rows || r.Groups != 7 {
		t.Errorf("created %d of %d in %d groups", r.Created, rows, r.Groups)
	}
	if len(told) == 0 || told[len(told)-2] != int64(b.Len()) || told[len(told)-1] != int64(b.Len()) {
		t.Errorf("progress ended at %v of %d bytes", told, b.Len())
	}
}

func TestStoppedImportsSayWhatWasWritten(t *testing.T) {
	d := bulktest.NewDirectory(t)
	ctx, cancel := context.WithCancel(context.Background())
	var b strings.Builder
	b.WriteString("name,postcode\n")
	for i := range 3 * directory.MaxImport {
		fmt.Fprintf(&b, "Tea number %d,M33 7DB\n", i)
	}
	o := bulk.Options{Source: directory.Source{Name: "file"}}
	o.Progress = func(done, total int64) {
		if done == total {
			cancel()
		}
	}
	r, err := bulk.Import(ctx, d, bulktest.Admin, iotest.HalfReader(strings.NewReader(b.String())), o)
	if !errors.Is(err, context.Canceled) || r.Stopped == "" {
		t.Fatalf("%v, stopped %q", err, r.Stopped)
	}
	if have := len(bulktest.Listings(t, d)); have != r.Created || r.Created+r.NotWritten != r.Total {
		t.Errorf("the report says %d created and %d not written of %d; there are %d", r.Created, r.NotWritten, r.Total, have)
	}
}

func TestReportAsJSON(t *testing.T) {
	r, err := bulktest.Import(t, bulktest.NewDirectory(t), "file", "name,postcode,colour\n<b>Tea</b> & \"more\",M33 7DB,red\n,X,\n", bulk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back bulk.Report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Total != 2 || back.Refused != 2 || len(back.Rows) != 2 || back.Rows[0].Line != 2 || back.Columns[2].Field != "" {
		t.Errorf("%s", b.String())
	}
	if err := r.WriteText(iotestWriter{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a report that cannot be written: %v", err)
	}
}

// iotestWriter cannot be written to.
type iotestWriter struct{}

func (iotestWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestListingsFollowTheirOrganisations imports the same service again after its
// source renamed its organisation and gave it to another, and services whose
// organisations have no id.
func TestListingsFollowTheirOrganisations(t *testing.T) {
	d := bulktest.NewDirectory(t)
	service := func(id, title, organisation string) string {
		return fmt.Sprintf(`{"id":%q,"name":%q,"status":"active","service_at_locations":[{"location":{"addresses":[{"postal_code":"M33 7DB"}]}}],"organization":%s}`, id, title, organisation)
	}
	for _, step := range []struct{ organisation, group string }{
		{`{"id":"1","name":"First Friends"}`, "First Friends"},
		{`{"id":"1","name":"First and Last"}`, "First and Last"},
		{`{"id":"2","name":"Second Friends"}`, "Second Friends"},
		{`{"id":"1","name":"First and Last"}`, "First and Last"},
	} {
		text := `{"contents":[` + service("7", "Tea", step.organisation) + `,` + service("8", "Chess", `{"name":"Chess Club"}`) + `,` + service("9", "Bowls", `{"name":"Bowls Club"}`) + `]}`
		report, err := bulktest.Import(t, d, "services.json", text, bulk.Options{Source: directory.Source{Name: "A council"}})
		if err != nil || report.Refused > 0 {
			t.Fatalf("%+v, %v", report, err)
		}
		for title, group := range map[string]string{"Tea": step.group, "Chess": "Chess Club", "Bowls": "Bowls Club"} {
			a := bulktest.Listings(t, d)[title]
			g, err := d.Group(t.Context(), directory.Principal{}, a.Group)
			if err != nil || a.GroupName != group || g.Name != group {
				t.Errorf("%s with %s: of %q, which is called %q (%v)", title, step.organisation, a.GroupName, g.Name, err)
			}
		}
	}
}
