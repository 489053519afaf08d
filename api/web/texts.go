package web

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Language is a language that pages are made in.
type Language string

// The languages of pages.
const (
	English Language = "en"
	Welsh   Language = "cy"
)

// Other is the language that a page in l links to.
func (l Language) Other() Language {
	if l == Welsh {
		return English
	}
	return Welsh
}

// text is a text of the pages in both languages.
type text struct{ en, cy string }

// texts are the texts of the pages, by key.
var texts = sync.OnceValues(func() (map[string]text, error) {
	data, err := files.ReadFile("pages/texts.csv")
	if err != nil {
		return nil, fmt.Errorf("read the texts of the pages: %w", err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the texts of the pages: %w", err)
	}
	all := make(map[string]text, len(rows))
	for _, r := range rows[1:] {
		if _, twice := all[r[0]]; twice || r[1] == "" || r[2] == "" || strings.Count(r[1], "%") != strings.Count(r[2], "%") {
			return nil, fmt.Errorf("texts of the pages: %q is there twice, lacks a language, or takes other values in Welsh", r[0])
		}
		all[r[0]] = text{r[1], r[2]}
	}
	return all, nil
})

func checkTexts() error {
	_, err := texts()
	return err
}

// say returns the text of key with its values, in l. A key that does not exist is
// shown as it is, which a test of the templates finds.
func (l Language) say(key string, values ...any) string {
	all, _ := texts() // New has checked them
	t, ok := all[key]
	format := t.en
	switch {
	case !ok:
		return "{" + key + "}"
	case l == Welsh:
		format = t.cy
	}
	if len(values) == 0 {
		return format
	}
	return fmt.Sprintf(format, values...)
}

// count returns the text of key.one for 1 and of key.n for any other number.
func (l Language) count(key string, n int) string {
	if n == 1 {
		return l.say(key + ".one")
	}
	return l.say(key+".n", n)
}

// pick returns the text in l, or the English one where there is no Welsh.
func (l Language) pick(en, cy string) string {
	if l == Welsh && cy != "" {
		return cy
	}
	return en
}

var (
	welshDays   = [...]string{"Dydd Sul", "Dydd Llun", "Dydd Mawrth", "Dydd Mercher", "Dydd Iau", "Dydd Gwener", "Dydd Sadwrn"}
	welshMonths = [...]string{"Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"}
)

// date returns a date in words, with its year only where that is not now's.
func (l Language) date(t, now time.Time) string {
	if l == English {
		if t.Year() == now.Year() {
			return t.Format("Monday 2 January")
		}
		return t.Format("Monday 2 January 2006")
	}
	words := fmt.Sprintf("%s %d %s", welshDays[t.Weekday()], t.Day(), welshMonths[t.Month()-1])
	if t.Year() != now.Year() {
		words += " " + strconv.Itoa(t.Year())
	}
	return words
}

// clock returns a time of day as people say it: 10:30 am, 7 pm.
func (l Language) clock(t time.Time) string {
	half, noon, midnight := t.Format("pm"), "12 noon", "12 midnight"
	if l == Welsh {
		half, noon, midnight = map[string]string{"am": "yb", "pm": "yp"}[half], "12 canol dydd", "12 canol nos"
	}
	switch {
	case t.Hour() == 12 && t.Minute() == 0:
		return noon
	case t.Hour() == 0 && t.Minute() == 0:
		return midnight
	case t.Minute() == 0:
		return t.Format("3 ") + half
	}
	return t.Format("3:04 ") + half
}

// pounds returns an amount as people write it: 3, 3.50.
func pounds(amount float64) string {
	if amount == float64(int64(amount)) {
		return strconv.FormatInt(int64(amount), 10)
	}
	return strconv.FormatFloat(amount, 'f', 2, 64)
}
