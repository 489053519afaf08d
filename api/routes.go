package api

import "gather/search"

// route is one address: what the wrapper has to know of it before its handler
// runs.
type route struct {
	method, path string
	handler      func(*call) error
	// key is true where nothing is done without a key.
	key bool
	// once is true where an Idempotency-Key makes repeating safe.
	once bool
	// limit is a tighter limit on those who send no key, beside the common one.
	limit policy
	// params are the query parameters taken; freeParams leaves them to the
	// handler, which has to refuse unknown ones itself.
	params     []string
	freeParams bool
	// produces is what it answers with when it is not JSON.
	produces []string
}

func (r *route) answers() []string {
	if len(r.produces) > 0 {
		return r.produces
	}
	return []string{jsonType}
}

// routes are all the addresses there are.
func (s *server) routes() []route {
	page := []string{"text/html"}
	paged := []string{"after", "limit"}
	return []route{
		// Finding.
		{method: "GET", path: "/v1/activities", handler: s.search, params: search.Parameters(), freeParams: true},
		{method: "POST", path: "/v1/activities/search", handler: s.searchBody},
		{method: "GET", path: "/v1/suggest", handler: s.suggest, params: []string{"q", "near", "lang", "limit"}},
		{method: "GET", path: "/v1/places", handler: s.findPlace, params: []string{"q"}},
		{method: "GET", path: "/v1/places/nearest", handler: s.nearestPlace, params: []string{"lat", "lon"}},
		{method: "GET", path: "/v1/vocabularies", handler: s.vocabularies},
		{method: "GET", path: "/v1/vocabularies/:name", handler: s.vocabulary},

		// Publishing and keeping true.
		{method: "POST", path: "/v1/activities", handler: s.publish, key: true, once: true},
		{method: "GET", path: "/v1/activities/:id", handler: s.activity},
		{method: "PUT", path: "/v1/activities/:id", handler: s.revise, key: true},
		{method: "PATCH", path: "/v1/activities/:id", handler: s.patch, key: true},
		{method: "DELETE", path: "/v1/activities/:id", handler: s.withdraw, key: true},
		{method: "POST", path: "/v1/activities/:id/checks", handler: s.check, key: true},
		{method: "GET", path: "/v1/activities/:id/history", handler: s.history, key: true, params: []string{"before", "limit"}},
		{method: "GET", path: "/v1/activities/:id/sessions", handler: s.sessions, params: []string{"from", "to", "limit"}},
		{method: "PUT", path: "/v1/activities/:id/sessions/:session", handler: s.changeSession, key: true},
		{method: "DELETE", path: "/v1/activities/:id/sessions/:session", handler: s.restoreSession, key: true},

		// Groups and keys.
		{method: "POST", path: "/v1/groups", handler: s.register, once: true, limit: registrations},
		{method: "GET", path: "/v1/groups", handler: s.groups, key: true, params: append([]string{"status"}, paged...)},
		{method: "GET", path: "/v1/groups/:id", handler: s.group},
		{method: "PUT", path: "/v1/groups/:id", handler: s.reviseGroup, key: true},
		{method: "PUT", path: "/v1/groups/:id/status", handler: s.setStatus, key: true},
		{method: "GET", path: "/v1/groups/:id/activities", handler: s.groupActivities, params: paged},
		{method: "POST", path: "/v1/keys", handler: s.createKey, key: true},
		{method: "GET", path: "/v1/keys", handler: s.listKeys, key: true, params: append([]string{"role", "group"}, paged...)},
		{method: "GET", path: "/v1/keys/self", handler: s.ownKey, key: true},
		{method: "DELETE", path: "/v1/keys/:id", handler: s.revokeKey, key: true},

		// Reading about it.
		{method: "GET", path: "/", handler: s.landing, produces: page},
		{method: "GET", path: "/docs", handler: s.referencePage, produces: page},
		{method: "GET", path: "/docs/style.css", handler: s.style, produces: []string{"text/css"}},
		{method: "GET", path: "/openapi.yaml", handler: s.openAPI, produces: []string{yamlType}},
		{method: "GET", path: "/problems", handler: s.problemPages, produces: page},
		{method: "GET", path: "/problems/:name", handler: s.problemPage, produces: page},

		// Operating it.
		{method: "GET", path: "/healthz", handler: s.alive},
		{method: "GET", path: "/readyz", handler: s.ready},
		{method: "GET", path: "/metrics", handler: s.showMetrics, produces: []string{"text/plain", "application/openmetrics-text"}},
	}
}
