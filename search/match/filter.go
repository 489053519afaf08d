package match

import (
	"math"
	"slices"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/calendar"
	"gather/search/segment"
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
	failedChoice // and those of the other choices, see choiceTest

	// unstatedOnly is set where a listing fails nothing but what it does not say
	// of what may be asked about: see filter.fails.
	unstatedOnly = 1 << 31
)

// choiceTest is what is asked of a choice that is matched by its ids alone.
type choiceTest struct {
	bits  *segment.ChoiceBits
	fails uint32   // the bit of failing it
	masks []uint64 // one bit of each
	// may is true where a listing that states none is counted as one to ask.
	may bool
}

// failsChoice is the bit of failing the n-th choice of Ordinals.Choices.
func failsChoice(n int) uint32 { return failedChoice << n }

// filter is all of a query but its words, compiled for columns.
type filter struct {
	box        *plotBox
	circle     *circle // nil: from nowhere, or a box is searched instead
	here       directory.Position
	placed     bool
	catchments []string // the catchments that somebody there lives in
	areas      []bool   // by number of area: it holds here; nil where none does

	interest [][]uint64 // any of these bits, each
	// interestIDs are the same as numbers.
	interestIDs [][]uint16
	access      []uint64
	unknown     bool
	first       []uint64
	choices     []choiceTest
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
	tests       []calendar.SessionTest
	span        calendar.Span
	window      calendar.Window
	others      bool // failsOthers has something to test

	tables *segment.Tables
}

// Compiler compiles queries that are asked from one place at one moment.
type Compiler struct {
	Vocabulary *vocabulary.Vocabulary
	Ordinals   *segment.Ordinals
	tables     *segment.Tables
	Place      *directory.Location // nil: from nowhere
	Now        time.Time
}

// filter compiles all of q but its words. The error is a *directory.Invalid when the
// dates reach too far.
func (c *Compiler) filter(q *search.Query) (*filter, error) {
	f := &filter{tables: c.tables, unknown: q.AccessUnknown, places: q.PlacesNow}
	if q.Box != nil {
		f.box = newPlotBox(*q.Box)
	}
	if c.Place != nil && q.Near != "" {
		f.here, f.placed, f.catchments = c.Place.Position, true, segment.TermsOf(c.Place)
		if q.Box == nil {
			f.circle = newCircle(f.here, q.Miles())
			f.areas = areasOf(c.tables.Areas, f.catchments)
		}
	}
	for _, alternatives := range q.Interest {
		bits := make([]uint64, len(c.Ordinals.Rolled)/64+1)
		var ids []uint16
		for _, id := range alternatives {
			if n, ok := c.Ordinals.Interest[id]; ok {
				bits[n/64] |= 1 << (n % 64)
				ids = append(ids, n)
			}
		}
		f.interest, f.interestIDs = append(f.interest, bits), append(f.interestIDs, ids)
	}
	for _, alternatives := range q.Access {
		f.access = append(f.access, segment.BitsOf(c.Ordinals.Access, alternatives))
	}
	for _, alternatives := range q.FirstVisit {
		f.first = append(f.first, segment.BitsOf(c.Ordinals.First, alternatives))
	}
	for n := range c.Ordinals.Choices {
		f.addChoice(&c.Ordinals.Choices[n], n, q)
	}
	for _, alternatives := range q.For {
		f.audience = append(f.audience, segment.BitsOf(c.Ordinals.Audience, c.BelongsTo(alternatives)))
	}
	for _, alternatives := range q.Language {
		f.languages = append(f.languages, c.languages(alternatives))
	}
	asked := uint32(0)
	for _, alternatives := range q.Delivery {
		f.ways = append(f.ways, waysOf(alternatives))
		asked |= waysOf(alternatives)
	}
	f.goesThere = asked == segment.FlagVenueWay
	if q.Group != "" {
		f.group, f.grouped = segment.GroupKey(q.Group), true
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
		f.checked = c.Now.AddDate(0, -q.CheckedMonths, 0).Unix() * 1000
	}
	f.others = f.places || f.grouped || f.aged || f.size > 0 || q.CheckedMonths > 0
	return f, c.sessions(f, q)
}

// addChoice adds the test of the n-th choice, if q asks for it.
func (f *filter) addChoice(bits *segment.ChoiceBits, n int, q *search.Query) {
	asked := *bits.Choice.Of(q)
	if len(asked) == 0 {
		return
	}
	t := choiceTest{bits: bits, fails: failsChoice(n), may: bits.Choice.Asked}
	for _, alternatives := range asked {
		t.masks = append(t.masks, bits.Of(alternatives))
	}
	f.choices = append(f.choices, t)
}

