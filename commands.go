package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

// commands is the command tree with its flags and help texts.
func (p *program) commands(s settings) *cli.Command {
	store := s.storeFlags
	return &cli.Command{
		Name: "gather", Usage: "a community activity directory", Suggest: true,
		Writer: p.out, ErrWriter: p.errOut,
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		Commands: []*cli.Command{
			{
				Name: "serve", Usage: "serve the directory over HTTP", Action: p.serve,
				Flags: append(append(store(), s.serveFlags()...), &cli.BoolFlag{Name: "demo", Sources: s.env("GATHER_DEMO"),
					Usage: "fill an empty directory with about 300 invented listings; in a temporary folder unless --data or --mongodb is given"}),
			},
			{
				Name: "import", ArgsUsage: "FILE", Action: p.importFile,
				Usage: "read listings from a file: CSV, JSON Lines, Open Referral or HSDS (JSON, or a zip or folder of tables), OpenActive, Outpost",
				Flags: append(store(), importFlags()...),
			},
			p.harvestCommand(s),
			{
				Name: "export", Usage: "write listings, or everything, as JSON Lines", ArgsUsage: "FILE (or - for standard output)", Action: p.export,
				Flags: append(store(), &cli.BoolFlag{Name: "all", Usage: "everything: groups, hashes of keys and every revision, in the order of the change log, as an archive for gather restore"}),
			},
			{
				Name: "restore", Usage: "restore an archive of gather export --all into an empty directory", ArgsUsage: "FILE", Action: p.restore, Flags: store(),
			},
			p.eraseCommand(store),
			{Name: "reindex", Usage: "rebuild the search index", Action: p.reindex, Flags: store()},
			{
				Name: "places", Usage: "find places, and import official files of postcodes and place names",
				Commands: []*cli.Command{
					{
						Name: "import", ArgsUsage: "FILE ...", Action: p.importPlaces,
						Usage:       "read ONSPD, NSPL, Code-Point Open, OS Open Names (CSV or zip), or postcode,lat,lon",
						Description: restartNotice,
						Flags: append(store(),
							&cli.BoolFlag{Name: "include-ni", Usage: "import postcodes of Northern Ireland too: you confirm that the ONS Northern Ireland end-user licence covers your use"},
							&cli.BoolFlag{Name: "replace", Usage: "remove what was imported before"}),
					},
					{Name: "find", Usage: "show which place a text is read as", ArgsUsage: "TEXT", Action: p.findPlace, Flags: store()},
				},
			},
			{
				Name: "vocabulary", Usage: "import interests from another vocabulary",
				Commands: []*cli.Command{{
					Name: "import", ArgsUsage: "FILE", Action: p.importVocabulary,
					Usage:       "read SKOS as JSON-LD, CSV, or nested JSON",
					Description: restartNotice,
					Flags: append(store(),
						&cli.StringFlag{Name: "source", Usage: "the vocabulary's URI, if the file does not name it"},
						&cli.StringFlag{Name: "licence", Usage: "its licence, if the file does not name it"},
						&cli.StringFlag{Name: "children", Usage: "the key in nested JSON that holds narrower concepts"},
						&cli.StringFlag{Name: "id-column", Usage: "the header of a CSV's column of ids (default: id; without one, names are ids)"},
						&cli.StringFlag{Name: "label-column", Usage: "the header of a CSV's column of names (default: label)"},
						&cli.StringFlag{Name: "words-column", Usage: "the header of a CSV's column of synonyms, separated by ; (default: words)"},
						&cli.StringFlag{Name: "broader-column", Usage: "the header of a CSV's column of broader concepts, by id or name, separated by ; (default: broader)"}),
				}},
			},
			{
				Name: "keys", Usage: "create, list and revoke keys",
				Commands: []*cli.Command{
					{
						Name: "create", Usage: "create a key and print its secret, which is shown only once", Action: p.createKey,
						Flags: append(store(),
							&cli.StringFlag{Name: "role", Value: "admin", Usage: "publisher, link-worker, builder or admin"},
							&cli.StringFlag{Name: "label", Usage: "who the key is for: a role or an organisation, not a person", Required: true},
							&cli.StringFlag{Name: "group", Usage: "the id of a publisher's group"},
							&cli.StringSliceFlag{Name: "district", Usage: "the GSS code of a district in a builder's area; may be repeated"},
							&cli.StringSliceFlag{Name: "outcode", Usage: "an outcode in a builder's area; may be repeated"},
							&cli.BoolFlag{Name: "everywhere", Usage: "let a builder work in the whole country, without an area"},
							&cli.BoolFlag{Name: "quiet", Usage: "print only the secret"}),
					},
					{
						Name: "list", Usage: "list the keys of a role", Action: p.listKeys,
						Flags: append(store(),
							&cli.StringFlag{Name: "role", Value: "admin", Usage: "publisher, link-worker, builder or admin"},
							&cli.StringFlag{Name: "group", Usage: "list only the keys of the group with this id"}),
					},
					{Name: "revoke", Usage: "revoke a key", ArgsUsage: "ID", Action: p.revokeKey, Flags: store()},
				},
			},
			{
				Name: "health", Usage: "check that a running server is alive; for container health checks", Action: p.health,
				Flags: []cli.Flag{&cli.StringFlag{Name: "addr", Sources: s.env("GATHER_ADDR"), Value: "127.0.0.1:8080", Usage: "the address the server listens on", Destination: &p.Addr}},
			},
			{Name: "version", Usage: "print the version", Action: p.printVersion},
		},
	}
}

// usageError is a wrong command line, for which run returns exit code 2.
type usageError struct{ error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// markUsage makes c and its subcommands return a usageError for a wrong command
// line. A command without ArgsUsage takes no arguments.
func markUsage(c *cli.Command) {
	c.OnUsageError = func(_ context.Context, _ *cli.Command, err error, _ bool) error { return usageError{err} }
	switch act := c.Action; {
	case len(c.Commands) > 0:
		c.Action = func(_ context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return usage("there is no command %q", strings.TrimSpace(c.FullName()+" "+c.Args().First()))
			}
			return cli.ShowSubcommandHelp(c)
		}
	case c.ArgsUsage == "":
		c.Action = func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return usage("%s takes no arguments, but got %q", c.FullName(), c.Args().First())
			}
			return act(ctx, c)
		}
	}
	for _, sub := range c.Commands {
		markUsage(sub)
	}
}
