package search

// skipper goes over packed facts without reading them. After the end it stays
// there.
type skipper[T string | []byte] struct {
	raw T
	at  int
}

func (s *skipper[T]) number() (n uint64) {
	for shift := 0; s.at < len(s.raw); shift += 7 {
		b := s.raw[s.at]
		s.at++
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return n
}

func (s *skipper[T]) numbers(n int) {
	for ; n > 0 && s.at < len(s.raw); s.at++ {
		if s.raw[s.at] < 0x80 {
			n--
		}
	}
}

func (s *skipper[T]) bytes(n uint64) { s.at += int(min(n, uint64(len(s.raw)-s.at))) }

func (s *skipper[T]) texts(n int) {
	for range n {
		s.bytes(s.number())
	}
}

func (s *skipper[T]) lists(n int) {
	for range n {
		for left := s.number(); left > 0 && s.at < len(s.raw); left-- {
			s.bytes(s.number())
		}
	}
}

func (s *skipper[T]) yes() bool { return s.number() == 1 }

// tokensOf are the tokens of packed facts, which maker.pack writes last. What
// is cut short has none.
func tokensOf[T string | []byte](raw T) (tokens T) {
	s := skipper[T]{raw: raw}
	s.texts(9)
	s.lists(3)
	s.numbers(3)
	s.texts(2)
	s.lists(4)
	if s.yes() { // the venue
		s.texts(5)
	}
	if s.yes() { // where it is
		s.bytes(2 * 8)
		s.numbers(1)
	}
	if s.yes() { // the cost
		s.texts(1)
		s.bytes(2 * 8)
		s.texts(2)
		if s.yes() {
			s.bytes(8)
		}
	}
	s.numbers(2)
	s.texts(3)
	if s.yes() { // the audience
		for range 2 {
			if s.yes() {
				s.numbers(1)
			}
		}
		s.lists(1)
		s.numbers(1)
	}
	if s.yes() { // the catchment
		s.bytes(3 * 8)
		s.lists(1)
	}
	s.numbers(1)
	if n := s.number(); n <= uint64(len(raw)) {
		s.numbers(5 * int(n))
	}
	s.texts(1)
	n := s.number()
	if n != uint64(len(raw)-s.at) {
		return tokens
	}
	return raw[s.at:]
}

// mentions adds the mentions of a lexicon in the listing in a slot, and says how
// long each part of it is.
func (v *view) mentions(l *lexicon, slot int32, into []mention) ([]mention, [partEnd]uint16) {
	if n := v.base.len(); int(slot) >= n {
		return readTokens(l, tokensOf(v.tail.bodies[int(slot)-n]), into)
	}
	return readTokens(l, tokensOf(v.bodies.raw(v.at[slot])), into)
}
