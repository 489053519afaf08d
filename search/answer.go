package search

import (
	"time"

	"gather/directory"
)

// Answer is what a Query finds.
type Answer struct {
	// Total is how many listings match, on all pages.
	Total int `json:"total" example:"42"`
	// Items are this page's listings, in the order asked for.
	Items []Item `json:"items"`
	// Next is the cursor of the page after this one; empty on the last.
	Next string `json:"next,omitempty"`
	// Facets are the counts asked for, absent when none were.
	Facets *Facets `json:"facets,omitempty"`
	// Interpreted says how the question was read.
	Interpreted Interpreted `json:"interpreted"`
	// Unstated counts the listings that would match too if what they do not say
	// about access, or another filter that may be asked about, were yes; absent
	// when there is none.
	Unstated *Unstated `json:"unstated,omitempty"`
	// Rescue are wider questions, given when few match; best first.
	Rescue []Rescue `json:"rescue,omitempty"`
	// AsOf says how fresh the answer is.
	AsOf AsOf `json:"as_of"`
}

// Item is a listing in brief, and how it fits the question. Texts are plain
// text. With lang=cy they are Welsh where the group wrote Welsh ones.
type Item struct {
	Brief
	// NextSession is the first that takes place and is not over; absent when
	// none is known within the next year.
	NextSession *directory.Session `json:"next_session,omitempty"`
	// DistanceMiles is the great-circle distance to the venue, in miles to
	// one decimal; absent without a place or a venue. DistanceAbout is true
	// where the place asked for, or the venue, is known only roughly.
	DistanceMiles *float64        `json:"distance_miles,omitempty" example:"0.8"`
	DistanceAbout bool            `json:"distance_about,omitempty"`
	Trust         directory.Trust `json:"trust"`
	// Why says in plain words how it fits the question, and Ask what to ask
	// first because the listing does not say.
	Why []string `json:"why,omitempty" example:"0.8 miles"`
	Ask []string `json:"ask,omitempty" example:"Is there a hearing loop?"`
	// Score is given when the question asks to explain.
	Score *Score `json:"score,omitempty"`
}

// Brief is a listing in brief, whatever is asked.
type Brief struct {
	ID        string `json:"id" format:"uuid"`
	Title     string `json:"title" example:"Tuesday Chair Yoga"`
	Summary   string `json:"summary,omitempty" example:"Gentle yoga on chairs, then tea and a chat."`
	Group     string `json:"group" format:"uuid"`
	GroupName string `json:"group_name" example:"Northgate Friends"`
	// Delivery is any of venue, online, phone, home.
	Delivery []string    `json:"delivery" example:"venue"`
	Venue    *VenueBrief `json:"venue,omitempty"`
	// Position is where the venue is, absent without one.
	Position  *directory.Position `json:"position,omitempty"`
	Interests []Labelled          `json:"interests,omitempty"`
	// Cost is absent where it is not stated.
	Cost *CostBrief `json:"cost,omitempty"`
	// Access and FirstVisit list the features said to be there and those said
	// not to be; what is in neither is not stated.
	Access     Said            `json:"access"`
	FirstVisit FirstVisitBrief `json:"first_visit"`
	Audience   *AudienceBrief  `json:"audience,omitempty"`
	// Languages are the codes of the languages spoken.
	Languages []string `json:"languages,omitempty" example:"en"`
	// Referral says who may refer: any of self, link-worker and professional.
	Referral []string `json:"referral,omitempty" example:"self"`
	// Places is open, few, waiting-list or full; absent where not stated.
	Places  string    `json:"places,omitempty" example:"open"`
	Updated time.Time `json:"updated" format:"date-time"`
	// Change is the number of the listing's newest write.
	Change int64 `json:"change"`
}

// VenueBrief is where an activity takes place, in brief.
type VenueBrief struct {
	Name string `json:"name,omitempty" example:"St Mary's Hall"`
	Town string `json:"town,omitempty" example:"Sale"`
	// Area is where it takes place, where no more is known than the area.
	Area string `json:"area,omitempty" example:"Bristol"`
	// Outcode is the outward half of the venue's postcode.
	Outcode string `json:"outcode,omitempty" example:"M33"`
	// District is the GSS code of the local authority district.
	District     string `json:"district,omitempty" example:"E08000009"`
	DistrictName string `json:"district_name,omitempty" example:"Trafford"`
}

// Labelled is an id of a vocabulary with its label in the language asked for.
type Labelled struct {
	ID    string `json:"id" example:"chair-yoga"`
	Label string `json:"label" example:"Chair yoga"`
}

