package oruk

import (
	"fmt"
	"strconv"
	"strings"

	"gather/directory"
)

// per is what one payment buys: a session, unless the price says otherwise.
func per(c *directory.Cost) string {
	if c.Per == "" {
		return "session"
	}
	return c.Per
}

// costs returns the prices of a, and what cannot be expressed as one, as text.
func costs(a *directory.Activity) (text string, out []CostOption) {
	c := a.Cost
	if c == nil {
		return "", nil
	}
	add := func(option string, amount *float64, note string) {
		x := CostOption{ID: derived(a.ID, "cost", strconv.Itoa(len(out))), ServiceID: a.ID, Option: option, Amount: amount, AmountDescription: note}
		if amount != nil {
			x.Currency = "GBP"
		}
		out = append(out, x)
	}
	each := "per " + per(c)
	switch c.Kind {
	case "free":
		add("Free", new(float64), "")
	case "donation":
		var suggested *float64
		if c.Pounds > 0 {
			suggested = &c.Pounds
		}
		add("Donation", suggested, "give what you like")
	default:
		note := each
		if c.PoundsTo > c.Pounds {
			note = fmt.Sprintf("%s to %s %s", directory.Pounds(c.Pounds), directory.Pounds(c.PoundsTo), each)
		}
		add("Standard", &c.Pounds, note)
	}
	if c.ConcessionPounds != nil {
		note := each
		if c.ConcessionFor != "" {
			note += "; " + c.ConcessionFor
		}
		add("Concession", c.ConcessionPounds, note)
	}
	for i := range c.Extras {
		x := &c.Extras[i]
		note := ""
		if x.Optional {
			note = "optional"
		}
		add(x.What, &x.Pounds, note)
	}
	var texts []string
	if c.HelpWithCost == directory.Yes {
		texts = append(texts, "There is help with the cost.")
	}
	if c.Note != "" {
		texts = append(texts, c.Note)
	}
	return strings.Join(texts, " "), out
}
