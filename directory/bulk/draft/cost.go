package draft

import (
	"strings"

	"gather/directory"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
)

// Price is one price of several.
type Price struct {
	Label    string // who or what it is for: "Under 18s"
	Amount   loose.Text
	Per      string // "per 1 hour session"
	Currency string
}

// TakePrices reads a list of prices. A single price is the price; of several,
// the highest is the usual one and the note lists them all.
func (d *Draft) TakePrices(prices []Price) {
	var words []string
	var read []float64
	for _, p := range prices {
		said := strings.TrimSpace(strings.Join([]string{string(p.Amount), p.Per}, " "))
		if p.Label != "" {
			said = strings.TrimSuffix(p.Label+": "+said, ": ")
		}
		v := p.Amount.Number()
		pounds, ok := 0.0, false
		if v != nil {
			pounds, ok = freetext.Amount(*v)
		}
		switch {
		case p.Amount == "" && p.Label == "" && p.Per == "":
			continue
		case p.Currency != "" && !strings.EqualFold(p.Currency, "gbp"):
			d.Warn("cost", said+" "+p.Currency, "is not in pounds; it is kept as a note")
		case v == nil && p.Amount != "":
			if c, sure := freetext.Price(string(p.Amount)); sure && c.Kind == "fixed" {
				read = append(read, c.Pounds)
				if c.PoundsTo > 0 {
					read = append(read, c.PoundsTo)
				}
				break
			}
			d.Warn("cost", said, "could not be read as a price; it is kept as a note")
		case v != nil && !ok:
			d.Warn("cost", said, "is not a price in pounds and pence; it is kept as a note")
		case v != nil:
			read = append(read, pounds)
			said = "£" + said
			if p.Label != "" {
				said = p.Label + ": £" + strings.TrimSpace(string(p.Amount)+" "+p.Per)
			}
		}
		words = append(words, said)
	}
	note := strings.Join(words, "; ")
	if len(read) == 0 {
		if note != "" {
			d.Details.Description = freetext.Paragraph(d.Details.Description, "Cost: "+note)
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
	if len(prices) == 1 && prices[0].Label == "" && prices[0].Per == "" {
		c.Note = ""
	}
	d.Details.Cost = c
}

// perOf returns what all the prices are charged per, empty for a session or if
// they differ.
func perOf(prices []Price) string {
	per := ""
	for i, p := range prices {
		_, this := freetext.FindPer(p.Per)
		if i > 0 && this != per {
			return ""
		}
		per = this
	}
	return per
}

// TakePrice reads a price from free text into d.
func (d *Draft) TakePrice(text string) {
	text = freetext.Stated(text)
	if text == "" {
		return
	}
	c, ok := freetext.Price(text)
	if !ok {
		// No kind of cost means "not known", and the rules forbid a note
		// without a kind, so the text is added to the description.
		d.Warn("cost", text, "could not be read as a price; it was put into the description")
		d.Details.Description = freetext.Paragraph(d.Details.Description, "Cost: "+text)
		return
	}
	if strings.Contains(strings.ToLower(text), "from") {
		c.Note = "from this price"
	}
	d.Details.Cost = &c
}
