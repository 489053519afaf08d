package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Mark names a change in the log of one store. A follower keeps that of the
// last change it has seen, and learns from Holds whether it follows the same
// log still: not another store's, nor that of this store put back from a
// backup, which may have gone on with other changes of the same numbers.
//
// The empty Mark is of a follower that has seen nothing.
type Mark string

// Mark is the mark of r, as Changes or Log answered it.
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
