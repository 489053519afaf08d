package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gather/directory"
)

// finished is what a command printed, and its exit code.
type finished struct {
	code        int
	out, errOut string
}

// execute runs a command in this process, with these environment variables.
func execute(t *testing.T, env map[string]string, args ...string) finished {
	t.Helper()
	var out, errOut bytes.Buffer
	code := run(t.Context(), append([]string{"gather"}, args...), func(name string) string { return env[name] }, &out, &errOut)
	return finished{code, out.String(), errOut.String()}
}

// want fails the test unless the command ended with code and printed says.
func (s finished) want(t *testing.T, code int, says string) finished {
	t.Helper()
	if s.code != code || !strings.Contains(s.out+s.errOut, says) {
		t.Errorf("exit %d, want %d; printed\n%s%s\nwant %q in it", s.code, code, s.out, s.errOut, says)
	}
	return s
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	oneRow  = "id,title,venue,postcode,day,start\n1,Chair Yoga,St Mary's Hall,M33 7DB,Tuesday,10:00\n"
	badRows = "id,title,venue,postcode,day,start\n1,,Hall,M33 7DB,Tuesday,10:00\n2,,Hall,M33 7DB,Tuesday,10:00\n"
)

func TestImportSaysHowItEnded(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct {
		what, file string
		flags      []string
		code       int
		says       string
	}{
		{"a row", write(t, "a.csv", oneRow), nil, 0, "1 created"},
		{"only bad rows", write(t, "b.csv", badRows), nil, 1, "2 refused"},
		{"only bad rows, and the error", write(t, "b.csv", badRows), nil, 1, "gather: nothing was imported"},
		{"a header alone", write(t, "h.csv", "id,title,venue,postcode\n"), nil, 1, "nothing was imported"},
		{"strict", write(t, "s.csv", oneRow+"2,,Hall,M33 7DB,Tuesday,10:00\n"), []string{"--strict"}, 1, "rows were refused, so nothing was written"},
		{"not strict", write(t, "s.csv", oneRow+"2,,Hall,M33 7DB,Tuesday,10:00\n"), nil, 0, "1 created"},
		{"an empty file", write(t, "empty.csv", ""), nil, 1, "gather: empty.csv is empty;"},
		{"a folder", folder, nil, 1, "is a folder without tables"},
	} {
		t.Run(c.what, func(t *testing.T) {
			args := append([]string{"import", "--data", t.TempDir(), "--interest", "yoga"}, c.flags...)
			execute(t, nil, append(args, c.file)...).want(t, c.code, c.says)
		})
	}
	execute(t, nil, "restore", "--data", t.TempDir(), folder).want(t, 1, "is a folder; give a file")
	execute(t, nil, "restore", "--data", t.TempDir(), write(t, "empty.jsonl", "")).want(t, 1, "empty.jsonl is empty;")
	execute(t, nil, "vocabulary", "import", "--data", t.TempDir(), folder).want(t, 1, "is a folder; give a file")
	execute(t, nil, "vocabulary", "import", "--data", t.TempDir(), write(t, "empty.csv", "")).want(t, 1, "empty.csv")
}

