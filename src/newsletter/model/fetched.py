"""What one fetch brought, or why it brought nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

NOT_MODIFIED = 304  # RFC 9110 section 15.4.5


class FetchKind(StrEnum):
    """What is asked for; each kind has its own cap on decoded bytes (T15)."""

    FEED = "feed"
    ARTICLE = "article"
    PICTURE = "picture"
    PROBE = "probe"  # whether an address answers: the body is not read


class FetchProblem(StrEnum):
    """Why a fetch brought nothing.

    The first six are about us or the address and will not go away by waiting; the rest may.
    """

    BAD_ADDRESS = "bad address"
    FORBIDDEN_ADDRESS = "forbidden address"
    FORBIDDEN_REDIRECT = "forbidden redirect"
    FORBIDDEN_BY_ROBOTS = "forbidden by robots.txt"
    TOO_LARGE = "too large"
    BAD_ENCODING = "bad encoding"
    NO_SUCH_HOST = "no such host"
    NO_CONNECTION = "no connection"
    BAD_CERTIFICATE = "bad certificate"
    TOO_SLOW = "too slow"
    BROKEN_ANSWER = "broken answer"
    REFUSED = "refused"  # a status of 400 to 599 that has no word of its own
    GONE = "gone"  # 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer with a status of 200 to 299, or 304 (then body is empty).

    url is the address that answered, after redirects. moved_to is the address that permanent
    redirects alone lead to ("" where there were none): a person may accept it. headers have
    lower-case names, the last of several winning. body is decoded (gzip, deflate).
    keep_for is what Cache-Control allows (max-age), None where it says nothing.
    """

    url: str
    status: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    keep_for: timedelta | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that what we have is still right."""
        return self.status == NOT_MODIFIED
