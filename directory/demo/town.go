package demo

// The telephone numbers are in ranges that Ofcom reserves for drama:
// 0161 496 0000 to 0999 and 01632 960000 to 960999.

// town is a real town; its groups and the names of its venues are invented.
// The postcodes exist, so that distances and buses are right, and belong to
// public places, so that none is of somebody's home.
type town struct {
	key, name string
	nation    string
	district  string // GSS code
	outcodes  []string
	phone     string // a drama number without its last three digits
	stop      string
	groups    []group
	venues    []venue
}

// group is an invented group of a town, with the themes of the activities it runs.
type group struct {
	name, nameCy, kind, about string
	themes                    []theme
	postcode                  string
}

// venue is an invented building or park at a real postcode. yes and no are the
// access features it states that it has and lacks.
type venue struct {
	spot             spot
	name, street     string
	locality         string
	postcode         string
	metres           int // distance to the stop
	yes, no          []string
	parking          string
	routeYes, litYes bool
}

// towns returns the three towns of the demonstration.
func towns() []town {
	return []town{trafford(), calder(), aberystwyth()}
}

func trafford() town {
	return town{
		key: "trafford", name: "Sale", nation: "en", district: "E08000009", outcodes: []string{"M33", "WA14", "WA15", "M41", "M32"},
		phone: "0161 496 0", stop: "station",
		groups: []group{
			{"Bridgewater Friends", "", "charity", "Company and good food in Sale and Altrincham.", []theme{social}, "M33 7ZF"},
			{"Meadow Lane Makers", "", "community-group", "People who make, mend and sing.", []theme{making}, "WA14 1AH"},
			{"Trafford Movers", "", "sport", "Sport for people who had given it up.", []theme{active}, "M33 2AL"},
			{"Stepping Stones Trafford", "", "health", "Support run with people who have been through it.", []theme{support}, "M41 0NA"},
			{"Five Roads Family Hub", "", "council", "Play and support for families.", []theme{family}, "M31 4FY"},
			{"Sale and District Learners", "", "education", "Learning for its own sake.", []theme{learning}, "WA15 7XR"},
			{"Mersey Bank Growers", "", "social-enterprise", "Gardens, paths and riverbanks.", []theme{outdoors}, "M33 6WL"},
			{"Northern Lines", "", "charity", "Volunteers at the end of a phone.", []theme{remote}, "M32 0TH"},
		},
		venues: []venue{
			{hall, "Canalside Hall", "Wharf Street", "", "M33 7ZF", 250, []string{"step-free", "accessible-toilet", "hearing-loop", "blue-badge-parking"}, nil, "Pay and display opposite; two Blue Badge bays at the door", true, true},
			{hall, "The Old Tannery Rooms", "Barrow Row", "Altrincham", "WA14 1AH", 400, []string{"lift", "accessible-toilet", "near-bus-stop"}, []string{"blue-badge-parking"}, "", true, true},
			{hall, "Beech Road Community Hall", "Beech Road", "Timperley", "WA15 7LU", 650, []string{"ramp", "wide-doors"}, []string{"hearing-loop"}, "Free, 20 spaces", false, false},
			{library, "The Reading Rooms", "Tatton Walk", "", "M33 7XE", 180, []string{"step-free", "lift", "accessible-toilet", "near-bus-stop", "gender-neutral-toilet"}, nil, "", true, true},
			{library, "Coppice Corner Library", "Coppice Lane", "", "M33 4ND", 700, []string{"step-free", "toilet-nearby"}, []string{"lift"}, "On the street", false, true},
			{library, "Urmston Reading Room", "Crofts Lane", "Urmston", "M41 0NA", 300, []string{"step-free", "hearing-loop", "accessible-toilet"}, nil, "", true, true},
			{park, "Ashfield Park, main gate", "Ashton Lane", "", "M33 6WL", 500, []string{"toilet-nearby", "step-free-route"}, nil, "Car park by the bowling green", true, false},
			{park, "Stamford Green bandstand", "Stamford Road", "Altrincham", "WA15 9EN", 600, []string{"near-bus-stop"}, []string{"accessible-toilet"}, "", false, false},
			{park, "Longmeadow Park pavilion", "Meadow Road", "Stretford", "M32 8QD", 350, []string{"step-free", "accessible-toilet", "drop-off-point"}, nil, "Free", true, true},
			{leisure, "Broad Lane Leisure Centre", "Broad Lane", "", "M33 2AL", 220, []string{"step-free", "accessible-toilet", "accessible-changing-room", "blue-badge-parking", "changing-places"}, nil, "Free for three hours", true, true},
			{leisure, "Oakfield Sports Hall", "Oakfield Lane", "Altrincham", "WA15 8EW", 450, []string{"lift", "accessible-changing-room", "medical-support"}, []string{"changing-places"}, "", true, true},
			{leisure, "Partington Sports Barn", "Chapel Way", "Partington", "M31 4ES", 150, []string{"step-free", "wide-doors", "near-bus-stop"}, nil, "Free", true, false},
			{cafe, "The Blue Teapot", "School Row", "", "M33 7SG", 260, []string{"gender-neutral-toilet"}, []string{"step-free", "accessible-toilet"}, "", true, true},
			{cafe, "Market Hall Kitchen", "Greenwood Yard", "Altrincham", "WA14 1PF", 300, []string{"step-free", "accessible-toilet"}, []string{"quiet-space"}, "", true, true},
			{church, "St Werburgh's Rooms", "Church Green", "", "M33 3SL", 800, []string{"ramp", "hearing-loop", "accessible-toilet", "drop-off-point"}, nil, "Twelve spaces, two of them wide", false, true},
			{church, "Hale Road Chapel", "Hale Mews", "Hale", "WA15 9NT", 350, []string{"step-free", "seats-with-backs"}, []string{"lift"}, "", true, true},
			{workshop, "Unit 9, Lock Keeper's Yard", "Towpath Way", "", "M33 5BP", 900, []string{"step-free", "medical-support"}, []string{"hearing-loop"}, "Yard parking", false, false},
		},
	}
}

