//go:build !linux

package boltstore_test

import "testing"

// asNobody runs f: tests are not run as root where threads have no user of
// their own.
func asNobody(_ *testing.T, f func()) { f() }
