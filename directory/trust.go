package directory

import (
	"math"
	"time"
)

// The trust of a listing halves every TrustHalfLife after it was last
// confirmed. Six months is when link workers start to ring before they send
// anyone; the figure is a hypothesis, to be tested with them.
const TrustHalfLife = 182 * 24 * time.Hour

// checkedWeight is how much a confirmation is worth by how it was made. A
// visitor sees the steps at the door; an import only repeats what a file said,
// and somebody who enters a listing for a group what they heard about it. The
// weights are hypotheses.
var checkedWeight = map[string]float64{
	"visit": 1, "phone": 0.95, howOwner: 0.9, "email": 0.85, howImport: 0.5, howEntered: 0.5,
}

// How writing a listing confirms it.
const (
	howOwner   = "owner"
	howImport  = "import"
	howEntered = "entered"
)

// wrote returns how a listing is confirmed if p publishes it: a publisher acts
// for its own group, all others only enter it.
func (p Principal) wrote() string {
	if p.Role == RolePublisher {
		return howOwner
	}
	return howEntered
}

// better reports whether c is the better of two confirmations: the later one, or
// at the same time the one that is worth more.
func (c Checked) better(than Checked) bool {
	if !c.At.Equal(than.At) {
		return c.At.After(than.At)
	}
	return checkedWeight[c.How] > checkedWeight[than.How]
}

// Trust is how reliable a listing is now.
type Trust struct {
	// Score is from 0 to 1: the weight of how it was confirmed, halved every
	// six months since.
	Score float64 `json:"score" example:"0.87"`
	// CheckedMonths is how many whole months (of 30.4 days) ago that was.
	CheckedMonths int `json:"checked_months" example:"1"`
	// How is how it was confirmed: owner, phone, visit, email, import, entered.
	How string `json:"how" example:"owner"`
}

// Trust computes how reliable a is at now.
func (a *Activity) Trust(now time.Time) Trust {
	age := max(0, now.Sub(a.Checked.At))
	weight, ok := checkedWeight[a.Checked.How]
	if !ok {
		weight = checkedWeight[howImport]
	}
	score := weight * math.Exp2(-age.Hours()/TrustHalfLife.Hours())
	const month = 30.4 * 24
	return Trust{Score: math.Round(score*1000) / 1000, CheckedMonths: int(age.Hours() / month), How: a.Checked.How}
}
