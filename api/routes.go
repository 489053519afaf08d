package api

import (
	"gather/api/feeds"
	"gather/search"
)

// route is one route: what has to be known of it before its handler runs.
type route struct {
	method, path string
	handler      func(*call) error
	// key is true if a key is required.
	key bool
	// once is true if an Idempotency-Key makes a retry safe.
	once bool
	// limit is an additional, tighter limit on successful requests. Failed ones
	// count against the common limit alone.
	limit policy
	// operates is true for probes and metrics: keys are not looked at, and no
	// limit applies.
	operates bool
	// params are the query parameters; with freeParams the handler reads them
	// itself, and has to refuse unknown ones.
	params     taken
	freeParams bool
	// produces are the media types of the response if it is not JSON.
	produces []string
	// formats are the formats to negotiate, the default first; see negotiate.
	formats []feeds.Format
}

func (r *route) answers() []string {
	if len(r.formats) > 0 {
		return mediaTypes(r.formats)
	}
	if len(r.produces) > 0 {
		return r.produces
	}
	return []string{jsonType}
}

// routes returns every route of the server.
func (s *server) routes() []route {
	page := []string{"text/html"}
	paged := []string{"after", "limit"}
	forms := []feeds.Format{feeds.JSON, feeds.ICS, feeds.Atom, feeds.GeoJSON, feeds.CSV, feeds.JSONLD}
	rpde := []string{jsonType, "application/vnd.openactive.rpde+json"}
	lines := []feeds.Format{feeds.JSON, feeds.NDJSON}
	return []route{
		// Search and lookups.
		{method: "GET", path: "/v1/activities", handler: s.search, params: takes(search.ParameterNames()...), freeParams: true, formats: forms},
		{method: "GET", path: "/v1/activities.:format", handler: s.searchFile, params: takes(search.ParameterNames()...), freeParams: true, formats: forms},
		{method: "POST", path: "/v1/activities/search", handler: s.searchBody},
		{method: "GET", path: "/v1/suggest", handler: s.suggest, params: takes("q", "near", "lang", "limit")},
		{method: "GET", path: "/v1/places", handler: s.findPlace, params: takes("q")},
		{method: "GET", path: "/v1/places/nearest", handler: s.nearestPlace, params: takes("lat", "lon")},
		{method: "GET", path: "/v1/vocabularies", handler: s.vocabularies},
		{method: "GET", path: "/v1/vocabularies/:name", handler: s.vocabulary},

		// Activities.
		{method: "POST", path: "/v1/activities", handler: s.publish, key: true, once: true},
		{method: "GET", path: "/v1/activities/:id", handler: s.activity, formats: forms},
		{method: "PUT", path: "/v1/activities/:id", handler: s.revise, key: true},
		{method: "PATCH", path: "/v1/activities/:id", handler: s.patch, key: true},
		{method: "DELETE", path: "/v1/activities/:id", handler: s.withdraw, key: true},
		{method: "POST", path: "/v1/activities/:id/checks", handler: s.check, key: true},
		{method: "GET", path: "/v1/activities/:id/history", handler: s.history, key: true, params: takes("before", "limit")},
		{method: "GET", path: "/v1/activities/:id/sessions", handler: s.sessions, params: takes("from", "to", "limit")},
		{method: "GET", path: "/v1/activities/:id/sessions/:session", handler: s.session, formats: []feeds.Format{feeds.JSON, feeds.ICS, feeds.JSONLD}},
		{method: "PUT", path: "/v1/activities/:id/sessions/:session", handler: s.changeSession, key: true},
		{method: "DELETE", path: "/v1/activities/:id/sessions/:session", handler: s.restoreSession, key: true},

		// Groups and keys.
		{method: "POST", path: "/v1/groups", handler: s.register, once: true, limit: registrations},
		{method: "GET", path: "/v1/groups", handler: s.groups, key: true, params: takes(append([]string{"status"}, paged...)...)},
		{method: "GET", path: "/v1/groups/:id", handler: s.group},
		{method: "PUT", path: "/v1/groups/:id", handler: s.reviseGroup, key: true},
		{method: "PUT", path: "/v1/groups/:id/status", handler: s.setStatus, key: true},
		{method: "GET", path: "/v1/groups/:id/activities", handler: s.groupActivities, params: takes(paged...), formats: forms},
		{method: "GET", path: "/v1/groups/:id/activities.:format", handler: s.groupActivitiesFile, params: takes(paged...), formats: forms},
		{method: "POST", path: "/v1/keys", handler: s.createKey, key: true},
		{method: "GET", path: "/v1/keys", handler: s.listKeys, key: true, params: takes(append([]string{"role", "group"}, paged...)...)},
		{method: "GET", path: "/v1/keys/self", handler: s.ownKey, key: true},
		{method: "DELETE", path: "/v1/keys/:id", handler: s.revokeKey, key: true},

		// Standards with routes of their own.
		{method: "GET", path: "/oruk/v3", handler: s.orukAbout},
		{method: "GET", path: "/oruk/v3/services", handler: s.orukServices, params: orukServiceParams, formats: lines},
		{method: "GET", path: "/oruk/v3/services/:id", handler: s.orukService},
		{method: "GET", path: "/oruk/v3/service_at_locations", handler: s.orukLocations, params: orukServiceParams, formats: lines},
		{method: "GET", path: "/oruk/v3/service_at_locations/:id", handler: s.orukLocation},
		{method: "GET", path: "/oruk/v3/organizations", handler: s.orukOrganizations, params: orukOrganizationParams, formats: lines},
		{method: "GET", path: "/oruk/v3/organizations/:id", handler: s.orukOrganization, params: taken{names: []string{"full_service"}, blank: true}},
		{method: "GET", path: "/oruk/v3/taxonomies", handler: s.orukTaxonomies, params: orukListParams, formats: lines},
		{method: "GET", path: "/oruk/v3/taxonomies/:id", handler: s.orukTaxonomy},
		{method: "GET", path: "/oruk/v3/taxonomy_terms", handler: s.orukTerms, params: orukTermParams, formats: lines},
		{method: "GET", path: "/oruk/v3/taxonomy_terms/:id", handler: s.orukTerm},
		{method: "GET", path: "/openactive", handler: s.activeDataset, produces: page},
		{method: "GET", path: "/openactive/session-series", handler: s.activeSeries, params: takes("afterChangeNumber", "limit"), produces: rpde},
		{method: "GET", path: "/openactive/scheduled-sessions", handler: s.activeSessions, params: takes("afterChangeNumber", "limit"), produces: rpde},

		// Pages for people and search engines.
		{method: "GET", path: "/", handler: s.searchPage, params: takes(search.ParameterNames()...), freeParams: true, produces: page},
		{method: "GET", path: "/near/:place", handler: s.nearPage, params: takes(search.ParameterNames()...), freeParams: true, produces: page},
		{method: "GET", path: "/interests/:interest", handler: s.interestPage, params: takes(search.ParameterNames()...), freeParams: true, produces: page},
		{method: "GET", path: embedPath, handler: s.embedPage, params: takes(search.ParameterNames()...), freeParams: true, produces: page},
		{method: "GET", path: "/search.css", handler: s.searchStyle, produces: []string{"text/css"}},
		{method: "GET", path: "/activities/:id", handler: s.activityPage, produces: page},
		{method: "GET", path: "/activities/:id/sessions/:session", handler: s.sessionPage, produces: page},
		{method: "GET", path: "/groups/:id", handler: s.groupPage, params: takes("after"), produces: page},
		{method: "GET", path: "/robots.txt", handler: s.robots, produces: []string{"text/plain"}},
		{method: "GET", path: "/sitemap.xml", handler: s.sitemap, produces: []string{xmlType}},
		{method: "GET", path: "/sitemaps/:page", handler: s.sitemapPage, produces: []string{xmlType}},

		// Documentation.
		{method: "GET", path: "/docs", handler: s.referencePage, produces: page},
		{method: "GET", path: "/docs/style.css", handler: s.style, produces: []string{"text/css"}},
		{method: "GET", path: "/docs/logo.svg", handler: s.logo, produces: []string{svgType}},
		{method: "GET", path: "/openapi.yaml", handler: s.openAPI, produces: []string{yamlType}},
		{method: "GET", path: "/problems", handler: s.problemPages, produces: page},
		{method: "GET", path: "/problems/:name", handler: s.problemPage, produces: page},

		// Operation.
		{method: "GET", path: "/healthz", handler: s.alive, operates: true},
		{method: "GET", path: "/readyz", handler: s.ready, operates: true},
		{method: "GET", path: "/metrics", handler: s.showMetrics, operates: true, produces: []string{"text/plain", "application/openmetrics-text"}},
	}
}
