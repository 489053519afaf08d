package feeds

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"
)

// WriteGeoJSON writes activities as one FeatureCollection (RFC 7946) with one
// feature each, in the given order. A feature's geometry is its venue as
// [longitude, latitude]. Without a venue it is null, and not the middle of the
// area it serves, which a map would show as a place to go to. next_session is the
// first that has not ended at the time at. The error is that of w or the first
// of activities; the document is then incomplete.
func WriteGeoJSON(w io.Writer, site Site, at time.Time, activities Activities) error {
	out := bufio.NewWriter(w)
	name, err := json.Marshal(site.Name)
	if err != nil {
		return fmt.Errorf("writing GeoJSON: %w", err)
	}
	fmt.Fprintf(out, `{"type":"FeatureCollection","name":%s,"features":[`, name)
	between := "\n"
	for a, err := range activities {
		if err != nil {
			return fmt.Errorf("reading activities for GeoJSON: %w", err)
		}
		row, err := json.Marshal(featureOf(site.factsOf(a, at)))
		if err != nil {
			return fmt.Errorf("writing activity %s as GeoJSON: %w", a.ID, err)
		}
		out.WriteString(between)
		if _, err := out.Write(row); err != nil {
			return fmt.Errorf("writing GeoJSON: %w", err)
		}
		between = ",\n"
	}
	out.WriteString("\n]}\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing GeoJSON: %w", err)
	}
	return nil
}

type feature struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Geometry   *point `json:"geometry"`
	Properties facts  `json:"properties"`
}

type point struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

func featureOf(f facts) feature {
	row := feature{Type: "Feature", ID: f.ID, Properties: f}
	if f.position != nil {
		row.Geometry = &point{"Point", [2]float64{sixDecimals(f.position.Lon), sixDecimals(f.position.Lat)}}
	}
	return row
}

// sixDecimals rounds degrees to a tenth of a metre, the precision that RFC 7946
// section 11.2 recommends.
func sixDecimals(v float64) float64 { return math.Round(v*1e6) / 1e6 }
