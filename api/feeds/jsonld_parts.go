package feeds

import (
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

type placeLD struct {
	Type      string      `json:"@type"` // Place or VirtualLocation
	Name      string      `json:"name,omitempty"`
	URL       string      `json:"url,omitempty"`
	Address   *addressLD  `json:"address,omitempty"`
	Geo       *geoLD      `json:"geo,omitempty"`
	Within    *withinLD   `json:"containedInPlace,omitempty"`
	Amenities []amenityLD `json:"amenityFeature,omitempty"`
}

type addressLD struct {
	Type     string `json:"@type"`
	Street   string `json:"streetAddress,omitempty"`
	Locality string `json:"addressLocality,omitempty"`
	Region   string `json:"addressRegion,omitempty"`
	Postcode string `json:"postalCode,omitempty"`
	Country  string `json:"addressCountry"`
}

// withinLD is the area that a place lies in, where no more is known of it.
type withinLD struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type geoLD struct {
	Type string  `json:"@type"`
	Lat  float64 `json:"latitude"`
	Lon  float64 `json:"longitude"`
}

// amenityLD is an access feature that a listing answers with yes or no. One that
// is not stated is left out, because it is not a no.
type amenityLD struct {
	Type        string `json:"@type"`
	ID          string `json:"propertyID"`
	Name        string `json:"name"`
	Value       bool   `json:"value"`
	Description string `json:"description,omitempty"`
}

// placesLD returns a place for each delivery, and at least one. The place of home
// visits is the district, and that of phone calls the listing's page.
func (s Site) placesLD(a *directory.Activity) []placeLD {
	var places []placeLD
	for _, d := range a.Delivery {
		switch d {
		case "venue":
			places = append(places, s.venueLD(a))
		case "online":
			p := placeLD{Type: "VirtualLocation", URL: s.ActivityURL(a.ID)}
			if a.Online != nil && a.Online.URL != "" {
				p.URL = Clean(a.Online.URL)
			}
			if a.Online != nil {
				p.Name = Clean(a.Online.Platform)
			}
			places = append(places, p)
		case "home":
			p := placeLD{Type: "Place", Name: s.label(vocabulary.Delivery, d), Address: &addressLD{Type: "PostalAddress", Country: "GB"}}
			if a.Located != nil {
				p.Address.Locality = a.Located.DistrictName
			}
			places = append(places, p)
		default:
			places = append(places, placeLD{Type: "VirtualLocation", Name: s.label(vocabulary.Delivery, d), URL: s.ActivityURL(a.ID)})
		}
	}
	if len(places) == 0 {
		places = append(places, placeLD{Type: "VirtualLocation", URL: s.ActivityURL(a.ID)})
	}
	return places
}

func (s Site) venueLD(a *directory.Activity) placeLD {
	p := placeLD{Type: "Place", Address: &addressLD{Type: "PostalAddress", Country: "GB"}}
	if v := a.Venue; v != nil {
		p.Name = Clean(v.Name)
		p.Address.Street = Clean(v.Address.Street)
		p.Address.Locality = Clean(firstOf(v.Address.Town, v.Address.Locality))
		p.Address.Region, p.Address.Postcode = Clean(v.Address.County), Clean(v.Address.Postcode)
		if p.Name == "" {
			p.Name = AddressLine(v)
		}
	}
	if v := a.Venue; v != nil && v.Area != nil {
		p.Within = &withinLD{"AdministrativeArea", Clean(v.Area.Name)}
	} else if a.Located != nil {
		p.Geo = &geoLD{"GeoCoordinates", sixDecimals(a.Located.Lat), sixDecimals(a.Located.Lon)}
		p.Address.Locality = firstOf(p.Address.Locality, a.Located.Place)
	}
	for _, t := range s.Words.List(vocabulary.Access) {
		if answer, ok := a.Access[t.ID]; ok {
			p.Amenities = append(p.Amenities, amenityLD{
				"LocationFeatureSpecification", t.ID, t.Label, answer.Answer == directory.Yes, Clean(answer.Note),
			})
		}
	}
	return p
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

type offerLD struct {
	Type         string `json:"@type"` // Offer or AggregateOffer
	Name         string `json:"name,omitempty"`
	Price        string `json:"price,omitempty"`
	Low          string `json:"lowPrice,omitempty"`
	High         string `json:"highPrice,omitempty"`
	Currency     string `json:"priceCurrency,omitempty"`
	URL          string `json:"url"`
	Availability string `json:"availability,omitempty"`
}

// offersLD returns the prices, and whether places are available. It is nil if
// neither is stated.
func (s Site) offersLD(a *directory.Activity, session directory.Session) []offerLD {
	offer := offerLD{Type: "Offer", URL: s.ActivityURL(a.ID), Availability: availability(a.Joining, session)}
	if a.Joining != nil && a.Joining.URL != "" {
		offer.URL = Clean(a.Joining.URL)
	}
	k := a.Cost
	if k == nil {
		if offer.Availability == "" {
			return nil
		}
		return []offerLD{offer}
	}
	offer.Currency = "GBP"
	usual := offer
	switch {
	case k.Kind == "donation":
		usual.Name, usual.Price = "By donation", "0"
	case k.Kind == "free":
		usual.Price = "0"
	case k.PoundsTo > k.Pounds:
		usual.Type, usual.Low, usual.High = "AggregateOffer", price(k.Pounds), price(k.PoundsTo)
	default:
		usual.Price = price(k.Pounds)
	}
	if k.Kind == "fixed" && k.Per != "" && k.Per != "session" {
		usual.Name = "A " + k.Per
	}
	offers := []offerLD{usual}
	if k.ConcessionPounds != nil {
		lower := offer
		lower.Name, lower.Price = firstOf(Clean(k.ConcessionFor), "Concession"), price(*k.ConcessionPounds)
		offers = append(offers, lower)
	}
	return offers
}

// availability says whether places are available; it is empty if that is not known.
func availability(j *directory.Joining, session directory.Session) string {
	status := ""
	if j != nil && j.Places != nil {
		status = j.Places.Status
	}
	if session.Status == directory.SessionFull {
		status = "full"
	}
	switch status {
	case "open":
		return "https://schema.org/InStock"
	case "few":
		return "https://schema.org/LimitedAvailability"
	case "waiting-list", "full":
		return "https://schema.org/SoldOut"
	}
	return ""
}

// price is pounds with two decimals, as in schema.org.
func price(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
