package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// This file erases personal data (UK GDPR, article 17) from the newest revision
// of a record and from all earlier ones. The revisions themselves remain, so
// that the change log has no gap.

// actionErase is the action of the revision that records an erasure.
const actionErase = "erase"

// erasedText replaces a text that was erased.
const erasedText = "[erased]"

// Erased counts what an erasure rewrote, or would rewrite.
type Erased struct {
	// Groups, Activities and Keys count the records, and Revisions those of
	// their revisions that contained what was erased.
	Groups, Activities, Keys, Revisions int
}

// EraseActivity erases a listing, withdrawn or not: it is withdrawn, and of
// each of its revisions only the id, group, status and times remain. An import
// does not bring it back. With dry nothing is written. Only admins may;
// ErrNotFound if there is none. A second call changes nothing.
func (d *Directory) EraseActivity(ctx context.Context, by Principal, id string, dry bool) (Erased, error) {
	e, err := d.eraser(by, dry)
	if err != nil {
		return Erased{}, err
	}
	err = e.record(ctx, KindActivity, id, eraseActivity)
	return e.done, err
}

// EraseGroup erases a group: it is suspended and loses its name and all other
// details, its listings are erased as by EraseActivity, and its keys are
// revoked. It is not one transaction: after an interruption the same call
// erases the rest.
func (d *Directory) EraseGroup(ctx context.Context, by Principal, id string, dry bool) (Erased, error) {
	e, err := d.eraser(by, dry)
	if err != nil {
		return Erased{}, err
	}
	if err := e.record(ctx, KindGroup, id, eraseGroup); err != nil {
		return e.done, err
	}
	for after := int64(0); ; {
		rs, err := d.store.Changes(ctx, after, historyPage)
		if err != nil {
			return e.done, fmt.Errorf("look for what belongs to group %s: %w", id, err)
		}
		for _, r := range rs {
			after = r.Change
			var of struct{ Group string }
			alter := map[Kind]alteration{KindActivity: eraseActivity, KindKey: e.key}[r.Kind]
			if alter == nil || json.Unmarshal(r.Doc, &of) != nil || of.Group != id {
				continue
			}
			if err := e.record(ctx, r.Kind, r.ID, alter); err != nil {
				return e.done, err
			}
		}
		if len(rs) < historyPage {
			return e.done, nil
		}
	}
}

// EraseContact erases a person from all records, by an e-mail address, a
// telephone number or a name: contacts that have it, and every occurrence in a
// text. Numbers are compared by their digits. An import brings back what its
// source still says. It reads the whole change log.
func (d *Directory) EraseContact(ctx context.Context, by Principal, text string, dry bool) (Erased, error) {
	e, err := d.eraser(by, dry)
	if err != nil {
		return Erased{}, err
	}
	p, err := newPerson(text)
	if err != nil {
		return Erased{}, err
	}
	type key struct {
		kind Kind
		id   string
	}
	var found []key
	seen := map[key]bool{}
	for after := int64(0); ; {
		rs, err := d.store.Log(ctx, after, historyPage)
		if err != nil {
			return Erased{}, fmt.Errorf("look for a contact: %w", err)
		}
		for _, r := range rs {
			after = r.Change
			k := key{r.Kind, r.ID}
			if seen[k] {
				continue
			}
			changed, err := p.erase(&r, false)
			if err != nil {
				return Erased{}, err
			}
			if changed {
				seen[k] = true
				found = append(found, k)
			}
		}
		if len(rs) < historyPage {
			break
		}
	}
	for _, k := range found {
		if err := e.record(ctx, k.kind, k.id, p.erase); err != nil {
			return e.done, err
		}
	}
	return e.done, nil
}

// eraser erases records one after the other and counts.
type eraser struct {
	d    *Directory
	by   Principal
	dry  bool
	done Erased
}

func (d *Directory) eraser(by Principal, dry bool) (*eraser, error) {
	if by.Role != RoleAdmin {
		return nil, fmt.Errorf("erase: %w", by.forbidden(needsAdmin))
	}
	return &eraser{d: d, by: by, dry: dry}, nil
}

// alteration removes from a revision what is to be erased, and reports whether
// there was anything. newest is true for the newest revision, from which the
// next one is made.
type alteration func(r *Record, newest bool) (changed bool, err error)

// record applies alter to all revisions of one record. First it writes a new
// revision without what is erased, which makes followers of the change log
// forget it. Then it redacts the revisions before that one.
func (e *eraser) record(ctx context.Context, kind Kind, id string, alter alteration) error {
	entry := false // whether the new revision is written
	for try := 1; ; try++ {
		newest, err := e.d.store.Get(ctx, kind, id)
		if err != nil {
			return fmt.Errorf("erase %s %q: %w", kind, Quote(id), err)
		}
		changed, err := alter(&newest, true)
		if err != nil {
			return err
		}
		n, err := e.superseded(ctx, newest, alter, !e.dry && entry)
		if err != nil {
			return err
		}
		if changed {
			n++
		}
		if n == 0 || entry || e.dry {
			if n > 0 && !entry {
				e.count(kind, n)
			}
			return nil
		}
		newest.At, newest.By, newest.Action = e.d.now(), e.by.Key, actionErase
		_, err = e.d.store.Commit(ctx, []Write{{Record: newest}})
		switch {
		case errors.Is(err, ErrConflict) && try < guardTries:
		case err != nil:
			return fmt.Errorf("erase %s %q: %w", kind, id, err)
		default:
			entry = true
			e.count(kind, n)
		}
	}
}

