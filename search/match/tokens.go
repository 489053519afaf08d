package match

import (
	"gather/search/language"
	"gather/search/segment"
)

// prefetch finds the tokens of some slots. They lie all over a large file: looked at
// one after the other, each would be waited for, so they are touched first, in
// loops that a processor goes through without waiting.
func (c *reranker) prefetch(v *segment.View, docs []Ranked) {
	c.tokens = c.tokens[:0]
	for _, r := range docs {
		c.tokens = append(c.tokens, v.Packed(r.Doc))
	}
	for i, body := range c.tokens {
		c.tokens[i] = segment.TokensOf(body)
	}
	const line = 64
	for _, tokens := range c.tokens {
		for at := 0; at < len(tokens); at += line {
			c.prefetched ^= tokens[at]
		}
	}
}

// Mentions adds the mentions of a glossary in the listing in a slot, and says how
// long each part of it is.
func Mentions(v *segment.View, l *stemTable, doc int32, into []mention) ([]mention, [language.PartEnd]uint16) {
	return readTokens(l, segment.TokensOf(v.Packed(doc)), into)
}
