package match

import (
	"gather/search/language"
	"gather/search/segment"
)

// prefetch finds the tokens of some docs. They lie all over a large mapped file:
// read one after the other, each would be a cache miss to wait for, so one byte of
// every line is read first, in a loop whose loads overlap.
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

// Mentions appends the mentions of the stems of a table in a doc, and answers the
// length of each part.
func Mentions(v *segment.View, l *stemTable, doc int32, into []mention) ([]mention, [language.PartEnd]uint16) {
	return readTokens(l, segment.TokensOf(v.Packed(doc)), into)
}
