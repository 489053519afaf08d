// Package present writes the answer of a search as JSON, in English or Welsh.
//
// A Presenter appends the briefs of the listings found, which are JSON already,
// and adds what depends on the question (render.go): why each fits (reasons.go,
// whywords.go, phrases.go), what to ask first, how the question was read
// (interpret.go), and wider questions where few match (rescue.go).
package present
