package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/harvest"
)

// harvestCommand imports what others publish, and keeps up with their changes.
func (p *program) harvestCommand(s settings) *cli.Command {
	return &cli.Command{
		Name: "harvest", ArgsUsage: "URL ...", Action: p.harvest,
		Usage: "import the listings of one source and keep up with them: OpenActive feeds, Open Referral UK lists, or a file that is replaced",
		Flags: append(s.storeFlags(),
			&cli.StringFlag{Name: "source", Usage: "who publishes it (default: the host of the first address)"},
			&cli.StringFlag{Name: "licence", Usage: "its licence (default: what a feed names)"},
			&cli.StringFlag{Name: "attribution", Usage: "the attribution that its licence requires"},
			&cli.StringFlag{Name: "group", Usage: "the id or name of the group that runs its listings"},
			&cli.StringSliceFlag{Name: "interest", Usage: "an interest for listings that have none; may be repeated"},
			&cli.StringSliceFlag{Name: "area", Usage: "where rows take place that say nothing of where: a district, county or town, a GSS code or an outcode; may be repeated"},
			&cli.StringFlag{Name: "delivery", Usage: "how people take part in rows that do not say: venue, online, phone or home (default: venue); but for venue, --area is where they live", Validator: oneOf("", "venue", "online", "phone", "home")},
			&cli.BoolFlag{Name: "hide-contacts", Usage: "hide its contacts from the public"},
			&cli.StringFlag{Name: "public-url", Sources: s.env("GATHER_PUBLIC_URL"), Usage: "this directory's public address, sent to the source in User-Agent", Validator: webAddress},
			&cli.DurationFlag{Name: "grace", Value: harvest.DefaultGrace, Usage: "how long a listing that is gone at its source stays; 0s withdraws it at once"},
			&cli.DurationFlag{Name: "spacing", Value: harvest.DefaultSpacing, Usage: "the minimum time between two requests"},
			&cli.DurationFlag{Name: "time-limit", Value: 6 * time.Hour, Usage: "how long it may take; the next harvest continues from there"},
			&cli.BoolFlag{Name: "afresh", Usage: "read feeds from their beginning, not from where the last harvest ended"},
			&cli.BoolFlag{Name: "allow-private", Usage: "allow addresses of private networks and of this machine"},
			&cli.BoolFlag{Name: "dry-run", Usage: "write nothing, and print what would be done"},
			&cli.StringFlag{Name: "report", Value: "text", Usage: "text or json", Validator: oneOf("text", "json")}),
	}
}

// errHarvestStopped: what was fetched is imported, but it was not everything.
var errHarvestStopped = errors.New("not everything could be fetched; the next harvest continues from there")

func (p *program) harvest(ctx context.Context, cmd *cli.Command) error {
	if cmd.NArg() == 0 {
		return usage("%s takes the address of a feed, a list or a file", cmd.FullName())
	}
	agent := "Gather/" + version
	if at := cmd.String("public-url"); at != "" {
		agent += " (+" + at + ")"
	}
	grace := cmd.Duration("grace")
	if grace == 0 {
		grace = -1 // no grace: 0 is the default there
	}
	ctx, cancel := context.WithTimeout(ctx, cmd.Duration("time-limit"))
	defer cancel()
	return p.with(ctx, func(d *opened) error {
		report, err := harvest.Harvest(ctx, d.Directory, operator, harvest.Options{
			URLs: cmd.Args().Slice(), Folder: filepath.Join(p.Data, "harvest"), Grace: grace, Afresh: cmd.Bool("afresh"),
			AllowPrivate: cmd.Bool("allow-private"), UserAgent: agent, Spacing: cmd.Duration("spacing"), Progress: p.requests(),
			Import: bulk.Options{
				Source: directory.Source{Name: cmd.String("source"), Licence: cmd.String("licence"), Attribution: cmd.String("attribution")},
				Group:  cmd.String("group"), Interests: cmd.StringSlice("interest"), Areas: cmd.StringSlice("area"), Delivery: cmd.String("delivery"), HideContacts: cmd.Bool("hide-contacts"), Dry: cmd.Bool("dry-run"),
			},
		})
		if err != nil && len(report.Feeds) == 0 {
			return err
		}
		write := report.WriteText
		if cmd.String("report") == "json" {
			write = report.WriteJSON
		}
		if err == nil && report.Stopped() {
			err = errHarvestStopped
		}
		return errors.Join(err, write(p.out))
	})
}

// requests returns a function that prints how many requests were answered, or
// nil if standard error is no terminal.
func (p *program) requests() func(int) {
	if p.progress("harvest") == nil {
		return nil
	}
	return func(n int) { fmt.Fprintf(p.errOut, "\rharvest: %d requests", n) }
}
