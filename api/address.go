package api

import (
	"context"
	"net/http"
	"strings"

	"gather/directory"
)

// addressed is next with every request in the one form that routes have: HEAD
// as GET, since net/http leaves out the body by itself, and the path as plainPath
// has it. The context says that a request came as HEAD to those whose body would
// be a long one.
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

// headKey is where the context of a request says that it came as HEAD.
type headKey struct{}

// plainPath is a path without slashes at its end, unless a file's name stands
// before them, and without needless percent-encoding (10%3A30 is 10:30). raw is as
// in url.URL; it stays where a slash is encoded, which is none that parts a path.
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

// plainID is a UUID in lower case, as ids are here, whichever way it was written;
// false with the text as it is for any other.
func plainID(text string) (string, bool) {
	if id := strings.ToLower(text); directory.IsUUID(id) {
		return id, true
	}
	return text, false
}
