package demo

import "gather/directory"

// kind is a template for listings of one sort of activity. In its texts {town},
// {venue}, {day} and {host} are placeholders.
type kind struct {
	key   string
	theme theme
	// titles has one for each time the kind is used in a town.
	titles    []string
	titleCy   string
	summary   string
	summaryCy string
	about     string
	// expect is what happens on a first visit, after arrival.
	expect    string
	interests []string
	// where lists the sorts of place it needs, one for each time the kind is
	// used; empty for an activity without a venue.
	where    []spot
	delivery []string
	// times has one schedule for each time the kind is used; see readTimes.
	times    []string
	termTime bool
	season   string // "MM-DD MM-DD", the first and last day of its yearly break
	cost     *directory.Cost
	made     []string
	closed   bool   // only for its audience
	ages     [2]int // least and greatest, 0 for no limit
	// structure, talk, energy and bound are values of the closed lists.
	structure, talk, energy, bound string
	group                          [2]int   // typical and greatest number of people
	facts                          []string // first-visit facts that are always yes
	access                         []string // access features of the session itself
	noAccess                       []string // access features that it states it lacks
	how                            []string
	refer                          []string
	languages                      []string
	catchment                      string // district, radius, outcodes, nationwide
	after                          string
	note                           string // on the schedule
}

// theme decides which group of a town runs a kind.
type theme int

const (
	active theme = iota
	making
	social
	support
	learning
	family
	outdoors
	remote
)

// spot is a sort of place.
type spot int

const (
	hall spot = iota
	library
	park
	leisure
	cafe
	church
	workshop
)

func free() *directory.Cost { return &directory.Cost{Kind: "free"} }

func donation(pounds float64) *directory.Cost {
	return &directory.Cost{Kind: "donation", Pounds: pounds, Note: "Put in what you can; nobody looks"}
}

func pay(pounds float64) *directory.Cost { return &directory.Cost{Kind: "fixed", Pounds: pounds} }

// with adds a concession and whom it is for.
func with(c *directory.Cost, concession float64, whom string) *directory.Cost {
	c.ConcessionPounds, c.ConcessionFor = &concession, whom
	return c
}

// plus adds an extra cost.
func plus(c *directory.Cost, what string, pounds float64, optional bool) *directory.Cost {
	c.Extras = append(c.Extras, directory.Extra{What: what, Pounds: pounds, Optional: optional})
	return c
}

// each sets what the price pays for.
func each(c *directory.Cost, per string) *directory.Cost {
	c.Per = per
	return c
}

// help states that the group helps those who cannot pay.
func help(c *directory.Cost) *directory.Cost {
	c.HelpWithCost = directory.Yes
	return c
}

func payWhatYouCan() *directory.Cost {
	return &directory.Cost{Kind: "donation", Note: "Pay what you can, or wash up"}
}

// ownLunch is the cost of a meal where everybody pays for themselves.
func ownLunch() *directory.Cost {
	return &directory.Cost{Kind: "fixed", Pounds: 10, PoundsTo: 18, Note: "You pay for what you eat"}
}

// kinds returns every kind, in a fixed order.
func kinds() []kind {
	var all []kind
	for _, some := range [][]kind{activeKinds(), makingKinds(), socialKinds(), supportKinds(), familyKinds(), learningKinds(), outdoorKinds()} {
		all = append(all, some...)
	}
	return all
}
