package vocabulary_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gather/directory/vocabulary"
)

func builtIn(t testing.TB) *vocabulary.Vocabulary {
	t.Helper()
	v, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// sameInWelsh are labels that are the same in Welsh and English.
var sameInWelsh = map[string]bool{
	"Hindi": true, "Marathi": true, "Pashto": true, "Dari": true, "Tigrinya": true, "Oromo": true, "Swahili": true,
	"Igbo": true, "Twi": true, "Shona": true, "Lingala": true, "Romani": true, "Tagalog": true, "Thai": true,
	"Telugu": true, "Malayalam": true, "Sylheti": true,
}

func TestEveryListIsCompleteInBothLanguages(t *testing.T) {
	v := builtIn(t)
	atLeast := map[string]int{vocabulary.Access: 30, vocabulary.FirstVisit: 21, vocabulary.Audience: 25,
		vocabulary.Language: 50, vocabulary.Day: 7}
	for _, name := range vocabulary.Names() {
		terms := v.List(name)
		if len(terms) < max(3, atLeast[name]) {
			t.Errorf("%s has only %d terms", name, len(terms))
		}
		seen := map[string]bool{}
		for _, term := range terms {
			if !kebab.MatchString(term.ID) || seen[term.ID] {
				t.Errorf("%s: id %q is used twice or not in kebab-case", name, term.ID)
			}
			seen[term.ID] = true
			if term.Label == "" || term.LabelCy == "" || term.Meaning == "" {
				t.Errorf("%s/%s lacks a label or meaning", name, term.ID)
			}
			if term.Label == term.LabelCy && !sameInWelsh[term.Label] {
				t.Errorf("%s/%s: the Welsh label is the English one", name, term.ID)
			}
			if got, ok := v.Term(name, term.ID); !ok || got.Label != term.Label {
				t.Errorf("Term(%q, %q) = %v, %v", name, term.ID, got.Label, ok)
			}
		}
	}
}

func TestWhatCanBeAskedHasAQuestionAndAReason(t *testing.T) {
	v := builtIn(t)
	for _, name := range []string{vocabulary.Access, vocabulary.FirstVisit, vocabulary.Commitment, vocabulary.Delivery,
		vocabulary.Join, vocabulary.Referral, vocabulary.Places, vocabulary.Cost} {
		for _, term := range v.List(name) {
			for _, q := range []string{term.Question, term.QuestionCy} {
				if !strings.HasSuffix(q, "?") || strings.ToUpper(q[:1]) != q[:1] {
					t.Errorf("%s/%s: %q is not a question", name, term.ID, q)
				}
			}
			if term.Question == term.QuestionCy || term.Why == "" || term.WhyCy == "" || term.Why == term.WhyCy {
				t.Errorf("%s/%s: question or reason is missing in one language", name, term.ID)
			}
		}
	}
	for _, term := range v.List(vocabulary.Audience) {
		if !strings.HasPrefix(term.Why, "for ") || !strings.HasPrefix(term.WhyCy, "i ") {
			t.Errorf("audience/%s: reasons %q and %q", term.ID, term.Why, term.WhyCy)
		}
	}
}

func TestAccessMapsOnlyToOpenActivesSixConcepts(t *testing.T) {
	known := map[string]bool{
		"1393f2dc-3fcc-4be9-a99f-f1e51f5ad277": true, // visual impairment
		"2bfb7228-5969-4927-8435-38b5005a8771": true, // hearing impairment
		"dd026873-6713-4ea1-af5a-08901f651d98": true, // physical impairment
		"67902468-fd49-4238-8650-20a22d7f0e40": true, // learning impairment
		"40b9b11f-bdd3-4aeb-8984-2ecf74a14c7a": true, // mental health issues
		"69b689d4-be04-4e6d-be56-4ac72ec82444": true, // social or behavioural problems
	}
	mapped := 0
	for _, term := range builtIn(t).List(vocabulary.Access) {
		for _, id := range term.OpenActive {
			mapped++
			if !known[id] {
				t.Errorf("%s maps to unknown concept %s", term.ID, id)
			}
		}
	}
	if mapped < 10 {
		t.Errorf("only %d mappings", mapped)
	}
}

func TestColumnsForSearch(t *testing.T) {
	v := builtIn(t)
	for years, want := range map[int]string{0: "", 49: "", 50: "over-50s", 64: "over-50s", 65: "over-65s", 110: "over-65s"} {
		if got := v.AudienceFrom(years); got != want {
			t.Errorf("people over %d are %q, want %q", years, got, want)
		}
	}
	var asked []string
	for _, a := range v.AskedFirst() {
		asked = append(asked, a.List+"/"+a.Term.ID)
	}
	if got, want := strings.Join(asked, " "), "first_visit/met-on-arrival access/step-free first_visit/companion-welcome access/accessible-toilet"; got != want {
		t.Errorf("asked first are %s, want %s", got, want)
	}
	for _, id := range []string{"children", "young-carers", "new-parents"} {
		if term, _ := v.Term(vocabulary.Audience, id); !term.Young {
			t.Errorf("%s are not young", id)
		}
	}
	for _, id := range []string{"over-50s", "carers", "men"} {
		if term, _ := v.Term(vocabulary.Audience, id); term.Young {
			t.Errorf("%s are young", id)
		}
	}
	if fixed, _ := v.Term(vocabulary.Cost, "fixed"); !slices.Equal(fixed.PriceSteps, []float64{2, 5, 10}) {
		t.Errorf("the steps of prices are %v", fixed.PriceSteps)
	}
}

func TestPartsOfTheDayHaveNoGaps(t *testing.T) {
	until := "05:00"
	for _, part := range builtIn(t).List(vocabulary.TimeOfDay) {
		if part.From != until || part.Until <= part.From {
			t.Errorf("%s runs from %s until %s; it should start at %s", part.ID, part.From, part.Until, until)
		}
		until = part.Until
	}
	if until != "24:00" {
		t.Errorf("the day ends at %s", until)
	}
}

func TestTermByWords(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct{ list, text, want string }{
		{vocabulary.Audience, "50+", "over-50s"},
		{vocabulary.Audience, "Seniors", "over-50s"},
		{vocabulary.Audience, "men’s group", "men"},
		{vocabulary.Audience, "MENS GROUPS", "men"},
		{vocabulary.Audience, "Alzheimer's", "dementia"},
		{vocabulary.Audience, "gofalwyr", "carers"},
		{vocabulary.Access, "disabled toilets", "accessible-toilet"},
		{vocabulary.Access, "cŵn tywys", "assistance-dogs"},
		{vocabulary.Day, "Tues", "tue"},
		{vocabulary.Day, "dydd Sadwrn", "sat"},
		{vocabulary.Language, "BSL", "bfi"},
		{vocabulary.Access, "swimming pool", ""},
		{vocabulary.Access, "", ""},
		{"no-such-list", "ramp", ""},
	} {
		if got, ok := v.TermByWords(c.list, c.text); got.ID != c.want || ok != (c.want != "") {
			t.Errorf("TermByWords(%q, %q) = %q, %v; want %q", c.list, c.text, got.ID, ok, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct{ list, text, want string }{
		{vocabulary.Access, "step_free", "step-free"},
		{vocabulary.Access, "stepfree", "step-free"},
		{vocabulary.Access, "hearing-lop", "hearing-loop"},
		{vocabulary.Access, "haering loop", "hearing-loop"},
		{vocabulary.Access, "wheelchair accessible", "step-free"},
		{vocabulary.Access, "hearing", "hearing-loop"},
		{vocabulary.Commitment, "dropin", "drop-in"},
		{vocabulary.Day, "Wednsday", "wed"},
		{vocabulary.Day, "mno", "mon"},
		{vocabulary.Energy, "gentel", "gentle"},
		{vocabulary.Access, "xylophone", ""},
		{vocabulary.Access, "", ""},
		{vocabulary.Access, "q", ""},
		{vocabulary.Access, strings.Repeat("ramp", 100), ""},
		{"no-such-list", "ramp", ""},
	} {
		if got, ok := v.Nearest(c.list, c.text); got != c.want || ok != (c.want != "") {
			t.Errorf("Nearest(%q, %q) = %q, %v; want %q", c.list, c.text, got, ok, c.want)
		}
	}
}

func TestListReturnsACopy(t *testing.T) {
	v := builtIn(t)
	v.List(vocabulary.Day)[0].ID = "changed"
	if got := v.List(vocabulary.Day)[0].ID; got != "mon" {
		t.Errorf("the list now starts with %q", got)
	}
	if v.List("no-such-list") != nil {
		t.Error("an unknown list has terms")
	}
	if _, ok := v.Term("no-such-list", "mon"); ok {
		t.Error("an unknown list has a term")
	}
}
