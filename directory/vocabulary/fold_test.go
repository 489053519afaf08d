package vocabulary_test

import (
	"testing"

	"gather/directory/vocabulary"
)

func TestFold(t *testing.T) {
	for _, group := range [][]string{
		{"men's sheds", "Mens Shed", "MEN’S SHED", "men s sheds", "  men's   shed!"},
		{"T'ai Chi", "tai-chi", "Tai Chi"},
		{"over 50s", "Over 50", "over 50's"},
		{"50+", "50 plus", "50 Plus!"},
		{"arts & crafts", "art and craft", "Arts and Crafts"},
		{"dominoes", "domino"},
		{"parties", "party"},
		{"movies", "movie"},
		{"lunches", "lunch"},
		{"boxes", "box"},
		{"canoes", "canoe"},
		{"classes", "class"},
		{"tŷ", "TY"},
		{"café", "CAFÉ", "cafe\u0301", "cafes"},
		{"Zumba®", "zumba™", "zumba"},
		{"Łódź", "lodz"},
	} {
		want := vocabulary.Fold(group[0])
		for _, s := range group {
			if got := vocabulary.Fold(s); got != want {
				t.Errorf("Fold(%q) = %q, but Fold(%q) = %q", s, got, group[0], want)
			}
		}
	}
}

func TestFoldKeepsApart(t *testing.T) {
	for _, pair := range [][2]string{
		{"tennis", "tenni"}, {"chess", "ches"}, {"bus", "bu"}, {"gas", "ga"}, {"toes", "to"},
		{"men", "women"}, {"band", "bands of brothers"}, {"c", "c sharp"}, {"50", "50+"},
	} {
		if a, b := vocabulary.Fold(pair[0]), vocabulary.Fold(pair[1]); a == b {
			t.Errorf("Fold takes %q and %q for the same: %q", pair[0], pair[1], a)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "men's sheds", "50+", "s s s", "İstanbul", "ǅ", "\xff\xfe", "a\u0301s", "xes ies oes", "᾽ s"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := vocabulary.Fold(s)
		if twice := vocabulary.Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, twice)
		}
	})
}
