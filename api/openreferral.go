package api

import "gather/api/oruk"

// orukAbout serves /oruk/v3.
//
//	@Summary		About this Open Referral UK API
//	@Description	Version and profile of the standard below this address: Open Referral UK 3.0 (HSDS-UK), https://openreferraluk.org. Parameters and differences from the standard are in docs/feeds.md.
//	@ID				orukAbout
//	@Tags			Standards
//	@Produce		json
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3 [get]
func (s *server) orukAbout(c *call) error {
	return s.sendStandard(c, oruk.About(s.PublicURL+"/openapi.yaml"))
}

// orukServices serves /oruk/v3/services.
//
//	@Summary		List services
//	@Description	Activities as services of Open Referral UK. Takes the parameters of HSDS 3.0 and of the UK profile together; format=ndjson streams all of them, one per line.
//	@ID				orukServices
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Param			search				query	string		false	"Words; at most 200 bytes"
//	@Param			page				query	integer		false	"Page number"	minimum(1)	maximum(10000000)	default(1)
//	@Param			per_page			query	integer		false	"Entities per page"	minimum(1)	maximum(100)	default(50)
//	@Param			format				query	string		false	"ndjson streams all of them, one per line"	Enums(json,ndjson)
//	@Param			taxonomy_term_id	query	[]string	false	"Terms that must all match; narrower terms match too"	collectionFormat(multi)	maxItems(20)
//	@Param			taxonomy_id			query	[]string	false	"Taxonomies, of each of which some term must match"	collectionFormat(multi)	maxItems(20)
//	@Param			organization_id		query	string		false	"Only services of this organization"	format(uuid)
//	@Param			modified_after		query	string		false	"Date, or date and time; UTC unless it has an offset"
//	@Param			minimal				query	boolean		false	"Only the fields needed to see what changed"
//	@Param			full				query	boolean		false	"All fields; not with minimal"
//	@Param			minimum_age			query	integer		false	"Only services whose own minimum age is this or more"	minimum(0)	maximum(150)
//	@Param			maximum_age			query	integer		false	"Only services whose own maximum age is this or less"	minimum(0)	maximum(150)
//	@Param			start_time			query	string		false	"Begins then or later"
//	@Param			end_time			query	string		false	"Ends then or earlier"
//	@Param			day					query	[]string	false	"Days of the week, MO to SU; one must match"	collectionFormat(multi)	maxItems(20)
//	@Param			postcode			query	string		false	"Who may take part from there; with proximity, venues near it"
//	@Param			proximity			query	integer		false	"Metres from postcode"	minimum(1)	maximum(1500000)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/services [get]
func (s *server) orukServices(c *call) error {
	return s.services(c, s.referral.Services)
}

