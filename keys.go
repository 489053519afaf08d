package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"gather/directory"
)

func (p *program) createKey(ctx context.Context, cmd *cli.Command) error {
	n := directory.NewKey{Label: cmd.String("label"), Role: directory.Role(cmd.String("role")), Group: cmd.String("group")}
	if area := (directory.Area{Districts: cmd.StringSlice("district"), Outcodes: cmd.StringSlice("outcode")}); len(area.Districts)+len(area.Outcodes) > 0 {
		n.Area = &area
	}
	n.Everywhere = cmd.Bool("everywhere")
	return p.with(ctx, func(d *opened) error {
		made, err := d.CreateKey(ctx, operator, n)
		switch {
		case err != nil:
			return err
		case cmd.Bool("quiet"):
			fmt.Fprintln(p.out, made.Secret)
		default:
			fmt.Fprintf(p.out, "%s\n\nThis is the secret of %s key %s. Only its hash is stored: copy it now.\n", made.Secret, made.Key.Role, made.Key.ID)
		}
		return nil
	})
}

func (p *program) listKeys(ctx context.Context, cmd *cli.Command) error {
	return p.with(ctx, func(d *opened) error {
		for after := ""; ; {
			keys, err := d.Keys(ctx, operator, directory.Role(cmd.String("role")), cmd.String("group"), after, 100)
			if err != nil {
				return err
			}
			for _, k := range keys {
				state := "active"
				if k.Revoked != nil {
					state = "revoked " + k.Revoked.Format(directory.DateLayout)
				}
				fmt.Fprintf(p.out, "%s  %s  %s  %s%s\n", k.ID, k.Created.Format(directory.DateLayout), state, k.Label, scope(k))
				after = k.ID
			}
			if len(keys) < 100 {
				return nil
			}
		}
	})
}

// scope is the area or the group in which a key may write.
func scope(k directory.Key) string {
	switch {
	case k.Role == directory.RolePublisher:
		return "  group " + k.Group
	case k.Role == directory.RoleBuilder && k.Area != nil:
		return "  " + k.Area.String()
	case k.Role == directory.RoleBuilder:
		return "  everywhere"
	}
	return ""
}

func (p *program) revokeKey(ctx context.Context, cmd *cli.Command) error {
	id, err := one(cmd, "ID")
	if err != nil {
		return err
	}
	return p.with(ctx, func(d *opened) error {
		_, err := d.RevokeKey(ctx, operator, id)
		return err
	})
}
