"""The audience's fuse: whether the list is about as long as it was expected to be."""

from newsletter.config.settings import NewsletterSettings
from newsletter.store import Connection, ledger


def fuse_problem(newsletter: NewsletterSettings, expected: int, count: int, what: str) -> str:
    """Return that the audience is another than was expected; "" where the fuse holds."""
    allowed = round(newsletter.audience_fuse * expected, 6)  # 29% of 100 is 29, and not 28.9…
    if abs(count - expected) <= allowed:
        return ""
    return (
        f"the list has {count:,} readers and {expected:,} {what}, "
        f"more than {100 * newsletter.audience_fuse:g}% apart"
    )


def last_issue_problem(connection: Connection, newsletter: NewsletterSettings, count: int) -> str:
    """Compare the audience with that of the newsletter's last issue, where nobody has approved."""
    before = [
        mailing
        for mailing in ledger.list_mailings(connection)
        if mailing.newsletter == newsletter.name and mailing.list == newsletter.list
    ]
    if not before:
        return ""
    last = ledger.account(connection, before[-1].id).planned
    return fuse_problem(newsletter, last, count, "got the last issue")
