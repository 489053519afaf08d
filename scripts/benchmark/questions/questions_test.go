package questions_test

import (
	"reflect"
	"slices"
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

// TestQuestionsHaveAnswers checks that a question has the listing it is drawn
// from as a hit.
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
		o := questions.NewOracle(qs, facts, stems, size)
		fork := o.Fork()
		for n := range size {
			fork.Add(facts.Row(g.At(n)))
		}
		o.Join(fork)
		if got := len(o.Ordered(0, size)); k.Kind == questions.Deep && got != size {
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

// TestTakeUndoesAdd checks that recounting a revised tenth gives the same as
// counting all.
func TestTakeUndoesAdd(t *testing.T) {
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
	var qs []*questions.Question
	for _, k := range questions.Kinds {
		qs = append(qs, set.Make(k.Kind, 10, words)...)
	}
	recounted, all := questions.NewOracle(qs, facts, stems, size), questions.NewOracle(qs, facts, stems, size)
	before, change, whole := recounted.Fork(), recounted.Fork(), all.Fork()
	for n := range size {
		before.Add(facts.Row(g.At(n)))
		if !listings.IsRevised(n) {
			whole.Add(facts.Row(g.At(n)))
			continue
		}
		change.Take(facts.Row(g.At(n)))
		change.Add(facts.Row(g.Revised(n)))
		whole.Add(facts.Row(g.Revised(n)))
	}
	recounted.Join(before)
	recounted.Join(change)
	all.Join(whole)
	for i, q := range qs {
		for _, m := range []questions.Measure{questions.GreatCircle, questions.NationalGrid} {
			got, want := recounted.Right(i, m), all.Right(i, m)
			if got.Total != want.Total || !reflect.DeepEqual(got.Counts, want.Counts) || !slices.Equal(got.Newest, want.Newest) {
				t.Errorf("%s %s: %+v recounted, %+v counted whole", q.Kind, q.Query, got, want)
			}
		}
	}
	if !slices.Equal(recounted.Ordered(0, size), all.Ordered(0, size)) {
		t.Error("the order by update differs")
	}
}

// TestQuestionsDoNotDependOnOthers: runs with different kinds must be comparable.
func TestQuestionsDoNotDependOnOthers(t *testing.T) {
	g, err := listings.New(6, "../../../directory/gazetteer/gazetteer.bin")
	if err != nil {
		t.Fatal(err)
	}
	stems, err := listings.NewStemmer()
	if err != nil {
		t.Fatal(err)
	}
	facts := listings.NewFacts(g)
	alone, after := questions.NewSet(g, facts, stems, 400), questions.NewSet(g, facts, stems, 400)
	after.Make(questions.WordsNear, 7, nil)
	if got, want := after.Make(questions.Box, 5, nil), alone.Make(questions.Box, 5, nil); !reflect.DeepEqual(got, want) {
		t.Errorf("after others %+v, alone %+v", got, want)
	}
}

// TestKeepRenumbers checks that counts stay with their question.
func TestKeepRenumbers(t *testing.T) {
	qs := []*questions.Question{{Kind: questions.Suggesting}, {Kind: questions.Circle, Access: questions.None, Interest: questions.None, Day: questions.None}}
	g, err := listings.New(6, "../../../directory/gazetteer/gazetteer.bin")
	if err != nil {
		t.Fatal(err)
	}
	facts := listings.NewFacts(g)
	o := questions.NewOracle(qs, facts, nil, 1)
	want := o.Right(1, questions.NationalGrid)
	want.Total = 3
	if got := o.Keep([]int{1}).Right(0, questions.NationalGrid); got != want {
		t.Errorf("kept %+v, want %+v", got, want)
	}
}
