package search

// tokensOf are the tokens of packed facts, which maker.pack writes last. What
// is cut short has none.
func tokensOf[T string | []byte](packed T) (tokens T) {
	end := len(packed) - tokensEnd
	if end < 0 {
		return tokens
	}
	n := int(tokenAt(packed, end))
	if n < 0 || n > end {
		return tokens
	}
	return packed[end-n : end]
}

// mentions adds the mentions of a glossary in the listing in a slot, and says how
// long each part of it is.
func (v *view) mentions(l *glossary, slot int32, into []mention) ([]mention, [partEnd]uint16) {
	if n := v.base.len(); int(slot) >= n {
		return readTokens(l, tokensOf(v.tail.bodies[int(slot)-n]), into)
	}
	return readTokens(l, tokensOf(v.bodies.raw(v.at[slot])), into)
}
