package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Mark identifies a change in the log of one store. A follower keeps the mark of
// the last change it has seen, and asks Holds whether it still follows the same
// log: not another store's, and not that of this store after a restore from a
// backup, which may have assigned the same numbers to other changes.
//
// The empty Mark is that of a follower that has seen nothing.
type Mark string

// Mark returns the mark of r, a record as Changes or Log returned it.
func (d *Directory) Mark(r Record) Mark {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %d %d %q", r.Kind, r.ID, r.Rev, r.At.UnixMilli(), r.By))
	return Mark(fmt.Sprintf("%s %d %s", d.store.ID(), r.Change, hex.EncodeToString(sum[:8])))
}

// Holds reports whether the change that m marks is in the log of this
// directory's store.
func (d *Directory) Holds(ctx context.Context, m Mark) (bool, error) {
	if m == "" {
		return true, nil
	}
	store, rest, _ := strings.Cut(string(m), " ")
	number, _, _ := strings.Cut(rest, " ")
	change, err := strconv.ParseInt(number, 10, 64)
	if err != nil || change < 1 || store != d.store.ID() {
		return false, nil
	}
	rs, err := d.store.Log(ctx, change-1, 1)
	if err != nil {
		return false, fmt.Errorf("look for change %d: %w", change, err)
	}
	return len(rs) == 1 && d.Mark(rs[0]) == m, nil
}
