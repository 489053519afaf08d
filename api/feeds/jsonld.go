package feeds

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// nextSessions is how many sessions an activity's JSON-LD lists: about a term of a
// weekly group. Search engines read no more, and each session has its own page.
const nextSessions = 10

// SessionLD returns one session as schema.org JSON-LD, for the page of that
// session: an Event with what Google's event results need (name, startDate,
// location) and what they can show. The bytes are safe inside a <script> element:
// <, > and & are escaped.
func (s Site) SessionLD(activity *directory.Activity, session directory.Session) ([]byte, error) {
	a := activity.Public()
	e := s.eventLD(&a, session)
	e.Context = "https://schema.org"
	e.SuperEvent = &reference{s.ActivityURL(a.ID)}
	return marshalLD(a.ID, e)
}

// ActivityLD returns an activity as schema.org JSON-LD, for its own page: an Event
// on the date of its first session that has not ended at the time at, with the
// next ones as its subEvents and its rule as eventSchedule. An activity without a
// next session is a Service, because an Event without a date is not valid. The
// bytes are safe inside a <script> element.
func (s Site) ActivityLD(activity *directory.Activity, at time.Time) ([]byte, error) {
	a := activity.Public()
	next, ok := a.NextSession(at)
	if !ok {
		return marshalLD(a.ID, s.serviceLD(&a))
	}
	e := s.eventLD(&a, next)
	e.Context, e.ID, e.URL = "https://schema.org", s.ActivityURL(a.ID), s.ActivityURL(a.ID)
	e.Schedule = schedulesLD(a.Schedule)
	for _, session := range a.Sessions(next.Start, next.Start.AddDate(1, 0, 0), nextSessions) {
		e.SubEvents = append(e.SubEvents, s.eventLD(&a, session))
	}
	return marshalLD(a.ID, e)
}

func marshalLD(id string, v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("writing activity %s as JSON-LD: %w", id, err)
	}
	return data, nil
}

type reference struct {
	ID string `json:"@id"`
}

type eventLD struct {
	Context       string         `json:"@context,omitempty"`
	Type          string         `json:"@type"`
	ID            string         `json:"@id"`
	URL           string         `json:"url"`
	Name          string         `json:"name"`
	Description   string         `json:"description,omitempty"`
	StartDate     string         `json:"startDate"`
	EndDate       string         `json:"endDate,omitempty"`
	PreviousStart string         `json:"previousStartDate,omitempty"`
	Status        string         `json:"eventStatus"`
	Mode          string         `json:"eventAttendanceMode"`
	Location      []placeLD      `json:"location"`
	Organizer     organizationLD `json:"organizer"`
	Images        []string       `json:"image,omitempty"`
	Free          *bool          `json:"isAccessibleForFree,omitempty"`
	Offers        []offerLD      `json:"offers,omitempty"`
	Languages     []string       `json:"inLanguage,omitempty"`
	Audience      []audienceLD   `json:"audience,omitempty"`
	AgeRange      string         `json:"typicalAgeRange,omitempty"`
	Keywords      []string       `json:"keywords,omitempty"`
	Capacity      int            `json:"maximumAttendeeCapacity,omitempty"`
	Remaining     *int           `json:"remainingAttendeeCapacity,omitempty"`
	SuperEvent    *reference     `json:"superEvent,omitempty"`
	Schedule      []scheduleLD   `json:"eventSchedule,omitempty"`
	SubEvents     []eventLD      `json:"subEvent,omitempty"`
}

