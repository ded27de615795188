"""Which file is the issue of a newsletter and a day."""

from datetime import date

from newsletter.config.settings import NewsletterSettings
from newsletter.errors import UserError
from newsletter.workflows.desk import Desk
from newsletter.workflows.planning.issue_days import IssueDays


def issue_of_day(desk: Desk, newsletter: NewsletterSettings, day: date) -> str | None:
    """Name the issue of a day: the file with that newsletter and date; None where there is none.

    Raises:
        UserError: two files are.
    """
    found = IssueDays(desk.settings).of(newsletter.name, day)
    if len(found) > 1:
        raise UserError(two_files(newsletter.name, day, found), hint=TWO_FILES_HINT)
    return found[0] if found else None


TWO_FILES_HINT = "give one of them another date, or take it away"


def two_files(newsletter: str, day: date, names: tuple[str, ...]) -> str:
    """Return that there are two files where one is wanted."""
    files = " and ".join(f"issues/{name}.md" for name in names)
    return f"{files} are both the issue of {newsletter} for {day}"
