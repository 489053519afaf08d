package directory_test

import (
	"testing"

	"gather/directory"
)

func TestStripInvisible(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"}, {"soft\u00adhyphen", "softhyphen"}, {"a\u200bb\u2060\ufeff", "ab"}, {"left\u200eright\u200f", "leftright"}, {"a\u200db\u200c", "ab"},
		{"\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"}, {"\u0646\u200c\u062e", "\u0646\u200c\u062e"},
		{"\U0001f3f4\U000e0067\U000e007f!", "\U0001f3f4\U000e0067\U000e007f!"}, {"x\U000e0067", "x"}, {"\u202eabc", "\u202eabc"},
	} {
		if got := directory.StripInvisible(c.in); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}
