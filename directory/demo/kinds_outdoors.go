package demo

// outdoorKinds are gardening, conservation and other activities out of doors.
func outdoorKinds() []kind {
	return []kind{
		{
			key: "allotment", theme: outdoors, titles: []string{"Shared Allotment", "Raised Beds for Everyone"}, titleCy: "Rhandir ar y Cyd",
			summary: "Dig a bit, sit a bit, take home some beans.", summaryCy: "Palu ychydig, eistedd ychydig, mynd â ffa adref.",
			about:     "Six plots worked together, with beds at table height and a shed with a stove. In winter we mend tools and plan. What grows is shared out by whoever is there.",
			expect:    "Gloves and boots are in the shed. {host} gives you one small job next to somebody, and shows you the kettle and the compost toilet.",
			interests: []string{"allotment", "therapeutic-gardening"}, where: []spot{park}, times: []string{"week wed,sat 10:00 13:00", "week fri 10:00 12:30"},
			cost: free(), made: []string{"mental-health", "long-term-conditions"}, structure: "side-by-side", talk: "low", energy: "moderate", bound: "drop-in", group: [2]int{8, 15},
			facts: []string{"side-by-side", "no-need-to-share", "miss-weeks", "join-any-time", "buddy", "food-provided"}, access: []string{"adapted-equipment", "seated-option", "support-worker-welcome"}, noAccess: []string{"accessible-toilet", "accessible-changing-room"}, how: []string{"drop-in", "book"}, refer: []string{"self", "link-worker"},
		},
		{
			key: "conservation", theme: outdoors, titles: []string{"Friends of the Woods Work Party", "River Cleaners"}, titleCy: "Diwrnod Gwaith y Goedwig",
			summary: "Coppicing, path-mending and soup on an open fire.", summaryCy: "Prysgoedio, trwsio llwybrau a chawl ar dân agored.",
			about:     "Tools, training and gloves provided; strength is not needed, there is always somebody to make the soup. Deep in winter we still go out, for less long.",
			expect:    "Meet at the gate. There is a talk about tools, then people work in twos and threes.",
			interests: []string{"conservation-volunteering", "nature-and-outdoors"}, where: []spot{park}, times: []string{"2week sun 10:00 14:00", "month 3 sat 10:00 13:00"},
			cost: free(), ages: [2]int{12, 0}, structure: "doing-together", talk: "low", energy: "active", bound: "drop-in", group: [2]int{15, 30},
			facts: []string{"side-by-side", "no-forms", "children-welcome", "food-provided", "dogs-welcome"}, noAccess: []string{"step-free", "wheelchair-space", "toilet-nearby", "blue-badge-parking"}, how: []string{"drop-in"},
			after: "Chainsaw and first-aid courses are paid for after a year.",
		},
		{
			key: "birdwatching", theme: outdoors, titles: []string{"Birdwatching for Beginners", "Dawn Chorus and Breakfast"}, titleCy: "Gwylio Adar i Ddechreuwyr",
			summary: "Binoculars lent, silence encouraged.", summaryCy: "Benthyg ysbienddrych, anogir tawelwch.",
			about:     "A slow mile with stops. Two sit in the hide all morning for those who would rather the birds came to them.",
			expect:    "You are lent binoculars and stood next to somebody who likes being asked.",
			interests: []string{"bird-watching"}, where: []spot{park}, times: []string{"month 1 sun 09:00 11:00", "dates +6 06:00 08:30;+34 06:00 08:30"},
			cost: plus(donation(3), "Breakfast", 4, true), structure: "side-by-side", talk: "low", energy: "gentle", bound: "drop-in", group: [2]int{9, 14},
			facts: []string{"side-by-side", "no-need-to-share", "join-any-time"}, access: []string{"low-sensory", "step-free-route"}, how: []string{"drop-in"},
		},
		{
			key: "community-garden", theme: outdoors, titles: []string{"Community Garden Open Morning", "Grow Your Own Club"}, titleCy: "Gardd Gymunedol",
			summary: "A walled garden, a polytunnel and plenty of weeds.", summaryCy: "Gardd furiog, twnnel polythen a digon o chwyn.",
			about:     "Sowing, weeding, and a kitchen where the last hour is lunch. Wide level paths; a bench every ten steps.",
			expect:    "There is a board with jobs marked easy, middling and hard. Put your name by one or sit under the pear tree.",
			interests: []string{"community-garden", "growing-project"}, where: []spot{park}, times: []string{"week tue 10:00 13:00", "week thu 14:00 16:30"}, season: "12-20 01-10",
			cost: free(), structure: "doing-together", talk: "some", energy: "gentle", bound: "drop-in", group: [2]int{12, 20},
			facts: []string{"food-provided", "join-any-time", "companion-welcome", "dogs-welcome", "children-welcome"}, access: []string{"wide-doors", "wheelchair-space", "dementia-friendly", "drop-off-point"}, how: []string{"drop-in"},
		},
		{
			key: "litter-pick", theme: outdoors, titles: []string{"Saturday Litter Pick", "Canal and Beach Clean"}, titleCy: "Casglu Sbwriel",
			summary: "An hour with a grabber, then chips.", summaryCy: "Awr gyda chodwr sbwriel, yna sglodion.",
			about:     "Grabbers, bags and hi-vis are provided. You get to look at the ground, do something useful and have a natural end to every conversation.",
			expect:    "Sign for a grabber, pick a direction, and go with whoever is going that way.",
			interests: []string{"litter-picking"}, where: []spot{park, library}, times: []string{"month 1 sat 10:00 11:30", "2week sat 13:00 14:30"},
			cost: free(), structure: "side-by-side", talk: "low", energy: "moderate", bound: "drop-in", group: [2]int{14, 40},
			facts: []string{"side-by-side", "no-forms", "children-welcome", "dogs-welcome", "miss-weeks"}, how: []string{"drop-in"},
		},
	}
}
