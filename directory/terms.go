package directory

// Cost says what taking part costs, in pounds sterling.
type Cost struct {
	// Kind is free, donation or fixed.
	Kind string `json:"kind" enums:"free,donation,fixed" example:"fixed"`
	// Pounds is the usual price, or the donation suggested; PoundsTo the most
	// where the price varies. At most 10,000, in whole pence.
	Pounds   float64 `json:"pounds,omitempty" example:"3.5"`
	PoundsTo float64 `json:"pounds_to,omitempty"`
	// Per is what the price is for: session (the default), month, course, year.
	Per string `json:"per,omitempty" enums:"session,month,course,year"`
	// ConcessionPounds is the lower price, absent where there is none, and
	// ConcessionFor who pays it, at most 120 characters.
	ConcessionPounds *float64 `json:"concession_pounds,omitempty"`
	ConcessionFor    string   `json:"concession_for,omitempty"`
	// Extras are the costs people do not expect: tea, kit, insurance; at most 10.
	Extras []Extra `json:"extras,omitempty"`
	// HelpWithCost is yes where people who cannot pay get help.
	HelpWithCost string `json:"help_with_cost,omitempty" enums:"yes,no"`
	Note         string `json:"note,omitempty"`
}

// Extra is a cost in addition to the price.
type Extra struct {
	What     string  `json:"what" example:"Tea and biscuits"`
	Pounds   float64 `json:"pounds"`
	Optional bool    `json:"optional,omitempty"`
}

// Audience says who an activity is for. An activity made for nobody in
// particular is open to all.
type Audience struct {
	// MinAge and MaxAge are in years, 0 to 120; absent means no limit.
	MinAge *int `json:"min_age,omitempty"`
	MaxAge *int `json:"max_age,omitempty"`
	// MadeFor lists whom it was made for, at most 12.
	MadeFor []string `json:"made_for,omitempty" example:"over-50s"`
	// OpenToAll is true where others are welcome too. Absent, it is true for
	// an activity made for nobody in particular, else false.
	OpenToAll *bool  `json:"open_to_all,omitempty"`
	Note      string `json:"note,omitempty"`
}

// Open reports whether anybody is welcome, ages aside. A nil Audience is open.
func (a *Audience) Open() bool {
	switch {
	case a == nil:
		return true
	case a.OpenToAll != nil:
		return *a.OpenToAll
	default:
		return len(a.MadeFor) == 0
	}
}

// Admits reports whether someone of this age, in years, may come. What states
// no limit admits every age.
func (a *Audience) Admits(age int) bool {
	if a == nil {
		return true
	}
	return (a.MinAge == nil || age >= *a.MinAge) && (a.MaxAge == nil || age <= *a.MaxAge)
}

// FirstVisit says what the first visit is like. The evidence that these facts
// decide whether an anxious person comes, and comes again, is in
// docs/decisions/.
type FirstVisit struct {
	// Facts has the answers to first-visit facts by id (met-on-arrival,
	// companion-welcome ...). A fact that is absent is not stated.
	Facts map[string]Answer `json:"facts,omitempty"`
	// WhatToExpect says in plain words what happens: arriving, the first ten
	// minutes, what people do, how it ends. At most 2,000 characters.
	WhatToExpect string `json:"what_to_expect,omitempty"`
	// ContactFirst says whom to ring or text beforehand, by role, at most 300.
	ContactFirst string `json:"contact_first,omitempty"`
	// GroupTypical and GroupMax are numbers of people, 1 to 10,000.
	GroupTypical int `json:"group_typical,omitempty" example:"12"`
	GroupMax     int `json:"group_max,omitempty" example:"20"`
	// Structure, Conversation, Energy and Commitment are values of the closed
	// lists of those names.
	Structure    string `json:"structure,omitempty"`
	Conversation string `json:"conversation,omitempty"`
	Energy       string `json:"energy,omitempty"`
	Commitment   string `json:"commitment,omitempty" example:"drop-in"`
	// NextStart is the date a course next starts, YYYY-MM-DD.
	NextStart string `json:"next_start,omitempty"`
	// OngoingMonths is how long the group has been going.
	OngoingMonths int `json:"ongoing_months,omitempty"`
	// IfYouMiss says what happens when someone stays away, After what can
	// come next (helping out, a move-on group); at most 300 each.
	IfYouMiss string `json:"if_you_miss,omitempty"`
	After     string `json:"after,omitempty"`
}

