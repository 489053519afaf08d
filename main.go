// Gather is a community activity directory: a REST API with public search.
//
// This file opens the directory, starts the server and stops it. The packages
// below do the work.
package main

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v3"

	"gather/api"
	"gather/api/openactive"
	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/demo"
	"gather/directory/gazetteer"
	"gather/directory/mongostore"
	"gather/directory/vocabulary"
	"gather/search/index"
)

// version is set when a release is built.
var version = "dev"

//go:embed openapi.yaml
var openAPI []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args, os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run runs the command that args name and returns the exit code: 0 for
// success, 1 for a failure, 2 for a wrong command line.
func run(ctx context.Context, args []string, getenv func(string) string, out, errOut io.Writer) int {
	p := &program{config: &config{}, out: out, errOut: errOut}
	s := settings{p.config, getenv}
	root := p.commands(s)
	s.complete(root)
	markUsage(root)
	err := root.Run(ctx, args)
	var usage usageError
	var invalid *directory.Invalid
	var none *directory.NoPlace
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(errOut, "gather: %v\nSee gather --help.\n", err)
		return 2
	case errors.As(err, &invalid):
		for _, f := range invalid.Faults {
			fmt.Fprintf(errOut, "gather: %s %s; %s\n", cmp.Or(f.Field, "the input"), f.Detail, f.Fix)
		}
		return 1
	case errors.As(err, &none):
		fmt.Fprintf(errOut, "gather: %s %s\n", none.Detail, none.Fix)
		return 1
	default:
		fmt.Fprintf(errOut, "gather: %v\n", err)
		return 1
	}
}

// program is what the commands share.
type program struct {
	*config
	out, errOut io.Writer
}

// operator is the principal that the commands act as: whoever can run them on
// the machine that holds the data may do everything.
var operator = directory.Principal{Key: "operator", Role: directory.RoleAdmin}

// opened is an open directory and what it was opened from.
type opened struct {
	store  directory.Store
	words  *vocabulary.Vocabulary
	places *gazetteer.Gazetteer
	*directory.Directory
	log *slog.Logger
}

// open opens the directory that the settings point to.
func (p *program) open(ctx context.Context) (*opened, error) {
	words, err := vocabulary.Load(p.vocabularyFolder())
	if err != nil {
		return nil, err
	}
	places, err := gazetteer.Open(p.placesFolder())
	if err != nil {
		return nil, err
	}
	var store directory.Store
	if p.MongoDB != "" {
		store, err = mongostore.Open(ctx, p.MongoDB)
	} else {
		store, err = boltstore.Open(p.storeFolder())
	}
	if err != nil {
		return nil, err
	}
	return &opened{store: store, words: words, places: places, Directory: directory.New(store, words, places), log: p.logger(p.errOut)}, nil
}

// with opens the directory, does work, and closes it. It fails on a store that
// was lost; see refuseLost.
func (p *program) with(ctx context.Context, work func(*opened) error) error {
	return p.withAny(ctx, func(d *opened) error {
		if err := p.refuseLost(ctx, d); err != nil {
			return err
		}
		return work(d)
	})
}

// withAny is with, without the check for a lost store.
func (p *program) withAny(ctx context.Context, work func(*opened) error) error {
	d, err := p.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(work(d), d.store.Close())
}

func (d *opened) openIndex(folder, synonyms string) (*index.Index, *index.Follower, error) {
	ix, err := index.Open(folder, index.Options{Words: d.words, Places: d.places, Synonyms: synonyms, Log: d.log})
	if err != nil {
		return nil, nil, err
	}
	return ix, &index.Follower{Source: d.Directory, Index: ix, Log: d.log}, nil
}

// serve runs the server until ctx ends.
func (p *program) serve(ctx context.Context, cmd *cli.Command) (err error) {
	isDemo := cmd.Bool("demo")
	if isDemo && !cmd.IsSet("data") && p.MongoDB == "" {
		if p.Data, err = os.MkdirTemp("", "gather-demo-"); err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer os.RemoveAll(p.Data)
	}
	return p.with(ctx, func(d *opened) error {
		ix, follower, err := d.openIndex(p.indexFolder(), p.Synonyms)
		if err != nil {
			return err
		}
		secret := ""
		if isDemo {
			if secret, err = d.loadDemo(ctx, follower); err != nil {
				return errors.Join(err, ix.Close())
			}
		}
		return errors.Join(p.listen(ctx, d, ix, follower, isDemo, secret), ix.Close())
	})
}

// loadDemo fills an empty directory with the demo's listings and returns an
// admin key to try it with. A directory that holds something stays as it is.
func (d *opened) loadDemo(ctx context.Context, follower *index.Follower) (secret string, err error) {
	last, err := d.Last(ctx)
	if err != nil || last > 0 {
		return "", err
	}
	if _, err := demo.Load(ctx, d.Directory); err != nil {
		return "", fmt.Errorf("load the demo: %w", err)
	}
	key, err := d.CreateKey(ctx, operator, directory.NewKey{Label: "demo", Role: directory.RoleAdmin})
	if err != nil {
		return "", err
	}
	return key.Secret, follower.CatchUp(ctx)
}

// demoSearch is the example search that the demo prints.
var demoSearch = "/v1/activities?" + url.Values{"q": {"singing"}, "near": {"M33 7DB"}, "within": {"5"}, "access": {"step-free"}}.Encode()