// TestFlagsFromTheEnvironment sets flags of each shape by their variables.
func TestFlagsFromTheEnvironment(t *testing.T) {
	data := t.TempDir()
	file := write(t, "a.csv", "ref,Name,Where,postcode,day,start\n1,Chair Yoga,Hall,M33 7DB,Tuesday,10:00\n")
	env := map[string]string{
		"GATHER_DATA": data, "GATHER_IMPORT_SOURCE": "Trafford Council", "GATHER_IMPORT_COLUMN": "id=ref,title=Name,venue=Where",
		"GATHER_IMPORT_INTEREST": "knitting,singing", "GATHER_IMPORT_REPORT": "json", "GATHER_IMPORT_STRICT": "true",
		"GATHER_EXPORT_ALL": "true", "GATHER_KEYS_CREATE_LABEL": "the council", "GATHER_KEYS_LIST_ROLE": "builder",
		"GATHER_KEYS_CREATE_ROLE": "builder", "GATHER_KEYS_CREATE_OUTCODE": "M33,M32",
	}
	var report struct{ Source string }
	if err := json.Unmarshal([]byte(execute(t, env, "import", file).want(t, 0, "Chair Yoga").out), &report); err != nil || report.Source != "Trafford Council" {
		t.Errorf("the report names the source %q, %v", report.Source, err)
	}
	execute(t, env, "export", "-").want(t, 0, `"knitting","singing"]`)
	execute(t, env, "keys", "create").want(t, 0, "builder key")
	execute(t, env, "keys", "list").want(t, 0, "the council  M33 M32")
	execute(t, map[string]string{"GATHER_DATA": data}, "keys", "create", "--role", "builder", "--label", "all").want(t, 1, "area is missing")
	execute(t, map[string]string{"GATHER_DATA": data}, "keys", "create", "--role", "builder", "--label", "all", "--everywhere").want(t, 0, "builder key")
	execute(t, env, "keys", "list").want(t, 0, "all  everywhere")
	execute(t, env, "keys", "list", "--role", "admin").want(t, 0, "")
	if s := execute(t, env, "keys", "list", "--role", "admin"); strings.Contains(s.out, "the council") {
		t.Error("the environment variable overrides the flag")
	}
}

// TestImportIntoANamedGroup: a name selects the trusted group that has it. A
// name that no group has creates one, and the command says so.
func TestImportIntoANamedGroup(t *testing.T) {
	data, file := t.TempDir(), write(t, "a.csv", oneRow)
	group := func(source, name string) finished {
		return execute(t, nil, "import", "--data", data, "--interest", "yoga", "--source", source, "--group", name, file)
	}
	dry := execute(t, nil, "import", "--dry-run", "--data", data, "--interest", "yoga", "--group", "Sale Friends", file)
	dry.want(t, 0, "new group: Sale Friends")
	group("first", "Sale Friends").want(t, 0, "new group: Sale Friends")
	for _, again := range []finished{group("first", "Sale Friends"), group("second", "sale friends")} {
		if strings.Contains(again.out+again.errOut, "new group") {
			t.Errorf("an existing group is reported as new:\n%s%s", again.out, again.errOut)
		}
	}
	exported := execute(t, nil, "export", "--data", data, "-").want(t, 0, `"first"`).want(t, 0, `"second"`)
	if n := strings.Count(exported.out, `"group":"Sale Friends"`); n != 2 {
		t.Errorf("%d listings of Sale Friends, want 2:\n%s", n, exported.out)
	}
	groups := map[string]bool{}
	for line := range strings.Lines(execute(t, nil, "export", "--all", "--data", data, "-").out) {
		var r directory.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.Kind == directory.KindGroup {
			groups[r.ID] = true
		}
	}
	if len(groups) != 1 {
		t.Fatalf("there are %d groups, want 1", len(groups))
	}
	for id := range groups {
		if by := group("third", id).want(t, 0, "1 created"); strings.Contains(by.errOut, "new group") {
			t.Errorf("an existing group, named by its id, is reported as new: %s", by.errOut)
		}
	}
}