// CostBrief is what taking part costs, in pounds sterling.
type CostBrief struct {
	// Kind is free, donation or fixed.
	Kind             string   `json:"kind" enums:"free,donation,fixed"`
	Pounds           float64  `json:"pounds,omitempty" example:"3.5"`
	PoundsTo         float64  `json:"pounds_to,omitempty"`
	Per              string   `json:"per,omitempty" enums:"session,month,course,year"`
	ConcessionPounds *float64 `json:"concession_pounds,omitempty"`
	HelpWithCost     string   `json:"help_with_cost,omitempty" enums:"yes,no"`
}

// Said are the ids that a listing answers with yes and with no, in the order
// of their vocabulary.
type Said struct {
	Yes []string `json:"yes,omitempty" example:"step-free"`
	No  []string `json:"no,omitempty"`
}

// FirstVisitBrief is what the first visit is like, in brief.
type FirstVisitBrief struct {
	Said
	// GroupTypical and GroupMax are numbers of people.
	GroupTypical int    `json:"group_typical,omitempty" example:"12"`
	GroupMax     int    `json:"group_max,omitempty" example:"20"`
	Commitment   string `json:"commitment,omitempty" example:"drop-in"`
	Structure    string `json:"structure,omitempty"`
	Conversation string `json:"conversation,omitempty"`
	Energy       string `json:"energy,omitempty"`
	// ContactFirst says whom to ring or text beforehand.
	ContactFirst string `json:"contact_first,omitempty"`
}

// AudienceBrief says who an activity is for.
type AudienceBrief struct {
	MinAge    *int     `json:"min_age,omitempty"`
	MaxAge    *int     `json:"max_age,omitempty"`
	MadeFor   []string `json:"made_for,omitempty" example:"over-50s"`
	OpenToAll bool     `json:"open_to_all"`
}

// Score is why an item stands where it does among the best. Each part is from
// 0 to 1 before its weight; Total is the weighted sum.
type Score struct {
	Total   float64 `json:"total"`
	Words   float64 `json:"words"`
	Near    float64 `json:"near"`
	Trust   float64 `json:"trust"`
	MadeFor float64 `json:"made_for"`
	First   float64 `json:"first_visit"`
	Soon    float64 `json:"soon"`
	// Suggested is how far it answers the filters that the words suggest.
	Suggested float64 `json:"suggested"`
	// Tier and then Weak are compared before Total. The lowest tier is first:
	// 0 for what is within reach, 1 for online, phone and home in a local
	// search, 2 more where access asked for is not stated. What hardly has the
	// words is weak, and comes after what has them in the tier after its own.
	Tier int  `json:"tier"`
	Weak bool `json:"weak,omitempty"`
}

// FacetCount is how many listings match with one more value of a parameter.
type FacetCount struct {
	// ID is a value of the parameter of the facet's name.
	ID    string `json:"id" example:"step-free"`
	Label string `json:"label" example:"Step-free entrance"`
	Count int    `json:"count" example:"12"`
}

// Facets are counts over the matches, each leaving its own parameter out of
// account: what would be found with that value instead of the ones chosen.
// Values that nothing has are left out. Closed lists are in their own order,
// interests and districts by count.
type Facets struct {
	// Interest counts a listing under each of its interests and all broader ones.
	Interest []FacetCount `json:"interest,omitempty"`
	// Access and FirstVisit count what says yes, whatever access_unknown is.
	Access     []FacetCount `json:"access,omitempty"`
	FirstVisit []FacetCount `json:"first_visit,omitempty"`
	// Day and Time count listings with a session that fits the other of the
	// two and the dates.
	Day  []FacetCount `json:"day,omitempty"`
	Time []FacetCount `json:"time,omitempty"`
	// Cost counts what costs at most so much.
	Cost     []FacetCount `json:"cost,omitempty"`
	For      []FacetCount `json:"for,omitempty"`
	Delivery []FacetCount `json:"delivery,omitempty"`
	Language []FacetCount `json:"language,omitempty"`
	// Structure, Conversation, Energy and Referral count what is stated, whatever
	// of it is asked for.
	Structure    []FacetCount `json:"structure,omitempty"`
	Conversation []FacetCount `json:"conversation,omitempty"`
	Energy       []FacetCount `json:"energy,omitempty"`
	Referral     []FacetCount `json:"referral,omitempty"`
	// District counts by the GSS code of the venue's district.
	District []FacetCount `json:"district,omitempty"`
}

