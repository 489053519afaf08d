package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gather/directory/vocabulary"
	"gather/search"
)

// filter is a group of boxes, one parameter of a search.
type filter struct {
	Name, Legend string
	// One is true where only one of the options can be chosen.
	One     bool
	Options []option
}

type option struct {
	Value, Label string
	Count        int
	Counted      bool
	Chosen       bool
}

// chip is a filter that is set, with the page without it.
type chip struct{ Label, Remove, Link string }

// filterList are the filters of the page that take ids, in its order, each with
// the key of its legend.
var filterList = []struct{ name, legend string }{
	{"day", "group.when"},
	{"time", "group.time"},
	{"access", "group.access"},
	{"first_visit", "group.first"},
	{"for", "group.for"},
	{"delivery", "group.how"},
	{"conversation", "group.conversation"},
	{"energy", "group.energy"},
	{"language", "group.language"},
}

// mostInterests is how many kinds of activity are offered: the ones that most
// listings have.
const mostInterests = 12

// label returns the label of a value of a filter in l.
func (p *Pages) label(l Language, name, id string) string {
	if name == "interest" {
		t, _ := p.Words.Interest(id)
		return orID(l.pick(t.Label, t.LabelCy), id)
	}
	c := search.ChoiceNamed(name)
	if c == nil {
		return id
	}
	if id == search.NotStated {
		return l.say("unstated.chosen")
	}
	t, _ := p.Words.Term(c.List, id)
	return orID(l.pick(t.Label, t.LabelCy), id)
}

func orID(label, id string) string {
	if label == "" {
		return id
	}
	return label
}

// filters returns the boxes of a page: what at least one listing has, and what is
// chosen already.
func (p *Pages) filters(l Language, q url.Values, f *search.Facets) []filter {
	if f == nil {
		f = &search.Facets{}
	}
	all := []filter{p.interests(l, q, f)}
	for _, x := range filterList {
		all = append(all, p.choices(l, q, x.name, x.legend, *search.ChoiceNamed(x.name).Counts(f)))
		if x.name == "time" {
			all = append(all, costs(l, q, f.Cost))
		}
	}
	return slices.DeleteFunc(all, func(f filter) bool { return len(f.Options) == 0 })
}

// choices are the boxes of a closed list, in its order.
func (p *Pages) choices(l Language, q url.Values, name, legend string, counts []search.FacetCount) filter {
	out := filter{Name: name, Legend: l.say(legend)}
	for _, t := range p.Words.List(search.ChoiceNamed(name).List) {
		o := option{Value: t.ID, Label: l.pick(t.Label, t.LabelCy), Chosen: chosen(q, name, t.ID)}
		o.Count, o.Counted = counted(counts, t.ID)
		if o.Counted || o.Chosen {
			out.Options = append(out.Options, o)
		}
	}
	return out
}

func (p *Pages) interests(l Language, q url.Values, f *search.Facets) filter {
	out := filter{Name: "interest", Legend: l.say("group.interest")}
	for _, v := range q["interest"] {
		for _, id := range strings.Split(v, ",") {
			n, _ := counted(f.Interest, id)
			out.Options = append(out.Options, option{id, p.label(l, "interest", id), n, true, true})
		}
	}
	for _, c := range f.Interest {
		if len(out.Options) == mostInterests {
			break
		}
		if !chosen(q, "interest", c.ID) {
			out.Options = append(out.Options, option{c.ID, c.Label, c.Count, true, false})
		}
	}
	return out
}

// costs are the prices that search counts up to.
func costs(l Language, q url.Values, counts []search.FacetCount) filter {
	out := filter{Name: "cost", Legend: l.say("group.cost"), One: true}
	given := q.Get("cost")
	out.Options = append(out.Options, option{Label: l.say("cost.any"), Chosen: given == ""})
	for _, c := range counts {
		out.Options = append(out.Options, option{c.ID, costLabel(l, c.ID), c.Count, true, c.ID == given})
	}
	if given != "" && !slices.ContainsFunc(counts, func(c search.FacetCount) bool { return c.ID == given }) {
		out.Options = append(out.Options, option{Value: given, Label: costLabel(l, given), Chosen: true})
	}
	return out
}

func costLabel(l Language, id string) string {
	if id == "free" {
		return l.say("cost.free")
	}
	return l.say("cost.most", id)
}

func counted(counts []search.FacetCount, id string) (n int, ok bool) {
	i := slices.IndexFunc(counts, func(c search.FacetCount) bool { return c.ID == id })
	if i < 0 {
		return 0, false
	}
	return counts[i].Count, true
}

// chips are the filters that are set, each with a link to the page without it. The
// words, the place, the order and the page are no filters.
func (p *Pages) chips(l Language, path string, q url.Values) []chip {
	var out []chip
	for _, par := range search.Parameters() {
		for _, v := range q[par.Name] {
			if par.Choice == nil {
				if label := p.otherLabel(l, par.Name, v); label != "" {
					out = append(out, newChip(l, label, address(path, without(q, par.Name, v))))
				}
				continue
			}
			for _, id := range strings.Split(v, ",") {
				out = append(out, newChip(l, p.label(l, par.Name, id), address(path, without(q, par.Name, id))))
			}
		}
	}
	return out
}

func newChip(l Language, label, link string) chip {
	return chip{label, l.say("filters.remove", label), link}
}

// otherLabel is what a filter that takes no ids is called, empty for a parameter
// that is none.
func (p *Pages) otherLabel(l Language, name, value string) string {
	switch name {
	case "cost":
		return costLabel(l, value)
	case "age":
		return l.say("age.chosen", value)
	case "from", "to":
		return l.say(name+".chosen", value)
	case "access_unknown":
		if value == "include" {
			return l.say("access.unknown")
		}
	case "group", "places":
		return l.say(name + ".chosen")
	case "checked":
		return l.say("checked.chosen", value)
	case "group_max":
		return l.say("size.chosen", value)
	case "bbox":
		return l.say("box.chosen")
	}
	return ""
}

// distances are the distances of the page in miles, and the one of q where it is
// another.
func distances(l Language, q url.Values) []option {
	given := q.Get("within")
	var out []option
	for _, miles := range []int{1, 2, 5, 10, 20, 50} {
		v := strconv.Itoa(miles)
		o := option{Value: v, Label: l.say("miles.n", v), Chosen: v == given || given == "" && miles == search.DefaultMiles}
		if miles == 1 {
			o.Label = l.say("miles.one")
		}
		out = append(out, o)
	}
	if given != "" && !slices.ContainsFunc(out, func(o option) bool { return o.Chosen }) {
		out = append(out, option{Value: given, Label: l.say("miles.n", given), Chosen: true})
	}
	return out
}

func orders(l Language, q url.Values) []option {
	given := q.Get("sort")
	out := []option{{Label: l.say("sort.best"), Chosen: given == ""}}
	if q.Has("near") {
		out = append(out, option{Value: string(search.SortDistance), Label: l.say("sort.distance"), Chosen: given == string(search.SortDistance)})
	}
	return append(out, option{Value: string(search.SortSoonest), Label: l.say("sort.soonest"), Chosen: given == string(search.SortSoonest)})
}

// labels are the labels of ids of a closed list.
func (p *Pages) labels(l Language, list string, ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		t, _ := p.Words.Term(list, id)
		out = append(out, orID(l.pick(t.Label, t.LabelCy), id))
	}
	return out
}

// checkedHow is the label of how a listing was confirmed.
func (p *Pages) checkedHow(l Language, id string) string {
	return strings.ToLower(strings.Join(p.labels(l, vocabulary.CheckedHow, []string{id}), ""))
}
