package directory

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gather/directory/vocabulary"
)

// The limits of a listing. Each is far above what real files contain, and low
// enough that a listing stays well under MaxDoc.
const (
	maxTitle       = 120
	minTitle       = 3
	maxSummary     = 300
	maxDescription = 5000
	maxWhatExpect  = 2000
	maxNote        = 500
	maxShort       = 300
	maxLine        = 120
	maxInterests   = 10
	maxLanguages   = 20
	maxContacts    = 6
	maxImages      = 10
	maxExternal    = 20
	maxMadeFor     = 12
	maxOutcodes    = 300
	maxDistricts   = 100
	maxExtras      = 10
	maxRepeats     = 20
	maxDates       = 366
	maxPauses      = 40
	maxChanges     = 500
	maxAnswers     = 200
	maxAstray      = 10 // miles from the postcode to a position given with it
)

// details cleans d in place, collects its faults, and returns where it is: the
// venue, or else the middle of its catchment radius, or nil.
func (c *check) details(d *Details) *Location {
	c.line("title", &d.Title, maxTitle)
	if tooShort(d.Title) {
		c.Add("title", "say what the activity is called, in 3 to 120 characters", "is too short")
	}
	c.line("summary", &d.Summary, maxSummary)
	c.text("description", &d.Description, maxDescription)
	c.welsh(d.Welsh)
	c.interests(d.Interests)
	if len(d.Delivery) == 0 {
		c.Add("delivery", `say how one takes part: ["venue"], ["online"], ["phone"], ["home"] or several`, "is missing")
	}
	c.terms("delivery", vocabulary.Delivery, d.Delivery, 4)
	where := c.venue(d)
	c.online(d)
	if centre := c.catchment(d, where); d.Venue == nil {
		where = centre
	}
	c.schedule(d.Schedule)
	c.cost(d.Cost)
	c.audience(d.Audience)
	c.terms("languages", vocabulary.Language, d.Languages, maxLanguages)
	c.answers("access", vocabulary.Access, d.Access)
	c.firstVisit(d.FirstVisit)
	c.joining(d.Joining)
	c.contacts("contacts", d.Contacts)
	c.webAddress("website", &d.Website)
	c.safeguarding(d.Safeguarding)
	c.images(d.Images)
	c.external("external", d.External)
	c.source(d.Source)
	return where
}

func (c *check) welsh(w *Welsh) {
	if w == nil {
		return
	}
	c.line("cy.title", &w.Title, maxTitle)
	c.line("cy.summary", &w.Summary, maxSummary)
	c.text("cy.description", &w.Description, maxDescription)
	c.text("cy.what_to_expect", &w.WhatToExpect, maxWhatExpect)
	c.text("cy.getting_there", &w.GettingThere, maxNote)
	c.text("cy.schedule_note", &w.ScheduleNote, maxNote)
	c.text("cy.cost_note", &w.CostNote, maxNote)
	c.text("cy.joining_note", &w.JoiningNote, maxNote)
}

func (c *check) interests(ids []string) {
	if !c.atMost("interests", len(ids), maxInterests) {
		return
	}
	for i := range ids {
		ids[i] = strings.TrimSpace(ids[i])
		if _, ok := c.words.Interest(ids[i]); ok {
			continue
		}
		fix := "see /v1/vocabularies/interest for the concepts"
		if id, ok := c.words.ByWords(ids[i]); ok {
			fix = "write " + id
		}
		c.Add(nth("interests", i), fix, "%q is not an interest we know", ids[i])
	}
	c.distinct("interests", ids)
}

