package search

import (
	"math"
	"slices"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// The parameters that a facet leaves out of account, as bits: a listing that
// fails only one of them still counts for its facet. What no facet leaves out
// fails for good.
const (
	failed = 1 << iota
	failedInterest
	failedAccess
	failedFirst
	failedSessions
	failedCost
	failedFor
	failedDelivery
	failedLanguage
)

// filter is all of a question but its words, as columns are asked.
type filter struct {
	box        *plotBox
	circle     *circle // nil: from nowhere, or a box is searched instead
	here       directory.Position
	placed     bool
	catchments []string // the catchments that somebody there lives in

	interest [][]uint64 // any of these bits, each
	// interestIDs are the same as numbers.
	interestIDs [][]uint16
	access      []uint64
	unknown     bool
	first       []uint64
	commitment  []uint32 // bits
	audience    []uint64
	languages   [][]bool // by number of languages
	ways        []uint32
	goesThere   bool // nothing but going to a venue will do
	places      bool
	group       uint64
	grouped     bool
	age         int
	aged        bool
	cost        float64
	priced      bool
	size        uint16
	checked     int64 // Unix milliseconds
	tests       []sessionTest
	span        span
	window      window
	others      bool // there is something to ask hard about

	tables *tables
}

// compiler turns questions asked from one place at one moment into filters.
type compiler struct {
	vocabulary *vocabulary.Vocabulary
	ordinals   *ordinals
	tables     *tables
	place      *directory.Location // nil: from nowhere
	now        time.Time
}

// filter is all of q but its words. The error is a *directory.Invalid when the
// dates reach too far.
func (c compiler) filter(q Query) (*filter, error) {
	f := &filter{tables: c.tables, unknown: q.AccessUnknown, places: q.PlacesNow}
	if q.Box != nil {
		f.box = newPlotBox(*q.Box)
	}
	if c.place != nil && q.Near != "" {
		f.here, f.placed, f.catchments = c.place.Position, true, catchmentsOf(c.place)
		if q.Box == nil {
			f.circle = newCircle(f.here, q.Miles())
		}
	}
	for _, alternatives := range q.Interest {
		bits := make([]uint64, len(c.ordinals.rolled)/64+1)
		var ids []uint16
		for _, id := range alternatives {
			if n, ok := c.ordinals.interest[id]; ok {
				bits[n/64] |= 1 << (n % 64)
				ids = append(ids, n)
			}
		}
		f.interest, f.interestIDs = append(f.interest, bits), append(f.interestIDs, ids)
	}
	for _, alternatives := range q.Access {
		f.access = append(f.access, bitsOf(c.ordinals.access, alternatives))
	}
	for _, alternatives := range q.FirstVisit {
		f.first = append(f.first, bitsOf(c.ordinals.first, alternatives))
	}
	for _, alternatives := range q.Commitment {
		f.commitment = append(f.commitment, uint32(bitsOf(c.ordinals.commitment, alternatives)))
	}
	for _, alternatives := range q.For {
		f.audience = append(f.audience, bitsOf(c.ordinals.audience, c.belongsTo(alternatives)))
	}
	for _, alternatives := range q.Language {
		f.languages = append(f.languages, c.languages(alternatives))
	}
	asked := uint32(0)
	for _, alternatives := range q.Delivery {
		f.ways = append(f.ways, waysOf(alternatives))
		asked |= waysOf(alternatives)
	}
	f.goesThere = asked == flagVenueWay
	if q.Group != "" {
		f.group, f.grouped = groupKey(q.Group), true
	}
	if q.Age != nil {
		f.age, f.aged = *q.Age, true
	}
	if q.Cost != nil {
		f.cost, f.priced = q.Cost.Most, true
	}
	f.size = uint16(min(q.GroupMax, math.MaxUint16))
	f.checked = math.MinInt64
	if q.CheckedMonths > 0 {
		f.checked = c.now.AddDate(0, -q.CheckedMonths, 0).Unix() * 1000
	}
	f.others = f.places || f.grouped || f.aged || f.size > 0 || q.CheckedMonths > 0 || f.commitment != nil
	return f, c.sessions(f, q)
}

// sessions adds the tests of sessions: each alternative of days with each of
// times, one session for both and for the dates.
func (c compiler) sessions(f *filter, q Query) error {
	w, err := newWindow(q.From, q.To, c.now)
	if err != nil {
		if datesAsked(q) {
			return err
		}
		return nil
	}
	f.window, f.span = w, newSpan(w)
	if !datesAsked(q) {
		return nil
	}
	for _, days := range orAny(q.Day) {
		for _, clocks := range orAny(q.Time) {
			f.tests = append(f.tests, sessionTest{c.weekdays(days), c.clocks(clocks), len(clocks) == 0})
		}
	}
	return nil
}

// languages says of each number of languages whether one of any is among them.
// Where no language is stated, it is English.
func (c compiler) languages(alternatives AnyOf) []bool {
	fits := make([]bool, len(c.tables.languages))
	for n, spoken := range c.tables.languages {
		fits[n] = len(spoken) == 0 && slices.Contains(alternatives, "en") ||
			slices.ContainsFunc(spoken, func(l string) bool { return slices.Contains(alternatives, l) })
	}
	return fits
}

func waysOf(alternatives AnyOf) (ways uint32) {
	for i, way := range allWays {
		if slices.Contains(alternatives, way) {
			ways |= flagVenueWay << i
		}
	}
	return ways
}

// catchmentsOf are the catchments that cover a place by name.
func catchmentsOf(place *directory.Location) []string {
	var terms []string
	if place.Outcode != "" {
		terms = append(terms, "outcode "+place.Outcode)
	}
	if place.District != "" {
		terms = append(terms, "district "+place.District)
	}
	return terms
}

// belongsTo are audiences, and the wider ones that somebody of those belongs
// to: who is over 65 is over 50.
func (c compiler) belongsTo(alternatives AnyOf) AnyOf { return belongsTo(c.vocabulary, alternatives) }

// weekdays are the days of the week that any names, as bits from Monday on;
// all without names.
func (c compiler) weekdays(alternatives AnyOf) (days uint8) {
	for i, d := range c.ordinals.list(vocabulary.Day) {
		if len(alternatives) == 0 || slices.Contains(alternatives, d.ID) {
			days |= 1 << i
		}
	}
	return days
}

func (c compiler) clocks(alternatives AnyOf) []clockRange {
	if len(alternatives) == 0 {
		return []clockRange{wholeDay}
	}
	return timesOfDay(alternatives, c.vocabulary)
}

// datesAsked reports whether q asks about sessions at all.
func datesAsked(q Query) bool {
	return len(q.Day) > 0 || len(q.Time) > 0 || q.From != "" || q.To != ""
}

// orAny is choices, or one group that leaves all open.
func orAny(choices []AnyOf) []AnyOf {
	if len(choices) == 0 {
		return []AnyOf{nil}
	}
	return choices
}

// near reports whether row i of c is near enough to go there.
func (f *filter) near(c *columns, i int) bool {
	switch {
	case f.circle != nil:
		return c.flags[i]&flagVenue != 0 && f.circle.holds(c.lat[i], c.lon[i])
	case f.box != nil:
		return c.flags[i]&flagVenue != 0 && f.box.holds(c.lat[i], c.lon[i])
	}
	return true
}

// fails are the parameters that row i of c fails. One of those in alone may;
// once another fails, the answer has failed in it and the rest is not looked at.
func (f *filter) fails(c *columns, i int, near bool, alone uint32) (fails uint32) {
	if !near && (f.box != nil || c.flags[i]&flagsRemote == 0) || f.others && f.failsOthers(c, i) {
		return failed
	}
	if f.access != nil && !f.hasAccess(c, i) {
		if fails = failedAccess; alone&failedAccess == 0 {
			return failed
		}
	}
	if f.priced && !(c.price[i] <= f.cost) {
		if alone&failedCost == 0 || fails != 0 {
			return failed
		}
		fails = failedCost
	}
	if f.interest != nil && !f.hasInterest(c, i) {
		if alone&failedInterest == 0 || fails != 0 {
			return failed
		}
		fails = failedInterest
	}
	if f.first != nil && !anyOfEach(f.first, c.firstYes[i]) {
		if alone&failedFirst == 0 || fails != 0 {
			return failed
		}
		fails = failedFirst
	}
	if f.audience != nil && c.flags[i]&flagOpen == 0 && !anyOfEach(f.audience, c.madeFor[i]) {
		if alone&failedFor == 0 || fails != 0 {
			return failed
		}
		fails = failedFor
	}
	if f.languages != nil && !f.speaks(c, i) {
		if alone&failedLanguage == 0 || fails != 0 {
			return failed
		}
		fails = failedLanguage
	}
	if f.ways != nil && !f.delivers(c, i, near) {
		if alone&failedDelivery == 0 || fails != 0 {
			return failed
		}
		fails = failedDelivery
	}
	if f.tests != nil && !f.meets(c, i) {
		if alone&failedSessions == 0 || fails != 0 {
			return failed
		}
		fails = failedSessions
	}
	if f.placed && c.lives[i] != anyone && !f.tables.catchments[c.lives[i]].covers(f.here, f.catchments) {
		return failed
	}
	return fails
}

// failsOthers reports whether a row fails what no facet leaves out.
func (f *filter) failsOthers(c *columns, i int) bool {
	switch {
	case f.places && c.flags[i]&flagPlacesNow == 0,
		f.grouped && c.group[i] != f.group,
		f.aged && (f.age < int(c.minAge[i]) || f.age > int(c.maxAge[i])),
		f.size > 0 && (c.size[i] == 0 || c.size[i] > f.size),
		c.checked[i] < f.checked:
		return true
	}
	for _, alternatives := range f.commitment {
		if at := c.flags[i] >> commitmentShift & 7; at == 0 || alternatives>>(at-1)&1 == 0 {
			return true
		}
	}
	return false
}

func anyOfEach(each []uint64, have uint64) bool {
	for _, alternatives := range each {
		if alternatives&have == 0 {
			return false
		}
	}
	return true
}

func (f *filter) hasAccess(c *columns, i int) bool {
	if !f.unknown {
		return anyOfEach(f.access, c.accessYes[i])
	}
	return f.mayHaveAccess(c, i)
}

// mayHaveAccess reports whether row i says yes, or at least not no, to what is
// asked for.
func (f *filter) mayHaveAccess(c *columns, i int) bool {
	for _, alternatives := range f.access {
		if alternatives&^c.accessNo[i] == 0 {
			return false
		}
	}
	return true
}

func (f *filter) hasInterest(c *columns, i int) bool {
	for _, bits := range f.interest {
		found := uint64(0)
		for _, n := range c.interestsOf(i) {
			found |= bits[n/64] >> (n % 64)
		}
		if found&1 == 0 {
			return false
		}
	}
	return true
}

func (f *filter) speaks(c *columns, i int) bool {
	for _, fits := range f.languages {
		if !fits[c.language[i]] {
			return false
		}
	}
	return true
}

// delivers reports whether one can take part in the ways asked for: a venue must
// be near, not far away and online too.
func (f *filter) delivers(c *columns, i int, near bool) bool {
	all := uint32(0)
	for _, alternatives := range f.ways {
		if c.flags[i]&alternatives == 0 {
			return false
		}
		all |= alternatives
	}
	return f.circle == nil || near && all&flagVenueWay != 0 || c.flags[i]&all&flagsRemote != 0
}

func (f *filter) meets(c *columns, i int) bool {
	for k := range f.tests {
		t := &f.tests[k]
		if c.weekdays[i]&t.days == 0 || !t.fits(c.sessionsOf(i), f.span) {
			return false
		}
	}
	return true
}
