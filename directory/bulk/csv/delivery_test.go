package csv_test

import (
	"strings"
	"testing"

	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

// How people take part in what has no place is read from the plain sense of its
// words, and never from a word that stands somewhere.
func TestDeliveryIsReadAndNotGuessed(t *testing.T) {
	for _, c := range []struct{ title, words, want string }{
		{"Tai chi", "We meet on Zoom every Tuesday.", "online"},
		{"Tai chi", "A gentle class via Microsoft Teams.", "online"},
		{"Grief circle", "An online peer support group for anybody bereaved.", "online"},
		{"Grief circle", "Sessions are held online.", "online"},
		{"Grief circle", "This virtual coffee morning is open to all.", "online"},
		{"Quiz (online)", "Bring a pen.", "online"},
		{"Quiz - Online", "Bring a pen.", "online"},
		{"Money talk", "Free webinars on pensions.", "online"},
		{"Tai chi", "Book online at our website.", ""},
		{"Tai chi", "Please book online. Classes are on Tuesdays.", ""},
		{"Tai chi", "More news online, and classes for all.", ""},
		{"Get online", "Help with getting online and using a tablet.", ""},
		{"Digital drop-in", "Learn about online shopping and staying safe online.", ""},
		{"Digital drop-in", "Online safety sessions for beginners.", ""},
		{"Virtual Spin", "A ride in front of a screen.", ""},
		{"Art of the zoom", "We walk with a zoom lens.", ""},
		{"Tai chi", "No longer on Zoom: we are back in the hall.", ""},
		{"Film night", "See our online booking group page for tickets.", ""},
		{"Companions", "Telephone befriending for people who live alone.", "phone"},
		{"Companions", "A friendly chat every week over the phone.", "phone"},
		{"Companions", "Weekly phone calls from a volunteer.", "phone"},
		{"Parents' Helpline", "We listen.", "phone"},
		{"Night owls", "A confidential support line for the small hours.", "phone"},
		{"Tai chi", "Ring 01632 960001 to book by phone.", ""},
		{"Tai chi", "Ring us.", ""},
		{"Tai chi", "Mobile phones must be off.", ""},
		{"Line dancing", "Bring boots.", ""},
		{"Companions", "Counselling by telephone, or an online group.", "online phone"},
	} {
		d := bulktest.NewDirectory(t)
		r, err := bulktest.Import(t, d, "a list", "name|website|description\n"+c.title+"|https://example.org/|"+c.words+"\n", bulk.Options{})
		if err != nil || len(r.Rows) != 1 {
			t.Fatal(err)
		}
		if got := strings.Join(bulktest.Listings(t, d)[c.title].Delivery, " "); got != c.want {
			t.Errorf("%s: %s is taken as %q, want %q (%v %v)", c.title, c.words, got, c.want, r.Rows[0].Faults, r.Rows[0].Warnings)
		}
	}
}
