package language

import (
	"reflect"
	"strings"
	"sync"
	"testing"

	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search"
)

// testInterpreter reads with the built-in vocabulary, places and synonyms.
var testInterpreter = sync.OnceValue(func() *Interpreter {
	words, err := vocabulary.Default()
	if err != nil {
		panic(err)
	}
	places, err := gazetteer.Open("")
	if err != nil {
		panic(err)
	}
	english, plain, err := NewAnalysers()
	if err != nil {
		panic(err)
	}
	s, err := newSynonyms(words, nil)
	if err != nil {
		panic(err)
	}
	return NewInterpreter(words, places, english, plain, s)
})

func TestPlaceInWords(t *testing.T) {
	in := testInterpreter()
	for _, c := range []struct{ text, place, rest string }{
		// Postcodes and outcodes.
		{"choir M33", "M33", "choir"},
		{"choir m33 7db", "m33 7db", "choir"},
		{"m337db choir", "m337db", "choir"},
		{"SW9 coffee", "SW9", "coffee"},
		{"coffee in SW9 please", "SW9", "coffee please"},
		{"coffee SW9 please", "", ""},
		{"M33", "M33", ""},
		{"vitamin B12", "", ""},
		{"english class B1", "", ""},
		{"choir ZZ99", "", ""},
		{"u3a", "", ""},
		{"over 60s", "", ""},
		{"couch to 5k", "", ""},
		// Names after "in" and "near".
		{"yoga in Leith", "Leith", "yoga"},
		{"chess near Sale", "Sale", "chess"},
		{"jumble sale in sale", "sale", "jumble sale"},
		{"yoga in Leith on Tuesdays", "Leith", "yoga on Tuesdays"},
		{"in Leith yoga", "Leith", "yoga"},
		{"yoga in Hale, Trafford", "Hale, Trafford", "yoga"},
		{"choir around Hebden Bridge", "Hebden Bridge", "choir"},
		{"walks in the Leith area", "Leith", "walks"},
		{"yoga in Bath", "Bath", "yoga"},
		{"choir in Reading", "Reading", "choir"},
		{"crafts in Street", "Street", "crafts"},
		{"tea in Hope", "Hope", "tea"},
		{"football in Rugby", "Rugby", "football"},
		// Names at the end.
		{"walks Todmorden", "Todmorden", "walks"},
		{"silver surfers urmston", "urmston", "silver surfers"},
		{"choir hebden bridge", "hebden bridge", "choir"},
		{"Todmorden", "Todmorden", ""},
		// What is no place, or is not used as one.
		{"Bath", "", ""},
		{"reading", "", ""},
		{"interested in reading", "", ""},
		{"in the bath", "", ""},
		{"coffee at church", "", ""},
		{"coffee in church", "", ""},
		{"a group in hope of company", "", ""},
		{"walking rugby", "", ""},
		{"jumble sale", "", ""},
		{"battle", "", ""},
		{"a good deal", "", ""},
		{"leith larder", "", ""},
		{"friends of Chorlton", "", ""},
		{"men in sheds", "", ""},
		{"singing in the rain", "", ""},
		{"yoga not in Leith", "", ""},
		{"yoga not near EH6", "", ""},
		{"benefits drop in Leith", "Leith", "benefits drop in"},
		{"walks in March", "", ""},
		{"help in zzzz", "", ""},
		{"", "", ""},
		{"in", "", ""},
		{"!?", "", ""},
	} {
		var place, rest string
		if p := in.Read(c.text).Place; p != nil {
			place, rest = p.name, p.Rest
		}
		if place != c.place || rest != c.rest {
			t.Errorf("%q: the place is %q and the rest %q, want %q and %q", c.text, place, rest, c.place, c.rest)
		}
	}
}

func TestAgesIn(t *testing.T) {
	for _, c := range []struct {
		text string
		want []ageInText
	}{
		{"over 70", []ageInText{{from: 0, until: 2, years: 70, over: true}}},
		{"clubs for over 65s", []ageInText{{from: 2, until: 4, years: 65, over: true}}},
		{"70 plus", []ageInText{{from: 0, until: 2, years: 70, over: true}}},
		{"74 year old man", []ageInText{{from: 0, until: 3, years: 74, personal: true}}},
		{"aged 81", []ageInText{{from: 0, until: 2, years: 81, personal: true}}},
		{"for my mum 82", []ageInText{{from: 3, until: 4, years: 82, personal: true}}},
		{"mum who is 82", []ageInText{{from: 3, until: 4, years: 82, personal: true}}},
		{"f 29", []ageInText{{from: 1, until: 2, years: 29, personal: true}}},
		{"82yo", []ageInText{{from: 0, until: 1, years: 82, personal: true}}},
		{"2 yr old child", nil},
		{"within 20 miles", nil},
		{"over 30 minutes", nil},
		{"bus 82", nil},
		{"couch to 5k", nil},
		{"over 900", nil},
		{"", nil},
	} {
		if got := agesIn(strings.Fields(c.text)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: the ages are %+v, want %+v", c.text, got, c.want)
		}
	}
}

