// Package oruk speaks Open Referral UK 3.0 (HSDS-UK): it maps activities and
// groups onto services and organizations, and serves them below /oruk/v3.
//
// Mapping is pure; Handler adds paging, filters, streams and the catalogue
// that answers filters without reading the store. Where this differs from the
// standard is in docs/feeds.md.
package oruk
