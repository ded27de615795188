"""The part of S13 that looks at the issue's own date in its front matter; pure."""

import re
from datetime import date

A_YEAR, NEAR = 365, 14  # days

_DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?!\d)")


def wrong_date(name: str, day: date, today: date, *, is_planned: bool) -> tuple[str, str]:
    """Return what is wrong with an issue's date, and what to do; ("", "") for nothing.

    Args:
        name: the issue's name, which begins with its date where a person or `draft` gave it one.
        day: the date of the front matter.
        today: the day it would go out.
        is_planned: whether a person has set when it goes out.
    """
    dated = _DATED.match(name)
    if dated and dated[1] != day.isoformat():
        return (
            f"the issue is dated {day}, and its file is named for {dated[1]}",
            "put the date right, or name the file for it",
        )
    apart = (today - day).days
    if not is_planned and abs(abs(apart) - A_YEAR) <= NEAR:
        return (
            f"the issue is dated a year {'ago' if apart > 0 else 'ahead'}",
            "put the year right",
        )
    return "", ""
