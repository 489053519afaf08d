// Package openactive maps physical activities onto OpenActive open data: a
// dataset page, and one RPDE feed each of regular and of dated sessions,
// straight from the change log. Addresses, parameters and answers over HTTP are
// package api's. Where it differs from the standard is in docs/openactive.md.
package openactive

import (
	gocontext "context"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Where the dataset page and the two feeds are.
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

// Options are what Feeds work with. All of them are needed, save those
// of the dataset page that say so.
type Options struct {
	// BaseURL is the public address of the directory, without a slash at its
	// end. Feeds name their next page by it: it must be how clients reach them.
	BaseURL    string
	Vocabulary *vocabulary.Vocabulary
	// Page answers the web address of an activity that names no website.
	Page func(id string) string
	// Now is the clock.
	Now func() time.Time
	// Dataset is what the dataset page says of the publisher.
	Dataset Dataset
}

// Feeds makes the pages of the feeds. It keeps nothing in memory and is safe for
// concurrent use.
type Feeds struct {
	o       Options
	source  Source
	mapping *Mapping
}

// New makes Feeds that read from source. The error can only mean that the
// program was built from faulty data files.
func New(source Source, o Options) (*Feeds, error) {
	m, err := NewMapping(o.Vocabulary, o.BaseURL, o.Page)
	if err != nil {
		return nil, err
	}
	return &Feeds{o, source, m}, nil
}
