// Package oruk maps the directory onto Open Referral UK 3.0 (HSDS-UK):
// activities onto services and services at locations, groups onto organizations,
// vocabularies onto taxonomies.
//
// Mapping is pure. Catalogue answers lists by filters without reading the store,
// and reads what they show. Addresses, parameters and answers over HTTP are
// package api's. Where this differs from the standard is in docs/open-referral.md.
package oruk

// The version that the root document names, and where its profile is
// described.
const (
	version = "HSDS-UK-3.0"
	profile = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
)

// About is the root document; openAPI is the web address of the description of
// the API.
func About(openAPI string) Details {
	return Details{Version: version, Profile: profile, OpenAPIURL: openAPI}
}
