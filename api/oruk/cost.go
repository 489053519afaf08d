package oruk

import (
	"fmt"
	"strconv"
	"strings"

	"gather/directory"
)

// per is what one payment buys; a price that does not say is for a session.
func per(c *directory.Cost) string {
	if c.Per == "" {
		return "session"
	}
	return c.Per
}

// costs are the prices of a, and what is to be said about them in words.
func costs(a *directory.Activity) (words string, out []CostOption) {
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
	var said []string
	if c.HelpWithCost == directory.Yes {
		said = append(said, "There is help with the cost.")
	}
	if c.Note != "" {
		said = append(said, c.Note)
	}
	return strings.Join(said, " "), out
}
