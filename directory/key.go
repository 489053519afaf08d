package directory

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Role is what the holder of a key is.
type Role string

// The roles of keys. Reading published activities needs no key at all.
const (
	// RolePublisher publishes for one group.
	RolePublisher Role = "publisher"
	// RoleLinkWorker helps people find activities and may confirm listings.
	RoleLinkWorker Role = "link-worker"
	// RoleBuilder trusts groups and acts for them, in an area or everywhere.
	RoleBuilder Role = "builder"
	// RoleAdmin may do everything, and makes keys.
	RoleAdmin Role = "admin"
)

// Area is the part of the country a builder looks after: what lies in any of
// its districts or outcodes. An empty Area is everywhere.
type Area struct {
	// Districts are GSS codes of local authority districts.
	Districts []string `json:"districts,omitempty" example:"E08000009"`
	Outcodes  []string `json:"outcodes,omitempty" example:"M33"`
}

// Holds reports whether where lies in the area. What has no location lies only
// in the area that is everywhere.
func (a Area) Holds(where *Location) bool {
	if a.everywhere() {
		return true
	}
	return where != nil && (slices.Contains(a.Districts, where.District) || slices.Contains(a.Outcodes, where.Outcode))
}

// everywhere reports whether a is the whole country.
func (a Area) everywhere() bool { return len(a.Districts)+len(a.Outcodes) == 0 }

// String names the districts and outcodes of a, or says everywhere.
func (a Area) String() string {
	if a.everywhere() {
		return "everywhere"
	}
	return strings.Join(slices.Concat(a.Districts, a.Outcodes), " ")
}

// Key is a credential. Only the hash of its secret is kept.
type Key struct {
	ID     string `json:"id" format:"uuid"`
	Rev    int64  `json:"rev,omitempty"`
	Change int64  `json:"change,omitempty"`
	// Label says whose it is, at most 120 characters; no personal data.
	Label string `json:"label" example:"Sale surgery"`
	Role  Role   `json:"role" enums:"publisher,link-worker,builder,admin"`
	// Group is the group a publisher publishes for.
	Group string `json:"group,omitempty" format:"uuid"`
	// Area is where a builder acts.
	Area *Area `json:"area,omitempty"`
	// Hash is the SHA-256 of the secret in hexadecimal. The secret has 256
	// random bits, so a slow hash would add nothing.
	Hash    string    `json:"hash,omitempty" swaggerignore:"true"`
	Created time.Time `json:"created" format:"date-time"`
	// Expires is when it stops working; absent is never.
	Expires *time.Time `json:"expires,omitempty" format:"date-time"`
	Revoked *time.Time `json:"revoked,omitempty" format:"date-time"`
}

// Principal is the caller: the holder of a key, or the public, which is the zero
// Principal.
type Principal struct {
	Key   string
	Role  Role
	Group string
	Area  Area
}

// secretPrefix marks a secret as one of Gather's, so that scanners for leaked
// credentials can recognise it.
const secretPrefix = "gather_"

// newSecret returns a secret of 256 random bits.
func newSecret() string {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // crypto/rand.Read never fails since Go 1.24
	return secretPrefix + base64.RawURLEncoding.EncodeToString(bits[:])
}

// hashSecret returns the hash that is stored of a secret.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// wellFormedSecret reports whether s has the form of a secret. It saves a lookup
// in the store for those that do not.
func wellFormedSecret(s string) bool {
	rest, ok := strings.CutPrefix(s, secretPrefix)
	if !ok {
		return false
	}
	bits, err := base64.RawURLEncoding.DecodeString(rest)
	return err == nil && len(bits) == 32
}

// mayActFor reports whether p may write for a group that is at where.
func (p Principal) mayActFor(group string, where *Location) bool {
	switch p.Role {
	case RoleAdmin:
		return true
	case RoleBuilder:
		return p.Area.Holds(where)
	case RolePublisher:
		return group != "" && p.Group == group
	}
	return false
}

// mayTrust reports whether p decides which groups at where are trusted.
func (p Principal) mayTrust(where *Location) bool {
	return p.Role == RoleAdmin || (p.Role == RoleBuilder && p.Area.Holds(where))
}

func (p Principal) actor() string {
	if p.Role == "" {
		return "public"
	}
	return string(p.Role)
}
