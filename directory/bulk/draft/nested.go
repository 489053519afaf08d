package draft

import (
	"bytes"
	"encoding/json"
)

// servicesIn returns the services nested in an organisation, nil if raw is not
// an organisation with services.
func servicesIn(raw []byte) []json.RawMessage {
	if !bytes.Contains(raw, []byte(`"services"`)) {
		return nil
	}
	var o struct {
		Services     []json.RawMessage `json:"services"`
		Status       json.RawMessage   `json:"status"`
		Organization json.RawMessage   `json:"organization"`
	}
	if json.Unmarshal(raw, &o) != nil || o.Status != nil || o.Organization != nil || len(o.Services) == 0 {
		return nil
	}
	return o.Services
}

// withOwner adds the enclosing organisation to a service that does not name one
// itself.
func withOwner(service, owner json.RawMessage) json.RawMessage {
	var s, o map[string]json.RawMessage
	if json.Unmarshal(service, &s) != nil || json.Unmarshal(owner, &o) != nil || s == nil || s["organization"] != nil {
		return service
	}
	delete(o, "services")
	var err error
	if s["organization"], err = json.Marshal(o); err != nil {
		return service
	}
	out, err := json.Marshal(s)
	if err != nil {
		return service
	}
	return out
}
