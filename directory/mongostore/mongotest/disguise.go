package mongotest

import "go.mongodb.org/mongo-driver/v2/bson"

// isHello reports whether a driver sends the command to identify a server.
func isHello(name string) bool {
	return name == "hello" || name == "isMaster" || name == "ismaster"
}

func inTransaction(body bson.Raw) bool {
	_, err := body.LookupErr("autocommit")
	return err == nil
}

// LookAlike makes a server behave like those that accept the commands of a
// transaction, apply each write at once, and acknowledge the abort.
func LookAlike(name string, body bson.Raw) Action {
	switch {
	case name == "commitTransaction" || name == "abortTransaction":
		return Action{Answer: bson.D{{Key: "ok", Value: 1}}}
	case inTransaction(body):
		return Action{Without: []string{"txnNumber", "autocommit", "startTransaction", "readConcern"}}
	}
	return Action{}
}

// Standalone makes a server behave like one started without --replSet.
func Standalone(name string, body bson.Raw) Action {
	switch {
	case isHello(name):
		return Action{Replace: bson.D{{Key: "setName"}, {Key: "hosts"}, {Key: "setVersion"}, {Key: "primary"}, {Key: "me"}, {Key: "electionId"}}}
	case inTransaction(body):
		return Action{Answer: Failure(20, "IllegalOperation")}
	}
	return Action{}
}

// Secondary makes a server behave like a secondary, which accepts no writes.
func Secondary(name string, _ bson.Raw) Action {
	switch {
	case isHello(name):
		return Action{Replace: bson.D{
			{Key: "isWritablePrimary", Value: false}, {Key: "ismaster", Value: false}, {Key: "secondary", Value: true}}}
	case name == "insert" || name == "update" || name == "create" || name == "createIndexes" || name == "findAndModify":
		return Action{Answer: Failure(10107, "NotWritablePrimary")}
	}
	return Action{}
}

// NoStreams makes a server behave like one without change streams.
func NoStreams(name string, _ bson.Raw) Action {
	if name == "aggregate" {
		return Action{Answer: Failure(40573, "Location40573")}
	}
	return Action{}
}
