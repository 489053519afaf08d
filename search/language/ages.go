package language

import (
	"strconv"
	"strings"
)

// ageInText is an age among words, from one to before another.
type ageInText struct {
	from, until int
	years       int
	over        bool // "over 70": that age and more
	bare        bool // "82": of a person, and nothing to look for
}

// The ages that are taken for one: below, it is a child's that comes along.
const (
	leastAge  = 10
	oldestAge = 110
)

var (
	yearWords   = WordSet(`year years yr yrs yo yearold`)
	beforeOver  = WordSet(`over above dros past`)
	beforeAge   = WordSet(`aged age`)
	beforeBare  = WordSet(`is im am f m male female man woman lady gentleman hes shes`)
	afterOver   = WordSet(`plus`)
	notAgeAfter = WordSet(`pm am mile miles k km minute minutes min mins hour hours week weeks month months pound pounds people`)
)

// agesIn finds ages: "over 70", "70 plus", "74 year old", "mum who is 82",
// "f 29".
func agesIn(words []string) []ageInText {
	var ages []ageInText
	for i, w := range words {
		n, unit, ok := years(w)
		if !ok || n < leastAge || n > oldestAge || i+1 < len(words) && notAgeAfter[words[i+1]] {
			continue
		}
		before, after := "", ""
		if i > 0 {
			before = words[i-1]
		}
		if i+1 < len(words) {
			after = words[i+1]
		}
		switch {
		case beforeOver[before] && unit != "yo":
			ages = append(ages, ageInText{from: i - 1, until: i + 1, years: n, over: true})
		case afterOver[after]:
			ages = append(ages, ageInText{from: i, until: i + 2, years: n, over: true})
		case yearWords[after]:
			until := i + 2
			if until < len(words) && words[until] == "old" {
				until++
			}
			ages = append(ages, ageInText{from: i, until: until, years: n, bare: true})
		case beforeAge[before]:
			ages = append(ages, ageInText{from: i - 1, until: i + 1, years: n, bare: true})
		case unit == "yo" || unit == "" && (beforeBare[before] || relatives[before]):
			ages = append(ages, ageInText{from: i, until: i + 1, years: n, bare: true})
		}
	}
	return ages
}

// years reads "82", "70s" and "82yo".
func years(w string) (n int, unit string, ok bool) {
	digits := strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz")
	switch unit = w[len(digits):]; unit {
	case "yo", "yrs", "yr":
		unit = "yo"
	case "", "s":
	default:
		return 0, "", false
	}
	n, err := strconv.Atoi(digits)
	return n, unit, err == nil && len(digits) <= 3
}