func (c *check) venue(d *Details) *Location {
	v := d.Venue
	if v == nil {
		if d.Has("venue") {
			c.Add("venue", "give the venue's address with its postcode, or in venue.area the area that it lies in", "is missing, and delivery says there is one")
		}
		return nil
	}
	if !d.Has("venue") {
		c.Add("venue", `add "venue" to delivery, or leave the venue out`, "is given, and delivery does not say there is one")
	}
	c.line("venue.name", &v.Name, maxLine)
	c.line("venue.address.street", &v.Address.Street, maxLine)
	c.line("venue.address.locality", &v.Address.Locality, maxLine)
	c.line("venue.address.town", &v.Address.Town, maxLine)
	c.line("venue.address.county", &v.Address.County, maxLine)
	where := c.postcode("venue.address.postcode", &v.Address.Postcode, v.Position != nil)
	if g := v.GettingThere; g != nil {
		c.line("venue.getting_there.stop", &g.Stop, maxLine)
		c.between("venue.getting_there.stop_metres", g.StopMetres, 0, 20000)
		c.yesNo("venue.getting_there.step_free_route", &g.StepFreeRoute)
		c.yesNo("venue.getting_there.community_transport", &g.CommunityTransport)
		c.yesNo("venue.getting_there.lit_after_dark", &g.LitAfterDark)
		c.text("venue.getting_there.parking", &g.Parking, maxNote)
		c.text("venue.getting_there.note", &g.Note, maxNote)
	}
	switch {
	case v.Area != nil:
		c.area(v.Area)
		if v.Address.Postcode != "" || v.Position != nil {
			c.Add("venue.area", "leave it out, or the postcode and position", "is given, and so is where exactly it is")
		}
		return nil
	case v.Position == nil && v.Address.Postcode == "":
		c.Add("venue.address.postcode", "give the postcode, or venue.position, or in venue.area the area that it lies in", "is missing: nobody near can find this without it")
		return nil
	case v.Position == nil:
		return where
	}
	c.position("venue.position", *v.Position)
	if where != nil && v.Position.InUK() && (where.Precision == PrecisionUnit || where.Precision == PrecisionSector) {
		if miles := where.Miles(*v.Position); miles > maxAstray {
			c.Add("venue.position", "correct the position or the postcode", "is %.0f miles from %s", miles, where.Postcode)
		}
	}
	return c.pointLocation(*v.Position, where)
}

// pointLocation returns the location of a position that was given, with the
// names of the location of its postcode, or else of the nearest place.
func (c *check) pointLocation(p Position, named *Location) *Location {
	loc, ok := c.places.Nearest(p)
	if named != nil {
		loc = *named
	} else if !ok {
		loc = Location{}
	}
	loc.Position, loc.Precision = p, PrecisionPoint
	return &loc
}

func (c *check) online(d *Details) {
	if d.Online == nil {
		return
	}
	if !d.Has("online") {
		c.Add("online", `add "online" to delivery, or leave this out`, "is given, and delivery does not say it is online")
	}
	c.line("online.platform", &d.Online.Platform, 60)
	c.webAddress("online.url", &d.Online.URL)
	c.line("online.note", &d.Online.Note, maxShort)
}

// catchment checks the catchment, and returns the middle of a radius that is
// not measured from the venue, or nil.
func (c *check) catchment(d *Details, venue *Location) *Location {
	k := d.Catchment
	if k == nil {
		return nil
	}
	forms := 0
	for _, used := range []bool{k.Nationwide, len(k.Outcodes) > 0, len(k.Districts) > 0, k.RadiusMiles != 0} {
		if used {
			forms++
		}
	}
	if forms != 1 {
		c.Add("catchment", "use exactly one of nationwide, outcodes, districts, radius_miles; leave catchment out where anyone may come", "has %d forms at once", forms)
	}
	c.outcodes("catchment.outcodes", k.Outcodes)
	c.districts("catchment.districts", k.Districts)
	if k.RadiusMiles != 0 && (k.RadiusMiles < 0.1 || k.RadiusMiles > 100) {
		c.Add("catchment.radius_miles", "give miles from 0.1 to 100", "%v is out of range", k.RadiusMiles)
	}
	if k.Around != "" && k.RadiusMiles == 0 {
		c.Add("catchment.around", "give radius_miles too, or leave this out", "has no radius to be the middle of")
	}
	if k.RadiusMiles != 0 && k.Around == "" && (d.Venue == nil || d.Venue.Area != nil) {
		c.Add("catchment.around", "give the postcode that the radius is measured from", "is missing, and there is no venue to measure from")
	}
	return c.middle("catchment.around", &k.Around)
}

// outcodes checks postcode districts, and writes them the usual way.
func (c *check) outcodes(field string, codes []string) {
	if !c.atMost(field, len(codes), maxOutcodes) {
		return
	}
	for i, code := range codes {
		loc, err := c.places.Outcode(code)
		if no, ok := err.(*NoPlace); ok && no.Why != NeedsImport {
			c.Add(nth(field, i), no.Fix, "%s", no.Detail)
			continue
		}
		if codes[i] = strings.ToUpper(strings.TrimSpace(code)); loc.Outcode != "" {
			codes[i] = loc.Outcode
		}
	}
	c.distinct(field, codes)
}

// gssForm is the form of the GSS code of a local authority district.
var gssForm = regexp.MustCompile(`^[EWSN][0-9]{8}$`)

