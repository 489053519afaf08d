package match

import "gather/search/language"

// Every number by which results are ordered stands here, with its reason. They
// were chosen by hand, then moved to where the searches of testdata/relevance
// that are not set aside came out best, and left where a change made little
// difference.

// The weights of the parts of a score; they add up to 1. What was asked in
// words counts most: somebody who asks for badminton wants badminton, even a
// mile further. Then comes the way there, which decides whether people go
// again. The rest parts what is otherwise alike.
const (
	weightWords   = 0.55
	weightNear    = 0.22
	weightTrust   = 0.08
	weightMadeFor = 0.07
	weightFirst   = 0.05
	weightSoon    = 0.03
)

const (
	// weightSuggested comes on top for what answers the filters that the words
	// suggest: who writes "for men" or "on Tuesday" hopes for it.
	weightSuggested = 0.12
	// impliedOpen and impliedAnyAge are what it is worth that a listing is open to
	// all where one made for somebody is suggested, and that it names no ages
	// where an age is.
	impliedOpen   = 0.4
	impliedAnyAge = 0.7
	// weak is the share of the best listing's worth in words below which a
	// listing hardly has the words: it has one of three, in passing. In a local
	// search, what is remote and does have them comes before it.
	weak = 0.3
	// weightChildren is taken off what only children may come to, where the
	// question says nothing of children: who asks is nearly always grown up, or
	// asks for somebody who is.
	weightChildren = 0.1
	// adultAge is where children's groups end, to the listings.
	adultAge = 18
)

const (
	// halfNear is the share of the distance searched over which nearness
	// halves: a 1-mile search is about walking, a 20-mile search about driving.
	halfNear = 0.33
	// nearArea is the nearness of what takes place somewhere in the area asked
	// from: of a venue half of the distance away, among what has no venue near.
	nearArea = 0.35
	// boxHalfMiles is the same, in miles, where a box is searched.
	boxHalfMiles = 2
	// halfSoon is over how many days "soon" halves: what is on next week is
	// nearly as good as what is on tomorrow.
	halfSoon = 14
	// enoughFirstFacts is how many facts make a first visit well described.
	enoughFirstFacts = 8
)

// rerankDepth is how many of the best by the first pass are reranked: some pages,
// which is further than people read.
const rerankDepth = 200

// What a word scores in the first pass by the best place where it stands: titles are written to be found, and labels chosen from a list.
const (
	roughText   = 1
	roughLabels = 1.5
	roughTitle  = 2
)

// PartWeights are how many mentions in the body one mention in a part is worth.
// Titles are written to be found; labels are chosen from a list, and other
// words for them by us; a summary says what it is about; a venue's name says
// nothing of what goes on there.
var PartWeights = [language.PartEnd]float32{
	language.PartTitle: 5, language.PartLabels: 3, language.PartOthers: 1.5, language.PartBroader: 1, language.PartGroup: 1.5, language.PartSummary: 2.5, language.PartVenue: 1, language.PartWelsh: 2, language.PartBody: 1,
}

// usualLengths are the stems that a part usually has: in a longer one a mention
// says less.
var usualLengths = [language.PartEnd]float32{
	language.PartTitle: 3, language.PartLabels: 4, language.PartOthers: 12, language.PartBroader: 6, language.PartGroup: 3, language.PartSummary: 8, language.PartVenue: 5, language.PartWelsh: 40, language.PartBody: 60,
}

const (
	// lengthMatters is how much the length of a part does, from 0 to 1. Less
	// than is usual for pages: listings are short, and long ones are thorough
	// more often than padded.
	lengthMatters = 0.3
	// Saturation is the weight of mentions at which a word has half its worth:
	// a second mention adds less than the first.
	Saturation = 1.5
	// samePart and scattered are what the stems of a phrase are worth that do
	// not stand as one, in the same part of a listing and in different ones.
	samePart  = 0.4
	scattered = 0.15
	// weightAll is how much of the worth of all words goes by whether all are
	// there: who types three words wants all three.
	weightAll = 0.35
	// The shares of a word's worth that come on top where it follows the one
	// before it, at once, near, or the other way round.
	besideInOrder = 0.4
	nearInOrder   = 0.3
	nearReversed  = 0.2
	// farApart is within how many stems words are near each other.
	farApart = 5
	// weightNamed and weightGroupNamed come on top, as shares of the worth of
	// all words, where the title, or the name of the group, is just what was
	// typed: who types a name wants that one.
	weightNamed      = 0.8
	weightGroupNamed = 0.5
	// copiedOften is in how many listings of one group a piece of text, or a
	// label, stands when it is about the group; copiedWeight is what it still
	// counts for.
	copiedOften  = 3
	copiedWeight = 0.25
	// avoidedWeight is what the words still count for in a listing that has
	// what is related to what is not wanted: a church's, for who wants nothing
	// religious.
	avoidedWeight = 0.4
	// weightOneNamed is the share of weightNamed where one word was typed: that
	// is a thing more often than a name.
	weightOneNamed = 0.3
)

const (
	// minRepair is the fewest letters of a word that is corrected: any three letters
	// are one edit from half a dozen words.
	minRepair = 4
	// minRepairTwice is the fewest letters of one that may have two errors.
	minRepairTwice = 8
	// maxRepair is the most letters of a word that is corrected: only pasted text has
	// longer ones.
	maxRepair = 30
	// maxRepairs is how many words an unknown one may be taken for.
	maxRepairs = 3
	// A word that at most rareWord listings have may be one that their
	// publishers misspelt too: a word one edit away that usualTimes as many
	// have is searched for beside it.
	rareWord   = 3
	usualTimes = 5
)

const (
	// repairWeight keeps what was guessed below what was typed.
	repairWeight = 0.6
	// joinWeight is what two words written as one, or one as two, are worth
	// beside those typed: hardly a guess.
	joinWeight = 0.9
)
