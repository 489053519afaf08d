package main

import (
	"fmt"
	"math"
	"strings"

	"benchmark/questions"
)

// Sizes of the plot, in pixels.
const (
	panelWidth  = 250
	panelHeight = 200
	panelGap    = 60
	plotTop     = 50
	plotLeft    = 60
	perRow      = 3
)

// The ranges of the axes: listings and microseconds.
const (
	leastSize, mostSize = 5e3, 2e6
	leastTime, mostTime = 1.0, 1e7
)

// plotted are the engines with their colours, from the colour-blind-safe palette
// of Okabe and Ito, their marks, and the dashes of their lines.
var plotted = []struct{ engine, colour, mark, dash string }{
	{"Gather", "#0072B2", "circle", ""}, {"Gather, whole answers", "#56B4E9", "ring", "6 3"}, {"PostGIS", "#D55E00", "square", ""},
	{"SQLite", "#009E73", "diamond", ""}, {"Bleve", "#CC79A7", "triangle", ""}, {"HTTP", "#000", "cross", "2 3"},
}

// plot draws the median time of each kind of question against the number of
// listings, both axes logarithmic.
func plot(all []*Result) string {
	kinds := questions.Kinds
	rows := (len(kinds) + perRow - 1) / perRow
	width, height := plotLeft+perRow*(panelWidth+panelGap), plotTop+rows*(panelHeight+panelGap)+20
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11" role="img" aria-labelledby="title desc">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<title id="title">Median time of each kind of question against the number of listings</title>`+"\n"+`<desc id="desc">%s</desc>`+"\n", described(all))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	x := plotLeft
	for _, e := range plotted {
		b.WriteString(mark(e.mark, e.colour, float64(x), 14))
		fmt.Fprintf(&b, `<text x="%d" y="18">%s</text>`+"\n", x+10, legend(e.engine))
		x += 30 + 7*len(legend(e.engine))
	}
	fmt.Fprintf(&b, `<text x="%d" y="34">median time of a question, freshly built, against the number of listings; both axes logarithmic</text>`+"\n", plotLeft)
	for i, k := range kinds {
		panel(&b, all, k.Kind, string(k.Kind)+" "+k.Asks, plotLeft+(i%perRow)*(panelWidth+panelGap), plotTop+(i/perRow)*(panelHeight+panelGap))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func panel(b *strings.Builder, all []*Result, kind questions.Kind, title string, left, top int) {
	across := func(size float64) float64 {
		return float64(left) + panelWidth*math.Log(size/leastSize)/math.Log(mostSize/leastSize)
	}
	up := func(us float64) float64 {
		return float64(top+panelHeight) - (panelHeight-20)*math.Log(min(max(us, leastTime), mostTime)/leastTime)/math.Log(mostTime/leastTime)
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" font-weight="bold">%s</text>`+"\n", left, top+14, title)
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#999"/>`+"\n", left, top+20, panelWidth, panelHeight-20)
	for us, name := leastTime, 0; us <= mostTime/10; us, name = us*10, name+1 {
		labels := []string{"1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s"}
		y := up(us)
		fmt.Fprintf(b, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n", left, left+panelWidth, y, y, left-4, y+4, labels[name])
	}
	for _, size := range []struct {
		n     float64
		label string
	}{{1e4, "10k"}, {1e5, "100k"}, {1e6, "1M"}} {
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", across(size.n), top+panelHeight+14, size.label)
	}
	for _, e := range plotted {
		var points []string
		for _, r := range all {
			if t := r.timing(e.engine, clean, kind); t != nil {
				x, y := across(float64(r.Size)), up(t.P50)
				points = append(points, fmt.Sprintf("%.1f,%.1f", x, y))
				b.WriteString(mark(e.mark, e.colour, x, y))
			}
		}
		if len(points) > 1 {
			fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="1.5"%s/>`+"\n", strings.Join(points, " "), e.colour, dashes(e.dash))
		}
	}
}

func dashes(dash string) string {
	if dash == "" {
		return ""
	}
	return ` stroke-dasharray="` + dash + `"`
}

// legend returns the name of an engine in the plot.
func legend(engine string) string {
	if engine == "HTTP" {
		return "Gather over HTTP"
	}
	return engine
}

// described returns the values of the plot as text, for its description.
func described(all []*Result) string {
	var b strings.Builder
	for _, k := range questions.Kinds {
		fmt.Fprintf(&b, "%s, %s:", k.Kind, k.Asks)
		before := b.Len()
		for _, e := range plotted {
			for _, r := range all {
				if t := r.timing(e.engine, clean, k.Kind); t != nil {
					fmt.Fprintf(&b, " %s %s at %s;", legend(e.engine), span(t.P50), thousands(int64(r.Size)))
				}
			}
		}
		if b.Len() == before {
			b.WriteString(" not measured;")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// mark returns the SVG of a point.
func mark(shape, colour string, x, y float64) string {
	switch shape {
	case "square":
		return fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="8" height="8" fill="%s"/>`+"\n", x-4, y-4, colour)
	case "ring":
		return fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="4" fill="#fff" stroke="%s" stroke-width="1.5"/>`+"\n", x, y, colour)
	case "triangle":
		return fmt.Sprintf(`<path d="M%.1f %.1fl5 9h-10z" fill="%s"/>`+"\n", x, y-5, colour)
	case "cross":
		return fmt.Sprintf(`<path d="M%.1f %.1fl8 8m0 -8l-8 8" stroke="%s" stroke-width="1.5"/>`+"\n", x-4, y-4, colour)
	case "diamond":
		return fmt.Sprintf(`<path d="M%.1f %.1fl5 5l-5 5l-5 -5z" fill="%s"/>`+"\n", x, y-5, colour)
	}
	return fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`+"\n", x, y, colour)
}
