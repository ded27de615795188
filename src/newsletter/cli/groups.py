"""Groups of commands that say which one was perhaps meant, and what a command lacks."""

import click


class Group(click.Group):
    """A group whose error for an unknown command names a near one, or where the list is."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return which command was perhaps meant."""
        from difflib import get_close_matches

        known = self.list_commands(ctx)
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            called = ctx.command_path.removeprefix("newsletter").strip()
            near = get_close_matches(args[0], known, n=1)
            meant = f'did you mean "{near[0]}"?' if near else f'see "{ctx.command_path} --help"'
            message = f"there is no command called {f'{called} {args[0]}'.strip()}; {meant}"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)


def what_to_write(error: click.ClickException) -> str:
    """Return what an option or argument that is missing stands for; "" for other mistakes."""
    if not isinstance(error, click.MissingParameter) or error.param is None or error.ctx is None:
        return ""
    param = error.param
    if isinstance(param, click.Option) and param.help:
        meaning = param.help[:1].lower() + param.help[1:].rstrip(".")
        return f"{param.opts[0]} {param.make_metavar(error.ctx)}: {meaning}"
    return f'see "{error.ctx.command_path} --help"'
