package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/auth"

	"gather/directory"
)

// Codes of server errors, from MongoDB's error_codes.yml.
const (
	codeUnauthorized         = 13
	codeAuthenticationFailed = 18
	codeIllegalOperation     = 20
	codeNamespaceExists      = 48
	codeWriteConflict        = 112
	codeNoTransactions       = 263 // OperationNotSupportedInTransaction
)

// unavailableCodes are those of a server that is unavailable for a while: no
// longer the primary, shutting down, recovering, too slow.
var unavailableCodes = []int{
	6,     // HostUnreachable
	7,     // HostNotFound
	50,    // MaxTimeMSExpired
	64,    // WriteConcernTimeout
	89,    // NetworkTimeout
	91,    // ShutdownInProgress
	134,   // ReadConcernMajorityNotAvailableYet
	189,   // PrimarySteppedDown
	262,   // ExceededTimeLimit
	9001,  // SocketException
	10107, // NotWritablePrimary
	11600, // InterruptedAtShutdown
	11602, // InterruptedDueToReplStateChange
	13435, // NotPrimaryNoSecondaryOk
	13436, // NotPrimaryOrSecondary
}

// labelTransient is the label of errors after which a transaction can be
// retried.
const labelTransient = "TransientTransactionError"

func hasCode(err error, code int) bool { return slices.Contains(mongo.ErrorCodes(err), code) }

func hasLabel(err error, label string) bool {
	var labelled mongo.LabeledError
	return errors.As(err, &labelled) && labelled.HasErrorLabel(label)
}

// isAuth reports whether logging in failed, for which the driver has its own
// error type.
func isAuth(err error) bool {
	var failed *auth.Error
	if !errors.As(err, &failed) {
		return false
	}
	var serverErr driver.Error
	return errors.As(err, &serverErr) && serverErr.Code == codeAuthenticationFailed
}

// unreachable reports whether err means that no server replied, or that one
// replied with one of unavailableCodes. Other server errors do not count.
func unreachable(err error) bool {
	if errors.Is(err, errNoCounter) {
		return false
	}
	if mongo.IsNetworkError(err) || mongo.IsTimeout(err) {
		return true
	}
	var serverErr mongo.ServerError
	if !errors.As(err, &serverErr) {
		return true // no connection, none free in time, closed
	}
	return slices.ContainsFunc(mongo.ErrorCodes(err), func(code int) bool { return slices.Contains(unavailableCodes, code) })
}

// failed returns the error of a call in which doing failed with err: that of
// ctx if it has ended, marked directory.ErrUnavailable if err is unreachable,
// nil if err is nil.
func failed(ctx context.Context, doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case unreachable(err):
		return fmt.Errorf("%s: %w: %w", doing, directory.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
