package oruk

import "github.com/google/uuid"

// space is the name space of all ids that are derived here. Changing it, or
// the names that go into derived, gives every row a new id for everyone who
// harvested it.
var space = uuid.MustParse("7c0d6f0e-9a55-5a0f-8f65-0d9b9b6f4c51")

// derived is the id of a part of a record: a UUID (version 5) that is the same
// wherever and whenever it is made from the same owner, kind of part and key.
func derived(owner, part, key string) string {
	return uuid.NewSHA1(space, []byte(owner+"\x00"+part+"\x00"+key)).String()
}
