package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"gather/directory"
	"gather/directory/gazetteer"
)

// Place is how a text that names a place was read.
type Place struct {
	// Name is what to call the place, and How says in words how the text was
	// read ("the middle of sector M33 7: postcode M33 7DA is not in our data").
	Name string `json:"name" example:"M33 7DB"`
	How  string `json:"how" example:"postcode M33 7DB"`
	// Location is where it is and how precisely that is known.
	Location directory.Location `json:"location"`
	// AboutMiles is how far what is meant may lie from there, in miles; absent
	// where it is exact.
	AboutMiles float64 `json:"about_miles,omitempty" example:"0.6"`
	// Others are other places that the text may mean, largest first.
	Others []NamedLocation `json:"others,omitempty"`
	// Attribution is what the licences of the data ask to be shown with it.
	Attribution string `json:"attribution"`
}

// NamedLocation is a location and what to call it.
type NamedLocation struct {
	Name     string             `json:"name" example:"Newport, Isle of Wight"`
	Location directory.Location `json:"location"`
}

// placeAge is how long, in seconds, a response about places may be cached: they
// change when an operator imports data.
const placeAge = "max-age=3600"

// findPlace looks up a place by a text.
//
//	@Summary		Find a place
//	@Description	Reads a postcode or part of one, the name of a place or district, or "lat,lon", and says where it is and how precisely. Typing errors in postcodes are corrected where that is safe. The text is not stored or logged.
//	@ID				findPlace
//	@Tags			Find
//	@Produce		json
//	@Param			q	query		string	true	"The text"	example(M33 7DB)
//	@Success		200	{object}	Place
//	@Success		304	"Your copy is current"
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/v1/places [get]
func (s *server) findPlace(c *call) error {
	text := c.params.text("q")
	if text == "" {
		c.params.faults.Add("q", "give a postcode or the name of a place", "is missing")
	}
	if err := c.params.err(); err != nil {
		return err
	}
	found, err := s.Places.Find(text)
	if err != nil {
		return &notFound{err, s.Places.Suggestions(found)}
	}
	out := Place{
		Name: found.Name, How: found.How, Location: found.Location,
		AboutMiles: found.Radius, Attribution: gazetteer.Attribution,
	}
	for _, o := range found.Others {
		out.Others = append(out.Others, NamedLocation{s.Places.Label(o), o})
	}
	c.Response().Header().Set(echo.HeaderCacheControl, c.visibility()+", "+placeAge)
	return s.answer(c, http.StatusOK, out)
}

// notFound is the error of a text that matches no place, with the places that it
// may have meant.
type notFound struct {
	error
	suggestions []string
}

func (e *notFound) Unwrap() error { return e.error }

// Nearby is roughly where a position is.
type Nearby struct {
	// Outcode is the outward half of the nearest postcode, Place the name of
	// the nearest place.
	Outcode      string `json:"outcode,omitempty" example:"M33"`
	Place        string `json:"place,omitempty" example:"Sale"`
	District     string `json:"district,omitempty" example:"E08000009"`
	DistrictName string `json:"district_name,omitempty" example:"Trafford"`
	Attribution  string `json:"attribution"`
}

// nearestPlace says roughly where a position is.
//
//	@Summary		Find the place nearest to a position
//	@Description	The outcode, place and district nearest to a position, for "near you" texts. The position is not stored or logged, and nothing finer than an outcode is returned.
//	@ID				nearestPlace
//	@Tags			Find
//	@Produce		json
//	@Param			lat	query		number	true	"Latitude in degrees (WGS84)"	example(53.42)
//	@Param			lon	query		number	true	"Longitude in degrees, west of Greenwich negative"	example(-2.32)
//	@Success		200	{object}	Nearby
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/v1/places/nearest [get]
func (s *server) nearestPlace(c *call) error {
	p := directory.Position{Lat: c.params.degrees("lat", 90), Lon: c.params.degrees("lon", 180)}
	swapped := directory.Position{Lat: p.Lon, Lon: p.Lat}
	if len(c.params.faults) == 0 && !p.InUK() && swapped.InUK() {
		c.params.faults.Add("lat", "swap lat and lon", "is a longitude of the United Kingdom, and lon a latitude")
	}
	if err := c.params.err(); err != nil {
		return err
	}
	loc, ok := s.Places.Nearest(p)
	if !ok {
		c.params.faults.Add("lat", "give a position in the United Kingdom, latitude as lat and longitude as lon", "has no place that is known within 10 miles")
		return c.params.err()
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return s.answer(c, http.StatusOK, Nearby{
		Outcode: loc.Outcode, Place: loc.Place, District: loc.District, DistrictName: loc.DistrictName,
		Attribution: gazetteer.Attribution,
	})
}
