package openactive

import (
	"bytes"
	"fmt"
	"html/template"
)

// Dataset is what the dataset page says about the data and its publisher.
type Dataset struct {
	// Name and Description of the dataset, in plain text.
	Name, Description string
	// Publisher is the publisher's name, Logo the web address of their logo, and
	// Email their address, which may be empty.
	Publisher, Logo, Email string
	// Licence is the web address of the licence of the data.
	Licence string
	// Discussion and Documentation are web addresses.
	Discussion, Documentation string
}

// datasetLD is the page as schema.org JSON-LD.
type datasetLD struct {
	Context       []string     `json:"@context"`
	Type          string       `json:"@type"`
	ID            string       `json:"@id"`
	URL           string       `json:"url"`
	Name          string       `json:"name"`
	Description   string       `json:"description"`
	Keywords      []string     `json:"keywords"`
	License       string       `json:"license"`
	Distribution  []download   `json:"distribution"`
	DiscussionURL string       `json:"discussionUrl"`
	Documentation string       `json:"documentation"`
	InLanguage    []string     `json:"inLanguage"`
	SchemaVersion string       `json:"schemaVersion"`
	Publisher     organisation `json:"publisher"`
}

type organisation struct {
	Type      string      `json:"@type"`
	Name      string      `json:"name"`
	LegalName string      `json:"legalName"`
	URL       string      `json:"url"`
	Logo      ImageObject `json:"logo"`
	Email     string      `json:"email,omitempty"`
}

type download struct {
	Type           string `json:"@type"`
	Name           string `json:"name"`
	AdditionalType string `json:"additionalType"`
	EncodingFormat string `json:"encodingFormat"`
	ContentURL     string `json:"contentUrl"`
	Identifier     string `json:"identifier"`
}

var datasetPage = template.Must(template.New("dataset").Parse(`<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Name}}</title>
<script type="application/ld+json">{{.}}</script>
</head>
<body>
<main>
<h1>{{.Name}}</h1>
<p>{{.Description}}</p>
<h2>Feeds</h2>
<ul>
{{- range .Distribution}}
<li><a href="{{.ContentURL}}">{{.Name}}</a></li>
{{- end}}
</ul>
<p>Published by {{.Publisher.Name}} under <a href="{{.License}}">this licence</a>. <a href="{{.Documentation}}">Documentation</a>, <a href="{{.DiscussionURL}}">discussion</a>.</p>
</main>
</body>
</html>
`))

// DatasetPage returns the page, in HTML with JSON-LD, that describes the feeds.
func (f *Feeds) DatasetPage() ([]byte, error) {
	d := f.o.Dataset
	ld := datasetLD{
		Context: []string{"https://schema.org/", context}, Type: "Dataset", ID: f.o.BaseURL + DatasetPath, URL: f.o.BaseURL + DatasetPath,
		Name: d.Name, Description: d.Description, License: d.Licence, DiscussionURL: d.Discussion, Documentation: d.Documentation,
		Keywords: []string{"Sessions", "Activities", "Sports", "Physical Activity", "OpenActive"}, InLanguage: []string{"en-GB"},
		SchemaVersion: "https://openactive.io/modelling-opportunity-data/2.0/",
		Publisher: organisation{
			Type: "Organization", Name: d.Publisher, LegalName: d.Publisher, URL: f.o.BaseURL, Email: d.Email,
			Logo: ImageObject{Type: "ImageObject", URL: d.Logo},
		},
	}
	for _, x := range []struct{ name, path string }{{"SessionSeries", SeriesPath}, {"ScheduledSession", SessionsPath}} {
		ld.Distribution = append(ld.Distribution, download{
			Type: "DataDownload", Name: x.name, AdditionalType: context + x.name, Identifier: x.name,
			EncodingFormat: "application/vnd.openactive.rpde+json; version=1", ContentURL: f.o.BaseURL + x.path,
		})
	}
	var body bytes.Buffer
	if err := datasetPage.Execute(&body, ld); err != nil {
		return nil, fmt.Errorf("write the dataset page: %w", err)
	}
	return body.Bytes(), nil
}
