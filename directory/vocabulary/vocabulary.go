// Package vocabulary holds the controlled vocabulary of the directory: the
// closed lists of values a listing may have (access features, first-visit
// facts, audiences, days and so on) and the interests, each with an English and
// a Welsh label and synonyms; the terms of the lists also have a meaning.
//
// The lists are data files in this package. Some columns say how search uses a
// term: which audiences are young or of an age, what is asked first, which
// prices are counted. An operator's imported interests are merged into them
// with Vocabulary.With. A Vocabulary never changes once built, so any number of
// goroutines may use it.
package vocabulary

import (
	"fmt"
	"sync"
)

// The names of the closed lists, for Vocabulary.List and Vocabulary.Term.
const (
	Delivery     = "delivery"     // how one takes part
	Access       = "access"       // access features of a place or session
	FirstVisit   = "first_visit"  // what the first visit is like
	Audience     = "audience"     // who an activity is made for
	Commitment   = "commitment"   // how regularly one is expected to come
	Structure    = "structure"    // talking or doing
	Conversation = "conversation" // how much one has to talk
	Energy       = "energy"       // how much physical effort it takes
	Join         = "join"         // what to do before the first time
	Referral     = "referral"     // who may refer
	Places       = "places"       // whether places are free
	Cost         = "cost"         // the kinds of price
	CostPer      = "cost_per"     // what one price buys
	Day          = "day"          // days of the week, Monday first
	TimeOfDay    = "time_of_day"  // parts of the day, with From and Until
	Pause        = "pause"        // why an activity is suspended for a while
	CheckedHow   = "checked_how"  // how a listing was last confirmed
	GroupKind    = "group_kind"   // what sort of body a group is
	Language     = "language"     // ISO 639 codes, two letters where they exist
)

// Names lists the closed lists in the order of the constants above.
func Names() []string {
	return []string{Delivery, Access, FirstVisit, Audience, Commitment, Structure, Conversation,
		Energy, Join, Referral, Places, Cost, CostPer, Day, TimeOfDay, Pause, CheckedHow, GroupKind, Language}
}

// Vocabulary is the closed lists and the interests. It never changes once
// built; With returns another one.
type Vocabulary struct {
	lists      map[string]*list
	interests  *interests
	askedFirst []Asked
}

// Default returns the vocabulary built into the program, without an operator's
// imports. It is read once and shared; an error means that the program was
// built from faulty data files.
func Default() (*Vocabulary, error) { return builtIn() }

var builtIn = sync.OnceValues(func() (*Vocabulary, error) {
	lists, err := readLists()
	if err != nil {
		return nil, fmt.Errorf("vocabulary: reading the closed lists: %w", err)
	}
	asked, err := askedFirst(lists)
	if err != nil {
		return nil, fmt.Errorf("vocabulary: reading the closed lists: %w", err)
	}
	interests, err := readInterests()
	if err != nil {
		return nil, fmt.Errorf("vocabulary: reading the interests: %w", err)
	}
	return &Vocabulary{lists: lists, interests: interests, askedFirst: asked}, nil
})
