"""Why a fetch brought nothing, as an exception."""

from datetime import timedelta

from newsletter.errors import NewsletterError
from newsletter.model.fetched import FetchProblem

LASTING = frozenset(
    {
        FetchProblem.BAD_ADDRESS,
        FetchProblem.FORBIDDEN_ADDRESS,
        FetchProblem.FORBIDDEN_REDIRECT,
        FetchProblem.FORBIDDEN_BY_ROBOTS,
        FetchProblem.TOO_LARGE,
        FetchProblem.BAD_ENCODING,
    }
)


class FetchError(NewsletterError):
    """A fetch brought nothing; the message is one sentence without query string or credentials.

    problem says what a caller does next: those of LASTING do not go away by waiting. status is the
    server's last one, 0 where none came. retry_after is how long the server (or its robots.txt)
    wants to be left alone, None where it says nothing.
    """

    exit_code = 3

    def __init__(
        self,
        problem: FetchProblem,
        sentence: str,
        *,
        status: int = 0,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.status = status
        self.retry_after = retry_after

    @property
    def may_pass(self) -> bool:
        """Whether asking again later may bring something."""
        return self.problem not in LASTING and self.problem is not FetchProblem.GONE


class LastingFetchError(FetchError):
    """The address may not or cannot be asked, whatever the server says (T07-T14)."""

    exit_code = 2


class LeadsOutsideError(LastingFetchError):
    """A probe was led to a host that the appeal does not allow; url is where."""

    def __init__(self, sentence: str, *, url: str, status: int) -> None:
        super().__init__(FetchProblem.FORBIDDEN_REDIRECT, sentence, status=status)
        self.url = url
