// Package oruk maps the directory onto Open Referral UK 3.0 (HSDS-UK):
// activities onto services and services at locations, groups onto organizations,
// vocabularies onto taxonomies.
//
// Mapping is pure. Catalogue filters lists in memory, and reads from the store
// only the records of the page. Routes, parameters and HTTP responses belong to
// package api. docs/open-referral.md lists where this differs from the standard.
package oruk

// The version that the root document names, and the page about its profile.
const (
	version = "HSDS-UK-3.0"
	profile = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
)

// About returns the root document; openAPI is the web address of the API's
// OpenAPI document.
func About(openAPI string) Details {
	return Details{Version: version, Profile: profile, OpenAPIURL: openAPI}
}
