package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"gather/directory"
)

// eraseCommand erases personal data on request: by a contact, a listing or a
// group.
func (p *program) eraseCommand(store func() []cli.Flag) *cli.Command {
	flags := func() []cli.Flag {
		return append(store(), &cli.BoolFlag{Name: "dry-run", Usage: "write nothing, and print how much would be erased"})
	}
	return &cli.Command{
		Name: "erase", Usage: "erase personal data for good, from every revision",
		Commands: []*cli.Command{
			{
				Name: "contact", ArgsUsage: "TEXT", Flags: flags(),
				Usage:  "erase an e-mail address, a telephone number or a name from all records",
				Action: p.erase((*directory.Directory).EraseContact, "TEXT"),
			},
			{
				Name: "listing", ArgsUsage: "ID", Flags: flags(),
				Usage:  "withdraw a listing and erase its content",
				Action: p.erase((*directory.Directory).EraseActivity, "ID"),
			},
			{
				Name: "group", ArgsUsage: "ID", Flags: flags(),
				Usage:  "suspend a group, erase it and its listings, and revoke its keys",
				Action: p.erase((*directory.Directory).EraseGroup, "ID"),
			},
		},
	}
}

// erase returns the action of a command that erases what its argument names.
func (p *program) erase(do func(d *directory.Directory, ctx context.Context, by directory.Principal, what string, dry bool) (directory.Erased, error), argument string) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		what, err := one(cmd, argument)
		if err != nil {
			return err
		}
		dry := cmd.Bool("dry-run")
		return p.with(ctx, func(d *opened) error {
			done, err := do(d.Directory, ctx, operator, what, dry)
			if err != nil {
				return err
			}
			verb := "Erased from"
			if dry {
				verb = "Would erase from"
			}
			fmt.Fprintf(p.out, "%s %d groups, %d listings and %d keys: %d revisions.\n", verb, done.Groups, done.Activities, done.Keys, done.Revisions)
			if !dry && done.Revisions > 0 {
				fmt.Fprintln(p.out, "Now delete index/ of every node and start it again, and archives and backups from before: see \"Erasing personal data\" in docs/run.md.")
			}
			return nil
		})
	}
}