func (e *eraser) count(kind Kind, revisions int) {
	e.done.Revisions += revisions
	switch kind {
	case KindGroup:
		e.done.Groups++
	case KindActivity:
		e.done.Activities++
	case KindKey:
		e.done.Keys++
	}
}

// superseded returns how many revisions before the newest contain what is to be
// erased, and redacts them if write is true.
func (e *eraser) superseded(ctx context.Context, newest Record, alter alteration, write bool) (int, error) {
	n := 0
	for before := newest.Rev; before > 1; {
		rs, err := e.d.store.History(ctx, newest.Kind, newest.ID, before, historyPage)
		if err != nil {
			return n, fmt.Errorf("history of %s %s: %w", newest.Kind, newest.ID, err)
		}
		var redacted []Record
		for _, r := range rs {
			before = r.Rev
			changed, err := alter(&r, false)
			if err != nil {
				return n, err
			}
			if changed {
				redacted = append(redacted, r)
			}
		}
		n += len(redacted)
		if write {
			if err := e.d.store.Redact(ctx, redacted); err != nil {
				return n, fmt.Errorf("erase %s %s: %w", newest.Kind, newest.ID, err)
			}
		}
		if len(rs) == 0 {
			break
		}
	}
	return n, nil
}

// replace makes v the document of r, and reports whether the document changed.
func replace(r *Record, v any) (bool, error) {
	doc, err := json.Marshal(v)
	if err != nil {
		return false, fmt.Errorf("erase %s %s: %w", r.Kind, r.ID, err)
	}
	changed := string(doc) != string(r.Doc)
	r.Doc = doc
	return changed, nil
}

// eraseActivity removes everything from a listing but its id, group, status and
// times.
func eraseActivity(r *Record, newest bool) (bool, error) {
	a, err := readActivity(*r)
	if err != nil {
		return false, err
	}
	kept := Activity{
		ID: a.ID, Group: a.Group, Status: a.Status, Created: a.Created, Updated: a.Updated, Checked: a.Checked,
		Details: Details{Title: erasedText, Delivery: []string{}},
	}
	gone := r.Gone
	if newest {
		kept.Status, gone = StatusWithdrawn, true
	}
	changed, err := replace(r, kept)
	changed = changed || gone != r.Gone
	r.Gone, r.Lookups = gone, []Lookup{{Name: "group", Value: a.Group}}
	return changed, err
}

// eraseGroup removes everything from a group but its id, status and times.
func eraseGroup(r *Record, newest bool) (bool, error) {
	g, err := readGroup(*r)
	if err != nil {
		return false, err
	}
	kept := Group{ID: g.ID, Status: g.Status, Created: g.Created, Updated: g.Updated, GroupDetails: GroupDetails{Name: erasedText}}
	if newest {
		kept.Status = GroupSuspended
	}
	changed, err := replace(r, kept)
	r.Lookups = []Lookup{{Name: "status", Value: string(kept.Status)}}
	return changed, err
}

// key revokes a key and erases its label. Its hash stays: it is not personal
// data, and the secret must stay known as revoked.
func (e *eraser) key(r *Record, newest bool) (bool, error) {
	var k Key
	if err := json.Unmarshal(r.Doc, &k); err != nil {
		return false, fmt.Errorf("read key %s: %w", r.ID, err)
	}
	k.Label = erasedText
	if newest && k.Revoked == nil {
		now := e.d.now()
		k.Revoked = &now
	}
	return replace(r, k)
}

// erase removes a person from a revision of any kind.
func (p *person) erase(r *Record, _ bool) (bool, error) {
	if len(r.Doc) == 0 {
		return false, nil
	}
	var a Activity
	var g Group
	var k Key
	into := map[Kind]any{KindActivity: &a, KindGroup: &g, KindKey: &k}[r.Kind]
	if into == nil {
		return false, nil
	}
	if err := json.Unmarshal(r.Doc, into); err != nil {
		return false, fmt.Errorf("read %s %s: %w", r.Kind, r.ID, err)
	}
	one, other := p.outOfContacts(&a.Contacts), p.outOfContacts(&g.Contacts)
	if texts := p.outOfTexts(into); !one && !other && !texts {
		return false, nil // leave the bytes of the document as they are
	}
	if r.Kind == KindActivity {
		r.Lookups = a.lookups()
	}
	_, err := replace(r, into)
	return true, err
}
