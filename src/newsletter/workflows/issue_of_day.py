"""Which file is the issue of a newsletter and a day."""

from datetime import date

from newsletter.config.settings import NewsletterSettings
from newsletter.errors import NewsletterError, UserError
from newsletter.ingest.draft import issue_name
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import issue_names, load_issue


def issue_of_day(desk: Desk, newsletter: NewsletterSettings, day: date) -> str | None:
    """Name the issue of a day: the file with that newsletter and date; None where there is none.

    A file with the day's usual name counts even while it has mistakes.

    Raises:
        UserError: two files are.
    """
    usual = issue_name(newsletter, day)
    found = []
    for name in issue_names(desk.settings):
        try:
            issue = load_issue(desk.settings, name).issue
        except NewsletterError:
            if name == usual:
                found.append(name)
            continue
        if issue.newsletter == newsletter.name and issue.date == day:
            found.append(name)
    if len(found) > 1:
        files = " and ".join(f"issues/{name}.md" for name in found)
        msg = f"{files} are both the issue of {newsletter.name} for {day}"
        raise UserError(msg, hint="give one of them another date, or take it away")
    return found[0] if found else None
