# ruff: noqa: N818 (named for what happened, as the classes of errors.py)
"""Why the ledger refused a change."""

from newsletter.errors import NewsletterError, UserError
from newsletter.model.mailing import MailingState


class LedgerError(NewsletterError):
    """A change that no rule allows, or that touched no row: a bug in the caller."""


class StaleToken(LedgerError):
    """Another worker has opened the chunk since: close the connections, drop the chunk."""


class ChunkDone(LedgerError):
    """The chunk has no delivery left to work on."""


class MailingNotRunning(LedgerError):
    """The mailing is paused, cancelled or over: give the chunk back."""

    def __init__(self, message: str, *, state: MailingState) -> None:
        super().__init__(message)
        self.state = state


class MailingExists(UserError):
    """The issue has its mailing already; an issue has one, ever."""
