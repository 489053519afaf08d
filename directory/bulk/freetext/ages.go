package freetext

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	ageFrom  = regexp.MustCompile(`^(?:aged? |over |for )*(\d{1,3}) ?(?:\+|plus|and (?:over|above|up)|and older|or over|years and over|years\+|s)(?: years)?(?: ?only)?$`)
	ageOver  = regexp.MustCompile(`^over (?:the age of )?(\d{1,3})'?s?$`)
	ageUnder = regexp.MustCompile(`^(?:under|up to) (?:the age of )?(\d{1,3})'?s?(?: years)?$`)
	ageRange = regexp.MustCompile(`^(?:aged? |ages )?(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})(?: ?(?:years|yrs|year olds?|year-olds?))?(?: old)?$`)
	ageAll   = regexp.MustCompile(`^(all ages?|any age|everyone|all|open to all|all welcome)$`)
	ageAdult = regexp.MustCompile(`^(adults?( only)?|18 plus)$`)
)

// Ages reads ages in years from free text. nil is no limit; ok is false if the text
// is not understood.
func Ages(text string) (least, most *int, ok bool) {
	text = strings.ToLower(strings.Trim(Line(text), ". "))
	number := func(s string) *int {
		n, err := strconv.Atoi(s)
		if err != nil || n > 120 {
			return nil
		}
		return &n
	}
	eighteen := 18
	switch {
	case ageAll.MatchString(text):
		return nil, nil, true
	case ageAdult.MatchString(text):
		return &eighteen, nil, true
	}
	if m := ageOver.FindStringSubmatch(text); m != nil {
		least = number(m[1])
		return least, nil, least != nil
	}
	if m := ageFrom.FindStringSubmatch(text); m != nil {
		least = number(m[1])
		return least, nil, least != nil
	}
	if m := ageUnder.FindStringSubmatch(text); m != nil {
		if most = number(m[1]); most == nil {
			return nil, nil, false
		}
		if strings.HasPrefix(text, "under") && *most > 0 {
			*most-- // "under 5" is four and younger
		}
		return nil, most, true
	}
	if m := ageRange.FindStringSubmatch(text); m != nil {
		least, most = number(m[1]), number(m[2])
		return least, most, least != nil && most != nil && *least <= *most
	}
	return nil, nil, false
}
