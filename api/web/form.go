package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gather/search"
)

// PageSize is how many listings a page shows.
const PageSize = 20

// either are the filters whose boxes mean any of those ticked; of all others,
// everything ticked has to hold.
var either = []string{"day", "time", "delivery", "language", "structure", "conversation", "energy", "for"}

// followed are parameters that other sites and mail programs add to links, by
// their name or its beginning. They say nothing to us, and a link that somebody
// was sent must not fail because of them.
var followed = []string{"utm_", "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "_ga", "_gl", "igshid"}

// Question turns the values of a page's address into the parameters of a search:
// it leaves out empty fields, which forms send too, and what other sites add to
// links; joins boxes that mean any of them; leaves out a distance without a place;
// and asks for one page with all counts. Everything else stays, so that what is
// unknown is found out when the search is read. It does not change values.
func Question(values url.Values) url.Values {
	q := url.Values{}
	for name, all := range values {
		if slices.ContainsFunc(followed, func(f string) bool { return strings.HasPrefix(strings.ToLower(name), f) }) {
			continue
		}
		var given []string
		for _, v := range all {
			if v = strings.TrimSpace(v); v != "" && !slices.Contains(given, v) {
				given = append(given, v)
			}
		}
		switch {
		case len(given) == 0:
		case slices.Contains(either, name):
			q.Set(name, strings.Join(given, ","))
		default:
			q[name] = given
		}
	}
	if !q.Has("near") {
		q.Del("within")
		if q.Get("sort") == string(search.SortDistance) {
			q.Del("sort")
		}
	}
	q.Set("facets", "all")
	if !q.Has("limit") {
		q.Set("limit", strconv.Itoa(PageSize))
	}
	return q
}

// address is the address of the page at path with the search q, without what every
// page adds.
func address(path string, q url.Values) string {
	out := url.Values{}
	for name, all := range q {
		if name != "facets" && (name != "limit" || q.Get(name) != strconv.Itoa(PageSize)) {
			out[name] = all
		}
	}
	if len(out) == 0 {
		return path
	}
	return path + "?" + out.Encode()
}

// without returns q without one value of a parameter, which may be one of several
// separated by commas, and from the first page.
func without(q url.Values, name, value string) url.Values {
	out := url.Values{}
	for n, all := range q {
		out[n] = slices.Clone(all)
	}
	out.Del("cursor")
	var kept []string
	for _, v := range out[name] {
		parts := slices.DeleteFunc(strings.Split(v, ","), func(p string) bool { return p == value })
		if v != value && len(parts) > 0 {
			kept = append(kept, strings.Join(parts, ","))
		}
	}
	if out[name] = kept; len(kept) == 0 {
		out.Del(name)
	}
	return out
}

// chosen reports whether a parameter has a value, also as one of several
// separated by commas.
func chosen(q url.Values, name, value string) bool {
	return slices.ContainsFunc(q[name], func(v string) bool { return slices.Contains(strings.Split(v, ","), value) })
}
