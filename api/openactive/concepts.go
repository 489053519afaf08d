package openactive

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Where OpenActive publishes its two lists.
const (
	activityList      = "https://openactive.io/activity-list"
	accessibilityList = "https://openactive.io/accessibility-support"
)

// activities.csv holds the official labels of the concepts of OpenActive's
// activity list (openactive.io/activity-list, CC BY 4.0) that our interests
// refer to. Validators refuse any other label.
//
//go:embed activities.csv
var activitiesFile []byte

// impairments are the six concepts of OpenActive's accessibility-support list
// (CC BY 4.0), in its order.
var impairments = []struct{ id, label string }{
	{"1393f2dc-3fcc-4be9-a99f-f1e51f5ad277", "Visual impairment"},
	{"2bfb7228-5969-4927-8435-38b5005a8771", "Hearing impairment"},
	{"dd026873-6713-4ea1-af5a-08901f651d98", "Physical impairment"},
	{"67902468-fd49-4238-8650-20a22d7f0e40", "Learning impairment"},
	{"40b9b11f-bdd3-4aeb-8984-2ecf74a14c7a", "Mental health issues"},
	{"69b689d4-be04-4e6d-be56-4ac72ec82444", "Social or behavioural problems"},
}

// labels reads activities.csv: official labels by the UUID of the concept.
func labels() (map[string]string, error) {
	rows, err := csv.NewReader(bytes.NewReader(activitiesFile)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("openactive: read the labels of activities: %w", err)
	}
	m := make(map[string]string, len(rows))
	for _, row := range rows[1:] {
		m[row[0]] = row[1]
	}
	return m, nil
}

// activities are the concepts of the official list for a: for each interest its
// own, or else that of the nearest broader interest that has one (a form of
// walking is walking). Without any, a is not for OpenActive.
func (m *Mapping) activities(a *directory.Activity) []Concept {
	var out []Concept
	for _, id := range a.Interests {
		for _, id := range append([]string{id}, m.words.Broader(id)...) {
			interest, ok := m.words.Interest(id)
			if !ok || interest.OpenActive == "" {
				continue
			}
			label := m.labels[interest.OpenActive]
			if label == "" { // imported by the operator, with the official label
				label = interest.Label
			}
			c := concept(activityList, interest.OpenActive, label)
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
			break
		}
	}
	return out
}

func concept(list, id, label string) Concept {
	return Concept{Type: "Concept", ID: list + "#" + id, PrefLabel: label, InScheme: list}
}

// support are the impairments that a's access features are for, of those that it
// answers with yes. The six concepts are coarser than the features; the details
// are in accessibilityInformation as text.
func (m *Mapping) support(a *directory.Activity) []Concept {
	has := map[string]bool{}
	for id, answer := range a.Access {
		if t, ok := m.words.Term(vocabulary.Access, id); ok && answer.Answer == directory.Yes {
			for _, x := range t.OpenActive {
				has[x] = true
			}
		}
	}
	var out []Concept
	for _, x := range impairments {
		if has[x.id] {
			out = append(out, concept(accessibilityList, x.id, x.label))
		}
	}
	return out
}
