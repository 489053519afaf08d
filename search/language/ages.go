package language

import (
	"strconv"
	"strings"
)

// ageInText is an age among words, at words[from:until].
type ageInText struct {
	from, until int
	years       int
	over        bool // "over 70": of that age and older
	// personal is true of somebody's own age ("82", not "over 80"), which listings
	// are not searched for as a word.
	personal bool
}

// What is read as an age, in years. Younger children come along with somebody
// older, and their ages are as often numbers of something else.
const (
	minAge = 10
	maxAge = 110
)

var (
	yearWords     = wordSet("year", "years", "yr", "yrs", "yo", "yearold")
	beforeOver    = wordSet("over", "above", "dros", "past")
	beforeAge     = wordSet("aged", "age")
	beforePerson  = wordSet("is", "im", "am", "f", "m", "male", "female", "man", "woman", "lady", "gentleman", "hes", "shes")
	afterOver     = wordSet("plus")
	notAnAgeUnits = wordList("not-an-age-before")
)

// agesIn finds ages: "over 70", "70 plus", "74 year old", "mum who is 82",
// "f 29".
func agesIn(words []string) []ageInText {
	var ages []ageInText
	for i, w := range words {
		n, unit, ok := years(w)
		if !ok || n < minAge || n > maxAge || i+1 < len(words) && notAnAgeUnits[words[i+1]] {
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
			ages = append(ages, ageInText{from: i, until: until, years: n, personal: true})
		case beforeAge[before]:
			ages = append(ages, ageInText{from: i - 1, until: i + 1, years: n, personal: true})
		case unit == "yo" || unit == "" && (beforePerson[before] || relatives[before]):
			ages = append(ages, ageInText{from: i, until: i + 1, years: n, personal: true})
		}
	}
	return ages
}

// years reads "82", "70s" and "82yo"; unit is "", "s" or "yo".
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
