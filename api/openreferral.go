package api

// The addresses of Open Referral UK, as the OpenAPI document has them. What
// they answer is in package oruk.

// orukAbout serves /oruk/v3.
//
//	@Summary		About this Open Referral UK API
//	@Description	Version and profile of the standard that is spoken below this address: Open Referral UK 3.0 (HSDS-UK), https://openreferraluk.org. Which parameters there are, and where it leaves the standard, is in docs/feeds.md. Every address works with a slash at its end too.
//	@ID				orukAbout
//	@Tags			Standards
//	@Produce		json
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3 [get]
func (s *server) orukAbout(c *call) error { return s.speak(c, s.referral) }

// orukServices serves /oruk/v3/services.
//
//	@Summary		List services
//	@Description	Activities as services of Open Referral UK. Takes the parameters of HSDS 3.0 and of the UK profile together; format=ndjson streams all of them, one a line.
//	@ID				orukServices
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/services [get]
func (s *server) orukServices(c *call) error { return s.speak(c, s.referral) }

// orukService serves /oruk/v3/services/{id}.
//
//	@Summary		Read a service
//	@Description	An activity as a service of Open Referral UK, with all there is to say.
//	@ID				orukService
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/services/{id} [get]
func (s *server) orukService(c *call) error {
	return s.speak(c, s.referral)
}

// orukLocations serves /oruk/v3/service_at_locations.
//
//	@Summary		List services at locations
//	@Description	Where services are taken part in: venues, online, the telephone. The parameters are those of services; format=ndjson streams.
//	@ID				orukLocations
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/service_at_locations [get]
func (s *server) orukLocations(c *call) error { return s.speak(c, s.referral) }

// orukLocation serves /oruk/v3/service_at_locations/{id}.
//
//	@Summary		Read a service at a location
//	@Description	One place of one service of Open Referral UK.
//	@ID				orukLocation
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/service_at_locations/{id} [get]
func (s *server) orukLocation(c *call) error { return s.speak(c, s.referral) }

// orukOrganizations serves /oruk/v3/organizations.
//
//	@Summary		List organizations
//	@Description	Groups as organizations of Open Referral UK; format=ndjson streams.
//	@ID				orukOrganizations
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/organizations [get]
func (s *server) orukOrganizations(c *call) error { return s.speak(c, s.referral) }

// orukOrganization serves /oruk/v3/organizations/{id}.
//
//	@Summary		Read an organization
//	@Description	A group as an organization of Open Referral UK, with its services.
//	@ID				orukOrganization
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/organizations/{id} [get]
func (s *server) orukOrganization(c *call) error { return s.speak(c, s.referral) }

// orukTaxonomies serves /oruk/v3/taxonomies.
//
//	@Summary		List taxonomies
//	@Description	The closed lists and the interests of this directory, as taxonomies of Open Referral UK.
//	@ID				orukTaxonomies
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/taxonomies [get]
func (s *server) orukTaxonomies(c *call) error { return s.speak(c, s.referral) }

// orukTaxonomy serves /oruk/v3/taxonomies/{id}.
//
//	@Summary		Read a taxonomy
//	@Description	A closed list, or the interests, with their values.
//	@ID				orukTaxonomy
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/taxonomies/{id} [get]
func (s *server) orukTaxonomy(c *call) error { return s.speak(c, s.referral) }

// orukTerms serves /oruk/v3/taxonomy_terms.
//
//	@Summary		List taxonomy terms
//	@Description	The values of all lists, as taxonomy terms of Open Referral UK.
//	@ID				orukTerms
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/taxonomy_terms [get]
func (s *server) orukTerms(c *call) error { return s.speak(c, s.referral) }

// orukTerm serves /oruk/v3/taxonomy_terms/{id}.
//
//	@Summary		Read a taxonomy term
//	@Description	One value of a list.
//	@ID				orukTerm
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard has it"
//	@Success		304	"You have it already"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/taxonomy_terms/{id} [get]
func (s *server) orukTerm(c *call) error { return s.speak(c, s.referral) }
