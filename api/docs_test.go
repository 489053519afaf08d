package api_test

import (
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gather/directory"
)

// shell runs the commands of a document of ours in one shell, and answers what
// they print. The first that fails, or is refused by the server, ends it.
func (s *site) shell(file string, instead map[string]string) string {
	s.t.Helper()
	bash, err := exec.LookPath("bash")
	if err == nil {
		_, err = exec.LookPath("curl")
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			s.t.Fatalf("the documents' commands cannot be tried: %v", err)
		}
		s.t.Skipf("the documents' commands are not tried: %v", err)
	}
	script := "set -euo pipefail\ncurl() { command curl --fail-with-body -sS \"$@\"; }\n"
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```").FindAllStringSubmatch(string(must(os.ReadFile(file))(s.t)), -1) {
		script += block[1] + "\n"
	}
	for old, new := range instead {
		if !strings.Contains(script, old) {
			s.t.Fatalf("%s has no %s", file, old)
		}
		script = strings.ReplaceAll(script, old, new)
	}
	cmd := exec.CommandContext(s.t.Context(), bash, "-c", script)
	cmd.Dir = s.t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", file, err, out)
	}
	return string(out)
}

func TestCommandsOfPublishRun(t *testing.T) {
	s := newSite(t)
	s.follow()
	out := s.shell("../docs/publish.md", map[string]string{"http://127.0.0.1:8080": s.url, "ADMIN=gather_…": "ADMIN=" + s.admin})
	id := regexp.MustCompile(`\{"id":"([^"]+)","group"`).FindStringSubmatch(out)
	if id == nil {
		t.Fatalf("no activity was published:\n%s", out)
	}
	var history struct{ Items []directory.Revision }
	s.get("/v1/activities/"+id[1]+"/history", key(s.admin)).is(http.StatusOK).into(&history)
	var done []string
	for _, r := range slices.Backward(history.Items) {
		done = append(done, r.Action)
	}
	if want := []string{"publish", "revise", "change session", "change session", "check", "withdraw"}; !slices.Equal(done, want) {
		t.Errorf("the commands did %q, want %q", done, want)
	}
	for i, of := range slices.Backward(history.Items) {
		if of.Action == "change session" && (len(of.Activity.SessionChanges) == 1) != (history.Items[i+1].Action == "revise") {
			t.Errorf("revision %d has the changes %+v", of.Rev, of.Activity.SessionChanges)
		}
	}
}

func TestCommandsOfSearchRun(t *testing.T) {
	s := newSite(t)
	out := s.shell("../docs/search.md", map[string]string{"http://127.0.0.1:8080": s.url})
	if !strings.Contains(out, `"total":0`) {
		t.Errorf("the search answers %s", out)
	}
}