func TestImpliedFilters(t *testing.T) {
	in := testInterpreter()
	for _, c := range []struct{ text, want string }{
		{"tea for over 70s", "over 70s: for=over-65s; over 70s: age=70"},
		{"lunch for over 55s", "over 55s: for=over-50s; over 55s: age=55; lunch: interest="},
		{"something for my mum who is 82 and uses a wheelchair", "82: age=82; wheelchair: access=step-free"},
		{"men", "men: for=men"},
		{"carers", "carers: interest=carers-support; carers: for=carers"},
		{"tuesday morning", "tuesday: day=tue; morning: time=morning"},
		{"not yoga", ""},
		{"free tea", "free: cost=free"},
	} {
		var got []string
		for _, w := range in.Read(c.text).Implied {
			got = append(got, w.Text+": "+w.Alternatives[0].Parameter+"="+w.Alternatives[0].Value)
		}
		if text := strings.Join(got, "; "); text != c.want && !strings.HasSuffix(c.want, "=") {
			t.Errorf("%q implies %q, want %q", c.text, text, c.want)
		}
	}
}

func TestInformativeWords(t *testing.T) {
	in := testInterpreter()
	for _, c := range []struct{ text, want string }{
		{"something gentle", "something gentle"}, // few words: each counts
		{"i am looking for something gentle for my mum", "gentle"},
		{"someone to talk to", "someone talk"},
		{"dementia group for husband and wife together", "dementia group husband wife together"},
		{"looking for somebody who would like something", "looking somebody like something"}, // there is nothing else to look for
		{"82 year old lady who likes knitting and natter", "knitting natter"},                // it is about her, not for ladies
	} {
		var got []string
		for _, w := range in.Read(c.text).Words {
			got = append(got, w.Text)
		}
		if words := strings.Join(got, " "); words != c.want {
			t.Errorf("%q looks for %q, want %q", c.text, words, c.want)
		}
	}
}

// A text is read once, until thousands of others were read or the synonyms change.
func TestPhrasingsAreCached(t *testing.T) {
	from := testInterpreter()
	in := NewInterpreter(from.vocabulary, from.places, from.english, from.plain, from.synonyms)
	first := in.Read("chair yoga in Leith")
	if in.Read("chair yoga in Leith") != first {
		t.Error("a text is read twice")
	}
	for i := range 3 * maxRecent {
		in.Read(strings.Repeat("a", i%250) + " " + strings.Repeat("b", i/250))
	}
	if n := len(in.recent) + len(in.older); n > 2*maxRecent {
		t.Errorf("%d phrasings are cached", n)
	}
	if again := in.Read("chair yoga in Leith"); again == first || !reflect.DeepEqual(again, first) {
		t.Error("a text is read differently the second time")
	}
	if exact := in.Read("choir M33 7DB"); in.Read("choir M33 7DB") == exact {
		t.Error("a text with a full postcode is cached")
	}
	again := in.Read("chair yoga in Leith")
	in.Use(from.synonyms)
	if in.Read("chair yoga in Leith") == again {
		t.Error("a phrasing outlives the synonyms it was read with")
	}
}

func FuzzPhrasing(f *testing.F) {
	for _, text := range []string{
		"yoga in Leith", "not just baby blues hackney", "F 29, limited English", "something for mum, 82 and rather deaf", "côr SY23", "50+ & more",
		"no no not", "in in in", "bookclub", "\xff\u0301", "m33 7db m33", "knit&natter",
	} {
		f.Add(text)
	}
	in := testInterpreter()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > search.MaxWordsLength {
			return
		}
		p := in.interpret(text, in.synonyms)
		for _, w := range p.Words {
			if len(w.Stems) == 0 {
				t.Errorf("%q looks for nothing in %q", text, w.Text)
			}
		}
		for _, ph := range p.Phrases {
			for _, form := range ph.Forms {
				if form.Weight >= 1 || len(form.Stems) == 0 {
					t.Errorf("%q looks for %+v beside %q", text, form, ph.Words)
				}
			}
		}
		if len(p.Implied) > maxImplied {
			t.Errorf("%q implies %d filters", text, len(p.Implied))
		}
		if p.Place == nil {
			return
		}
		if _, err := in.places.Find(p.Place.name); err != nil {
			t.Errorf("%q is from %q: %v", text, p.Place.name, err)
		}
		if len(p.Place.Rest) >= len(text) {
			t.Errorf("%q leaves %q", text, p.Place.Rest)
		}
	})
}

// BenchmarkPhrasing reads a text that is not cached.
func BenchmarkPhrasing(b *testing.B) {
	in := testInterpreter()
	for b.Loop() {
		in.interpret("chair yoga for my mum who is 82 in Leith", in.synonyms)
	}
}
