package main

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
)

// config is every setting of the program. A flag wins over its environment
// variable, which wins over the default.
type config struct {
	Addr           string
	Data           string
	MongoDB        string
	PublicURL      string
	LogLevel       string
	LogFormat      string
	TrustedProxies int
	ShutdownWait   time.Duration
	RateLimit      int
	Synonyms       string
	// Name of the directory, and who publishes its open data under which licence.
	Name, Publisher, Email, Licence string

	// trial is the temporary folder that holds the store of a dry run, if any.
	trial string
}

// The folders inside the data folder.
func (c *config) storeFolder() string      { return cmp.Or(c.trial, filepath.Join(c.Data, "store")) }
func (c *config) indexFolder() string      { return filepath.Join(c.Data, "index") }
func (c *config) placesFolder() string     { return filepath.Join(c.Data, "places") }
func (c *config) vocabularyFolder() string { return filepath.Join(c.Data, "vocabulary") }

// storeKind names the store for logs. It leaves out the address, which may hold
// a password.
func (c *config) storeKind() string {
	if c.MongoDB != "" {
		return "mongodb"
	}
	return "embedded"
}

// environment reads settings' environment variables.
type environment struct {
	name   string
	getenv func(string) string
}

func (e environment) Lookup() (string, bool) {
	v := e.getenv(e.name)
	return v, v != ""
}
func (e environment) String() string   { return "environment variable " + e.name }
func (e environment) GoString() string { return e.String() }
func (e environment) IsFromEnv() bool  { return true }
func (e environment) Key() string      { return e.name }

// settings makes the flags that fill c.
type settings struct {
	c      *config
	getenv func(string) string
}

func (s settings) env(name string) cli.ValueSourceChain {
	return cli.NewValueSourceChain(environment{name, s.getenv})
}

// complete gives an environment variable to every flag of c and its subcommands
// that has none. It is named after the commands and the flag, such as
// GATHER_PLACES_IMPORT_REPLACE.
func (s settings) complete(c *cli.Command) { s.completeBelow(c, "GATHER") }

func (s settings) completeBelow(c *cli.Command, name string) {
	for _, f := range c.Flags {
		if from := sourcesOf(f); from != nil && len(from.Chain) == 0 {
			*from = s.env(variable(name, f.Names()[0]))
		}
	}
	for _, sub := range c.Commands {
		s.completeBelow(sub, variable(name, sub.Name))
	}
}

func variable(prefix, name string) string {
	return prefix + "_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// sourcesOf returns the value sources of a flag, nil for types we do not use.
func sourcesOf(f cli.Flag) *cli.ValueSourceChain {
	switch f := f.(type) {
	case *cli.StringFlag:
		return &f.Sources
	case *cli.StringSliceFlag:
		return &f.Sources
	case *cli.StringMapFlag:
		return &f.Sources
	case *cli.BoolFlag:
		return &f.Sources
	case *cli.IntFlag:
		return &f.Sources
	case *cli.DurationFlag:
		return &f.Sources
	}
	return nil
}

// storeFlags are the flags that every command takes: the store and the log.
func (s settings) storeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "data", Sources: s.env("GATHER_DATA"), Value: "./gather-data", Destination: &s.c.Data,
			Usage: "the folder of the embedded store, the index and imported places"},
		&cli.StringFlag{Name: "mongodb", Sources: s.env("GATHER_MONGODB_URI"), Destination: &s.c.MongoDB,
			Usage: "keep the directory in MongoDB instead: mongodb://host/database?replicaSet=name"},
		&cli.StringFlag{Name: "log-level", Sources: s.env("GATHER_LOG_LEVEL"), Value: "info", Destination: &s.c.LogLevel,
			Usage: "debug, info, warn or error", Validator: oneOf("debug", "info", "warn", "error")},
		&cli.StringFlag{Name: "log-format", Sources: s.env("GATHER_LOG_FORMAT"), Value: "text", Destination: &s.c.LogFormat,
			Usage: "text or json", Validator: oneOf("text", "json")},
	}
}

// serveFlags are the settings of the server.
func (s settings) serveFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "addr", Sources: s.env("GATHER_ADDR"), Value: "127.0.0.1:8080", Destination: &s.c.Addr,
			Usage: "the address to listen on, host:port; port 0 picks a free one"},
		&cli.StringFlag{Name: "public-url", Sources: s.env("GATHER_PUBLIC_URL"), Destination: &s.c.PublicURL,
			Usage: "the address the public uses, https://…, for links in feeds (default: http:// and the address listened on)", Validator: webAddress},
		&cli.StringFlag{Name: "name", Sources: s.env("GATHER_NAME"), Value: "Gather", Destination: &s.c.Name,
			Usage: "the name of the directory, in feeds and pages"},
		&cli.StringFlag{Name: "publisher", Sources: s.env("GATHER_PUBLISHER"), Destination: &s.c.Publisher,
			Usage: "the organisation that publishes its open data (default: the name)"},
		&cli.StringFlag{Name: "publisher-email", Sources: s.env("GATHER_PUBLISHER_EMAIL"), Destination: &s.c.Email,
			Usage: "an e-mail address for questions about the data; it is public"},
		&cli.StringFlag{Name: "licence", Sources: s.env("GATHER_LICENCE"), Value: "https://creativecommons.org/licenses/by/4.0/", Destination: &s.c.Licence,
			Usage: "the address of the licence of the open data", Validator: webAddress},
		&cli.IntFlag{Name: "trusted-proxies", Sources: s.env("GATHER_TRUSTED_PROXIES"), Destination: &s.c.TrustedProxies,
			Usage: "how many proxies in front add to X-Forwarded-For", Validator: atLeast(0)},
		&cli.IntFlag{Name: "rate-limit", Sources: s.env("GATHER_RATE_LIMIT"), Value: 600, Destination: &s.c.RateLimit,
			Usage: "requests a minute for each address without a key, and twice as many for each key; a key of a group that is not trusted yet has the limit of its address; 0 is no limit", Validator: atLeast(0)},
		&cli.StringFlag{Name: "synonyms", Sources: s.env("GATHER_SYNONYMS"), Destination: &s.c.Synonyms,
			Usage: "a file of your own synonyms and related words, in addition to the built-in ones; read again when it changes"},
		&cli.DurationFlag{Name: "shutdown-wait", Sources: s.env("GATHER_SHUTDOWN_WAIT"), Value: 15 * time.Second, Destination: &s.c.ShutdownWait,
			Usage: "how long running requests get to finish when the server stops"},
	}
}

// oneOf fails for what is none of the values. An empty value allows the flag to
// be left out, and is not listed in the error.
func oneOf(values ...string) func(string) error {
	return func(s string) error {
		for _, v := range values {
			if s == v {
				return nil
			}
		}
		named := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
		return fmt.Errorf("%q is not one of %s", s, strings.Join(named, ", "))
	}
}

func atLeast(least int) func(int) error {
	return func(n int) error {
		if n < least {
			return fmt.Errorf("%d is less than %d", n, least)
		}
		return nil
	}
}

func webAddress(s string) error {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q is not an address such as https://activities.example.org", s)
	}
	return nil
}

// logger returns a logger with the level and format of c.
func (c *config) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // the flag's validator has checked it
	opts := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
