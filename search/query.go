package search

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"gather/directory"
	"gather/search/calendar"
)

// Limits of a query. Each is far above what people ask and low enough that no
// query costs much more than another.
const (
	// MaxWords and MaxWordsLength bound q: a pasted sentence fits, a pasted
	// letter does not.
	MaxWords       = 32
	MaxWordsLength = 300
	// MinMiles and MaxMiles bound within. Under a tenth of a mile the middle
	// of a postcode is not exact enough; 200 miles is half of Great Britain.
	MinMiles = 0.1
	MaxMiles = 200
	// DefaultMiles is how far a search reaches that names a place and no
	// distance: about as far as people travel to a weekly group by bus.
	DefaultMiles = 5
	// MaxLimit and DefaultLimit are numbers of items a page: a screen or two,
	// and what one request may cost.
	MaxLimit     = 100
	DefaultLimit = 20
	// MaxRangeDays is how far apart from and to may be, and how far ahead
	// they may reach: a year, as far as schedules are computed.
	MaxRangeDays = calendar.FarthestDays
	// MaxChoices is how many values one parameter may name in all.
	MaxChoices = 40
	// MaxCheckedMonths and MaxGroupSize end checked and group_max where they
	// stop meaning anything.
	MaxCheckedMonths = 120
	MaxGroupSize     = 10000
	// MaxPounds is the highest price that cost may name, as in a listing.
	MaxPounds = 10000
	// MaxAge is the highest age in years.
	MaxAge = 120
	// maxValueBytes is longer than any single value other than q.
	maxValueBytes = 600
)

// AnyOf are alternatives: one of them is enough.
type AnyOf []string

// Sort is an order of results.
type Sort string

// The orders of results. Ties are broken by id, so an order is always total.
const (
	// SortBest puts first what answers the words best, is near, trusted, made
	// for who asks, and says what the first visit is like.
	SortBest Sort = "best"
	// SortDistance puts the nearest first; it needs a place.
	SortDistance Sort = "distance"
	// SortSoonest puts first what next takes place; what has no dates is last.
	SortSoonest Sort = "soonest"
	// SortUpdated puts the newest changed first.
	SortUpdated Sort = "updated"
	// SortTitle is alphabetical, capitals and accents aside.
	SortTitle Sort = "title"
)

// Box is a rectangle of the map, in decimal degrees (WGS84).
type Box struct {
	West, South, East, North float64
}

// Contains reports whether p lies in b, edges included.
func (b Box) Contains(p directory.Position) bool {
	return p.Lat >= b.South && p.Lat <= b.North && p.Lon >= b.West && p.Lon <= b.East
}

// Price is the most somebody will pay.
type Price struct {
	// Free asks for what costs nothing; donations count as free.
	Free bool
	// Most is the most pounds otherwise.
	Most float64
}

// Query is one question. Its zero value asks for everything, best first. Two
// lists deep, the outer list is all of, the inner any of: repeating a
// parameter narrows, a comma widens.
//
// ParseQuery and DecodeQuery make a Query that keeps all limits; Values turns
// it back into the URL that it was.
type Query struct {
	// Words are free words (q).
	Words string
	// Literal takes all Words as words to look for, so that no place is read
	// among them (words=literal).
	Literal bool
	// Near is a postcode, part of one, a place name, or "lat,lon", as typed.
	Near string
	// Within is the distance in miles from Near; 0 means DefaultMiles.
	Within float64
	// Box asks for venues inside it, instead of Within (bbox).
	Box *Box
	// Interest are concept ids; narrower concepts are included.
	Interest []AnyOf
	// Access are features that must be yes. AccessUnknown lets in, after the
	// others, what says nothing of them (access_unknown=include).
	Access        []AnyOf
	AccessUnknown bool
	// FirstVisit are facts that must be yes.
	FirstVisit []AnyOf
	// GroupMax is the largest group, in people, 0 for any.
	GroupMax     int
	Commitment   []AnyOf
	Structure    []AnyOf
	Conversation []AnyOf
	Energy       []AnyOf
	Referral     []AnyOf
	// Day and Time hold of one and the same session, within From and To. A
	// time is morning, afternoon, evening or "18:00-20:00", and is about when
	// the session starts: at or after the first, before the second.
	Day  []AnyOf
	Time []AnyOf
	// From and To are dates, YYYY-MM-DD, both included; empty for open.
	From, To string
	Cost     *Price
	// Age in years must be within the listing's limits, where it has any.
	Age *int
	// For are audiences: what is open to all always passes.
	For      []AnyOf
	Language []AnyOf
	Delivery []AnyOf
	// PlacesNow asks for what has places now (places=now).
	PlacesNow bool
	// CheckedMonths asks for what was confirmed within so many months, 0 for
	// whenever (checked).
	CheckedMonths int
	// Group is the id of one group.
	Group string

	// Sort is the order, SortBest if empty.
	Sort Sort
	// Limit is the most items a page, 0 means DefaultLimit.
	Limit int
	// Cursor is the Next of the page before.
	Cursor string
	// Facets names the facets to count, see FacetNames.
	Facets []string
	// Explain adds the parts of each score.
	Explain bool
	// Lang is cy for Welsh texts where there are any, else empty.
	Lang string
	// AfterChange asks the index to have seen this change number first.
	AfterChange int64
}