// TestDryRunLeavesNothing: a dry run without a data folder creates none, and
// leaves no temporary files.
func TestDryRunLeavesNothing(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	data := filepath.Join(t.TempDir(), "data")
	execute(t, nil, "import", "--dry-run", "--data", data, "--interest", "yoga", write(t, "a.csv", oneRow)).want(t, 0, "1 created")
	if _, err := os.Stat(data); err == nil {
		t.Errorf("a dry run made %s", data)
	}
	// With a store, the dry run compares with what it holds.
	file := write(t, "a.csv", oneRow)
	execute(t, nil, "import", "--data", data, "--interest", "yoga", file).want(t, 0, "1 created")
	execute(t, nil, "import", "--dry-run", "--data", data, "--interest", "yoga", file).want(t, 0, "1 unchanged")
	left, err := filepath.Glob(filepath.Join(temporary, "gather-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestExportTargets: a symbolic link and a device stay what they are, and a
// folder is refused.
func TestExportTargets(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	execute(t, nil, "import", "--data", data, "--interest", "yoga", write(t, "a.csv", oneRow)).want(t, 0, "1 created")
	in := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(in("real"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link": in("real"), "dangling": in("absent"), "null": os.DevNull} {
		if err := os.Symlink(to, in(link)); err != nil {
			t.Fatal(err)
		}
	}
	export := func(name string) finished { return execute(t, nil, "export", "--data", data, in(name)) }
	export("new").want(t, 0, "")
	export("link").want(t, 0, "")
	export("null").want(t, 0, "")
	export("dangling").want(t, 1, "a link to a file that does not exist")
	export("").want(t, 1, "is a folder")
	for _, name := range []string{"new", "real"} {
		if b, err := os.ReadFile(in(name)); err != nil || !strings.Contains(string(b), "Chair Yoga") {
			t.Errorf("%s holds %q, %v", name, b, err)
		}
	}
	for _, name := range []string{"link", "dangling", "null"} {
		if info, err := os.Lstat(in(name)); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no longer a link: %v, %v", name, info, err)
		}
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s is %v, %v", os.DevNull, info, err)
	}
}

// TestPlacesFind: a place is printed with the field names of the API, and an
// error says what to do.
func TestPlacesFind(t *testing.T) {
	data := t.TempDir()
	execute(t, nil, "places", "find", "--data", data, "BT1 1AA").want(t, 1, "are not part of the program. Name a town, or ask")
	execute(t, nil, "places", "find", "--data", data, "Xyzzyx").want(t, 1, "Check the spelling")
	s := execute(t, nil, "places", "find", "--data", data, "M33", "7DB").want(t, 0, `"how": "postcode M33 7DB"`)
	var fields map[string]any
	if err := json.Unmarshal([]byte(s.out), &fields); err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		if name != strings.ToLower(name) || name == "others" {
			t.Errorf("a postcode has the field %q", name)
		}
	}
}

// TestReferenceImports: only the owner can read imported places and
// vocabularies, and the command says that servers need a restart.
func TestReferenceImports(t *testing.T) {
	for _, c := range [][]string{
		{"places", "import", write(t, "p.csv", "postcode,lat,lon\nM33 7DA,53.4,-2.3\n")},
		{"vocabulary", "import", "--source", "https://example.org/list", "--licence", "OGL", write(t, "v.csv", "id,label\n1,Coracle Racing\n")},
	} {
		t.Run(c[0], func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			execute(t, nil, slices.Insert(slices.Clone(c), 2, "--data", data)...).want(t, 0, restartNotice)
			files := 0
			err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := entry.Info()
				want := fs.FileMode(0o700)
				if !entry.IsDir() {
					want, files = 0o600, files+1
				}
				if err == nil && info.Mode().Perm() != want {
					t.Errorf("%s has permissions %o, want %o", path, info.Mode().Perm(), want)
				}
				return err
			})
			if err != nil || files == 0 {
				t.Errorf("%d files, %v", files, err)
			}
			execute(t, nil, c[0], "import", "--help").want(t, 0, restartNotice)
		})
	}
}

// TestServeLogsStartAndStop: the log says when and from what a server serves.
func TestServeLogsStartAndStop(t *testing.T) {
	s := serve(t, "--data", t.TempDir())
	if said := s.log.String(); !strings.Contains(said, "msg=serving address="+s.base+" store=embedded version=") {
		t.Errorf("the start is not in the log:\n%s", said)
	}
	s.stop()
	if said := s.log.String(); !strings.Contains(said, "msg=stopped") {
		t.Errorf("the end is not in the log:\n%s", said)
	}
}

// TestStoreKind: the name of the store has no part of its address.
func TestStoreKind(t *testing.T) {
	c := &config{MongoDB: "mongodb://gather:hunter2@db.example.org/gather"}
	if got := c.storeKind(); got != "mongodb" {
		t.Errorf("storeKind() = %q", got)
	}
}
