package hsds

import (
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/icalendar"
	"gather/directory/bulk/loose"
	"gather/directory/vocabulary"
)

// The fields that Open Referral UK 1 names differently from version 3, or that
// only version 1 has.
type (
	service1 struct {
		Regular         loose.Many[icalendar.Rule] `json:"regular_schedules"`
		Holidays        loose.Many[holiday]        `json:"holiday_schedules"`
		Eligibilities   loose.Many[eligibility]    `json:"eligibilitys"`
		Labels          loose.Many[label]          `json:"service_taxonomys"`
		LinkedLabels    loose.Many[label]          `json:"link_taxonomies"`
		AttendingType   loose.Texts                `json:"attending_type"`
		AttendingAccess loose.Texts                `json:"attending_access"`
	}
	atLocation1 struct {
		Regular  loose.Many[icalendar.Rule] `json:"regular_schedule"`
		Regulars loose.Many[icalendar.Rule] `json:"regular_schedules"`
	}
	location1 struct {
		Physical  loose.Many[address]       `json:"physical_addresses"`
		ForPeople loose.Many[accessibility] `json:"accessibility_for_disabilities"`
	}
	holiday struct {
		Closed loose.Text `json:"closed"`
		Opens  loose.Text `json:"opens_at"`
		Closes loose.Text `json:"closes_at"`
		From   loose.Text `json:"start_date"`
		Until  loose.Text `json:"end_date"`
	}
	eligibility struct {
		Eligibility loose.Text `json:"eligibility"`
		MinAge      loose.Text `json:"minimum_age"`
		MaxAge      loose.Text `json:"maximum_age"`
	}
	label struct {
		Taxonomy loose.Maybe[term] `json:"taxonomy"`
	}
)

// modernise copies the version 1 fields of a service to those of version 3.
func (s *service) modernise() {
	s.Schedules = append(s.Schedules, s.Regular...)
	for _, list := range []loose.Many[label]{s.Labels, s.LinkedLabels} {
		for _, l := range list {
			s.Attributes = append(s.Attributes, attribute{Term: l.Taxonomy})
		}
	}
	for i := range s.Languages {
		if l := &s.Languages[i]; l.Name == "" {
			l.Name = l.Language
		}
	}
	for i := range s.AtLocations {
		at := &s.AtLocations[i]
		at.Schedules = append(append(at.Schedules, at.Regular...), at.Regulars...)
		if l := at.Location.Value; l != nil {
			l.Addresses = append(l.Addresses, l.Physical...)
			l.Accessibility = append(l.Accessibility, l.ForPeople...)
		}
	}
}

// takeVersion1 maps the fields that only version 1 has.
func takeVersion1(d *draft.Draft, s service1) {
	takeEligibility(d, s.Eligibilities)
	for _, way := range s.AttendingType {
		switch vocabulary.Fold(strings.ReplaceAll(way, "_", " ")) {
		case "phone", "telephone":
			d.Details.Delivery = draft.AppendNew(d.Details.Delivery, "phone")
		case "online":
			d.Details.Delivery = draft.AppendNew(d.Details.Delivery, "online")
		case "home visit":
			d.Details.Delivery = draft.AppendNew(d.Details.Delivery, "home")
		case "venue": // said by the locations
		default:
			d.Warn("delivery", way, "is not a way of taking part that we know; it was left out")
		}
	}
	for _, way := range s.AttendingAccess {
		switch vocabulary.Fold(way) {
		case "referral":
			d.Joining().How = draft.AppendNew(d.Joining().How, "referral")
		case "appointment":
			d.Joining().How = draft.AppendNew(d.Joining().How, "book")
		case "drop in", "dropin":
			d.Joining().How = draft.AppendNew(d.Joining().How, "drop-in")
		default:
			d.Joining().Note = freetext.Sentences(d.Joining().Note, "Access by "+way)
		}
	}
	takeHolidays(d, s.Holidays)
}

// takeEligibility maps the people a service is for. The age ranges of several
// rows are merged into one, since anybody who fits any row may come.
func takeEligibility(d *draft.Draft, rows loose.Many[eligibility]) {
	var low, high *float64
	lowOpen, highOpen, aged := false, false, 0
	for _, r := range rows {
		who := r.Eligibility.Line()
		if t, ok := d.File.Words.TermByWords(vocabulary.Audience, who); ok {
			d.Audience().MadeFor = draft.AppendNew(d.Audience().MadeFor, t.ID)
		} else if _, _, ages := freetext.Ages(who); ages && len(rows) == 1 {
			d.TakeAgeText(who)
		} else if who != "" {
			d.Audience().Note = freetext.Sentences(d.Audience().Note, who)
		}
		least, most := r.MinAge.Number(), r.MaxAge.Number()
		if least == nil && most == nil {
			continue
		}
		aged++
		if least == nil {
			lowOpen = true
		} else if low == nil || *least < *low {
			low = least
		}
		if most == nil || *most < 0 {
			highOpen = true
		} else if high == nil || *most > *high {
			high = most
		}
	}
	if lowOpen {
		low = nil
	}
	if highOpen {
		high = nil
	}
	if aged > 1 {
		d.Warn("audience", "", "has %d rows of ages; they were taken together", aged)
	}
	d.TakeAges(low, high)
}

// takeHolidays maps the dates on which a service is closed to pauses, and
// different opening hours to the note. Past dates are left out.
func takeHolidays(d *draft.Draft, rows loose.Many[holiday]) {
	for _, h := range rows {
		from, until := freetext.FirstDate(h.From), freetext.FirstDate(h.Until, h.From)
		words := strings.TrimSpace(h.From.Line() + " to " + h.Until.Line())
		switch {
		case from == "" || until < from:
			d.Warn("schedule.pauses", words, "are not dates; the holiday was left out")
			continue
		case until < d.File.Today().Format(directory.DateLayout):
			continue // past
		case d.Details.Schedule == nil:
			d.Details.Schedule = &directory.Schedule{}
		}
		s := d.Details.Schedule
		if freetext.YesNo(string(h.Closed)) == "yes" || h.Closed == "" && h.Opens == "" {
			if len(s.Repeats) > 0 {
				s.Pauses = append(s.Pauses, directory.Pause{From: from, Until: until})
				continue
			}
			s.Note = freetext.Sentences(s.Note, "Closed "+words)
			continue
		}
		s.Note = freetext.Sentences(s.Note, strings.TrimSpace("From "+words+": "+h.Opens.Line()+" to "+h.Closes.Line()))
	}
}