// sessions adds the tests of sessions: each group of days with each group of
// times, because one session has to fit both, and the dates.
func (c *Compiler) sessions(f *filter, q *search.Query) error {
	w, err := calendar.NewWindow(q.From, q.To, c.Now)
	if err != nil {
		if DatesAsked(q) {
			return err
		}
		return nil
	}
	f.window, f.span = w, calendar.NewSpan(w)
	if !DatesAsked(q) {
		return nil
	}
	for _, days := range OrAny(q.Day) {
		for _, clocks := range OrAny(q.Time) {
			f.tests = append(f.tests, calendar.NewSessionTest(c.Weekdays(days), c.Clocks(clocks)))
		}
	}
	return nil
}

// languages are the entries of Tables.Languages that have one of the
// alternatives. Where no language is stated, it is English.
func (c *Compiler) languages(alternatives search.AnyOf) []bool {
	fits := make([]bool, len(c.tables.Languages))
	for n, spoken := range c.tables.Languages {
		fits[n] = len(spoken) == 0 && slices.Contains(alternatives, "en") ||
			slices.ContainsFunc(spoken, func(l string) bool { return slices.Contains(alternatives, l) })
	}
	return fits
}

func waysOf(alternatives search.AnyOf) (ways uint32) {
	for i, way := range segment.AllWays {
		if slices.Contains(alternatives, way) {
			ways |= segment.FlagVenueWay << i
		}
	}
	return ways
}

// areasOf says of each area whether it has one of the terms; nil where none has.
func areasOf(areas []segment.Area, terms []string) (holds []bool) {
	for n := range areas {
		if slices.ContainsFunc(areas[n].Terms, func(term string) bool { return slices.Contains(terms, term) }) {
			if holds == nil {
				holds = make([]bool, len(areas))
			}
			holds[n] = true
		}
	}
	return holds
}

// BelongsTo are audiences and the wider ones that they belong to: over-65s are
// over-50s.
func (c *Compiler) BelongsTo(alternatives search.AnyOf) search.AnyOf {
	return segment.BelongsTo(c.Vocabulary, alternatives)
}

// Weekdays are the named days of the week as bits from Monday on, all of them
// where none is named.
func (c *Compiler) Weekdays(alternatives search.AnyOf) (days uint8) {
	for i, d := range c.Ordinals.List(vocabulary.Day) {
		if len(alternatives) == 0 || slices.Contains(alternatives, d.ID) {
			days |= 1 << i
		}
	}
	return days
}

// Clocks are the times of day that the alternatives name, the whole day where
// there are none.
func (c *Compiler) Clocks(alternatives search.AnyOf) []calendar.ClockRange {
	if len(alternatives) == 0 {
		return []calendar.ClockRange{calendar.WholeDay}
	}
	return calendar.TimesOfDay(alternatives, c.Vocabulary)
}

// DatesAsked reports whether q asks about days, times or dates.
func DatesAsked(q *search.Query) bool {
	return len(q.Day) > 0 || len(q.Time) > 0 || q.From != "" || q.To != ""
}

// OrAny is choices, or one empty group where there are none.
func OrAny(choices []search.AnyOf) []search.AnyOf {
	if len(choices) == 0 {
		return []search.AnyOf{nil}
	}
	return choices
}

// near reports whether the venue of row i of c lies in the circle or box, or
// somewhere in an area that the middle of the circle lies in.
func (f *filter) near(c *segment.Columns, i int) bool {
	switch {
	case f.circle != nil:
		if c.Flags[i]&segment.FlagVenue == 0 {
			return f.areas != nil && f.areas[c.Area[i]]
		}
		return f.circle.holds(c.Lat[i], c.Lon[i])
	case f.box != nil:
		return c.Flags[i]&segment.FlagVenue != 0 && f.box.holds(c.Lat[i], c.Lon[i])
	}
	return true
}

