package bulk

import (
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// What Open Referral UK 1 calls otherwise than version 3, or has beside it.
type (
	oruk1Service struct {
		Regular         many[hsdsSchedule]     `json:"regular_schedules"`
		Holidays        many[oruk1Holiday]     `json:"holiday_schedules"`
		Eligibilities   many[oruk1Eligibility] `json:"eligibilitys"`
		Labels          many[oruk1Label]       `json:"service_taxonomys"`
		LinkedLabels    many[oruk1Label]       `json:"link_taxonomies"`
		AttendingType   texts                  `json:"attending_type"`
		AttendingAccess texts                  `json:"attending_access"`
	}
	oruk1AtLocation struct {
		Regular  many[hsdsSchedule] `json:"regular_schedule"`
		Regulars many[hsdsSchedule] `json:"regular_schedules"`
	}
	oruk1Location struct {
		Physical  many[hsdsAddress] `json:"physical_addresses"`
		ForPeople many[hsdsAccess]  `json:"accessibility_for_disabilities"`
	}
	oruk1Holiday struct {
		Closed text `json:"closed"`
		Opens  text `json:"opens_at"`
		Closes text `json:"closes_at"`
		From   text `json:"start_date"`
		Until  text `json:"end_date"`
	}
	oruk1Eligibility struct {
		Eligibility text `json:"eligibility"`
		MinAge      text `json:"minimum_age"`
		MaxAge      text `json:"maximum_age"`
	}
	oruk1Label struct {
		Taxonomy maybe[hsdsTerm] `json:"taxonomy"`
	}
)

// modernise puts what a service of version 1 says where version 3 says it.
func (s *hsdsService) modernise() {
	s.Schedules = append(s.Schedules, s.Regular...)
	for _, list := range []many[oruk1Label]{s.Labels, s.LinkedLabels} {
		for _, l := range list {
			s.Attributes = append(s.Attributes, hsdsAttribute{Term: l.Taxonomy})
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
		if l := at.Location.value; l != nil {
			l.Addresses = append(l.Addresses, l.Physical...)
			l.Accessibility = append(l.Accessibility, l.ForPeople...)
		}
	}
}

// oruk1 takes what only version 1 has.
func oruk1(d *draft, s oruk1Service) {
	eligible(d, s.Eligibilities)
	for _, way := range s.AttendingType {
		switch vocabulary.Fold(strings.ReplaceAll(way, "_", " ")) {
		case "phone", "telephone":
			d.details.Delivery = appendNew(d.details.Delivery, "phone")
		case "online":
			d.details.Delivery = appendNew(d.details.Delivery, "online")
		case "home visit":
			d.details.Delivery = appendNew(d.details.Delivery, "home")
		case "venue": // said by the locations
		default:
			d.warn("delivery", way, "is not a way of taking part that we know; it was left out")
		}
	}
	for _, way := range s.AttendingAccess {
		switch vocabulary.Fold(way) {
		case "referral":
			d.joining().How = appendNew(d.joining().How, "referral")
		case "appointment":
			d.joining().How = appendNew(d.joining().How, "book")
		case "drop in", "dropin":
			d.joining().How = appendNew(d.joining().How, "drop-in")
		default:
			d.joining().Note = join(d.joining().Note, "Access by "+way)
		}
	}
	holidays(d, s.Holidays)
}

// eligible takes whom a service is for. Several rows with ages of their own
// are taken together, as whoever fits one of them may come.
func eligible(d *draft, rows many[oruk1Eligibility]) {
	var low, high *float64
	lowOpen, highOpen, aged := false, false, 0
	for _, r := range rows {
		who := r.Eligibility.line()
		if t, ok := d.file.words.TermByWords(vocabulary.Audience, who); ok {
			d.audience().MadeFor = appendNew(d.audience().MadeFor, t.ID)
		} else if _, _, ages := readAges(who); ages && len(rows) == 1 {
			d.ageText(who)
		} else if who != "" {
			d.audience().Note = join(d.audience().Note, who)
		}
		least, most := r.MinAge.number(), r.MaxAge.number()
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
		d.warn("audience", "", "has %d rows of ages; they were taken together", aged)
	}
	d.ages(low, high)
}

// holidays takes the dates on which a service is closed as pauses, and other
// hours as a note.
func holidays(d *draft, rows many[oruk1Holiday]) {
	for _, h := range rows {
		from, until := dateOf(h.From), dateOf(h.Until, h.From)
		words := strings.TrimSpace(h.From.line() + " to " + h.Until.line())
		switch {
		case from == "" || until < from:
			d.warn("schedule.pauses", words, "are not dates; the holiday was left out")
			continue
		case until < d.file.today().Format(directory.DateLayout):
			continue // past
		case d.details.Schedule == nil:
			d.details.Schedule = &directory.Schedule{}
		}
		s := d.details.Schedule
		if yesNo(string(h.Closed)) == "yes" || h.Closed == "" && h.Opens == "" {
			if len(s.Repeats) > 0 {
				s.Pauses = append(s.Pauses, directory.Pause{From: from, Until: until})
				continue
			}
			s.Note = join(s.Note, "Closed "+words)
			continue
		}
		s.Note = join(s.Note, strings.TrimSpace("From "+words+": "+h.Opens.line()+" to "+h.Closes.line()))
	}
}