// listen serves until ctx ends or the listener fails, then waits up to
// p.ShutdownWait for running requests.
func (p *program) listen(ctx context.Context, d *opened, ix *index.Index, follower *index.Follower, isDemo bool, secret string) error {
	listener, err := net.Listen("tcp", p.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", p.Addr, err)
	}
	base := "http://" + listener.Addr().String()
	if p.PublicURL == "" {
		p.PublicURL = base
	}
	p.PublicURL = strings.TrimRight(p.PublicURL, "/")
	begin, err := d.Last(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	handler, err := api.New(p.deps(d, ix, follower, begin))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := api.Server(handler, p.Addr, d.log)
	d.log.Info("serving", "address", base, "store", p.storeKind(), "version", version)

	following, stopFollowing := context.WithCancel(context.WithoutCancel(ctx))
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		if err := follower.Run(following); err != nil && following.Err() == nil {
			d.log.Error("index follower stopped; searches no longer see new writes; restart this server", "error", err)
		}
	}()
	cascaded := make(chan struct{})
	go func() {
		defer close(cascaded)
		d.RunCascades(following, func(err error) {
			d.log.Error("listings of a group were not updated after its change; next attempt within a minute", "error", err)
		})
	}()
	refreshed := make(chan struct{})
	go func() {
		defer close(refreshed)
		d.refreshSynonyms(following, ix)
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	fmt.Fprintf(p.out, "Gather is listening on %s\n", base)
	if isDemo {
		fmt.Fprintf(p.out, "Try a search:  %s\n", base+demoSearch)
	}
	if secret != "" {
		fmt.Fprintf(p.out, "An admin key:  %s\n", secret)
	}
	select {
	case err = <-served:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.ShutdownWait)
		if err = server.Shutdown(grace); errors.Is(err, context.DeadlineExceeded) {
			err = errors.Join(fmt.Errorf("requests were still running after %s and were cut off", p.ShutdownWait), server.Close())
		}
		cancel()
	}
	stopFollowing()
	<-followed
	<-cascaded
	<-refreshed
	d.log.Info("stopped", "address", base)
	return err
}

// deps is what the API needs. begin is the newest change when the server
// started: it is not ready before the index has that change.
func (p *program) deps(d *opened, ix *index.Index, follower *index.Follower, begin int64) api.Deps {
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	limits := api.DefaultLimits()
	limits.Address.Requests = p.RateLimit
	limits.Key.Requests = 2 * p.RateLimit
	if p.RateLimit == 0 {
		limits.BuilderRegistrations = api.Rate{}
	}
	return api.Deps{
		Directory: d.Directory, Index: ix, Vocabulary: d.words, Places: d.places,
		Ready: func(ctx context.Context) error { return ready(ctx, follower, begin) },
		Log:   d.log, Now: time.Now, Metrics: metrics, Limits: limits, Proxies: p.TrustedProxies,
		PublicURL: p.PublicURL, Dataset: p.dataset(), Version: version, OpenAPI: openAPI,
	}
}

// dataset describes the open data: who publishes it and under which licence.
func (p *program) dataset() openactive.Dataset {
	return openactive.Dataset{
		Name: p.Name, Description: "Community activities in " + p.Name + ": what there is, when and where, and what the first visit is like.",
		Publisher: cmp.Or(p.Publisher, p.Name), Email: p.Email, Licence: p.Licence, Logo: p.PublicURL + "/docs/logo.svg",
		Discussion: p.PublicURL + "/", Documentation: p.PublicURL + "/docs",
	}
}

// ready fails while the index lags behind the log, or has not reached the
// change begin.
func ready(ctx context.Context, follower *index.Follower, begin int64) error {
	if err := follower.Ready(ctx); err != nil {
		return err
	}
	if at := follower.Index.Cursor(); at < begin {
		return fmt.Errorf("the index is at change %d, and the store was at %d when the server started", at, begin)
	}
	return nil
}

// one returns the command's only argument, or a usage error.
func one(cmd *cli.Command, what string) (string, error) {
	if cmd.NArg() != 1 {
		return "", usage("%s takes one %s, but got %d", cmd.FullName(), what, cmd.NArg())
	}
	return cmd.Args().First(), nil
}

// progress returns a function that draws a progress bar, or nil if standard
// error is no terminal.
func (p *program) progress(what string) func(done, total int64) {
	f, ok := p.errOut.(*os.File)
	if !ok {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	return func(done, total int64) {
		bar.ChangeMax64(total)
		_ = bar.Set64(done) // failing to draw the bar must not stop the work
	}
}

func (p *program) reindex(ctx context.Context, _ *cli.Command) error {
	return p.with(ctx, func(d *opened) error {
		ix, follower, err := d.openIndex(p.indexFolder(), p.Synonyms)
		if err != nil {
			return err
		}
		began := time.Now()
		err = ix.Rebuild(ctx, follower.Source)
		if err == nil {
			fmt.Fprintf(p.out, "Indexed %d activities in %s.\n", ix.Len(), time.Since(began).Round(time.Millisecond))
		}
		return errors.Join(err, ix.Close())
	})
}

func (p *program) printJSON(v any) error {
	e := json.NewEncoder(p.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func (p *program) health(ctx context.Context, _ *cli.Command) error {
	host, port, err := net.SplitHostPort(p.Addr)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	if host == "" || net.ParseIP(host).IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("health: the server responded with %s", r.Status)
	}
	return nil
}

func (p *program) printVersion(context.Context, *cli.Command) error {
	line := "gather " + version
	if info, ok := debug.ReadBuildInfo(); ok {
		line += " " + info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				line += " " + s.Value
			}
		}
	}
	fmt.Fprintln(p.out, line)
	return nil
}
