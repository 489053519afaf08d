package segment

import (
	"gather/directory"
	"math"
	"time"
)

// trustEpoch is when a confirmation was worth what it says; what was confirmed
// since is worth more and what was before less, by the half-life of trust. So
// the trust of all listings at one moment is what they are worth then, times
// one number.
var trustEpoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// trustFrom is what a confirmation is worth at the epoch.
func trustFrom(c directory.Checked) float32 {
	a := directory.Activity{Checked: directory.Checked{At: trustEpoch, How: c.How}}
	return float32(a.Trust(trustEpoch).Score * math.Exp2(c.At.Sub(trustEpoch).Hours()/directory.TrustHalfLife.Hours()))
}

// TrustAt is how much of what is worth 1 at the epoch is left at a time.
func TrustAt(now time.Time) float32 {
	return float32(math.Exp2(-now.Sub(trustEpoch).Hours() / directory.TrustHalfLife.Hours()))
}
