package api

// The general part of the OpenAPI document; scripts/openapi reads it and the
// comments of the handlers.
//
//	@title			Gather
//	@version		1
//	@description	A directory of community activities in the United Kingdom. Voluntary groups publish what they do; residents, link workers and websites find it: by words, place, interest, access need, time, cost, and by what the first visit is like.
//	@description	Reading what is published needs no key. Writing needs one, sent as "Authorization: Bearer" and the key. A group gets a key when it registers.
//	@description	What a listing does not state is unknown, and is never taken for no.
//	@description	Every request that fails is answered with a problem (RFC 9457) that lists everything that is wrong at once. Unknown fields and parameters are refused. Bodies have at most 1 MiB.
//	@description	A slash at the end of a path is ignored, and so is the case of letters in an id.
//	@description	Every response about a record has an ETag. A change has to send it as If-Match: without it the response is 428, and 412 if the record was changed since. "If-Match: *" matches any version. A read with If-None-Match returns 304 if nothing changed.
//	@description	The headers RateLimit and RateLimit-Policy say how many requests are left; a 429 says in Retry-After how many seconds to wait.
//	@description	Times are RFC 3339, in UTC or with an offset; wall-clock times are in Europe/London. Distances are miles, money is pounds sterling, positions are WGS84 degrees.
//	@description	Searches are private: no query, place or network address of the caller is stored or logged.
//	@license.name	MIT
//	@BasePath		/
//	@schemes		https
//
//	@tag.name			Find
//	@tag.description	For everybody: searching and reading.
//	@tag.name			Publish
//	@tag.description	For groups: writing listings.
//	@tag.name			Keep true
//	@tag.description	For groups, link workers and community builders: confirming listings, and their history.
//	@tag.name			Groups
//	@tag.description	Registering groups, and deciding which are trusted.
//	@tag.name			Keys
//	@tag.description	Credentials.
//	@tag.name			Standards
//	@tag.description	For other people's programs: Open Referral UK and OpenActive. Calendars, Atom, GeoJSON, CSV and JSON-LD are under Find.
//	@tag.name			Operate
//	@tag.description	For whoever runs the server.
//	@tag.name			About
//	@tag.description	Pages and documents about this API.
//
//	@securityDefinitions.apikey	Bearer
//	@in							header
//	@name						Authorization
//	@description				A key, sent as "Bearer" and the secret.
