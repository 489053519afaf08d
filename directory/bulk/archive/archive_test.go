package archive_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/archive"
	"gather/directory/bulk/bulktest"
	"gather/directory/bulk/gather"
	"gather/directory/demo"
)

// lived is a directory in which things have happened: listings, keys,
// revisions, a withdrawal.
func lived(t *testing.T) *directory.Directory {
	t.Helper()
	ctx := context.Background()
	d := bulktest.NewDirectory(t)
	if _, err := demo.Load(ctx, d); err != nil {
		t.Fatal(err)
	}
	g, err := d.Register(ctx, bulktest.Admin, directory.GroupDetails{Name: "Registered <Friends> & Co"}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"Tea & <cake>", "Withdrawn later", "Tŷ coffi \u2028 sgwrs"} {
		details := directory.Details{Title: "Draft", Description: title, Delivery: []string{"phone"}, Contacts: []directory.Contact{{Name: "Secret Person", Phone: "01632 960001"}}}
		a, err := d.Publish(ctx, bulktest.Admin, g.Group.ID, details, "")
		if err != nil {
			t.Fatal(err)
		}
		details.Title = "Revised " + title[:4]
		if a, err = d.Revise(ctx, bulktest.Admin, a.ID, a.Rev, details); err != nil {
			t.Fatal(err)
		}
		if title == "Withdrawn later" {
			if _, err := d.Withdraw(ctx, bulktest.Admin, a.ID, a.Rev); err != nil {
				t.Fatal(err)
			}
		}
	}
	return d
}

func archived(t *testing.T, d *directory.Directory) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := archive.Export(context.Background(), d, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchiveIsEqualToTheByteAfterARoundTrip(t *testing.T) {
	ctx := context.Background()
	d := lived(t)
	first := archived(t, d)
	if !archive.Is(first) {
		t.Error("an archive does not look like one")
	}
	e := bulktest.NewDirectory(t)
	n, err := archive.Restore(ctx, e, bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(first, []byte("\n")); n != int64(lines-2) || n < 300 {
		t.Errorf("restored %d revisions of %d lines", n, lines)
	}
	if !bytes.Equal(archived(t, e), first) {
		t.Error("the archive of what was restored differs")
	}
	for after := int64(0); ; {
		want, err := d.Log(ctx, after, 500)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Log(ctx, after, 500)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d revisions after %d, want %d (%v)", len(got), after, len(want), err)
		}
		if len(want) == 0 {
			break
		}
		for i := range want {
			after = want[i].Change
			if !bytes.Equal(got[i].Doc, want[i].Doc) || !got[i].At.Equal(want[i].At) || got[i].Rev != want[i].Rev || got[i].Gone != want[i].Gone {
				t.Errorf("change %d differs: %+v and %+v", after, got[i], want[i])
			}
		}
	}
}

func TestRestoreRefusesWhatIsNotWhole(t *testing.T) {
	d := bulktest.NewDirectory(t)
	g, err := d.Register(context.Background(), bulktest.Admin, directory.GroupDetails{Name: "Registered Friends"}, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := d.Publish(context.Background(), bulktest.Admin, g.Group.ID, directory.Details{Title: "Tea Together", Delivery: []string{"phone"}}, ""); err != nil {
			t.Fatal(err)
		}
	}
	whole := string(archived(t, d))
	lines := strings.SplitAfter(whole, "\n")
	lines = lines[:len(lines)-1]
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "is empty"},
		{"another file", "{\"title\":\"x\"}\n", "not an archive"},
		{"another version", strings.Replace(whole, `"version":1`, `"version":7`, 1), "version 7"},
		{"without its closing line", strings.Join(lines[:len(lines)-1], ""), "cut off"},
		{"in the middle of a line", whole[:len(whole)/2], "cut off"},
		{"without its last line break", strings.TrimSpace(whole), "cut off"},
		{"one line missing", strings.Join(append(append([]string{}, lines[:2]...), lines[3:]...), ""), "does not fit"},
		{"two lines swapped", lines[0] + lines[2] + lines[1] + strings.Join(lines[3:], ""), "out of order"},
		{"one letter changed", strings.Replace(whole, "Together", "Tagether", 1), "does not fit"},
		{"a line that is no JSON", lines[0] + "{]\n" + strings.Join(lines[1:], ""), "not a record"},
		{"more after the end", whole + whole, "comes after"},
		{"a line too long", lines[0] + strings.Repeat("x", 3<<20) + "\n", "longer than"},
	} {
		e := bulktest.NewDirectory(t)
		_, err := archive.Restore(context.Background(), e, strings.NewReader(c.text))
		var bad *directory.Invalid
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an Invalid that says %q", c.name, err, c.want)
		}
		if n := bulktest.Changes(t, e); n != 0 {
			t.Errorf("%s: %d changes were restored", c.name, n)
		}
	}
	if _, err := archive.Restore(context.Background(), d, strings.NewReader(whole)); err == nil || bulktest.Changes(t, d) != 5 {
		t.Errorf("restored over a directory with something in it: %v, %d changes", err, bulktest.Changes(t, d))
	}
}

func TestExportIsImportedAgain(t *testing.T) {
	ctx := context.Background()
	d := lived(t)
	var b bytes.Buffer
	n, err := gather.Export(ctx, d, &b)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "Secret Person") || strings.Contains(b.String(), "Withdrawn later") {
		t.Error("the export holds what is not public")
	}
	exported := b.String()
	e := bulktest.NewDirectory(t)
	r, err := bulktest.Import(t, e, "export.jsonl", exported, bulk.Options{})
	if err != nil || r.Created != n || r.Format != bulk.JSONLines {
		t.Fatalf("created %d of %d, as %s (%v)", r.Created, n, r.Format, err)
	}
	got := map[string]directory.Activity{} // by their id where they come from
	for _, a := range bulktest.Activities(t, e) {
		got[a.Source.ID] = a
	}
	for _, a := range bulktest.Activities(t, d) {
		if a.Status != directory.StatusPublished {
			continue
		}
		id := a.ID
		if a.Source != nil {
			id = a.Source.ID
		}
		b := got[id]
		if a.Source == nil { // it has a source now: the export
			b.Source = nil
		}
		x, err1 := json.Marshal(a.Public().Details)
		y, err2 := json.Marshal(b.Details)
		if err1 != nil || err2 != nil || !bytes.Equal(x, y) {
			t.Errorf("%q came back as\n%s\nnot\n%s", a.Title, y, x)
		}
		if a.GroupName != b.GroupName || !a.Checked.At.Equal(b.Checked.At) {
			t.Errorf("%q: group %q, checked %v; want %q, %v", a.Title, b.GroupName, b.Checked.At, a.GroupName, a.Checked.At)
		}
	}
	// Into the directory it came from it must not double anything.
	before := bulktest.Changes(t, d)
	again, err := bulktest.Import(t, d, "export.jsonl", exported, bulk.Options{})
	if err != nil || again.Created+again.Revised != 0 {
		t.Errorf("into its own directory: created %d, revised %d, kept %d (%v)", again.Created, again.Revised, again.Kept, err)
	}
	for _, a := range bulktest.Activities(t, d) {
		if a.Change > before {
			t.Errorf("%q was written again", a.Title)
		}
	}
}
