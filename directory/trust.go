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
// visit sees the steps at the door; an import only repeats what a file said.
// The weights are hypotheses.
var checkedWeight = map[string]float64{
	"visit": 1, "phone": 0.95, "owner": 0.9, "email": 0.85, "import": 0.5,
}

// Trust is how far a listing can be relied on now.
type Trust struct {
	// Score is from 0 to 1: the weight of how it was confirmed, halved every
	// six months since.
	Score float64 `json:"score" example:"0.87"`
	// CheckedMonths is how many whole months (of 30.4 days) ago that was.
	CheckedMonths int `json:"checked_months" example:"1"`
	// How is how it was confirmed: owner, phone, visit, email, import.
	How string `json:"how" example:"owner"`
}

// Trust computes how far a can be relied on at now.
func (a *Activity) Trust(now time.Time) Trust {
	age := max(0, now.Sub(a.Checked.At))
	weight, ok := checkedWeight[a.Checked.How]
	if !ok {
		weight = checkedWeight["import"]
	}
	score := weight * math.Exp2(-age.Hours()/TrustHalfLife.Hours())
	const month = 30.4 * 24
	return Trust{Score: math.Round(score*1000) / 1000, CheckedMonths: int(age.Hours() / month), How: a.Checked.How}
}
