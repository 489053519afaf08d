package directory

import "fmt"

// Denied is the error of a request whose key does not allow it (ErrForbidden),
// or that has no valid key (ErrUnauthorised).
type Denied struct {
	kind error
	// Why says what is wrong with the key, in full sentences for the caller.
	Why string
}

func (e *Denied) Error() string { return e.kind.Error() + ": " + e.Why }
func (e *Denied) Unwrap() error { return e.kind }

// Which keys may do what. The error for any other key quotes one of these.
const (
	needsWriter  = "This needs the key of a publisher of the group, of a builder whose area the group is in, or of an admin."
	needsBuilder = "This needs the key of a builder whose area the group is in, or of an admin."
	needsArea    = "This needs the key of a builder, or of an admin."
	needsAdmin   = "This needs the key of an admin."
)

// forbidden returns ErrForbidden for p, with the key that is needed.
func (p Principal) forbidden(needs string) error {
	whose := "Your key is that of a " + string(p.Role)
	switch p.Role {
	case "":
		return &Denied{ErrForbidden, needs}
	case RoleLinkWorker:
		whose = "Your key is that of a link worker"
	case RoleAdmin:
		whose = "Your key is that of an admin"
	case RolePublisher:
		whose += " for group " + p.Group
	case RoleBuilder:
		if !p.Area.everywhere() {
			whose += " for " + p.Area.String()
		}
	}
	return &Denied{ErrForbidden, whose + ". " + needs}
}

// suspended returns ErrForbidden for a publisher whose group is suspended.
func suspended(group string) error {
	return &Denied{ErrForbidden, fmt.Sprintf("Group %s is suspended, and writes nothing until a community builder trusts it again.", group)}
}
