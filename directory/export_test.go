package directory

// StoreOf returns the store below d: tests look at what it holds.
func StoreOf(d *Directory) Store { return d.store }
