package vocabulary_test

import (
	"regexp"
	"slices"
	"testing"

	"gather/directory/vocabulary"
)

// loanWords are the ids of interests with the same label in Welsh as in English.
var loanWords = []string{"zumba", "tango", "bingo", "bridge", "pilates", "tai-chi", "qigong", "badminton", "padel",
	"boccia", "goalball", "korfball", "lacrosse", "petanque", "shopmobility", "parkrun", "croquet", "dementia", "diabetes", "arthritis"}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

func TestInterestsAreCompleteInBothLanguages(t *testing.T) {
	v := builtIn(t)
	all := v.Interests()
	if len(all) < 200 {
		t.Fatalf("there are only %d interests", len(all))
	}
	roots, mapped := 0, map[string]string{}
	for i, c := range all {
		if i > 0 && all[i-1].ID >= c.ID {
			t.Errorf("%q does not come after %q", c.ID, all[i-1].ID)
		}
		if !kebab.MatchString(c.ID) || c.Label == "" || c.LabelCy == "" {
			t.Errorf("%q is not in kebab-case or lacks a label", c.ID)
		}
		if (c.Label == c.LabelCy) != slices.Contains(loanWords, c.ID) {
			t.Errorf("%s: labels %q and %q", c.ID, c.Label, c.LabelCy)
		}
		if len(c.Broader) == 0 {
			roots++
			if len(v.Narrower(c.ID)) < 3 {
				t.Errorf("the root %q has hardly anything below it", c.ID)
			}
		}
		if c.OpenActive != "" {
			if !uuid.MatchString(c.OpenActive) || mapped[c.OpenActive] != "" {
				t.Errorf("%s: OpenActive id %q is no UUID or also %q's", c.ID, c.OpenActive, mapped[c.OpenActive])
			}
			mapped[c.OpenActive] = c.ID
		}
		if got, ok := v.Interest(c.ID); !ok || got.Label != c.Label {
			t.Errorf("Interest(%q) = %q, %v", c.ID, got.Label, ok)
		}
	}
	if roots < 15 || roots > 30 {
		t.Errorf("there are %d roots", roots)
	}
	if len(mapped) < 100 {
		t.Errorf("only %d interests have an OpenActive id", len(mapped))
	}
}

func TestNoWordMeansTwoInterests(t *testing.T) {
	v := builtIn(t)
	for _, c := range v.Interests() {
		for _, w := range slices.Concat([]string{c.Label, c.LabelCy}, c.Words, c.WordsCy) {
			if got, ok := v.ByWords(w); !ok || got != c.ID {
				t.Errorf("ByWords(%q) = %q, %v; it is a word of %q", w, got, ok, c.ID)
			}
		}
		for _, w := range c.LeadsHere {
			if got, ok := v.ByWords(w); !ok || got != c.ID {
				t.Errorf("ByWords(%q) = %q, %v; it leads to %q", w, got, ok, c.ID)
			}
		}
	}
}

func TestByWords(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct{ text, want string }{
		{"knit and natter", "knitting"}, {"Knit & Natter", "knitting"}, {"gwau", "knitting"},
		{"MENS SHEDS", "mens-shed"}, {"men s shed", "mens-shed"}, {"Men’s Sheds", "mens-shed"},
		{"t'ai chi", "tai-chi"}, {"chi kung", "qigong"}, {"soccer", "football"}, {"ping-pong", "table-tennis"},
		{"côr", "singing"}, {"COR", "singing"}, {"choirs", "singing"}, {"garddio", "gardening"}, {"cerdded", "walking"},
		{"health walk", "walking"}, {"book clubs", "reading-group"}, {"dementia cafes", "memory-cafe"},
		{"stay & play", "toddler-group"}, {"University of the Third Age", "u3a"}, {"U3A", "u3a"},
		{"angling", "fishing"}, {"foodbank", "food-bank"}, {"warm hub", "warm-space"}, {"ESOL", "esol"},
		{"LGBTQ+", "lgbtq-social"}, {"50+", "older-peoples-group"}, {"50 plus", "older-peoples-group"}, {"lonely", "social"},
		{"depression", "wellbeing"}, {"genealogy", "family-history"}, {"lawn bowls", "bowls"},
		{"ten pin bowling", "ten-pin-bowling"}, {"ballroom", "ballroom-dancing"}, {"dial a ride", "transport"},
		{"quantum chromodynamics", ""}, {"", ""}, {"knitting in the library", ""},
	} {
		if got, ok := v.ByWords(c.text); got != c.want || ok != (c.want != "") {
			t.Errorf("ByWords(%q) = %q, %v; want %q", c.text, got, ok, c.want)
		}
	}
}

