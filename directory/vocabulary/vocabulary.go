// Package vocabulary holds the words this directory speaks: the closed lists
// of values a listing may take (access features, first-visit facts, audiences,
// days and so on) and the interests, each with a meaning, an English and a
// Welsh label, and the other words people use for it.
//
// The lists are data files in this package. Some columns say how search uses a
// term: who counts as young or is of an age, what is asked first, which prices
// are counted. An operator's imported interests
// are merged into them with Vocabulary.With; nothing here changes once built, so
// a Vocabulary may be used by any number of goroutines.
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
	Commitment   = "commitment"   // how bound one is to come
	Structure    = "structure"    // talking or doing
	Conversation = "conversation" // how much one has to talk
	Energy       = "energy"       // how hard the body works
	Join         = "join"         // what to do before the first time
	Referral     = "referral"     // who may refer
	Places       = "places"       // whether there is room
	Cost         = "cost"         // the kinds of price
	CostPer      = "cost_per"     // what one price buys
	Day          = "day"          // days of the week, Monday first
	TimeOfDay    = "time_of_day"  // parts of the day, with From and Until
	Pause        = "pause"        // why an activity rests for a while
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

// Default is the vocabulary built into the program, without an operator's
// imports. It is read once and shared; the error can only mean that the
// program was built from faulty data files.
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
