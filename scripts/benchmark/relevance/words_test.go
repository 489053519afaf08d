package relevance

import (
	"slices"
	"testing"
)

func TestMend(t *testing.T) {
	d := dictionary{"choir": 5, "choirs": 1, "friends": 3}
	for _, c := range []struct{ in, want []string }{
		{[]string{"choir"}, []string{"choir"}}, {[]string{"chior"}, []string{"choir"}}, {[]string{"freinds", "m33"}, []string{"friends", "m33"}},
		{[]string{"choirr"}, []string{"choir", "choirs"}}, {[]string{"cho"}, []string{"cho"}},
	} {
		if got := d.mend(c.in); !slices.Equal(got, c.want) {
			t.Errorf("mend(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
