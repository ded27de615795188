"""The audience's fuse: whether the list is about as long as it was expected to be."""

from newsletter.store import Connection, ledger
from newsletter.workflows.compose_issue import Prepared


def fuse_problem(prepared: Prepared, expected: int, count: int, what: str) -> str:
    """Say that the audience is another than was expected; "" where the fuse holds."""
    if abs(count - expected) <= prepared.newsletter.audience_fuse * expected:
        return ""
    return (
        f"the list has {count:,} readers and {expected:,} {what}, "
        f"more than {prepared.newsletter.audience_fuse:.0%} apart"
    )


def last_issue_problem(connection: Connection, prepared: Prepared, count: int) -> str:
    """Compare the audience with that of the newsletter's last issue, where nobody has approved."""
    before = [
        mailing
        for mailing in ledger.list_mailings(connection)
        if mailing.newsletter == prepared.newsletter.name
        and mailing.list == prepared.newsletter.list
    ]
    if not before:
        return ""
    last = ledger.account(connection, before[-1].id).planned
    return fuse_problem(prepared, last, count, "got the last issue")