func calder() town {
	return town{
		key: "calder", name: "Hebden Bridge", nation: "en", district: "E08000033", outcodes: []string{"HX7", "OL14"},
		phone: "01632 960", stop: "railway station",
		groups: []group{
			{"Bridge and Beck Neighbours", "", "community-group", "Neighbours of the upper valley.", []theme{social}, "HX7 6AD"},
			{"Valley Handmade", "", "social-enterprise", "Workshops, choirs and mending.", []theme{making}, "HX7 8AD"},
			{"Calder Steps", "", "sport", "Moving more, on the flat and on the hills.", []theme{active}, "OL14 5AA"},
			{"The Listening Mill", "", "charity", "Wellbeing support in the upper valley.", []theme{support}, "OL14 5DD"},
			{"Tod Families Together", "", "charity", "From bump to youth club.", []theme{family}, "OL14 5AJ"},
			{"Upper Valley u3a and Learners", "", "education", "Study groups, languages and help with phones.", []theme{learning}, "HX7 7BY"},
			{"Hedge and Clough", "", "community-group", "Trees, paths, allotments.", []theme{outdoors}, "HX7 5LH"},
			{"Ring Round Calderdale", "", "faith", "Volunteers of several faiths who visit and telephone.", []theme{remote}, "HX7 5DT"},
		},
		venues: []venue{
			{hall, "Weavers' Hall", "Valley Road", "", "HX7 7BY", 600, []string{"step-free", "lift", "accessible-toilet", "hearing-loop"}, nil, "", true, true},
			{hall, "Fustian Rooms", "Mill Steps", "", "HX7 8AD", 450, []string{"near-bus-stop"}, []string{"step-free", "lift", "accessible-toilet"}, "Steep; better on foot", false, true},
			{hall, "Bobbin House", "Halifax Road", "Todmorden", "OL14 5AJ", 350, []string{"ramp", "accessible-toilet", "wide-doors"}, nil, "Behind the building", true, true},
			{library, "Valley Library", "Cheetham Row", "", "HX7 6AA", 500, []string{"step-free", "toilet-nearby", "hearing-loop"}, nil, "", true, true},
			{library, "Todmorden Reading Room", "Strand Street", "Todmorden", "OL14 7LA", 200, []string{"step-free", "accessible-toilet", "gender-neutral-toilet", "lift"}, nil, "", true, true},
			{park, "Calder Meadows, stone gate", "Mayroyd Lane", "", "HX7 8BP", 300, []string{"step-free-route", "toilet-nearby", "near-bus-stop"}, nil, "Station car park", true, false},
			{park, "Cloughside Allotments", "Burnley Road", "Mytholmroyd", "HX7 5LH", 400, nil, []string{"step-free-route"}, "", false, false},
			{park, "Centre Green bandstand", "Burnley Road", "Todmorden", "OL14 7DL", 550, []string{"drop-off-point", "accessible-toilet"}, nil, "Free", true, true},
			{leisure, "Todmorden Pool and Gym", "Ewood Row", "Todmorden", "OL14 5AA", 450, []string{"step-free", "accessible-changing-room", "accessible-toilet", "blue-badge-parking"}, []string{"changing-places"}, "Free", true, true},
			{leisure, "Mytholm Sports Hall", "Thrush Hill", "Mytholmroyd", "HX7 5DT", 250, []string{"step-free", "medical-support"}, nil, "", false, true},
			{cafe, "The Packhorse Table", "Old Gate Row", "", "HX7 8EQ", 500, []string{"gender-neutral-toilet"}, []string{"accessible-toilet"}, "", true, true},
			{cafe, "Incredible Pantry", "Market Yard", "Todmorden", "OL14 5AQ", 180, []string{"step-free", "near-bus-stop"}, nil, "", true, true},
			{church, "Hope Street Chapel Rooms", "Hope Row", "", "HX7 8JD", 650, []string{"ramp", "hearing-loop", "quiet-space"}, nil, "Two spaces, ask", true, true},
			{church, "St Aidan's Upper Room", "Rochdale Road", "Todmorden", "OL14 7LA", 400, []string{"seats-with-backs"}, []string{"step-free", "lift"}, "", false, true},
			{workshop, "The Old Tram Shed", "Luddenden Lane", "", "HX7 6JE", 700, []string{"step-free", "adapted-equipment"}, nil, "Yard", true, false},
		},
	}
}

