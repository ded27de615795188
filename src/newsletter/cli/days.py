"""A date on the command line."""

from datetime import date

import click


class _Day(click.ParamType[date]):
    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read YYYY-MM-DD; anything else is refused with how to write it."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if day is None or str(day) != value:
            self.fail(f"{value} is no date; write it as 2026-11-24", param, ctx)
        return day


DAY = _Day()
