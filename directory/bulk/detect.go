package bulk

import (
	"bytes"
	"encoding/json"

	"gather/directory/bulk/spool"
)

// zipMark is how a zip file begins.
var zipMark = []byte("PK\x03\x04")

// detect tells the format of a file from its beginning.
func detect(head []byte) Format {
	if bytes.HasPrefix(head, zipMark) {
		return Tables
	}
	head = bytes.TrimSpace(spool.TrimBOM(head))
	if len(head) == 0 || (head[0] != '{' && head[0] != '[') {
		return CSV
	}
	keys := keysOf(head)
	line, rest, more := bytes.Cut(head, []byte("\n"))
	if json.Valid(line) && line[0] == '{' && !keys.isOpenActive() {
		var v map[string]json.RawMessage
		err := json.Unmarshal(line, &v)
		switch {
		case err == nil && v["title"] != nil:
			return JSONLines
		case err == nil && (v["name"] != nil || v["content"] != nil || v["contents"] != nil): // a stream of services, or of pages
		case more && len(bytes.TrimSpace(rest)) > 0:
			return JSONLines
		}
	}
	switch {
	case keys.isOpenActive():
		return OpenActive
	case keys.any("organisation", "send_needs", "suitabilities", "target_directories"):
		return Outpost
	case keys.any("eligibilitys", "service_taxonomys", "regular_schedules", "holiday_schedules", "attending_access",
		"deliverable_type", "physical_addresses", "accessibility_for_disabilities"), keys.has("content") && keys.any("organization", "service_at_locations"):
		return ORUK1
	case keys["content"] == 1:
		return Outpost
	}
	return HSDS
}

// keySet holds the keys of a JSON document and the shallowest depth of each: 1
// is the outermost object.
type keySet map[string]int

func (k keySet) has(name string) bool { return k[name] > 0 }

func (k keySet) any(names ...string) bool {
	for _, name := range names {
		if k.has(name) {
			return true
		}
	}
	return false
}

// isOpenActive reports whether the keys are those of an RPDE page or item, or
// of an OpenActive object.
func (k keySet) isOpenActive() bool {
	return k["items"] == 1 && (k["next"] == 1 || k.has("state") && k.has("modified")) ||
		k.has("state") && k.has("kind") && k.has("modified") ||
		k.any("type", "@type") && k.any("superEvent", "eventSchedule", "subEvent") && !k.has("service_at_locations")
}

// keysOf collects the keys of the document that head begins, as far as it can
// be parsed.
func keysOf(head []byte) keySet {
	keys := keySet{}
	dec := json.NewDecoder(bytes.NewReader(head))
	var open []json.Delim // the enclosing objects and lists
	key, depth := false, 0
	for {
		tok, err := dec.Token()
		if err != nil {
			return keys
		}
		switch x := tok.(type) {
		case json.Delim:
			switch x {
			case '{', '[':
				if x == '{' {
					depth++
				}
				open = append(open, x)
			default:
				if x == '}' {
					depth--
				}
				open = open[:len(open)-1]
			}
			key = len(open) > 0 && open[len(open)-1] == '{'
			continue
		case string:
			if key && (keys[x] == 0 || depth < keys[x]) {
				keys[x] = depth
			}
		}
		key = !key && len(open) > 0 && open[len(open)-1] == '{'
	}
}
