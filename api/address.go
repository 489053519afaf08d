package api

import (
	"context"
	"net/http"
	"strings"

	"gather/directory"
)

// addressed normalises requests before they reach the router: HEAD becomes GET,
// since net/http drops the body of the response to a HEAD, and the path goes
// through plainPath. The context keeps that a request was a HEAD, so that a
// stream does not produce a body for nothing.
func addressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, method := r.Context(), r.Method
		if method == http.MethodHead {
			ctx, method = context.WithValue(ctx, headKey{}, true), http.MethodGet
		}
		r = r.WithContext(ctx)
		u := *r.URL
		r.Method, r.URL = method, &u
		u.Path, u.RawPath = plainPath(u.Path, u.RawPath)
		next.ServeHTTP(w, r)
	})
}

// headKey is the key of the context value that is true for a HEAD.
type headKey struct{}

// plainPath removes slashes at the end of a path, unless they follow the name of a
// file, and needless percent-encoding (10%3A30 is 10:30). raw is as in url.URL; it
// is kept where a slash is encoded, since that one separates nothing.
func plainPath(path, raw string) (string, string) {
	if strings.Count(path, "/") == strings.Count(raw, "/") {
		raw = ""
	}
	short := strings.TrimRight(path, "/")
	if file := strings.Contains(short[strings.LastIndexByte(short, '/')+1:], "."); raw == "" && short != "" && !file {
		path = short
	}
	return path, raw
}

// plainID returns a UUID in lower case, as ids are stored. For any other text it
// returns the text unchanged, and false.
func plainID(text string) (string, bool) {
	if id := strings.ToLower(text); directory.IsUUID(id) {
		return id, true
	}
	return text, false
}
