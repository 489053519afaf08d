package csv

import (
	"strings"
	"unicode"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/vocabulary"
)

// fields are the fields a CSV column can be matched to, with the headers that
// match. Headers are compared as lower-case letters and digits only. If several
// columns match one field, the first non-empty one counts.
var fields = []struct {
	name    string
	headers string // separated by spaces
}{
	{"title", "title name activity activityname clubname club groupname sitename servicename venuetitle eventname event organisationname organizationname teitl enw"},
	{"id", "id siteid recordid reference ref uniqueid uid rowid externalid activityid serviceid listingid objectid uprn"},
	{"description", "description details about info information notes longdescription disgrifiad"},
	{"summary", "summary shortdescription strapline crynodeb"},
	{"category", "category categories type sport sports theme interest interests tags tag subject servicetype clubtype activitytype"},
	{"facility", "facilitytype facility"},
	{"group", "group organisation organization provider organiser organizer operator charity runby"},
	{"venue", "venue venuename location locationname building placename meetingplace lleoliad"},
	{"address", "address fulladdress venueaddress postaladdress cyfeiriad"},
	{"street", "street addressline1 address1 streetaddress road line1"},
	{"locality", "locality addressline2 address2 village suburb line2"},
	{"town", "town city posttown towncity addresslocality tref"},
	{"county", "county region state stateprovince"},
	{"area", "area areaserved areacovered servicearea serviceareas coverage catchment catchmentarea localauthority district borough ardal"},
	{"postcode", "postcode postalcode zip zipcode venuepostcode codpost postcodes"},
	{"lat", "lat latitude y"},
	{"lon", "lon long lng longitude x"},
	{"email", "email emailaddress contactemail mail publicemail ebost"},
	{"phone", "phone telephone tel phonenumber telephonenumber contactphone contactnumber mobile telno contacttelephone ffon"},
	{"contact", "contact contacts contactdetails"},
	{"contact_name", "contactname contactperson leader organisername"},
	{"contact_role", "contactrole role jobtitle"},
	{"website", "website url web webaddress link webpage homepage gwefan"},
	{"booking_url", "bookingurl bookinglink bookat"},
	{"opening", "openingtimes openinghours opening hours times when schedule sessiontimes daysandtimes dayandtime dayandtimes timetable meetingtimes amseroedd"},
	{"day", "day days dayofweek weekday meetingday diwrnod"},
	{"time", "time sessiontime amser"},
	{"start", "start starttime from opensat startsat opens"},
	{"end", "end endtime until closesat endsat finish finishtime closes"},
	{"date", "date eventdate sessiondate dateofevent dyddiad"},
	{"from_date", "startdate fromdate datefrom validfrom begins"},
	{"until_date", "enddate untildate dateto todate validto validuntil lastdate"},
	{"cost", "cost price fee fees charge charges pris costs"},
	{"concession", "concession concessions concessionprice concessionaryprice"},
	{"age", "age ages agerange agegroup agegroups oedran"},
	{"min_age", "minage minimumage agefrom agemin"},
	{"max_age", "maxage maximumage ageto agemax"},
	{"audience", "audience madefor targetgroup whofor eligibility suitablefor who"},
	{"languages", "language languages iaith"},
	{"delivery", "delivery deliverymethod howdelivered attendancemode"},
	{"access", "access accessibility accessfeatures hygyrchedd accessfacilities"},
	{"access_notes", "disabilitynotes accessnotes accessibilitynotes"},
	{"access_type", "accesstype"},
	{"referral", "referral referralmethod referralroute howtorefer referrals"},
	{"joining", "joining howtojoin booking howtobook join"},
	{"car_park", "carpark carparking"},
	{"car_park_spaces", "carparkcapacity parkingspaces"},
	{"parking", "parking"},
	{"cycle_park", "cyclepark cycleparking"},
	{"transport", "transport gettingthere publictransport directions"},
	{"updated", "updated lastupdated sitelastupdateddate lastmodified updatedat lastchecked checked dateupdated modified"},
}

// Fields lists our names of the fields a CSV column can be matched to, in the
// order of the form.
func Fields() []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.name
	}
	return out
}

// IsField reports whether name is a field a column can be matched to.
func IsField(name string) bool {
	for _, f := range fields {
		if f.name == name {
			return true
		}
	}
	return false
}

// dropped are headers of columns that are never imported, whatever they hold:
// they name the staff who maintain a listing.
var dropped = map[string]bool{
	"assuredby": true, "assureremail": true, "assurer": true, "updatedby": true, "createdby": true, "checkedby": true, "editor": true, "staffemail": true,
}

// header normalises a header for comparison.
func header(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// Column is a column of a CSV and the field it was matched to; empty if none.
type Column struct {
	Header string `json:"header"`
	Field  string `json:"field,omitempty"`
}

// table maps the columns of a CSV to fields.
type table struct {
	width    int
	headers  []string
	byField  map[string][]int
	byHeader map[string]int
	features map[int]string // columns that answer an access feature, by index
}

// newTable matches the columns of a header line.
func (c *Reader) newTable(headers []string) (*table, error) {
	t := &table{width: len(headers), headers: headers, byField: map[string][]int{}, byHeader: map[string]int{}, features: map[int]string{}}
	taken := make([]string, len(headers))
	for i, h := range headers {
		if _, again := t.byHeader[header(h)]; !again {
			t.byHeader[header(h)] = i
		}
	}
	for field, h := range c.Columns {
		i, ok := t.byHeader[header(h)]
		if !ok {
			return nil, directory.InvalidField("columns."+field, "the file has: "+directory.Clip(strings.Join(headers, ", "), draft.MaxValue), "there is no column %q", h)
		}
		taken[i] = field
		t.byField[field] = []int{i}
	}
	for _, f := range fields {
		if _, set := c.Columns[f.name]; set {
			continue
		}
		for _, known := range strings.Fields(f.headers) {
			for i, h := range headers {
				if header(h) == known && taken[i] == "" {
					taken[i] = f.name
					t.byField[f.name] = append(t.byField[f.name], i)
				}
			}
		}
	}
	if _, set := c.Columns["date"]; !set && len(t.byField["start"])+len(t.byField["time"]) == 0 {
		// Without a time beside it, a date is as well that of the record.
		for _, i := range t.byField["date"] {
			taken[i] = ""
		}
		delete(t.byField, "date")
	}
	for i, h := range headers {
		if taken[i] != "" || dropped[header(h)] {
			continue
		}
		if id, ok := columnFeature(c.File.Words, h); ok {
			taken[i] = "access." + id
			t.features[i] = id
		}
	}
	for _, n := range accessNotes {
		if i, ok := t.byHeader[n.column]; ok && taken[i] == "" {
			taken[i] = "venue.getting_there.note"
		}
	}
	c.Taken = make([]Column, len(headers))
	for i, h := range headers {
		c.Taken[i] = Column{Header: h, Field: taken[i]}
	}
	if len(t.byField["title"]) == 0 {
		return nil, directory.InvalidField("columns.title", "say which column has it: title=HEADER", "no column for the title among: %s", directory.Clip(strings.Join(headers, ", "), draft.MaxValue))
	}
	return t, nil
}

// columnFeature returns the access feature that a column's header names.
func columnFeature(words *vocabulary.Vocabulary, h string) (string, bool) {
	if id, ok := accessColumns[header(h)]; ok {
		return id, true
	}
	return freetext.AccessFeature(words, strings.ReplaceAll(h, "_", " "))
}
