package index

import "gather/search/language"

// tokenCaches are those not in use, one for each goroutine that may encode
// documents.
type tokenCaches chan *language.TokenCache

// maxEncoders is how many goroutines encode documents at a time.
const maxEncoders = 4

func newTokenCaches() tokenCaches { return make(tokenCaches, maxEncoders) }

func (all tokenCaches) take(make func() *language.TokenCache) *language.TokenCache {
	select {
	case l := <-all:
		return l
	default:
		return make()
	}
}

func (all tokenCaches) put(l *language.TokenCache) {
	select {
	case all <- l:
	default: // there are enough
	}
}
