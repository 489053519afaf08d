package api

// The addresses of OpenActive, as the OpenAPI document has them. What they
// answer is in package openactive.

// activeDataset serves /openactive.
//
//	@Summary		About the OpenActive feeds
//	@Description	A page that tells people, and in JSON-LD machines, about the two feeds of physical activities below, their licence and their publisher: https://openactive.io.
//	@ID				activeDataset
//	@Tags			Standards
//	@Produce		html
//	@Success		200	{string}	string	"A page with a schema.org Dataset in it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/openactive [get]
func (s *server) activeDataset(c *call) error { return s.speak(c, s.active) }

// activeSeries serves /openactive/session-series.
//
//	@Summary		Feed of regular times
//	@Description	A page of an OpenActive feed (Realtime Paged Data Exchange 1.0, https://openactive.io/realtime-paged-data-exchange): physical activities only. Begin without parameters and follow next; a page without items whose next is its own address is the last for now.
//	@ID				activeSeries
//	@Tags			Standards
//	@Produce		json,application/vnd.openactive.rpde+json
//	@Param			afterChangeNumber	query	integer	false	"Only items after this number: as next has it"	minimum(0)
//	@Param			limit				query	integer	false	"Most items a page"	minimum(1)	maximum(1000)	default(500)
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/openactive/session-series [get]
func (s *server) activeSeries(c *call) error { return s.speak(c, s.active) }

// activeSessions serves /openactive/scheduled-sessions.
//
//	@Summary		Feed of dated sessions
//	@Description	A page of an OpenActive feed (Realtime Paged Data Exchange 1.0, https://openactive.io/realtime-paged-data-exchange): physical activities only. Begin without parameters and follow next; a page without items whose next is its own address is the last for now.
//	@ID				activeSessions
//	@Tags			Standards
//	@Produce		json,application/vnd.openactive.rpde+json
//	@Param			afterChangeNumber	query	integer	false	"Only items after this number: as next has it"	minimum(0)
//	@Param			limit				query	integer	false	"Most items a page"	minimum(1)	maximum(1000)	default(500)
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/openactive/scheduled-sessions [get]
func (s *server) activeSessions(c *call) error { return s.speak(c, s.active) }
