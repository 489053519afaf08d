package api

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Health is the state of the server.
type Health struct {
	Status  string `json:"status" example:"ok"`
	Version string `json:"version" example:"1.0.0"`
}

// alive is the liveness probe.
//
//	@Summary		Is the server alive?
//	@Description	Answers 200 as long as the process responds at all, without looking at the store or the index. For restarting a process that hangs. Keys are ignored, and no limit applies.
//	@ID				alive
//	@Tags			Operate
//	@Produce		json
//	@Success		200	{object}	Health
//	@Failure		400,406,500	{object}	Problem
//	@Router			/healthz [get]
func (s *server) alive(c *call) error { return s.healthy(c) }

// ready is the readiness probe.
//
//	@Summary		Is the server ready?
//	@Description	Answers 200 once searches can be answered and are up to date, else 503. For load balancers. Keys are ignored, and no limit applies.
//	@ID				ready
//	@Tags			Operate
//	@Produce		json
//	@Success		200	{object}	Health
//	@Failure		400,406,500,503	{object}	Problem
//	@Router			/readyz [get]
func (s *server) ready(c *call) error {
	if err := s.Ready(c.Request().Context()); err != nil {
		return fmt.Errorf("%w: %w", errNotReady, err)
	}
	return s.healthy(c)
}

func (s *server) healthy(c *call) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return s.answer(c, http.StatusOK, Health{Status: "ok", Version: s.Version})
}

// showMetrics serves the metrics.
//
//	@Summary		Read the counters
//	@Description	Counters for Prometheus, in its text formats. They hold no addresses, queries or places. Keys are ignored, and no limit applies: block the address in your proxy if the public should not see it.
//	@ID				readMetrics
//	@Tags			Operate
//	@Produce		plain
//	@Success		200	{string}	string	"Prometheus text format"
//	@Failure		400,406,500	{object}	Problem
//	@Router			/metrics [get]
func (s *server) showMetrics(c *call) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	s.metrics.show.ServeHTTP(c.Response(), c.Request())
	return nil
}
