package directory

// Venue is where an activity takes place.
type Venue struct {
	// Name of the building or meeting point, at most 120 characters.
	Name    string  `json:"name,omitempty" example:"St Mary's Hall"`
	Address Address `json:"address"`
	// Position is given where the postcode's middle is not good enough (a
	// park gate); otherwise it is found from the postcode.
	Position *Position `json:"position,omitempty"`
	// Area is given where no more is known of where it takes place than the
	// area: instead of the postcode and the position.
	Area         *VenueArea    `json:"area,omitempty"`
	GettingThere *GettingThere `json:"getting_there,omitempty"`
}

// Address is a postal address. Each line is at most 120 characters.
type Address struct {
	Street   string `json:"street,omitempty" example:"12 Church Road"`
	Locality string `json:"locality,omitempty"`
	Town     string `json:"town,omitempty" example:"Sale"`
	County   string `json:"county,omitempty"`
	// Postcode is a full UK postcode; needed unless the position or the area
	// is given.
	Postcode string `json:"postcode,omitempty" example:"M33 7DB"`
}

// GettingThere says how to reach a venue. Not stated is not no.
type GettingThere struct {
	// Stop names the nearest bus, tram or railway stop, and StopMetres how
	// far it is on foot, in metres, at most 20,000.
	Stop       string `json:"stop,omitempty" example:"Sale Metrolink"`
	StopMetres int    `json:"stop_metres,omitempty" example:"200"`
	// StepFreeRoute, CommunityTransport and LitAfterDark are yes, no or absent.
	StepFreeRoute      string `json:"step_free_route,omitempty" enums:"yes,no"`
	CommunityTransport string `json:"community_transport,omitempty" enums:"yes,no"`
	LitAfterDark       string `json:"lit_after_dark,omitempty" enums:"yes,no"`
	// Parking and Note are at most 500 characters each.
	Parking string `json:"parking,omitempty"`
	Note    string `json:"note,omitempty"`
}
