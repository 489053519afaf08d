package directory

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The errors that callers branch on, with errors.Is. Every other error is an
// internal one.
var (
	// ErrNotFound: there is no such record.
	ErrNotFound = errors.New("not found")
	// ErrGone: the record was withdrawn; its history remains.
	ErrGone = errors.New("withdrawn")
	// ErrConflict: the record changed since it was read. Read it again.
	ErrConflict = errors.New("changed since it was read")
	// ErrTaken: a lookup that must be unique belongs to another record.
	ErrTaken = errors.New("already taken")
	// ErrForbidden: the key may not do this.
	ErrForbidden = errors.New("not allowed")
	// ErrUnauthorised: no key, or one that is unknown, expired or revoked.
	ErrUnauthorised = errors.New("no valid key")
	// ErrReused: the idempotency key was used for another request.
	ErrReused = errors.New("idempotency key used for another request")
	// ErrFull: the disk of the store has no room; nothing was written. It is an
	// ErrUnavailable.
	ErrFull error = full{}
	// ErrUnavailable: the store cannot be reached now. Either nothing was
	// written, or it is not known, and the caller must try again with the same
	// idempotency key.
	ErrUnavailable = errors.New("the store cannot be reached")
	// ErrUnfinished: a restore into the store has started and not finished, so
	// that it holds part of a directory. It is an ErrUnavailable.
	ErrUnfinished error = unfinished{}
)

type unfinished struct{}

func (unfinished) Error() string        { return "a restore into the store was not finished" }
func (unfinished) Is(target error) bool { return target == ErrUnavailable }

// Fault is one thing wrong with what was sent.
type Fault struct {
	// Field is the path of the field in the JSON sent, "venue.address.postcode"
	// or "schedule.repeats[0].days", or a query parameter's name.
	Field string `json:"field"`
	// Detail says what is wrong and Fix what to do, in plain words.
	Detail string `json:"detail"`
	Fix    string `json:"fix,omitempty"`
	// Suggestions are values that may have been meant, likeliest first and at
	// most ten: each can be sent in the field as it is.
	Suggestions []string `json:"suggestions,omitempty" example:"Altrincham"`
}

// Invalid is the error of a value that breaks the rules; it carries every
// fault at once, in the order of the fields.
type Invalid struct{ Faults []Fault }

func (e *Invalid) Error() string {
	parts := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		parts[i] = fmt.Sprintf("%s: %s", f.Field, f.Detail)
	}
	return strings.Join(parts, "; ")
}

// Faults collects faults while a value is checked.
type Faults []Fault

// maxFaults limits the faults of one value, so that a hostile body cannot cause
// a response far larger than itself.
const maxFaults = 100

// full reports whether no more faults are collected.
func (fs Faults) full() bool { return len(fs) > maxFaults }

// Add adds a fault: which field is wrong, why, and what to do. In a format with
// %q, text arguments are shortened by Quote. After a hundred faults it adds one
// that says there are more, and ignores the rest.
func (fs *Faults) Add(field, fix, format string, args ...any) {
	switch {
	case fs.full():
		return
	case len(*fs) == maxFaults:
		field, fix, format, args = "", "correct these first", "there is more wrong than these %d faults", []any{maxFaults}
	}
	if strings.Contains(format, "%q") {
		args = slices.Clone(args)
		for i, a := range args {
			if text, ok := a.(string); ok {
				args[i] = Quote(text)
			}
		}
	}
	*fs = append(*fs, Fault{Field: field, Detail: fmt.Sprintf(format, args...), Fix: fix})
}

// Err returns nil if there is no fault, else an *Invalid with all of them.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return &Invalid{Faults: fs}
}

// InvalidField returns an *Invalid with one fault; see Faults.Add.
func InvalidField(field, fix, format string, args ...any) error {
	var fs Faults
	fs.Add(field, fix, format, args...)
	return fs.Err()
}

// full is the type of ErrFull.
type full struct{}

func (full) Error() string        { return "the disk of the store is full" }
func (full) Is(target error) bool { return target == ErrUnavailable }