// districts checks local authority districts, and writes their codes for names.
func (c *check) districts(field string, codes []string) {
	if !c.atMost(field, len(codes), maxDistricts) {
		return
	}
	for i, text := range codes {
		code := strings.ToUpper(strings.TrimSpace(text))
		if found, err := c.places.Area(text); err == nil && len(found.Districts) == 1 && len(found.Outcodes) == 0 {
			code = found.Districts[0]
		} else if !gssForm.MatchString(code) || !strings.HasPrefix(code, "N") {
			c.Add(nth(field, i), "give the GSS code, such as E08000009 for Trafford", "%q is not a local authority district we know", Quote(text))
		}
		codes[i] = code
	}
	c.distinct(field, codes)
}

func (c *check) cost(k *Cost) {
	if k == nil {
		return
	}
	if k.Kind == "" {
		c.Add("cost.kind", `say "free", "donation" or "fixed"`, "is missing")
	}
	c.term("cost.kind", vocabulary.Cost, &k.Kind)
	c.term("cost.per", vocabulary.CostPer, &k.Per)
	c.pounds("cost.pounds", k.Pounds)
	c.pounds("cost.pounds_to", k.PoundsTo)
	switch {
	case k.Kind == "free" && (k.Pounds != 0 || k.PoundsTo != 0):
		c.Add("cost.pounds", `leave it out, or say another kind than "free"`, "is given, and it is free")
	case k.Kind == "fixed" && k.Pounds == 0:
		c.Add("cost.pounds", `give the usual price in pounds, or say "free"`, "is missing")
	case k.PoundsTo != 0 && k.PoundsTo < k.Pounds:
		c.Add("cost.pounds_to", "give the higher price here", "is lower than pounds")
	}
	if k.ConcessionPounds != nil {
		c.pounds("cost.concession_pounds", *k.ConcessionPounds)
		if k.Kind == "fixed" && *k.ConcessionPounds > k.Pounds {
			c.Add("cost.concession_pounds", "give the lower price here", "is higher than pounds")
		}
	}
	c.line("cost.concession_for", &k.ConcessionFor, maxLine)
	fits := c.atMost("cost.extras", len(k.Extras), maxExtras)
	for i := 0; fits && i < len(k.Extras); i++ {
		path := nth("cost.extras", i)
		c.line(at(path, "what"), &k.Extras[i].What, maxLine)
		if k.Extras[i].What == "" {
			c.Add(at(path, "what"), "say what it is for", "is missing")
		}
		c.pounds(at(path, "pounds"), k.Extras[i].Pounds)
	}
	c.yesNo("cost.help_with_cost", &k.HelpWithCost)
	c.text("cost.note", &k.Note, maxNote)
}

func (c *check) audience(a *Audience) {
	if a == nil {
		return
	}
	if a.MinAge != nil {
		c.between("audience.min_age", *a.MinAge, 0, 120)
	}
	if a.MaxAge != nil {
		c.between("audience.max_age", *a.MaxAge, 0, 120)
		if a.MinAge != nil && *a.MaxAge < *a.MinAge {
			c.Add("audience.max_age", "give an age of at least min_age", "is lower than min_age")
		}
	}
	c.terms("audience.made_for", vocabulary.Audience, a.MadeFor, maxMadeFor)
	if a.OpenToAll != nil && !*a.OpenToAll && len(a.MadeFor) == 0 {
		c.Add("audience.made_for", "say whom it is for", "is missing, and it is not open to all")
	}
	c.text("audience.note", &a.Note, maxNote)
}

func (c *check) firstVisit(f *FirstVisit) {
	if f == nil {
		return
	}
	c.answers("first_visit.facts", vocabulary.FirstVisit, f.Facts)
	c.text("first_visit.what_to_expect", &f.WhatToExpect, maxWhatExpect)
	c.text("first_visit.contact_first", &f.ContactFirst, maxShort)
	c.between("first_visit.group_typical", f.GroupTypical, 0, 10000)
	c.between("first_visit.group_max", f.GroupMax, 0, 10000)
	if f.GroupMax != 0 && f.GroupMax < f.GroupTypical {
		c.Add("first_visit.group_max", "give at least group_typical", "is lower than group_typical")
	}
	c.term("first_visit.structure", vocabulary.Structure, &f.Structure)
	c.term("first_visit.conversation", vocabulary.Conversation, &f.Conversation)
	c.term("first_visit.energy", vocabulary.Energy, &f.Energy)
	c.term("first_visit.commitment", vocabulary.Commitment, &f.Commitment)
	c.date("first_visit.next_start", &f.NextStart)
	c.between("first_visit.ongoing_months", f.OngoingMonths, 0, 1200)
	c.text("first_visit.if_you_miss", &f.IfYouMiss, maxShort)
	c.text("first_visit.after", &f.After, maxShort)
}

