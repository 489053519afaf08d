package gather

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"gather/directory"
)

// pageSize is how many records are read at once: some megabytes.
const pageSize = 500

// Export writes every published activity to w, a Line on each line, and
// answers how many it wrote. Contacts that are not public are left out. What it
// writes can be imported; ids of activities become ids at their source.
func Export(ctx context.Context, d *directory.Directory, w io.Writer) (int, error) {
	b := bufio.NewWriter(w)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	written := 0
	for after := int64(0); ; {
		ps, err := d.PublicChanges(ctx, after, pageSize)
		if err != nil {
			return written, fmt.Errorf("export: %w", err)
		}
		for _, p := range ps {
			after = p.Change
			a := p.Activity
			if a == nil {
				continue
			}
			if err := enc.Encode(Line{ID: a.ID, Group: a.GroupName, Checked: &a.Checked.At, Details: a.Details}); err != nil {
				return written, fmt.Errorf("export activity %s: %w", a.ID, err)
			}
			written++
		}
		if len(ps) == 0 {
			break
		}
	}
	if err := b.Flush(); err != nil {
		return written, fmt.Errorf("export: %w", err)
	}
	return written, nil
}
