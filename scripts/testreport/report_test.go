package main

import (
	"strings"
	"testing"
)

// events are shortened from go test -json: a test prints its message before its
// FAIL line, while another test runs in parallel.
const events = `{"Action":"start","Package":"gather/a"}
{"Action":"run","Package":"gather/a","Test":"TestGood"}
{"Action":"output","Package":"gather/a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"run","Package":"gather/a","Test":"TestBad"}
{"Action":"run","Package":"gather/a","Test":"TestBad/row"}
{"Action":"output","Package":"gather/a","Test":"TestBad/row","Output":"=== RUN   TestBad/row\n"}
{"Action":"output","Package":"gather/a","Test":"TestBad/row","Output":"    a_test.go:7: got 1, want 2\n"}
{"Action":"output","Package":"gather/a","Test":"TestGood","Output":"    a_test.go:9: a good test's own message\n"}
{"Action":"output","Package":"gather/a","Test":"TestBad/row","Output":"    --- FAIL: TestBad/row (0.01s)\n"}
{"Action":"fail","Package":"gather/a","Test":"TestBad/row","Elapsed":0.01}
{"Action":"fail","Package":"gather/a","Test":"TestBad","Elapsed":0.02}
{"Action":"pass","Package":"gather/a","Test":"TestGood","Elapsed":0.5}
{"Action":"output","Package":"gather/a","Output":"FAIL\tgather/a\t0.5s\n"}
{"Action":"fail","Package":"gather/a","Elapsed":0.5}
`

func TestReport(t *testing.T) {
	for _, c := range []struct {
		name, events string
		ci, passed   bool
		has, hasNot  []string
	}{
		{"a failed test says why", events, false, false,
			[]string{"FAIL\tgather/a", "--- FAIL: gather/a TestBad/row (0.01 s)\n    a_test.go:7: got 1, want 2\n", "passed: 1, failed: 2, skipped: 0"},
			[]string{"a good test's own message", "=== RUN", "TestBad (0.02 s)"}},
		{"all pass", `{"Action":"pass","Package":"gather/a","Test":"TestGood"}
{"Action":"output","Package":"gather/a","Output":"ok  \tgather/a\t0.5s\n"}
{"Action":"pass","Package":"gather/a"}`, true, true, []string{"ok  \tgather/a", "passed: 1, failed: 0"}, []string{"---"}},
		{"skipped", `{"Action":"output","Package":"gather/a","Test":"TestSkip","Output":"    a_test.go:3: no server\n"}
{"Action":"skip","Package":"gather/a","Test":"TestSkip"}
{"Action":"pass","Package":"gather/a"}`, false, true, []string{"--- SKIP: gather/a TestSkip", "no server"}, nil},
		{"skipped in CI", `{"Action":"skip","Package":"gather/a","Test":"TestSkip"}
{"Action":"pass","Package":"gather/a"}`, true, false, []string{"skipped: 1"}, nil},
		{"the process died", `{"Action":"run","Package":"gather/a","Test":"TestDies"}
{"Action":"output","Package":"gather/a","Test":"TestDies","Output":"panic: lost\n"}
{"Action":"fail","Package":"gather/a"}`, false, false, []string{"--- FAIL: gather/a TestDies (did not end)", "panic: lost"}, nil},
		{"the events end too soon", `{"Action":"start","Package":"gather/a"}`, false, false, []string{"--- FAIL: gather/a (did not end)"}, nil},
		{"failed outside its tests", `{"Action":"output","Package":"gather/a","Output":"TestMain: no folder\n"}
{"Action":"fail","Package":"gather/a"}`, false, false, []string{"--- FAIL: gather/a (0.00 s)\nTestMain: no folder"}, nil},
		{"does not build", `{"ImportPath":"gather/a [gather/a.test]","Action":"build-output","Output":"a_test.go:3:1: undefined: x\n"}
{"ImportPath":"gather/a [gather/a.test]","Action":"build-fail"}
{"Action":"fail","Package":"gather/a"}`, false, false, []string{"--- does not build: gather/a", "undefined: x"}, []string{"FAIL: gather/a"}},
		{"nothing ran", "no packages\n", false, false, []string{"no packages", "no test ran"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			r := newReport(&out)
			if err := r.read(strings.NewReader(c.events)); err != nil {
				t.Fatal(err)
			}
			if got := r.finish(c.ci); got != c.passed {
				t.Errorf("passed: %v, want %v", got, c.passed)
			}
			for _, want := range c.has {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not in the report:\n%s", want, out.String())
				}
			}
			for _, not := range c.hasNot {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q is in the report:\n%s", not, out.String())
				}
			}
		})
	}
}