// Joining says how to join.
type Joining struct {
	// How is any of drop-in, book, referral, waiting-list.
	How []string `json:"how,omitempty" example:"drop-in"`
	// Referral says who may refer: any of self, link-worker, professional.
	Referral  []string `json:"referral,omitempty"`
	NeedsForm string   `json:"needs_form,omitempty" enums:"yes,no"`
	NeedsID   string   `json:"needs_id,omitempty" enums:"yes,no"`
	// URL is where to book.
	URL    string  `json:"url,omitempty"`
	Places *Places `json:"places,omitempty"`
	Note   string  `json:"note,omitempty"`
}

// Places says whether there is room now.
type Places struct {
	// Status is open, few, waiting-list or full.
	Status string `json:"status" example:"open"`
	// Available is how many places are left, absent where it is not known.
	Available *int `json:"available,omitempty"`
	// WaitingWeeks is how long the waiting list is.
	WaitingWeeks int `json:"waiting_weeks,omitempty"`
	// AsOf is the date this was true, YYYY-MM-DD.
	AsOf string `json:"as_of,omitempty"`
}

// Contact is how to reach those who run an activity. A contact is shown to
// the public only when the group says so.
type Contact struct {
	// Role is what the person does ("Host"), at most 60 characters.
	Role string `json:"role,omitempty" example:"Host"`
	Name string `json:"name,omitempty"`
	// Phone is digits, spaces and a leading +, 5 to 20 characters.
	Phone string `json:"phone,omitempty" example:"0161 496 0001"`
	Email string `json:"email,omitempty" example:"hello@example.org"`
	// Hours says when to ring, at most 120 characters.
	Hours string `json:"hours,omitempty"`
	// Public is true if the group agrees that anyone may see this contact.
	Public bool `json:"public"`
}

// Safeguarding is what the group states about keeping people safe.
type Safeguarding struct {
	// Policy is yes where there is a written policy, PolicyURL where it is.
	Policy    string `json:"policy,omitempty" enums:"yes,no"`
	PolicyURL string `json:"policy_url,omitempty"`
	// LeadRole names the role of the safeguarding lead, at most 60 characters.
	LeadRole string `json:"lead_role,omitempty"`
	// ChecksDone says which checks (DBS) were done of whom; Photos what is
	// done about photographs; DataKept what is kept about people. At most 300.
	ChecksDone string `json:"checks_done,omitempty"`
	Photos     string `json:"photos,omitempty"`
	DataKept   string `json:"data_kept,omitempty"`
}

// Image is a picture, with its alternative text.
type Image struct {
	// URL is https.
	URL string `json:"url" example:"https://example.org/hall.jpg"`
	// Alt says what the picture shows, 3 to 250 characters; AltWelsh the
	// same in Welsh.
	Alt      string `json:"alt" example:"Six people on chairs in a bright hall"`
	AltWelsh string `json:"alt_cy,omitempty"`
	Credit   string `json:"credit,omitempty"`
	Licence  string `json:"licence,omitempty"`
}

// External is a code in another system: a charity number, a UPRN.
type External struct {
	System string `json:"system" example:"charity-commission"`
	Code   string `json:"code" example:"1234567"`
}

// Source says where an imported listing comes from and on what terms.
type Source struct {
	// Name of the publisher, at most 120 characters.
	Name string `json:"name" example:"Trafford Data Lab"`
	URL  string `json:"url,omitempty"`
	// ID is the listing's id there, at most 200 characters. A directory holds
	// one activity for each Name and ID.
	ID      string `json:"id,omitempty"`
	Licence string `json:"licence,omitempty" example:"OGL-UK-3.0"`
	// Attribution is the text that the licence asks to be shown.
	Attribution string `json:"attribution,omitempty"`
	// Retrieved is the date it was fetched, YYYY-MM-DD.
	Retrieved string `json:"retrieved,omitempty"`
}