// orukService serves /oruk/v3/services/{id}.
//
//	@Summary		Read a service
//	@Description	An activity as a service of Open Referral UK, with all fields.
//	@ID				orukService
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/services/{id} [get]
func (s *server) orukService(c *call) error {
	x, err := s.referral.Service(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.sendStandard(c, x)
}

// orukLocations serves /oruk/v3/service_at_locations.
//
//	@Summary		List services at locations
//	@Description	Where services are taken part in: venues, online, the telephone. The parameters are those of services; format=ndjson streams.
//	@ID				orukLocations
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Param			search				query	string		false	"Words; at most 200 bytes"
//	@Param			page				query	integer		false	"Page number"	minimum(1)	maximum(10000000)	default(1)
//	@Param			per_page			query	integer		false	"Entities per page"	minimum(1)	maximum(100)	default(50)
//	@Param			format				query	string		false	"ndjson streams all of them, one per line"	Enums(json,ndjson)
//	@Param			taxonomy_term_id	query	[]string	false	"Terms that must all match; narrower terms match too"	collectionFormat(multi)	maxItems(20)
//	@Param			taxonomy_id			query	[]string	false	"Taxonomies, of each of which some term must match"	collectionFormat(multi)	maxItems(20)
//	@Param			organization_id		query	string		false	"Only services of this organization"	format(uuid)
//	@Param			modified_after		query	string		false	"Date, or date and time; UTC unless it has an offset"
//	@Param			minimal				query	boolean		false	"Only the fields needed to see what changed"
//	@Param			full				query	boolean		false	"All fields; not with minimal"
//	@Param			minimum_age			query	integer		false	"Only services whose own minimum age is this or more"	minimum(0)	maximum(150)
//	@Param			maximum_age			query	integer		false	"Only services whose own maximum age is this or less"	minimum(0)	maximum(150)
//	@Param			start_time			query	string		false	"Begins then or later"
//	@Param			end_time			query	string		false	"Ends then or earlier"
//	@Param			day					query	[]string	false	"Days of the week, MO to SU; one must match"	collectionFormat(multi)	maxItems(20)
//	@Param			postcode			query	string		false	"Who may take part from there; with proximity, venues near it"
//	@Param			proximity			query	integer		false	"Metres from postcode"	minimum(1)	maximum(1500000)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/service_at_locations [get]
func (s *server) orukLocations(c *call) error {
	return s.services(c, s.referral.ServicesAtLocations)
}

// orukLocation serves /oruk/v3/service_at_locations/{id}.
//
//	@Summary		Read a service at a location
//	@Description	One place of one service of Open Referral UK.
//	@ID				orukLocation
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/service_at_locations/{id} [get]
func (s *server) orukLocation(c *call) error {
	x, err := s.referral.ServiceAtLocation(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.sendStandard(c, x)
}

// orukOrganizations serves /oruk/v3/organizations.
//
//	@Summary		List organizations
//	@Description	Groups as organizations of Open Referral UK; format=ndjson streams.
//	@ID				orukOrganizations
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Param			search				query	string		false	"Words; at most 200 bytes"
//	@Param			page				query	integer		false	"Page number"	minimum(1)	maximum(10000000)	default(1)
//	@Param			per_page			query	integer		false	"Entities per page"	minimum(1)	maximum(100)	default(50)
//	@Param			format				query	string		false	"ndjson streams all of them, one per line"	Enums(json,ndjson)
//	@Param			taxonomy_term_id	query	[]string	false	"Terms that must all match; narrower terms match too"	collectionFormat(multi)	maxItems(20)
//	@Param			taxonomy_id			query	[]string	false	"Taxonomies, of each of which some term must match"	collectionFormat(multi)	maxItems(20)
//	@Param			full				query	boolean		false	"With identifiers, attributes and services"
//	@Param			full_service		query	boolean		false	"With all fields of the services"
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/organizations [get]
func (s *server) orukOrganizations(c *call) error {
	p := c.params
	l := c.orukList()
	f := oruk.OrganizationFilter{
		Search: p.orukSearch(), Terms: p.ids("taxonomy_term_id"), Taxonomies: p.ids("taxonomy_id"),
		Full: p.flag("full"), FullServices: p.flag("full_service"),
	}
	if err := p.err(); err != nil {
		return err
	}
	list, err := s.referral.Organizations(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return s.sendList(c, l, list)
}

// orukOrganization serves /oruk/v3/organizations/{id}.
//
//	@Summary		Read an organization
//	@Description	A group as an organization of Open Referral UK, with its services.
//	@ID				orukOrganization
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Param			full_service	query	boolean	false	"With all fields of the services"
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/organizations/{id} [get]
func (s *server) orukOrganization(c *call) error {
	full := c.params.flag("full_service")
	if err := c.params.err(); err != nil {
		return err
	}
	x, err := s.referral.Organization(c.Request().Context(), c.Param("id"), full)
	if err != nil {
		return err
	}
	return s.sendStandard(c, x)
}

// orukTaxonomies serves /oruk/v3/taxonomies.
//
//	@Summary		List taxonomies
//	@Description	The closed lists and the interests of this directory, as taxonomies of Open Referral UK.
//	@ID				orukTaxonomies
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Param			search				query	string		false	"Words; at most 200 bytes"
//	@Param			page				query	integer		false	"Page number"	minimum(1)	maximum(10000000)	default(1)
//	@Param			per_page			query	integer		false	"Entities per page"	minimum(1)	maximum(100)	default(50)
//	@Param			format				query	string		false	"ndjson streams all of them, one per line"	Enums(json,ndjson)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/taxonomies [get]
func (s *server) orukTaxonomies(c *call) error {
	l, search := c.orukList(), c.params.orukSearch()
	if err := c.params.err(); err != nil {
		return err
	}
	return s.sendList(c, l, s.referral.Taxonomies(search))
}

// orukTaxonomy serves /oruk/v3/taxonomies/{id}.
//
//	@Summary		Read a taxonomy
//	@Description	A closed list, or the interests, with their values.
//	@ID				orukTaxonomy
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/taxonomies/{id} [get]
func (s *server) orukTaxonomy(c *call) error {
	x, err := s.referral.Taxonomy(c.Param("id"))
	if err != nil {
		return err
	}
	return s.sendStandard(c, x)
}

// orukTerms serves /oruk/v3/taxonomy_terms.
//
//	@Summary		List taxonomy terms
//	@Description	The values of all lists, as taxonomy terms of Open Referral UK.
//	@ID				orukTerms
//	@Tags			Standards
//	@Produce		json,application/x-ndjson
//	@Param			search				query	string		false	"Words; at most 200 bytes"
//	@Param			page				query	integer		false	"Page number"	minimum(1)	maximum(10000000)	default(1)
//	@Param			per_page			query	integer		false	"Entities per page"	minimum(1)	maximum(100)	default(50)
//	@Param			format				query	string		false	"ndjson streams all of them, one per line"	Enums(json,ndjson)
//	@Param			taxonomy_id			query	string		false	"Only terms of this taxonomy"	format(uuid)
//	@Param			top_only			query	boolean		false	"Only terms without a broader one"
//	@Param			parent_id			query	string		false	"Only terms directly below this one"	format(uuid)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/oruk/v3/taxonomy_terms [get]
func (s *server) orukTerms(c *call) error {
	p := c.params
	l := c.orukList()
	f := oruk.TermFilter{Search: p.orukSearch(), Taxonomy: p.id("taxonomy_id"), Parent: p.id("parent_id"), TopOnly: p.flag("top_only")}
	if err := p.err(); err != nil {
		return err
	}
	return s.sendList(c, l, s.referral.Terms(f))
}

// orukTerm serves /oruk/v3/taxonomy_terms/{id}.
//
//	@Summary		Read a taxonomy term
//	@Description	One value of a list.
//	@ID				orukTerm
//	@Tags			Standards
//	@Produce		json
//	@Param			id	path	string	true	"Id"	format(uuid)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/oruk/v3/taxonomy_terms/{id} [get]
func (s *server) orukTerm(c *call) error {
	x, err := s.referral.Term(c.Param("id"))
	if err != nil {
		return err
	}
	return s.sendStandard(c, x)
}