// fails are the parameters that row i of c fails. One of those in alone may, or
// any number of those that a listing may be asked about and says nothing of: then
// unstatedOnly is set. Once another fails, the answer has failed in it and the
// rest is not looked at.
func (f *filter) fails(c *segment.Columns, i int, near bool, alone uint32) (fails uint32) {
	if !near && (f.box != nil || c.Flags[i]&segment.FlagsRemote == 0) || f.others && f.failsOthers(c, i) {
		return failed
	}
	unstated := true // so far
	if f.access != nil && !f.hasAccess(c, i) {
		unstated = !f.unknown && f.mayHaveAccess(c, i)
		if fails = failedAccess; !unstated && alone&failedAccess == 0 {
			return failed
		}
	}
	if f.priced && !(c.Price[i] <= f.cost) {
		if alone&failedCost == 0 || fails != 0 {
			return failed
		}
		fails, unstated = failedCost, false
	}
	if f.interest != nil && !f.hasInterest(c, i) {
		if alone&failedInterest == 0 || fails != 0 {
			return failed
		}
		fails, unstated = failedInterest, false
	}
	if f.first != nil && !anyOfEach(f.first, c.FirstYes[i]) {
		if alone&failedFirst == 0 || fails != 0 {
			return failed
		}
		fails, unstated = failedFirst, false
	}
	if f.audience != nil && c.Flags[i]&segment.FlagOpen == 0 && !anyOfEach(f.audience, c.MadeFor[i]) {
		if alone&failedFor == 0 || fails != 0 {
			return failed
		}
		fails, unstated = failedFor, false
	}
	if f.languages != nil && !f.speaks(c, i) {
		if alone&failedLanguage == 0 || fails != 0 {
			return failed
		}
		fails, unstated = failedLanguage, false
	}
	if f.ways != nil && !f.delivers(c, i, near) {
		if alone&failedDelivery == 0 || fails != 0 {
			return failed
		}
		fails, unstated = failedDelivery, false
	}
	if f.tests != nil && !f.meets(c, i) {
		if alone&failedSessions == 0 || fails != 0 {
			return failed
		}
		fails, unstated = failedSessions, false
	}
	if f.choices != nil {
		if fails, unstated = f.choose(c, i, alone, fails, unstated); fails&failed != 0 {
			return failed
		}
	}
	if f.placed && c.Lives[i] != segment.Anyone && !f.tables.Catchments[c.Lives[i]].Covers(f.here, f.catchments) {
		return failed
	}
	if fails != 0 && unstated {
		fails |= unstatedOnly
	}
	return fails
}

// choose adds to what row i of c fails the choices that it does not have.
func (f *filter) choose(c *segment.Columns, i int, alone, fails uint32, unstated bool) (uint32, bool) {
	for k := range f.choices {
		t := &f.choices[k]
		if anyOfEach(t.masks, c.Choices[i]) {
			continue
		}
		may := t.may && c.Choices[i]&t.bits.Unstated != 0
		switch {
		case fails == 0 && (may || alone&t.fails != 0), fails != 0 && unstated && may:
			fails, unstated = fails|t.fails, unstated && may
		default:
			return failed, false
		}
	}
	return fails, unstated
}

// failsOthers reports whether a row fails a parameter that has no facet.
func (f *filter) failsOthers(c *segment.Columns, i int) bool {
	switch {
	case f.places && c.Flags[i]&segment.FlagPlacesNow == 0,
		f.grouped && c.Group[i] != f.group,
		f.aged && (f.age < int(c.MinAge[i]) || f.age > int(c.MaxAge[i])),
		f.size > 0 && (c.Size[i] == 0 || c.Size[i] > f.size),
		c.Checked[i] < f.checked:
		return true
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

func (f *filter) hasAccess(c *segment.Columns, i int) bool {
	if !f.unknown {
		return anyOfEach(f.access, c.AccessYes[i])
	}
	return f.mayHaveAccess(c, i)
}

// mayHaveAccess reports whether row i denies none of the access groups asked for
// as a whole.
func (f *filter) mayHaveAccess(c *segment.Columns, i int) bool {
	for _, alternatives := range f.access {
		if alternatives&^c.AccessNo[i] == 0 {
			return false
		}
	}
	return true
}

func (f *filter) hasInterest(c *segment.Columns, i int) bool {
	for _, bits := range f.interest {
		found := uint64(0)
		for _, n := range c.InterestsOf(i) {
			found |= bits[n/64] >> (n % 64)
		}
		if found&1 == 0 {
			return false
		}
	}
	return true
}

func (f *filter) speaks(c *segment.Columns, i int) bool {
	for _, fits := range f.languages {
		if !fits[c.Language[i]] {
			return false
		}
	}
	return true
}

// delivers reports whether one can take part in the ways asked for. A venue only
// counts where it is near.
func (f *filter) delivers(c *segment.Columns, i int, near bool) bool {
	all := uint32(0)
	for _, alternatives := range f.ways {
		if c.Flags[i]&alternatives == 0 {
			return false
		}
		all |= alternatives
	}
	return f.circle == nil || near && all&segment.FlagVenueWay != 0 || c.Flags[i]&all&segment.FlagsRemote != 0
}

func (f *filter) meets(c *segment.Columns, i int) bool {
	for k := range f.tests {
		t := &f.tests[k]
		if c.Weekdays[i]&t.Days == 0 || !t.Fits(c.SessionsOf(i), f.span) {
			return false
		}
	}
	return true
}
