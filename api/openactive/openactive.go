// Package openactive maps physical activities onto OpenActive open data: a
// dataset page, and one RPDE feed each of regular and of dated sessions,
// straight from the change log. Routes, parameters and HTTP responses belong to
// package api. docs/openactive.md lists where it differs from the standard.
package openactive

import (
	gocontext "context"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// The paths of the dataset page and the two feeds.
const (
	DatasetPath  = "/openactive"
	SeriesPath   = "/openactive/session-series"
	SessionsPath = "/openactive/scheduled-sessions"
)

// Source is the log that the feeds are read from. A directory.Directory is one.
type Source interface {
	PublicChanges(ctx gocontext.Context, after int64, limit int) ([]directory.PublicChange, error)
	PublicHistory(ctx gocontext.Context, id string, before int64, limit int) ([]directory.PublicChange, error)
}

// Options are what Feeds need. All of them are required, except those of Dataset
// that may be empty.
type Options struct {
	// BaseURL is the public address of the directory, without a slash at its
	// end. The addresses of next pages begin with it, so clients must reach the
	// feeds there.
	BaseURL    string
	Vocabulary *vocabulary.Vocabulary
	// Page returns the web address of an activity that has no website.
	Page func(id string) string
	// Now is the clock.
	Now func() time.Time
	// Dataset is what the dataset page says.
	Dataset Dataset
}

// Feeds makes the pages of the feeds. It holds no state and is safe for
// concurrent use.
type Feeds struct {
	o       Options
	source  Source
	mapping *Mapping
}

// New makes Feeds that read from source. It fails only if the embedded data files
// are faulty.
func New(source Source, o Options) (*Feeds, error) {
	m, err := NewMapping(o.Vocabulary, o.BaseURL, o.Page)
	if err != nil {
		return nil, err
	}
	return &Feeds{o, source, m}, nil
}
