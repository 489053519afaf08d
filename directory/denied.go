package directory

import "fmt"

// Denied is the error of a key that may not do what it asks, or that is none:
// it is ErrForbidden or ErrUnauthorised.
type Denied struct {
	kind error
	// Why says to the caller what is wrong with the key, in sentences.
	Why string
}

func (e *Denied) Error() string { return e.kind.Error() + ": " + e.Why }
func (e *Denied) Unwrap() error { return e.kind }

// What it takes to write what a group has. Others are told it with their role.
const (
	needsWriter  = "This needs the key of a publisher of the group, of a builder whose area the group is in, or of an admin."
	needsBuilder = "This needs the key of a builder whose area the group is in, or of an admin."
	needsArea    = "This needs the key of a builder, or of an admin."
	needsAdmin   = "This needs the key of an admin."
)

// forbidden is ErrForbidden for p, with what it takes instead.
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

// suspended is ErrForbidden for a publisher whose group is suspended.
func suspended(group string) error {
	return &Denied{ErrForbidden, fmt.Sprintf("Group %s is suspended, and writes nothing until a community builder trusts it again.", group)}
}