func aberystwyth() town {
	return town{
		key: "aberystwyth", name: "Aberystwyth", nation: "cy", district: "W06000008", outcodes: []string{"SY23", "SY24"},
		phone: "01632 960", stop: "bus station",
		groups: []group{
			{"Ffrindiau'r Prom", "Ffrindiau'r Prom", "charity", "Company by the sea, in Welsh and English.", []theme{social, remote}, "SY23 2BJ"},
			{"Gwneud a Thrwsio", "Gwneud a Thrwsio", "social-enterprise", "Making, mending and singing.", []theme{making}, "SY23 1DE"},
			{"Ceredigion on the Move", "Ceredigion ar Symud", "sport", "Movement for every body.", []theme{active}, "SY23 3TL"},
			{"Y Llyw: Support in Ceredigion", "Y Llyw: Cymorth yng Ngheredigion", "charity", "Support run by people who have needed it.", []theme{support}, "SY23 2EB"},
			{"Teuluoedd Rheidol", "Teuluoedd Rheidol", "council", "Play and help for families.", []theme{family}, "SY23 1RU"},
			{"Dysgu Gyda'n Gilydd", "Dysgu Gyda'n Gilydd", "education", "Talks, languages and books.", []theme{learning}, "SY23 3DE"},
			{"Gwyrddni Bro Borth", "Gwyrddni Bro Borth", "other", "Beaches, bogs and gardens.", []theme{outdoors}, "SY24 5NW"},
		},
		venues: []venue{
			{hall, "Neuadd y Môr", "Queen's Row", "", "SY23 2EB", 700, []string{"step-free", "lift", "accessible-toilet", "hearing-loop"}, nil, "", true, true},
			{hall, "Neuadd Pen y Bont", "High Street", "Borth", "SY24 5JY", 300, []string{"ramp", "wide-doors"}, []string{"hearing-loop"}, "On the sea front", false, false},
			{library, "Llyfrgell y Sgwâr", "Corporation Row", "", "SY23 2BN", 350, []string{"step-free", "lift", "accessible-toilet", "near-bus-stop"}, nil, "", true, true},
			{park, "Parc y Castell, lower gate", "New Promenade", "", "SY23 1DE", 600, []string{"step-free-route", "toilet-nearby"}, nil, "On the promenade", true, true},
			{park, "Gardd Penparcau", "Penparcau Road", "Penparcau", "SY23 1RU", 200, []string{"near-bus-stop"}, []string{"accessible-toilet"}, "", false, false},
			{leisure, "Canolfan y Ddôl Las", "Park Avenue", "", "SY23 1PD", 400, []string{"step-free", "accessible-toilet", "accessible-changing-room", "blue-badge-parking", "changing-places"}, nil, "Free", true, true},
			{cafe, "Caffi'r Wylan", "Terrace Lane", "", "SY23 2AX", 500, []string{"gender-neutral-toilet"}, []string{"step-free"}, "", true, true},
			{church, "Festri Seion", "Baker Row", "", "SY23 2BJ", 300, []string{"ramp", "hearing-loop", "quiet-space"}, nil, "", true, true},
			{workshop, "Sied y Rheilffordd", "Station Yard", "Llanbadarn Fawr", "SY23 3TL", 850, []string{"step-free", "medical-support"}, nil, "Yard", true, false},
		},
	}
}
