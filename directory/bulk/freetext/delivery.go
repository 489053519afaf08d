package freetext

import (
	"regexp"
	"strings"
)

// gathering are words for what people do together, or are given.
const gathering = `(?:groups?|class(?:es)?|sessions?|courses?|meetings?|meet[- ]?ups?|workshops?|events?|choirs?|clubs?|drop-?ins?|chats?|programmes?|counselling|therapy|lessons?|quiz(?:zes)?|caf[eé]s?|community|communities|coffee mornings?|talks?|peer support|befriending|yoga|pilates|exercises?)`

const platform = `(?:zoom|(?:ms |microsoft )?teams|skype|google meet|webex|video[- ]?(?:calls?|link|conferenc\w+))`

var (
	// onlineSense are the ways in which a text says that people take part
	// online. That something online stands in it ("book online") says nothing.
	onlineSense = []*regexp.Regexp{
		regexp.MustCompile(`\b(?:on|via|over|through|using|by|with) ` + platform + `\b`),
		regexp.MustCompile(`\b(?:on-?line|virtual|remote|zoom|video)(?: (?:[a-z']+[ -]){0,2}| )` + gathering + `\b`),
		regexp.MustCompile(`\b` + gathering + ` (?:is |are |takes? place |held |run |delivered |meets? |all )*(?:on-?line|virtually|remotely|via the internet)\b`),
		regexp.MustCompile(`\b(?:held|meets?|meeting|takes? place|delivered|taught|hosted|run|attend|take part|join (?:us|in)) (?:both |entirely |fully |only |weekly )?(?:on-?line|virtually|remotely|over the internet)\b`),
		regexp.MustCompile(`\bwebinars?\b`),
		regexp.MustCompile(`\((?:on-?line|virtual|zoom|via zoom|on zoom)\)|[-–—:|] ?(?:on-?line|virtual|zoom)$|^(?:on-?line|virtual|zoom) ?[-–—:|]`),
	}
	// otherOnline are words that stand between "online" and a word for a
	// gathering where the gathering itself is not online, or before it.
	otherOnline = regexp.MustCompile(`\b(?:book|books|booking|bookings|register|registration|form|forms|safety|safe|banking|shopping|shop|skills|tickets?|payments?|pay|for|about|to|before|our|your|not|no longer|get|getting|go|going|find|see)\b`)
	phoneSense  = []*regexp.Regexp{
		regexp.MustCompile(`\b(?:tele)?phone[- ](?:befriending|support|counselling|advice|group|groups|friendship|chats?|service|sessions?|appointments?)\b`),
		regexp.MustCompile(`\b(?:befriending|support|counselling|chats?|conversations?|advice|sessions?|therapy|friendship|listening)(?: [a-z]+){0,3} (?:by|over the|on the|via) (?:tele)?phone\b`),
		regexp.MustCompile(`\b(?:weekly|regular|friendly|daily) (?:tele)?phone calls?\b`),
		regexp.MustCompile(`\b(?:an?|free|free,|confidential|national|24[- ]hour|dedicated) (?:[a-z]+ )?(?:help-?line|support line|advice line|listening line)\b`),
	}
	phoneTitle = regexp.MustCompile(`\b(?:help-?line|(?:support|advice|listening|crisis|information|care|friendship|silver|tea|chat) line)\b`)
)

// SaysOnline reports whether a title or a text says in plain words that people
// take part online: "on Zoom", "online group". It is false where the word only
// stands somewhere, as in "book online" or "get online".
func SaysOnline(texts ...string) bool {
	return says(onlineSense, texts)
}

// SaysByPhone reports whether a title or a text says that people take part by
// telephone: "telephone befriending", a helpline. A number to ring says nothing.
func SaysByPhone(title string, texts ...string) bool {
	return phoneTitle.MatchString(strings.ToLower(Line(title))) || says(phoneSense, append(texts, title))
}

// says reports whether one of the texts has one of these senses, of something
// that people take part in.
func says(senses []*regexp.Regexp, texts []string) bool {
	for _, text := range texts {
		text = strings.ToLower(Line(text))
		for _, sense := range senses {
			for _, at := range sense.FindAllStringIndex(text, -1) {
				before := text[:at[0]]
				before = before[strings.LastIndexAny(before, ".!?;")+1:]
				words := strings.Fields(before)
				near := strings.Join(words[max(0, len(words)-2):], " ")
				if !otherOnline.MatchString(text[at[0]:at[1]]) && !otherOnline.MatchString(near) {
					return true
				}
			}
		}
	}
	return false
}
