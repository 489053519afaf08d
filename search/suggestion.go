package search

// Suggestion is one way to go on with what has been typed.
type Suggestion struct {
	// Kind is activity, interest, group or place.
	Kind string `json:"kind" enums:"activity,interest,group,place" example:"interest"`
	// Text is what to show.
	Text string `json:"text" example:"Chair yoga"`
	// ID is of the activity, concept or group; empty for a place.
	ID string `json:"id,omitempty"`
	// Query is the question it stands for, as URL parameters.
	Query string `json:"query" example:"interest=chair-yoga"`
}

// Limits of what is suggested while somebody types.
const (
	// MaxSuggestLength is the most characters that are looked at: who has
	// typed more than a title needs no suggestion.
	MaxSuggestLength = 100
	// MaxSuggestions is the most that are answered: a list that is longer is
	// not read while typing.
	MaxSuggestions = 20
	// DefaultSuggestions is how many are answered when no limit is given.
	DefaultSuggestions = 8
)
