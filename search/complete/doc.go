// Package complete suggests how to go on with what is being typed: interests,
// titles, groups and places of which a word begins with it.
//
// The names of a main segment are Sets, in which the best of any prefix are found
// without looking at the rest; Names collects them while listings are read. Those
// of a delta segment are RecentCompletions. A Completer asks both.
package complete