func (c *check) joining(j *Joining) {
	if j == nil {
		return
	}
	c.terms("joining.how", vocabulary.Join, j.How, 4)
	c.terms("joining.referral", vocabulary.Referral, j.Referral, 3)
	c.yesNo("joining.needs_form", &j.NeedsForm)
	c.yesNo("joining.needs_id", &j.NeedsID)
	c.webAddress("joining.url", &j.URL)
	c.text("joining.note", &j.Note, maxNote)
	p := j.Places
	if p == nil {
		return
	}
	if p.Status == "" {
		c.Add("joining.places.status", `say "open", "few", "waiting-list" or "full"`, "is missing")
	}
	c.term("joining.places.status", vocabulary.Places, &p.Status)
	if p.Available != nil {
		c.between("joining.places.available", *p.Available, 0, 100000)
		if *p.Available > 0 && p.Status == "full" {
			c.Add("joining.places.available", "say 0, or another status", "is over 0, and the status is full")
		}
	}
	c.between("joining.places.waiting_weeks", p.WaitingWeeks, 0, 520)
	c.date("joining.places.as_of", &p.AsOf)
}

func (c *check) contacts(path string, cs []Contact) {
	if !c.atMost(path, len(cs), maxContacts) {
		return
	}
	for i := range cs {
		field, k := nth(path, i), &cs[i]
		c.line(at(field, "role"), &k.Role, 60)
		c.line(at(field, "name"), &k.Name, maxLine)
		c.phone(at(field, "phone"), &k.Phone)
		c.email(at(field, "email"), &k.Email)
		c.line(at(field, "hours"), &k.Hours, maxLine)
		if k.Phone == "" && k.Email == "" {
			c.Add(field, "give a phone number or an e-mail address", "has no way to reach anyone")
		}
	}
}

func (c *check) safeguarding(s *Safeguarding) {
	if s == nil {
		return
	}
	c.yesNo("safeguarding.policy", &s.Policy)
	c.webAddress("safeguarding.policy_url", &s.PolicyURL)
	c.line("safeguarding.lead_role", &s.LeadRole, 60)
	c.text("safeguarding.checks_done", &s.ChecksDone, maxShort)
	c.text("safeguarding.photos", &s.Photos, maxShort)
	c.text("safeguarding.data_kept", &s.DataKept, maxShort)
}

func (c *check) images(images []Image) {
	if !c.atMost("images", len(images), maxImages) {
		return
	}
	for i := range images {
		path, im := nth("images", i), &images[i]
		c.webAddress(at(path, "url"), &im.URL, "https")
		if im.URL == "" {
			c.Add(at(path, "url"), "give the picture's address, https://…", "is missing")
		}
		c.line(at(path, "alt"), &im.Alt, 250)
		if utf8.RuneCountInString(im.Alt) < 3 {
			c.Add(at(path, "alt"), "say what the picture shows, for those who cannot see it", "is missing")
		}
		c.line(at(path, "alt_cy"), &im.AltWelsh, 250)
		c.line(at(path, "credit"), &im.Credit, maxLine)
		c.line(at(path, "licence"), &im.Licence, maxLine)
	}
}

func (c *check) external(path string, es []External) {
	if !c.atMost(path, len(es), maxExternal) {
		return
	}
	for i := range es {
		c.line(at(nth(path, i), "system"), &es[i].System, 60)
		c.line(at(nth(path, i), "code"), &es[i].Code, maxLine)
		if es[i].System == "" || es[i].Code == "" {
			c.Add(nth(path, i), "give both system and code", "is not complete")
		}
		if slices.Contains(es[:i], es[i]) {
			c.Add(nth(path, i), "leave it out", "is there twice")
		}
	}
}

func (c *check) source(s *Source) {
	if s == nil {
		return
	}
	c.line("source.name", &s.Name, maxLine)
	if s.Name == "" {
		c.Add("source.name", "say who publishes the listing", "is missing")
	}
	c.webAddress("source.url", &s.URL)
	c.line("source.id", &s.ID, 200)
	c.line("source.licence", &s.Licence, maxLine)
	c.text("source.attribution", &s.Attribution, maxNote)
	c.date("source.retrieved", &s.Retrieved)
}

// CheckDetails cleans details in place and returns nil, or the *Invalid that
// Publish would return, without writing anything.
func (d *Directory) CheckDetails(details *Details) error {
	c := d.check()
	c.details(details)
	return c.Err()
}

// tooShort reports whether a title or a name is too short to be one. Two
// characters are enough for a name such as AA or WI.
func tooShort(name string) bool {
	n := visible(name)
	return n < minTitle && !(n == 2 && unicode.IsUpper([]rune(name)[0]))
}
