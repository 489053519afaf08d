package draft

import (
	"bytes"
	"encoding/json"
)

// servicesIn are the services that stand inside an organisation, nil where raw
// is none that has them.
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

// withOwner gives a service the organisation that it stands inside, where it
// does not name one itself.
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
