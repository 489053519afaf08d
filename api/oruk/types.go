package oruk

// The types below are the JSON of Open Referral UK 3.0, with some fields of HSDS
// 3.0 that the UK profile drops and its consumers ignore. No field is ever null:
// what is not known is left out. Every ID and reference is a UUID, dates are
// YYYY-MM-DD, times of day HH:MM in Europe/London.

// Details is the root document: the version, and where it is described.
type Details struct {
	Version    string `json:"version"`
	Profile    string `json:"profile"`
	OpenAPIURL string `json:"openapi_url"`
}

// Page is one page of a list. All eight members are always present; Size counts
// the entities in this page.
type Page[T any] struct {
	TotalItems int  `json:"total_items"`
	TotalPages int  `json:"total_pages"`
	PageNumber int  `json:"page_number"`
	Size       int  `json:"size"`
	FirstPage  bool `json:"first_page"`
	LastPage   bool `json:"last_page"`
	Empty      bool `json:"empty"`
	Contents   []T  `json:"contents"`
}

// Service is an activity. Its id is the activity's.
type Service struct {
	ID             string `json:"id"`
	OrganizationID string `json:"organization_id,omitempty"`
	Name           string `json:"name"`
	AlternateName  string `json:"alternate_name,omitempty"`
	Summary        string `json:"summary,omitempty"`
	Description    string `json:"description,omitempty"`
	URL            string `json:"url,omitempty"`
	Email          string `json:"email,omitempty"`
	// Status is active, inactive (all its dates are past) or temporarily
	// closed (in a pause of its schedule).
	Status                 string `json:"status"`
	ApplicationProcess     string `json:"application_process,omitempty"`
	FeesDescription        string `json:"fees_description,omitempty"`
	EligibilityDescription string `json:"eligibility_description,omitempty"`
	AdditionalInformation  string `json:"additional_information,omitempty"`
	// MinimumAge and MaximumAge are in years.
	MinimumAge *int `json:"minimum_age,omitempty"`
	MaximumAge *int `json:"maximum_age,omitempty"`
	// AssuredDate is the day the listing was last confirmed as true.
	AssuredDate string `json:"assured_date,omitempty"`
	// Alert names the sessions of the next four weeks that are cancelled,
	// moved or full, and a pause that runs now.
	Alert string `json:"alert,omitempty"`
	// LastModified is RFC 3339 in UTC with milliseconds.
	LastModified       string              `json:"last_modified,omitempty"`
	Schedules          []Schedule          `json:"schedules,omitempty"`
	ServiceAreas       []ServiceArea       `json:"service_areas,omitempty"`
	ServiceAtLocations []ServiceAtLocation `json:"service_at_locations,omitempty"`
	Languages          []Language          `json:"languages,omitempty"`
	CostOptions        []CostOption        `json:"cost_options,omitempty"`
	Contacts           []Contact           `json:"contacts,omitempty"`
	Phones             []Phone             `json:"phones,omitempty"`
	Organization       *Organization       `json:"organization,omitempty"`
	Attributes         []Attribute         `json:"attributes,omitempty"`
}

// Organization is a group. Its id is the group's.
type Organization struct {
	ID            string       `json:"id"`
	Name          string       `json:"name"`
	AlternateName string       `json:"alternate_name,omitempty"`
	Description   string       `json:"description"`
	Email         string       `json:"email,omitempty"`
	Website       string       `json:"website,omitempty"`
	Identifiers   []Identifier `json:"organization_identifiers,omitempty"`
	Attributes    []Attribute  `json:"attributes,omitempty"`
	Services      []Service    `json:"services,omitempty"`
}

// Identifier is a number of an organization in a register.
type Identifier struct {
	ID               string `json:"id"`
	OrganizationID   string `json:"organization_id"`
	IdentifierScheme string `json:"identifier_scheme,omitempty"`
	IdentifierType   string `json:"identifier_type"`
	Identifier       string `json:"identifier"`
}

// ServiceAtLocation is one place, real or virtual, of an activity.
type ServiceAtLocation struct {
	ID         string   `json:"id"`
	ServiceID  string   `json:"service_id"`
	LocationID string   `json:"location_id"`
	Location   Location `json:"location"`
	Service    *Service `json:"service,omitempty"`
}

// Location is a venue, or a virtual place: online, or the telephone.
type Location struct {
	ID string `json:"id"`
	// LocationType is physical or virtual.
	LocationType           string          `json:"location_type"`
	Name                   string          `json:"name,omitempty"`
	Description            string          `json:"description,omitempty"`
	Transportation         string          `json:"transportation,omitempty"`
	URL                    string          `json:"url,omitempty"`
	Latitude               *float64        `json:"latitude,omitempty"`
	Longitude              *float64        `json:"longitude,omitempty"`
	ExternalIdentifier     string          `json:"external_identifier,omitempty"`
	ExternalIdentifierType string          `json:"external_identifier_type,omitempty"`
	Addresses              []Address       `json:"addresses,omitempty"`
	Accessibility          []Accessibility `json:"accessibility,omitempty"`
}

