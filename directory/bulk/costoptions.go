package bulk

import (
	"strings"

	"gather/directory"
)

// option is one of several prices.
type option struct {
	label    string // for whom or what: "Under 18s"
	amount   text
	per      string // "per 1 hour session"
	currency string
}

// options reads a list of prices: one is the price; of several the highest is
// the usual one, and the note says them all.
func (d *draft) options(prices []option) {
	var words []string
	var read []float64
	for _, p := range prices {
		said := strings.TrimSpace(strings.Join([]string{string(p.amount), p.per}, " "))
		if p.label != "" {
			said = strings.TrimSuffix(p.label+": "+said, ": ")
		}
		v := p.amount.number()
		pounds, ok := 0.0, false
		if v != nil {
			pounds, ok = amount(*v)
		}
		switch {
		case p.amount == "" && p.label == "" && p.per == "":
			continue
		case p.currency != "" && !strings.EqualFold(p.currency, "gbp"):
			d.warn("cost", said+" "+p.currency, "is not in pounds; it is kept as a note")
		case v == nil && p.amount != "":
			if c, sure := readPrice(string(p.amount)); sure && c.Kind == "fixed" {
				read = append(read, c.Pounds)
				if c.PoundsTo > 0 {
					read = append(read, c.PoundsTo)
				}
				break
			}
			d.warn("cost", said, "could not be read as a price; it is kept as a note")
		case v != nil && !ok:
			d.warn("cost", said, "is not a price in pounds and pence; it is kept as a note")
		case v != nil:
			read = append(read, pounds)
			said = "£" + said
			if p.label != "" {
				said = p.label + ": £" + strings.TrimSpace(string(p.amount)+" "+p.per)
			}
		}
		words = append(words, said)
	}
	note := strings.Join(words, "; ")
	if len(read) == 0 {
		if note != "" {
			d.details.Description = paragraph(d.details.Description, "Cost: "+note)
		}
		return
	}
	low, high := read[0], read[0]
	for _, v := range read {
		low, high = min(low, v), max(high, v)
	}
	c := &directory.Cost{Kind: "fixed", Pounds: low, Note: note, Per: perOf(prices)}
	switch {
	case high == 0:
		c.Kind = "free"
	case low == 0:
		c.Pounds = high
	case high > low:
		c.PoundsTo = high
	}
	if c.Kind == "free" {
		c.Per = ""
	}
	if len(prices) == 1 && prices[0].label == "" && prices[0].per == "" {
		c.Note = ""
	}
	d.details.Cost = c
}

// perOf is what all of the prices are for, empty for a session or where they
// differ.
func perOf(prices []option) string {
	per := ""
	for i, p := range prices {
		_, this := findPer(p.per)
		if i > 0 && this != per {
			return ""
		}
		per = this
	}
	return per
}

// price puts a price in free text into d.
func (d *draft) price(text string) {
	text = stated(text)
	if text == "" {
		return
	}
	c, ok := readPrice(text)
	if !ok {
		// There is no kind of price that says "not known", and a note without
		// a kind is against the rules: the text joins the description.
		d.warn("cost", text, "could not be read as a price; it was put into the description")
		d.details.Description = paragraph(d.details.Description, "Cost: "+text)
		return
	}
	if strings.Contains(strings.ToLower(text), "from") {
		c.Note = "from this price"
	}
	d.details.Cost = &c
}