func TestNarrowerAndBroader(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct {
		id       string
		narrower []string // some of it
		broader  []string // all of it, in any order
	}{
		{"crafts", []string{"crafts", "knitting", "woodwork", "wood-carving", "quilting"}, nil},
		{"racket-sports", []string{"badminton", "tennis", "wheelchair-tennis"}, []string{"sport"}},
		{"singing-for-lung-health", []string{"singing-for-lung-health"},
			[]string{"singing", "music", "lung-conditions", "health-conditions", "peer-support"}},
		{"sport", []string{"badminton", "walking-football", "boccia", "short-mat-bowls"}, nil},
		{"social", []string{"befriending", "coffee-morning", "social-group", "lunch-club"}, nil},
		{"fitness", []string{"gym", "keep-fit", "circuits", "aerobics", "chair-yoga"}, nil},
	} {
		narrower := v.Narrower(c.id)
		if len(narrower) == 0 || narrower[0] != c.id {
			t.Errorf("Narrower(%q) starts with %v", c.id, narrower)
		}
		for _, want := range c.narrower {
			if !slices.Contains(narrower, want) {
				t.Errorf("Narrower(%q) lacks %q", c.id, want)
			}
		}
		if len(narrower) != len(slices.Compact(slices.Sorted(slices.Values(narrower)))) {
			t.Errorf("Narrower(%q) repeats itself: %v", c.id, narrower)
		}
		got := slices.Sorted(slices.Values(v.Broader(c.id)))
		if slices.Sort(c.broader); !slices.Equal(got, c.broader) {
			t.Errorf("Broader(%q) = %v, want %v", c.id, got, c.broader)
		}
	}
	if v.Narrower("no-such") != nil || v.Broader("no-such") != nil {
		t.Error("an unknown concept has relatives")
	}
	if slices.Contains(v.Narrower("racket-sports"), "table-tennis") || slices.Contains(v.Narrower("bowls"), "ten-pin-bowling") {
		t.Error("a related concept counts as narrower")
	}
}

// No two faiths may share a concept.
func TestFaithsAreNotMerged(t *testing.T) {
	v := builtIn(t)
	seen := map[string]string{}
	for _, word := range []string{"church group", "mosque", "temple", "gurdwara", "synagogue"} {
		id, ok := v.ByWords(word)
		if !ok || seen[id] != "" {
			t.Errorf("%q and %q are both %q", word, seen[id], id)
		}
		if !slices.Contains(v.Broader(id), "faith") {
			t.Errorf("%q is not under faith", id)
		}
		seen[id] = word
	}
}

func TestNearestInterest(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct{ text, want string }{
		{"badmington", "badminton"}, {"gardning", "gardening"}, {"knit", "knitting"}, {"crochay", "crochet"},
		{"walking-footbal", "walking-football"}, {"zzzzzzzz", ""},
	} {
		if got, ok := v.NearestInterest(c.text); got != c.want || ok != (c.want != "") {
			t.Errorf("NearestInterest(%q) = %q, %v; want %q", c.text, got, ok, c.want)
		}
	}
}

func TestInterestsReturnsACopy(t *testing.T) {
	v := builtIn(t)
	v.Interests()[0] = vocabulary.Interest{ID: "changed"}
	if v.Interests()[0].ID == "changed" {
		t.Error("the vocabulary changed with the caller's slice")
	}
}
