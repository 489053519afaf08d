package gazetteer

// Named reports whether text is the name of a place or district, and whether
// that is what the place itself is called: "Hull" is another name of Kingston
// upon Hull. Unlike Find it reads no postcodes, and guesses nothing.
func (g *Gazetteer) Named(text string) (own, known bool) {
	name := fold(shorten(text))
	if name == "" {
		return false, false
	}
	x := g.names()
	for _, i := range x.called(name) {
		known = true
		own = own || fold(x.entries[i].name) == name
	}
	if _, ok := x.districts[name]; ok {
		return true, true
	}
	return own, known
}
