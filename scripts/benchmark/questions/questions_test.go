package questions_test

import (
	"testing"

	"benchmark/listings"
	"benchmark/questions"
)

func TestOneEdit(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"choir", "choir", false}, {"choir", "chior", false}, {"choir", "choirs", true}, {"choir", "hoir", true},
		{"choir", "choit", true}, {"choir", "chor", true}, {"choir", "xchoi", false}, {"", "a", true}, {"café", "cafe", true},
	} {
		if got := questions.OneEdit(c.a, c.b); got != c.want {
			t.Errorf("OneEdit(%q, %q) = %v", c.a, c.b, got)
		}
		if got := questions.OneEdit(c.b, c.a); got != c.want {
			t.Errorf("OneEdit(%q, %q) = %v", c.b, c.a, got)
		}
	}
}

// TestQuestionsHaveAnswers: a question drawn from a listing is answered by it.
func TestQuestionsHaveAnswers(t *testing.T) {
	const size = 400
	g, err := listings.New(6, "../../../directory/gazetteer/gazetteer.bin")
	if err != nil {
		t.Fatal(err)
	}
	stems, err := listings.NewStemmer()
	if err != nil {
		t.Fatal(err)
	}
	facts := listings.NewFacts(g)
	words := questions.NewDictionary()
	for n := range size {
		words.Add(facts.Row(g.At(n)), stems)
	}
	set := questions.NewSet(g, facts, stems, size)
	for _, k := range questions.Kinds {
		qs := set.Make(k.Kind, 10, words)
		if len(qs) != 10 {
			t.Errorf("%s: %d questions, not 10", k.Kind, len(qs))
		}
		o := questions.NewOracle(qs, facts, stems)
		for n := range size {
			o.Add(facts.Row(g.At(n)))
		}
		if got := len(o.Order()); got != size {
			t.Errorf("%s: the order holds %d listings", k.Kind, got)
		}
		for i, q := range qs {
			total := o.Right(i, questions.GreatCircle).Total
			needs := k.Kind == questions.WordsAll || k.Kind == questions.Typo
			if needs && total == 0 {
				t.Errorf("%s %s: nothing answers", k.Kind, q.Query)
			}
			if (k.Kind == questions.Deep || k.Kind == questions.Suggesting) != (q.Here == nil && q.Box == nil && len(q.Stems) == 0) {
				t.Errorf("%s %s asks for something else", k.Kind, q.Query)
			}
		}
	}
}
