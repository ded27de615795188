"""What a server answered: status, headers and a body read within its bounds."""

import re
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from gzip import GzipFile
from io import BytesIO

from urllib3.response import HTTPResponse

from newsletter.errors import NewsletterError
from newsletter.model.source import FetchKind, FetchProblem


class FetchError(NewsletterError):
    """A fetch brought nothing; the message is one sentence without query string or credentials.

    status is the server's last one, 0 where none came. retry_after is how long the server (or its
    robots.txt) wants to be left alone, None where it says nothing.
    """

    exit_code = 3

    def __init__(
        self,
        problem: FetchProblem,
        sentence: str,
        *,
        status: int = 0,
        retry_after: timedelta | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(sentence, hint=hint)
        self.problem = problem
        self.status = status
        self.retry_after = retry_after

    @property
    def may_pass(self) -> bool:
        """Whether asking again later may bring something."""
        return self.problem is not FetchProblem.GONE


class LastingFetchError(FetchError):
    """The address may not or cannot be asked, whatever the server says (T07-T14)."""

    exit_code = 2
    may_pass = False


class LeadsOutsideError(LastingFetchError):
    """A probe was led to a host that the appeal does not allow; url is where."""

    def __init__(self, sentence: str, *, url: str, status: int) -> None:
        super().__init__(FetchProblem.FORBIDDEN_REDIRECT, sentence, status=status)
        self.url = url


REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
OK = range(200, 300)
ERRORS = 400  # and above: RFC 9110 section 15
NOT_FOUND = 404
GONE = 410
LONGEST = timedelta(days=30)
_MAX_AGE = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?([0-9]{1,10})', re.IGNORECASE)
_NEVER = re.compile(r"(?:^|[\s,])(?:no-store|no-cache)(?:$|[\s,=])", re.IGNORECASE)
_SENDABLE = re.compile(r"[\x20-\x7e\xa0-\xff]{1,1000}")


def header_values(response: HTTPResponse) -> dict[str, str]:
    """Return the headers with lower-case names, the last of several winning."""
    return {name.lower(): value.strip() for name, value in response.headers.items()}


def keep_for(cache_control: str) -> timedelta | None:
    """Read max-age (RFC 9111, 5.2.2.1); None where nothing is said or keeping is forbidden."""
    found = _MAX_AGE.search(cache_control)
    if not found or _NEVER.search(cache_control):
        return None
    return min(timedelta(seconds=int(found[1])), LONGEST)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); from 0 to 30 days."""
    value = value.strip()[:100]
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST)
    try:
        when = parsedate_to_datetime(value)
        aware = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(timedelta(0), min(aware - now, LONGEST))
    except (ValueError, OverflowError):
        return None


def conditions(etag: str, last_modified: str) -> dict[str, str]:
    """Make the conditional headers, as received; what cannot stand in a header is left out."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in asked.items() if _SENDABLE.fullmatch(value)}


PIECE_BYTES = 65_536
MEGABYTE = 1_000_000
CAPS = {
    FetchKind.FEED: 5 * MEGABYTE,
    FetchKind.ARTICLE: 3 * MEGABYTE,
    FetchKind.PICTURE: 10 * MEGABYTE,
    FetchKind.PROBE: 0,
}
ACCEPTED = "gzip, deflate"


def read_body(response: HTTPResponse, *, cap: int, what: str, who: str) -> bytes:
    """Read a body of at most cap bytes, packed and unpacked.

    what names the kind for the sentence ("a feed"), who the server.

    Raises FetchError: TOO_LARGE, BAD_ENCODING, BROKEN_ANSWER for a packed body that breaks off.
    """
    packed = _wire(response, cap + PIECE_BYTES)
    is_too_large = len(packed) > cap + PIECE_BYTES
    body = b"" if is_too_large else _unpacked(packed, response, most=cap + 1, who=who)
    if is_too_large or len(body) > cap:
        raise LastingFetchError(
            FetchProblem.TOO_LARGE,
            f"{who} sent more than {cap // MEGABYTE} MB, which is too much for {what}",
            status=response.status,
        )
    return body


def read_beginning(response: HTTPResponse, *, most: int, who: str) -> bytes:
    """Read the first bytes of a body and leave the rest.

    Raises FetchError: BAD_ENCODING, BROKEN_ANSWER.
    """
    return _unpacked(_wire(response, most), response, most=most, who=who)


def _wire(response: HTTPResponse, most: int) -> bytes:
    """Read a body as it comes until more than so many bytes are there."""
    read = bytearray()
    for piece in response.stream(PIECE_BYTES, decode_content=False):
        read += piece
        if len(read) > most:
            break
    return bytes(read)


def _unpacked(packed: bytes, response: HTTPResponse, *, most: int, who: str) -> bytes:
    """Return the first bytes of what was packed once; no more than that is ever unpacked."""
    named = response.headers.get("content-encoding", "").strip().lower()
    if not packed or named in {"", "identity"}:
        return packed[:most]
    try:
        if named in {"gzip", "x-gzip"}:
            return GzipFile(fileobj=BytesIO(packed)).read(most)
        if named == "deflate":
            return _inflated(packed, most)
    except EOFError as error:
        raise FetchError(
            FetchProblem.BROKEN_ANSWER,
            f"{who} gave an answer that breaks off",
            status=response.status,
        ) from error
    except (OSError, zlib.error):
        pass
    raise LastingFetchError(
        FetchProblem.BAD_ENCODING,
        f"{who} packs its answer in a way that was not asked for",
        status=response.status,
    )


def _inflated(packed: bytes, most: int) -> bytes:
    try:
        unpack = zlib.decompressobj()
        body = unpack.decompress(packed, most)
    except zlib.error:  # some servers leave out zlib's wrapping (RFC 9110 section 8.4.1.2)
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        body = unpack.decompress(packed, most)
    if len(body) < most and not unpack.eof:
        raise EOFError
    return body