// Address is a postal address in the United Kingdom.
type Address struct {
	ID            string `json:"id"`
	LocationID    string `json:"location_id"`
	Address1      string `json:"address_1"`
	City          string `json:"city"`
	Region        string `json:"region,omitempty"`
	StateProvince string `json:"state_province"`
	PostalCode    string `json:"postal_code"`
	Country       string `json:"country"`
	AddressType   string `json:"address_type"`
}

// Accessibility is a listing's answer about one access feature: yes or no.
type Accessibility struct {
	ID            string `json:"id"`
	LocationID    string `json:"location_id"`
	Description   string `json:"description"`
	Details       string `json:"details,omitempty"`
	Accessibility string `json:"accessibility"`
}

// Schedule is one row of when an activity takes place: a rule with its first and
// last date, one dated session, or only text.
type Schedule struct {
	ID            string `json:"id"`
	ServiceID     string `json:"service_id"`
	ValidFrom     string `json:"valid_from,omitempty"`
	ValidTo       string `json:"valid_to,omitempty"`
	DTStart       string `json:"dtstart,omitempty"`
	Freq          string `json:"freq,omitempty"`
	Interval      int    `json:"interval,omitempty"`
	Count         int    `json:"count,omitempty"`
	ByDay         string `json:"byday,omitempty"`
	Description   string `json:"description,omitempty"`
	OpensAt       string `json:"opens_at,omitempty"`
	ClosesAt      string `json:"closes_at,omitempty"`
	AttendingType string `json:"attending_type,omitempty"`
	Notes         string `json:"notes,omitempty"`
}

// ServiceArea is a part of the country that an activity is for.
type ServiceArea struct {
	ID          string `json:"id"`
	ServiceID   string `json:"service_id"`
	Name        string `json:"name"`
	ServiceArea string `json:"service_area"`
	URI         string `json:"uri,omitempty"`
}

// Language is a spoken language; Code is ISO 639.
type Language struct {
	ID        string `json:"id"`
	ServiceID string `json:"service_id"`
	Name      string `json:"name"`
	Code      string `json:"code"`
}

// CostOption is a price in pounds sterling.
type CostOption struct {
	ID                string   `json:"id"`
	ServiceID         string   `json:"service_id"`
	Option            string   `json:"option"`
	Amount            *float64 `json:"amount,omitempty"`
	AmountDescription string   `json:"amount_description,omitempty"`
	Currency          string   `json:"currency,omitempty"`
}

// Contact is a public contact.
type Contact struct {
	ID        string  `json:"id"`
	ServiceID string  `json:"service_id,omitempty"`
	Name      string  `json:"name,omitempty"`
	Title     string  `json:"title,omitempty"`
	Email     string  `json:"email,omitempty"`
	Phones    []Phone `json:"phones,omitempty"`
}

// Phone is a public telephone number.
type Phone struct {
	ID          string `json:"id"`
	Number      string `json:"number"`
	Description string `json:"description,omitempty"`
}

// Attribute classifies a service or an organization by a term of a taxonomy.
// Value holds the note of the listing's answer.
type Attribute struct {
	ID             string       `json:"id"`
	LinkID         string       `json:"link_id"`
	TaxonomyTermID string       `json:"taxonomy_term_id"`
	LinkType       string       `json:"link_type"`
	LinkEntity     string       `json:"link_entity"`
	Value          string       `json:"value,omitempty"`
	TaxonomyTerm   TaxonomyTerm `json:"taxonomy_term"`
}

// Taxonomy is one of the directory's closed lists, or its interests. Only a
// single taxonomy has Terms, not one in a list.
type Taxonomy struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	Description string         `json:"description"`
	URI         string         `json:"uri,omitempty"`
	Terms       []TaxonomyTerm `json:"taxonomy_terms,omitempty"`
}

// TaxonomyTerm is one value of a Taxonomy. Code is its id in the directory's own
// API.
type TaxonomyTerm struct {
	ID          string `json:"id"`
	Code        string `json:"code"`
	Name        string `json:"name"`
	Description string `json:"description"`
	ParentID    string `json:"parent_id,omitempty"`
	Taxonomy    string `json:"taxonomy"`
	TaxonomyID  string `json:"taxonomy_id"`
	TermURI     string `json:"term_uri,omitempty"`
}
