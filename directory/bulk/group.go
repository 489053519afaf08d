package bulk

import "gather/directory"

// groupOf files d under a group of its own, cut to what the rules allow.
func (d *draft) groupOf(key string, g directory.GroupDetails, website string) {
	if r := []rune(g.Name); len(r) > 120 {
		g.Name = string(r[:119]) + "…"
	}
	if r := []rune(g.Description); len(r) > 2000 {
		g.Description = string(r[:1999]) + "…"
	}
	if u, ok := webAddress(website); ok && website != "" {
		g.Website = u
	}
	d.groupKey, d.group = key, g
}
