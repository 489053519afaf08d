package draft

import (
	"gather/directory"
	"gather/directory/bulk/freetext"
)

// FileUnder files d under a group of its own, cut to what the rules allow.
func (d *Draft) FileUnder(key string, g directory.GroupDetails, website string) {
	if r := []rune(g.Name); len(r) > 120 {
		g.Name = string(r[:119]) + "…"
	}
	if r := []rune(g.Description); len(r) > 2000 {
		g.Description = string(r[:1999]) + "…"
	}
	if u, ok := freetext.WebAddress(website); ok && website != "" {
		g.Website = u
	}
	d.GroupKey, d.Group = key, g
}
