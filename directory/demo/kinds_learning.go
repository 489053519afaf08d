package demo

// learningKinds are lessons, courses, talks and study groups.
func learningKinds() []kind {
	return []kind{
		{
			key: "esol", theme: learning, titles: []string{"English Conversation Table", "ESOL for Beginners"}, titleCy: "Sgwrs Saesneg",
			summary: "Practise English over tea, with somebody to mind the children.", summaryCy: "Ymarfer Saesneg dros baned, gyda gofal plant.",
			about:     "Three tables: a little, some, a lot. Topics are doctors, schools, buses and recipes. We do not ask about papers.",
			expect:    "Point to the table that feels right. There is usually somebody who speaks your language.",
			interests: []string{"esol", "refugee-support"}, where: []spot{library, church}, times: []string{"week mon,wed 10:00 11:30", "week sat 11:00 12:30"}, termTime: true,
			cost: free(), made: []string{"refugees", "asian-communities", "black-communities", "gypsy-roma-traveller"}, structure: "talk-led", talk: "central", energy: "seated", bound: "drop-in", group: [2]int{16, 24},
			facts: []string{"no-forms", "childcare", "children-welcome", "food-provided", "join-any-time"}, access: []string{"interpreter"}, languages: []string{"en", "ar", "uk", "fa", "ur", "ti"}, how: []string{"drop-in"},
		},
		{
			key: "digital", theme: learning, titles: []string{"Tablet and Phone Help", "Get Online at Your Own Pace"}, titleCy: "Cymorth Ffôn a Llechen",
			summary: "Bring the thing that is driving you mad.", summaryCy: "Dewch â'r peth sy'n eich gyrru'n wallgof.",
			about:     "One volunteer, one learner, one hour. Video calls with grandchildren, the NHS app, or how to make it stop beeping. We can lend a tablet with data for six weeks.",
			expect:    "You keep hold of your own device all the time; we only point.",
			interests: []string{"digital", "online-safety"}, where: []spot{library}, times: []string{"week thu 10:00 12:00", "week tue 14:00 16:00"},
			cost: free(), made: []string{"over-65s"}, structure: "doing-together", talk: "some", energy: "seated", bound: "book-each-time", group: [2]int{6, 6},
			facts: []string{"small-group", "companion-welcome", "trained-volunteers"}, access: []string{"one-to-one-help", "large-print", "easy-read", "lift"}, how: []string{"book"},
		},
		{
			key: "welsh", theme: learning, titles: []string{"Learn Welsh over Coffee", "Welsh for Family Historians"}, titleCy: "Paned a Sgwrs",
			summary: "Welsh conversation for learners, kind to mistakes.", summaryCy: "Sgwrs Gymraeg i ddysgwyr, yn garedig wrth gamgymeriadau.",
			about:     "Half an hour of Welsh with a card of useful phrases, half an hour of whatever you can manage. Fluent speakers come to listen slowly.",
			expect:    "You can say only bore da and diolch the first time and still have a good morning.",
			interests: []string{"welsh-conversation", "welsh-learning"}, where: []spot{cafe, library}, times: []string{"week wed 10:30 11:45", "week sat 11:00 12:00"},
			cost: free(), made: []string{"welsh-speakers"}, structure: "talk-led", talk: "central", energy: "seated", bound: "drop-in", group: [2]int{8, 14},
			facts: []string{"watch-first", "join-any-time", "children-welcome"}, languages: []string{"cy", "en"}, how: []string{"drop-in"},
		},
		{
			key: "book-group", theme: learning, titles: []string{"Book Group", "Shared Reading Circle"}, titleCy: "Grŵp Darllen",
			summary: "A story and a poem read aloud; no homework.", summaryCy: "Stori a cherdd yn cael eu darllen yn uchel; dim gwaith cartref.",
			about:     "The text is read to you, so there is nothing to prepare and nothing to have failed to finish. Listening counts as taking part.",
			expect:    "Take a copy or just close your eyes. The reader stops every page or two, and people talk, or not.",
			interests: []string{"reading-group", "shared-reading"}, where: []spot{library}, times: []string{"month -1 wed 14:00 15:30", "week tue 11:00 12:30"},
			cost: free(), structure: "talk-led", talk: "some", energy: "seated", bound: "drop-in", group: [2]int{7, 12},
			facts: []string{"no-need-to-share", "watch-first", "small-group", "miss-weeks"}, access: []string{"large-print", "hearing-loop", "audio-description"}, how: []string{"drop-in"},
		},
		{
			key: "family-history", theme: learning, titles: []string{"Family History Help Desk", "{town} Past and Present"}, titleCy: "Hanes Teulu",
			summary: "Trace a grandmother, or a street, with people who know where to look.", summaryCy: "Olrhain mam-gu, neu stryd, gyda phobl sy'n gwybod ble i edrych.",
			about:     "Library computers with the paid sites open, old maps on the table, and every other month a talk.",
			expect:    "Write down three names and three places; a volunteer sits down with you and starts.",
			interests: []string{"family-history", "local-history"}, where: []spot{library}, times: []string{"month 1 tue 14:00 16:00", "month 3 mon 19:00 20:30"},
			cost: donation(2), structure: "side-by-side", talk: "some", energy: "seated", bound: "drop-in", group: [2]int{10, 25},
			facts: []string{"join-any-time", "no-forms"}, access: []string{"near-bus-stop"}, noAccess: []string{"bsl-interpreter"}, how: []string{"drop-in"},
		},
		{
			key: "job-club", theme: learning, titles: []string{"Job Club", "Back to Work Café"}, titleCy: "Clwb Swyddi",
			summary: "CVs, forms and encouragement, with no link to your benefits.", summaryCy: "CVs, ffurflenni ac anogaeth, heb gyswllt â'ch budd-daliadau.",
			about:     "Two advisers and a room full of people doing the same dull thing, which makes it less dull. Interview clothes on a rail; take what fits.",
			expect:    "Bring anything that has your work history on it, or nothing. You are asked for proof of address if you want a bus pass.",
			interests: []string{"job-help"}, where: []spot{library, hall}, times: []string{"week mon 13:00 15:00", "week thu 14:00 16:00"},
			cost: free(), made: []string{"jobseekers", "young-adults"}, ages: [2]int{16, 0}, structure: "doing-together", talk: "some", energy: "seated", bound: "drop-in", group: [2]int{9, 16},
			facts: []string{"no-need-to-share", "move-on"}, access: []string{"easy-read", "one-to-one-help"}, how: []string{"drop-in", "book"}, refer: []string{"self", "link-worker"},
		},
		{
			key: "quiet-reflection", theme: support, titles: []string{"Quiet Half Hour", "Mindfulness on Mondays"}, titleCy: "Hanner Awr Dawel",
			summary: "Half an hour of shared silence, then tea.", summaryCy: "Hanner awr o dawelwch gyda'n gilydd, yna paned.",
			about:     "Held by people of several faiths and none. A candle, a short reading, silence. On the last week of the month there is a talk about how others pray.",
			expect:    "Come in while the door is propped open. You may keep your coat on and your eyes open.",
			interests: []string{"mindfulness", "prayer-and-reflection"}, where: []spot{church, library}, times: []string{"week sun 18:00 18:45", "week mon 12:30 13:15"},
			cost: free(), made: []string{"faith"}, structure: "side-by-side", talk: "low", energy: "seated", bound: "drop-in", group: [2]int{8, 20},
			facts: []string{"side-by-side", "no-need-to-share", "no-forms"}, access: []string{"low-sensory", "quiet-space", "seats-with-backs"}, how: []string{"drop-in"},
		},
		{
			key: "veterans", theme: support, titles: []string{"Veterans' Breakfast", "Armed Forces Drop-in"}, titleCy: "Brecwast Cyn-filwyr",
			summary: "A fry-up for anybody who has served, and their families.", summaryCy: "Brecwast i unrhyw un sydd wedi gwasanaethu, a'u teuluoedd.",
			about:     "National Service to Afghanistan. A welfare officer from a service charity sits at the end table; you can walk past or sit down.",
			expect:    "Give your service and your nickname at the door, or neither.",
			interests: []string{"veterans"}, where: []spot{cafe, hall}, times: []string{"month 1 sat 09:00 11:00", "month 3 thu 10:00 12:00"},
			cost: with(pay(5), 0, "those who would rather not say"), made: []string{"veterans", "homeless"}, structure: "talk-led", talk: "some", energy: "seated", bound: "drop-in", group: [2]int{18, 30},
			facts: []string{"companion-welcome", "peer-led", "dogs-welcome", "food-provided"}, access: []string{"assistance-dogs", "ramp"}, how: []string{"drop-in"},
		},
	}
}
