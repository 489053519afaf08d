package draft

import (
	"gather/directory"
	"gather/directory/bulk/freetext"
)

// FileUnder sets d's group, shortened to what the rules allow.
func (d *Draft) FileUnder(key string, g directory.GroupDetails, website string) {
	g.Name, g.Description = directory.Clip(g.Name, 120), directory.Clip(g.Description, 2000)
	if u, ok := freetext.WebAddress(website); ok && website != "" {
		g.Website = u
	}
	d.GroupKey, d.Group = key, g
}