// Interpreted says how a question was read, so that a wrong guess can be seen
// and undone.
type Interpreted struct {
	Words *WordsRead `json:"words,omitempty"`
	Place *PlaceRead `json:"place,omitempty"`
	// PlaceInWords is set when the place was found among the words.
	PlaceInWords *PlaceInWords `json:"place_in_words,omitempty"`
	// WithinMiles is the distance searched, absent without a place.
	WithinMiles float64 `json:"within_miles,omitempty" example:"5"`
	// Dates are those searched when day, time or dates were asked for.
	Dates *DatesRead `json:"dates,omitempty"`
	// Suggested are filters that the words seem to ask for.
	Suggested []Suggested `json:"suggested,omitempty"`
}

// PlaceInWords is a place that was found among the words of a question that
// names none, and that the question was asked from.
type PlaceInWords struct {
	// Text is what was read as a place, and Rest the words without it.
	Text string `json:"text" example:"in Leith"`
	Rest string `json:"rest,omitempty" example:"yoga"`
	// Undo is the question that looks for all the words as they are, as URL
	// parameters.
	Undo string `json:"undo" example:"q=yoga+in+Leith&words=literal"`
}

// WordsRead says how words were read.
type WordsRead struct {
	// Searched are the words looked for and Ignored those that say nothing by
	// themselves ("the").
	Searched []string `json:"searched,omitempty" example:"yoga"`
	Ignored  []string `json:"ignored,omitempty" example:"for"`
	// Repaired are words that no listing has and what was looked for instead.
	Repaired []Repair `json:"repaired,omitempty"`
	// Unknown are words that no listing has, nor anything like them.
	Unknown []string `json:"unknown,omitempty"`
	// Note is set when the words could not be searched for.
	Note string `json:"note,omitempty"`
}

// Repair is a word and what it was taken for.
type Repair struct {
	Word string   `json:"word" example:"badmington"`
	As   []string `json:"as" example:"badminton"`
}

// PlaceRead says how a place was read.
type PlaceRead struct {
	// Text is what was asked, Name what it was read as, How the same in words.
	Text string `json:"text" example:"m33 7db"`
	Name string `json:"name" example:"M33 7DB"`
	How  string `json:"how,omitempty"`
	// Repaired is true where a postcode was mended (O for 0).
	Repaired  bool                `json:"repaired,omitempty"`
	Position  directory.Position  `json:"position"`
	Precision directory.Precision `json:"precision" enums:"point,unit,sector,outcode,place"`
	// AboutMiles is how far what was meant may lie from the position, in
	// miles; absent where it is exact.
	AboutMiles   float64 `json:"about_miles,omitempty" example:"1.5"`
	Outcode      string  `json:"outcode,omitempty" example:"M33"`
	District     string  `json:"district,omitempty" example:"E08000009"`
	DistrictName string  `json:"district_name,omitempty" example:"Trafford"`
	// Neighbourhoods are the largest places in an outcode that was asked from.
	Neighbourhoods []string `json:"neighbourhoods,omitempty" example:"Sale"`
	// Others are other places of that name, each with its question.
	Others []OtherPlace `json:"others,omitempty"`
}

// OtherPlace is another place that the text may mean.
type OtherPlace struct {
	Name string `json:"name" example:"Newport, Isle of Wight"`
	// Query is the same question there, as URL parameters.
	Query string `json:"query"`
}

// DatesRead is the stretch of dates in which sessions were looked for, both
// ends included.
type DatesRead struct {
	From string `json:"from" format:"date"`
	To   string `json:"to" format:"date"`
}

// Suggested is a filter that the words seem to ask for.
type Suggested struct {
	Parameter string `json:"parameter" example:"for"`
	Value     string `json:"value" example:"over-65s"`
	Label     string `json:"label" example:"People over 65"`
	// Text is the words that it was read from.
	Text string `json:"text" example:"over 70"`
	// Query is the question with the filter set, as URL parameters.
	Query string `json:"query"`
}

// Unstated counts listings that say nothing about what was asked for, of access
// or of another filter that may be asked about.
type Unstated struct {
	Count int `json:"count" example:"3"`
	// Query is the question that shows them after the others.
	Query string `json:"query"`
}

// Rescue is a wider question.
type Rescue struct {
	// Label says what is widened, in the language asked for.
	Label string `json:"label" example:"Within 10 miles"`
	// Count is how many listings match it.
	Count int `json:"count" example:"14"`
	// Query is the question, as URL parameters.
	Query string `json:"query"`
}

// AsOf says how fresh an answer is.
type AsOf struct {
	// Change is the newest change number that the answer takes into account.
	Change int64 `json:"change"`
	// Time is the moment that "now" stands for in the answer.
	Time time.Time `json:"time" format:"date-time"`
}
