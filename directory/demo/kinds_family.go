package demo

// familyKinds are for children, young people and their parents or carers.
func familyKinds() []kind {
	return []kind{
		{
			key: "stay-and-play", theme: family, titles: []string{"Stay and Play", "Messy Mondays"}, titleCy: "Aros a Chwarae",
			summary: "Toys, songs and a hot drink for whoever brought the child.", summaryCy: "Teganau, caneuon a diod boeth i bwy bynnag ddaeth â'r plentyn.",
			about:     "Under-fives and their grown-ups: mums, dads, grandparents, childminders. A baby corner with mats, and a worker who knows about sleep.",
			expect:    "Prams go under the awning. Somebody will hold the baby while you drink the tea.",
			interests: []string{"toddler-group"}, where: []spot{church, library}, times: []string{"week tue 09:30 11:30", "week mon 13:00 14:30"}, termTime: true,
			cost: plus(pay(2), "Second child", 1, false), made: []string{"parents-and-toddlers", "new-parents", "families"}, ages: [2]int{0, 5}, structure: "mixed", talk: "some", energy: "gentle", bound: "drop-in", group: [2]int{18, 30},
			facts: []string{"children-welcome", "food-provided", "join-any-time", "no-forms"}, noAccess: []string{"quiet-space"}, how: []string{"drop-in"},
		},
		{
			key: "dads", theme: family, titles: []string{"Saturday Dads", "Dads and Little Ones at the Park"}, titleCy: "Tadau Dydd Sadwrn",
			summary: "Bacon sandwiches, dens and dads.", summaryCy: "Brechdanau bacwn, cuddfannau a thadau.",
			about:     "For fathers, grandfathers and father-figures with children up to eight, whether they live with you or you have them at weekends.",
			expect:    "Go straight to the den-building. Talking comes later, over the sandwiches.",
			interests: []string{"dads-group"}, where: []spot{hall, park}, times: []string{"month 1,3 sat 09:30 11:30", "month 2,4 sat 10:00 12:00"},
			cost: free(), made: []string{"men", "families", "single-parents"}, ages: [2]int{0, 8}, structure: "doing-together", talk: "low", energy: "moderate", bound: "drop-in", group: [2]int{12, 20},
			facts: []string{"side-by-side", "children-welcome", "food-provided", "no-need-to-share"}, how: []string{"drop-in"},
		},
		{
			key: "baby-cafe", theme: family, titles: []string{"Baby Feeding Café", "Bumps and Babies"}, titleCy: "Caffi Bwydo Babi",
			summary: "Help with feeding, however you feed, and others awake at four.", summaryCy: "Cymorth gyda bwydo, sut bynnag yr ydych yn bwydo.",
			about:     "Peer supporters and a midwife with scales. Partners and grandmothers come too. Crying is expected, from anybody.",
			expect:    "Sit on the low sofas. A supporter comes to you; you need not get up.",
			interests: []string{"breastfeeding", "new-parents", "pregnancy-and-birth"}, where: []spot{library, cafe}, times: []string{"week thu 10:00 11:30", "week fri 13:00 14:30"},
			cost: free(), made: []string{"new-parents"}, structure: "talk-led", talk: "some", energy: "seated", bound: "drop-in", group: [2]int{8, 14},
			facts: []string{"companion-welcome", "peer-led", "children-welcome", "trained-volunteers"}, access: []string{"toilet-nearby"}, how: []string{"drop-in"}, refer: []string{"self", "professional"},
		},
		{
			key: "send-play", theme: family, titles: []string{"Sensory Saturday", "Short Breaks Club"}, titleCy: "Sadwrn Synhwyraidd",
			summary: "Play for children with additional needs, and their brothers and sisters.", summaryCy: "Chwarae i blant ag anghenion ychwanegol, a'u brodyr a'u chwiorydd.",
			about:     "Trampolines, a dark den, a kitchen table for parents. Nobody stares at a meltdown here. One worker to three children, one to one where it is needed.",
			expect:    "You get photographs of the building and the workers beforehand. Come a quarter of an hour early to see it empty.",
			interests: []string{"send", "sensory-room"}, where: []spot{leisure, hall}, times: []string{"month 2 sat 10:00 12:30", "month 4 sun 10:00 13:00"},
			cost: with(pay(5), 0, "carers"), made: []string{"send", "children", "parent-carers", "autism"}, closed: true, ages: [2]int{4, 16}, structure: "mixed", talk: "low", energy: "moderate", bound: "book-each-time", group: [2]int{15, 24},
			facts: []string{"call-before", "children-welcome", "trained-volunteers", "watch-first"}, access: []string{"changing-places", "low-sensory", "quiet-space", "one-to-one-help", "adapted-equipment", "relaxed-session", "wide-doors"}, how: []string{"book", "waiting-list"},
		},
		{
			key: "youth-club", theme: family, titles: []string{"{town} Youth Night", "Under the Clock Youth Club"}, titleCy: "Noson Ieuenctid",
			summary: "Pool, music, toast and two youth workers who remember your name.", summaryCy: "Pŵl, cerddoriaeth, tost a dau weithiwr ieuenctid sy'n cofio'ch enw.",
			about:     "Ages eleven to seventeen. Phones are fine, fighting is not. The sound desk and the kitchen are run by members.",
			expect:    "Fill in a card with a phone number for home. If you come alone a senior member plays you at pool.",
			interests: []string{"youth-club"}, where: []spot{hall, leisure}, times: []string{"week fri 18:30 21:00", "week wed 18:00 20:30"}, termTime: true,
			cost: pay(1), made: []string{"young-people"}, closed: true, ages: [2]int{11, 17}, structure: "mixed", talk: "some", energy: "moderate", bound: "drop-in", group: [2]int{28, 40},
			facts: []string{"food-provided", "alcohol-free", "buddy", "trained-volunteers"}, access: []string{"gender-neutral-toilet"}, noAccess: []string{"low-sensory"}, how: []string{"drop-in"},
		},
		{
			key: "holiday-club", theme: family, titles: []string{"Holiday Club with Lunch", "Half-term Adventure Days"}, titleCy: "Clwb Gwyliau gyda Chinio",
			summary: "Four days of games, making and a hot lunch in the school holidays.", summaryCy: "Pedwar diwrnod o gemau, creu a chinio poeth yn y gwyliau ysgol.",
			about:     "Free for children who get free school meals, a small charge for others. Swimming on the Wednesday, a coach to the seaside on the Thursday.",
			expect:    "Children are put in a crew of eight with a leader who stays with them all week.",
			interests: []string{"holiday-club"}, where: []spot{leisure, church}, times: []string{"dates +14 09:30 15:00;+15 09:30 15:00;+16 09:30 15:00;+17 09:30 15:00", "dates +21 10:00 15:30;+22 10:00 15:30;+23 10:00 15:30"},
			cost: with(pay(8), 0, "children who get free school meals"), made: []string{"children", "families"}, ages: [2]int{5, 12}, structure: "doing-together", talk: "some", energy: "active", bound: "course", group: [2]int{32, 48},
			facts: []string{"food-provided", "trained-volunteers", "buddy"}, access: []string{"medical-support", "drop-off-point"}, how: []string{"book"}, note: "Only in the school holidays.",
		},
	}
}
