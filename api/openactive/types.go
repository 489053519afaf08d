package openactive

// context is the JSON-LD context of every object. The beta contexts are not
// used: validators would have to fetch them.
const context = "https://openactive.io/"

// SessionSeries is an activity with its regular times.
type SessionSeries struct {
	Context                  string        `json:"@context"`
	Type                     string        `json:"@type"`
	ID                       string        `json:"@id"`
	Identifier               string        `json:"identifier"`
	Name                     string        `json:"name"`
	Description              string        `json:"description,omitempty"`
	URL                      string        `json:"url"`
	Activity                 []Concept     `json:"activity"`
	Category                 []string      `json:"category,omitempty"`
	Organizer                Organization  `json:"organizer"`
	Location                 Place         `json:"location"`
	Offers                   []Offer       `json:"offers"`
	IsAccessibleForFree      bool          `json:"isAccessibleForFree,omitempty"`
	EventAttendanceMode      string        `json:"eventAttendanceMode"`
	EventSchedule            []Schedule    `json:"eventSchedule"`
	SchedulingNote           string        `json:"schedulingNote,omitempty"`
	AgeRange                 *AgeRange     `json:"ageRange,omitempty"`
	GenderRestriction        string        `json:"genderRestriction"`
	AccessibilitySupport     []Concept     `json:"accessibilitySupport,omitempty"`
	AccessibilityInformation string        `json:"accessibilityInformation,omitempty"`
	AttendeeInstructions     string        `json:"attendeeInstructions,omitempty"`
	MaximumAttendeeCapacity  int           `json:"maximumAttendeeCapacity,omitempty"`
	Image                    []ImageObject `json:"image,omitempty"`
}

// ScheduledSession is one dated session of the SessionSeries with the id
// SuperEvent. Its dates have London's offset from UTC.
type ScheduledSession struct {
	Context                   string `json:"@context"`
	Type                      string `json:"@type"`
	ID                        string `json:"@id"`
	Identifier                string `json:"identifier"`
	SuperEvent                string `json:"superEvent"`
	URL                       string `json:"url"`
	StartDate                 string `json:"startDate"`
	EndDate                   string `json:"endDate,omitempty"`
	Duration                  string `json:"duration,omitempty"`
	EventStatus               string `json:"eventStatus"`
	MaximumAttendeeCapacity   int    `json:"maximumAttendeeCapacity,omitempty"`
	RemainingAttendeeCapacity *int   `json:"remainingAttendeeCapacity,omitempty"`
}

// Concept is a term of one of OpenActive's lists.
type Concept struct {
	Type      string `json:"@type"`
	ID        string `json:"@id"`
	PrefLabel string `json:"prefLabel"`
	InScheme  string `json:"inScheme"`
}

// Organization is the group that runs an activity.
type Organization struct {
	Type string `json:"@type"`
	ID   string `json:"@id"`
	Name string `json:"name"`
}

// Place is a venue, with an address, a position or both.
type Place struct {
	Type    string          `json:"@type"`
	ID      string          `json:"@id"`
	Name    string          `json:"name"`
	Address *PostalAddress  `json:"address,omitempty"`
	Geo     *GeoCoordinates `json:"geo,omitempty"`
}

// PostalAddress is a complete address; an incomplete one is left out.
type PostalAddress struct {
	Type            string `json:"@type"`
	StreetAddress   string `json:"streetAddress"`
	AddressLocality string `json:"addressLocality"`
	AddressRegion   string `json:"addressRegion"`
	PostalCode      string `json:"postalCode"`
	AddressCountry  string `json:"addressCountry"`
}

// GeoCoordinates are WGS84 degrees.
type GeoCoordinates struct {
	Type      string  `json:"@type"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Offer is a price in pounds sterling; free is 0, without a currency.
type Offer struct {
	Type          string  `json:"@type"`
	Name          string  `json:"name"`
	Price         float64 `json:"price"`
	PriceCurrency string  `json:"priceCurrency,omitempty"`
	Description   string  `json:"description,omitempty"`
}

// AgeRange is in years, both ends included.
type AgeRange struct {
	Type     string `json:"@type"`
	MinValue *int   `json:"minValue,omitempty"`
	MaxValue *int   `json:"maxValue,omitempty"`
}

// ImageObject is a picture.
type ImageObject struct {
	Type string `json:"@type"`
	URL  string `json:"url"`
}

// Schedule is a regular time, or a single date, in London's time. It is a
// PartialSchedule if its end is open.
type Schedule struct {
	Type               string   `json:"@type"`
	ScheduledEventType string   `json:"scheduledEventType,omitempty"`
	StartDate          string   `json:"startDate,omitempty"`
	EndDate            string   `json:"endDate,omitempty"`
	StartTime          string   `json:"startTime"`
	EndTime            string   `json:"endTime,omitempty"`
	Duration           string   `json:"duration,omitempty"`
	RepeatFrequency    string   `json:"repeatFrequency"`
	RepeatCount        int      `json:"repeatCount,omitempty"`
	ByDay              []string `json:"byDay,omitempty"`
	ExceptDate         []string `json:"exceptDate,omitempty"`
	ScheduleTimezone   string   `json:"scheduleTimezone"`
	IDTemplate         string   `json:"idTemplate,omitempty"`
}