type organizationLD struct {
	Type string `json:"@type"`
	ID   string `json:"@id"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

// eventLD is one session. Its location is never empty.
func (s Site) eventLD(a *directory.Activity, session directory.Session) eventLD {
	url := s.SessionURL(a.ID, session.Key)
	e := eventLD{
		Type: "Event", ID: url, URL: url, Name: Clean(a.Title), Description: shortText(a),
		StartDate: session.Start.Format(time.RFC3339), Status: "https://schema.org/EventScheduled",
		Mode: attendanceMode(a), Location: s.placesLD(a), Organizer: s.organizationLD(a),
		Offers: s.offersLD(a, session), Languages: a.Languages, Audience: s.audienceLD(a.Audience),
		AgeRange: ageRange(a.Audience), Keywords: s.InterestLabels(a),
	}
	if session.End != nil {
		e.EndDate = session.End.Format(time.RFC3339)
	}
	switch session.Status {
	case directory.SessionCancelled:
		e.Status = "https://schema.org/EventCancelled"
	case directory.SessionMoved:
		e.Status = "https://schema.org/EventRescheduled"
		unchanged := directory.Activity{Details: directory.Details{Schedule: a.Schedule}}
		if before, ok := unchanged.Session(session.Key); ok {
			e.PreviousStart = before.Start.Format(time.RFC3339)
		}
	}
	for _, image := range a.Images {
		e.Images = append(e.Images, image.URL)
	}
	if a.Cost != nil {
		free := a.Cost.Kind != "fixed" // a donation may be nothing
		e.Free = &free
	}
	if a.FirstVisit != nil {
		e.Capacity = a.FirstVisit.GroupMax
	}
	if a.Joining != nil && a.Joining.Places != nil {
		e.Remaining = a.Joining.Places.Available
	}
	return e
}

func shortText(a *directory.Activity) string {
	if a.Summary != "" {
		return Clean(a.Summary)
	}
	return Clean(a.Description)
}

func (s Site) organizationLD(a *directory.Activity) organizationLD {
	name := a.GroupName
	if name == "" {
		name = s.Name
	}
	return organizationLD{"Organization", s.GroupURL(a.Group), Clean(name), s.GroupURL(a.Group)}
}

// attendanceMode says whether people take part in person, remotely or either way.
func attendanceMode(a *directory.Activity) string {
	inPerson := a.Has("venue") || a.Has("home")
	remote := a.Has("online") || a.Has("phone")
	switch {
	case inPerson && remote:
		return "https://schema.org/MixedEventAttendanceMode"
	case remote:
		return "https://schema.org/OnlineEventAttendanceMode"
	default:
		return "https://schema.org/OfflineEventAttendanceMode"
	}
}

type audienceLD struct {
	Type   string `json:"@type"`
	Who    string `json:"audienceType,omitempty"`
	MinAge *int   `json:"suggestedMinAge,omitempty"`
	MaxAge *int   `json:"suggestedMaxAge,omitempty"`
}

func (s Site) audienceLD(a *directory.Audience) []audienceLD {
	if a == nil {
		return nil
	}
	var out []audienceLD
	for _, label := range s.labels(vocabulary.Audience, a.MadeFor) {
		out = append(out, audienceLD{"PeopleAudience", label, a.MinAge, a.MaxAge})
	}
	if len(out) == 0 && (a.MinAge != nil || a.MaxAge != nil) {
		out = append(out, audienceLD{"PeopleAudience", "", a.MinAge, a.MaxAge})
	}
	return out
}

// ageRange is "18-", "-25" or "18-25", as in schema.org's typicalAgeRange.
func ageRange(a *directory.Audience) string {
	if a == nil || a.MinAge == nil && a.MaxAge == nil {
		return ""
	}
	return age(a.MinAge) + "-" + age(a.MaxAge)
}

type scheduleLD struct {
	Type      string   `json:"@type"`
	ByDay     []string `json:"byDay"`
	StartTime string   `json:"startTime"`
	EndTime   string   `json:"endTime,omitempty"`
	Frequency string   `json:"repeatFrequency"`
	StartDate string   `json:"startDate,omitempty"`
	EndDate   string   `json:"endDate,omitempty"`
	Except    []string `json:"exceptDate,omitempty"`
	Zone      string   `json:"scheduleTimezone"`
}

// schedulesLD returns the repeats of a schedule, nil if it has pauses: schema.org
// can except only single dates, and a rule that includes the weeks of a pause
// would be wrong.
func schedulesLD(sched *directory.Schedule) []scheduleLD {
	if sched == nil || len(sched.Pauses) > 0 {
		return nil
	}
	names := map[string]string{"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}
	codes := map[string]string{"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
	var out []scheduleLD
	for _, r := range sched.Repeats {
		unit := "W"
		if r.Every == "month" {
			unit = "M"
		}
		l := scheduleLD{
			Type: "Schedule", StartTime: r.Start, EndTime: r.End, StartDate: r.From, EndDate: r.Until,
			Except: slices.Clone(sched.Except), Zone: "Europe/London", Frequency: "P" + strconv.Itoa(max(1, r.Interval)) + unit,
		}
		for _, day := range r.Days {
			if r.Every != "month" {
				l.ByDay = append(l.ByDay, "https://schema.org/"+names[day])
				continue
			}
			for _, n := range r.Nth {
				l.ByDay = append(l.ByDay, strconv.Itoa(n)+codes[day])
			}
		}
		out = append(out, l)
	}
	return out
}

type serviceLD struct {
	Context     string         `json:"@context"`
	Type        string         `json:"@type"`
	ID          string         `json:"@id"`
	URL         string         `json:"url"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Provider    organizationLD `json:"provider"`
	Images      []string       `json:"image,omitempty"`
	Offers      []offerLD      `json:"offers,omitempty"`
	Audience    []audienceLD   `json:"audience,omitempty"`
	Channel     channelLD      `json:"availableChannel"`
}

type channelLD struct {
	Type     string    `json:"@type"`
	URL      string    `json:"serviceUrl"`
	Location []placeLD `json:"serviceLocation,omitempty"`
}

func (s Site) serviceLD(a *directory.Activity) serviceLD {
	l := serviceLD{
		Context: "https://schema.org", Type: "Service", ID: s.ActivityURL(a.ID), URL: s.ActivityURL(a.ID),
		Name: Clean(a.Title), Description: shortText(a), Provider: s.organizationLD(a),
		Offers: s.offersLD(a, directory.Session{}), Audience: s.audienceLD(a.Audience),
		Channel: channelLD{Type: "ServiceChannel", URL: s.ActivityURL(a.ID)},
	}
	for _, image := range a.Images {
		l.Images = append(l.Images, image.URL)
	}
	for _, p := range s.placesLD(a) {
		if p.Type == "Place" { // serviceLocation allows no virtual ones
			l.Channel.Location = append(l.Channel.Location, p)
		}
	}
	return l
}
