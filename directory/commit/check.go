package commit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gather/directory"
)

// maxName is the most bytes of an id, a kind, or the name or value of a
// lookup. Together they make a key, and bbolt's keys end at 32,768 bytes.
const maxName = 4096

// Check refuses writes that are too many, too large, or that not every store
// can hold. It reads nothing and knows no rules of the directory: an error
// here is a bug in the caller.
func Check(ws []directory.Write) error {
	if len(ws) > directory.MaxWrites {
		return fmt.Errorf("%d writes in one commit, the limit is %d", len(ws), directory.MaxWrites)
	}
	for _, w := range ws {
		if w.Record.Rev < 0 {
			return fmt.Errorf("%s %q: revision %d is less than 0", w.Record.Kind, w.Record.ID, w.Record.Rev)
		}
		if err := checkRecord(w.Record); err != nil {
			return err
		}
	}
	return nil
}

// CheckRestore checks revisions to restore as Check does, and that their
// change numbers strictly increase.
func CheckRestore(rs []directory.Record) error {
	if len(rs) > directory.MaxWrites {
		return fmt.Errorf("%d revisions in one restore, the limit is %d", len(rs), directory.MaxWrites)
	}
	var last int64
	for _, r := range rs {
		if r.Change <= last {
			return fmt.Errorf("%s %q: change %d does not come after %d", r.Kind, r.ID, r.Change, last)
		}
		last = r.Change
		if err := checkRecord(r); err != nil {
			return err
		}
	}
	return nil
}

// CheckRedact checks revisions to redact as Check does.
func CheckRedact(rs []directory.Record) error {
	if len(rs) > directory.MaxWrites {
		return fmt.Errorf("%d revisions in one redaction, the limit is %d", len(rs), directory.MaxWrites)
	}
	for _, r := range rs {
		if err := checkRecord(r); err != nil {
			return err
		}
	}
	return nil
}

func checkRecord(r directory.Record) error {
	what := fmt.Sprintf("%s %q", r.Kind, r.ID)
	if err := checkName(string(r.Kind), "/"); err != nil {
		return fmt.Errorf("%s: kind: %w", what, err)
	}
	if err := checkName(r.ID, ""); err != nil {
		return fmt.Errorf("%s: id: %w", what, err)
	}
	for _, l := range r.Lookups {
		if err := checkName(l.Name, "="); err != nil {
			return fmt.Errorf("%s: lookup %q: %w", what, l.Name, err)
		}
		if err := checkName(l.Value, ""); err != nil {
			return fmt.Errorf("%s: value of lookup %q: %w", what, l.Name, err)
		}
	}
	if !utf8.ValidString(r.By) || !utf8.ValidString(r.Action) {
		return fmt.Errorf("%s: by %q or action %q is not UTF-8", what, r.By, r.Action)
	}
	if err := checkDoc(r.Doc); err != nil {
		return fmt.Errorf("%s: doc: %w", what, err)
	}
	return nil
}

// checkName refuses what cannot be part of a key: empty or long text, text
// that is not UTF-8, and the separators that a store puts after it.
func checkName(s, separators string) error {
	switch {
	case s == "":
		return errors.New("is empty")
	case len(s) > maxName:
		return fmt.Errorf("has %d bytes, the limit is %d", len(s), maxName)
	case !utf8.ValidString(s):
		return errors.New("is not UTF-8")
	case separators != "" && strings.ContainsAny(s, separators):
		return fmt.Errorf("contains one of %q", separators)
	}
	return nil
}

func checkDoc(doc json.RawMessage) error {
	switch {
	case len(doc) == 0:
		return nil
	case len(doc) > directory.MaxDoc:
		return fmt.Errorf("has %d bytes, the limit is %d", len(doc), directory.MaxDoc)
	case doc[0] != '{' || !utf8.Valid(doc) || !json.Valid(doc):
		return errors.New("is not one JSON object in UTF-8")
	}
	return nil
}
