package language

import (
	"errors"
	"math"
	"strconv"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/search"
)

// ReadPlace finds the place that q.Near names and says how it was read. Both are
// nil when q.Near is empty; the error is a *directory.Invalid when there is no
// such place.
func ReadPlace(q *search.Query, places *gazetteer.Gazetteer) (*directory.Location, *search.PlaceRead, error) {
	if q.Near == "" {
		return nil, nil, nil
	}
	found, err := places.Find(q.Near)
	if err != nil {
		return nil, nil, noPlace(found, places, err)
	}
	read := &search.PlaceRead{
		Text: q.Near, Name: found.Name, How: found.How, Repaired: found.Repaired,
		Position: found.Position, Precision: found.Precision, AboutMiles: math.Round(found.Radius*10) / 10,
		Outcode: found.Outcode, District: found.District, DistrictName: found.DistrictName,
	}
	if found.Precision == directory.PrecisionOutcode {
		read.Neighbourhoods = places.Neighbourhoods(found.Outcode)
	}
	for _, other := range found.Others {
		there := *q
		there.Near, there.Cursor = Coordinates(other.Position), ""
		read.Others = append(read.Others, search.OtherPlace{Name: places.Label(other), Query: there.String()})
	}
	return &found.Location, read, nil
}

// noPlace is the error for a place that was not found, with what it may have been.
func noPlace(found gazetteer.Found, places *gazetteer.Gazetteer, err error) error {
	var no *directory.NoPlace
	if !errors.As(err, &no) {
		return err
	}
	return &directory.Invalid{Faults: []directory.Fault{{Field: "near", Detail: no.Detail, Fix: no.Fix, Suggestions: places.Suggestions(found)}}}
}

// Coordinates writes p as the near parameter takes it, to about a metre.
func Coordinates(p directory.Position) string {
	return strconv.FormatFloat(p.Lat, 'f', 5, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 5, 64)
}