// PageSize is how many items a page of q has at most.
func (q *Query) PageSize() int {
	if q.Limit == 0 {
		return DefaultLimit
	}
	return q.Limit
}

// Miles is how far q reaches from Near, in miles.
func (q *Query) Miles() float64 {
	if q.Within == 0 {
		return DefaultMiles
	}
	return q.Within
}

// Order is the order asked for, SortBest where none is.
func (q *Query) Order() Sort {
	if q.Sort == "" {
		return SortBest
	}
	return q.Sort
}

// Values answers the URL parameters of q: ParseQuery makes the same Query of
// them. Defaults are left out.
func (q Query) Values() url.Values {
	v := url.Values{}
	for i := range parameters {
		p := &parameters[i]
		if p.Choice != nil {
			for _, alternatives := range *p.Choice.Of(&q) {
				v.Add(p.Name, strings.Join(alternatives, ","))
			}
			continue
		}
		if s := p.write(&q); s != "" && s != p.Form.Default {
			v.Set(p.Name, s)
		}
	}
	return v
}

// String is q as the query part of a URL, parameters in alphabetical order.
func (q Query) String() string { return q.Values().Encode() }

// String is the price as the cost parameter has it, empty of none.
func (p *Price) String() string {
	switch {
	case p == nil:
		return ""
	case p.Free:
		return "free"
	}
	return Number(p.Most)
}

// String is the box as the bbox parameter has it, empty of none.
func (b *Box) String() string {
	if b == nil {
		return ""
	}
	return strings.Join([]string{Number(b.West), Number(b.South), Number(b.East), Number(b.North)}, ",")
}

// Number writes f as short as it can be read back.
func Number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// Fingerprint is a number that two questions share only by rare chance. What
// only says how the answer is shown is left out: two pages of one search have
// the same.
func (q *Query) Fingerprint() uint32 {
	h := hashing(fnvOffset)
	for i := range parameters {
		p := &parameters[i]
		switch {
		case p.view:
		case p.Choice != nil:
			for _, alternatives := range *p.Choice.Of(q) {
				h.number(uint64(i) + 1)
				for _, id := range alternatives {
					h.text(id)
				}
			}
		case p.hash != nil:
			if p.set(q) {
				h.number(uint64(i) + 1)
				p.hash(q, &h)
			}
		default:
			if s := p.write(q); s != "" && s != p.Form.Default {
				h.number(uint64(i) + 1)
				h.text(s)
			}
		}
	}
	return uint32(h ^ h>>32)
}

// hashing is a hash by FNV-1a on its way.
type hashing uint64

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func (h *hashing) text(s string) {
	for i := range len(s) {
		*h = (*h ^ hashing(s[i])) * fnvPrime
	}
	h.number(uint64(len(s)))
}

func (h *hashing) number(n uint64) {
	for ; n > 0; n >>= 8 {
		*h = (*h ^ hashing(n&0xff)) * fnvPrime
	}
	*h = (*h ^ 0x1ff) * fnvPrime
}

// Has reports whether any group of choices names id.
func Has(choices []AnyOf, id string) bool {
	for _, alternatives := range choices {
		for _, have := range alternatives {
			if have == id {
				return true
			}
		}
	}
	return false
}

// finite reports whether f is an ordinary number.
func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// Say is the text in the language that q asks for; a missing Welsh one falls
// back to English.
func (q *Query) Say(english, welsh string) string {
	if q.Lang == "cy" && welsh != "" {
		return welsh
	}
	return english
}

// AsksNothing reports whether q asks for everything, in whatever order.
func (q *Query) AsksNothing() bool {
	for i := range parameters {
		p := &parameters[i]
		switch {
		case p.view || p.Name == "sort" || p.Name == "words":
		case p.isSet(q):
			return false
		}
	}
	return true
}
