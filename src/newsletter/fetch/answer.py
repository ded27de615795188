"""What a server answered: status, headers and a body read within its bounds."""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from urllib3.response import HTTPResponse

from newsletter.errors import NewsletterError
from newsletter.model.source import FetchKind, FetchProblem

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
_GZIP_START = b"\x1f\x8b"


def read_body(response: HTTPResponse, *, cap: int, what: str, who: str) -> bytes:
    """Read a body of at most cap bytes after decoding.

    Args:
        response: with nothing of its body read.
        cap: bytes.
        what: names the kind for the sentence ("a feed").
        who: names the server.

    Raises:
        FetchError: TOO_LARGE, BAD_ENCODING, BROKEN_ANSWER for an encoded body that breaks off.
    """
    pieces = []
    size = 0
    too_large = LastingFetchError(
        FetchProblem.TOO_LARGE,
        f"{who} sent more than {cap // MEGABYTE} MB, which is too much for {what}",
        status=response.status,
    )
    for piece in _decoded(_wire(response, cap, too_large), response, who):
        size += len(piece)
        if size > cap:
            raise too_large
        pieces.append(piece)
    return b"".join(pieces)


def read_beginning(response: HTTPResponse, *, most: int, who: str) -> bytes:
    """Read the first bytes of a body and leave the rest.

    Raises:
        FetchError: as read_body does, without TOO_LARGE.
    """
    read = bytearray()
    raw = response.stream(PIECE_BYTES, decode_content=False)
    for piece in _decoded(raw, response, who):
        read += piece
        if len(read) >= most:
            break
    return bytes(read[:most])


def _wire(response: HTTPResponse, cap: int, too_large: FetchError) -> Iterator[bytes]:
    """Return the body as it comes; packed data that outgrows the cap never was worth unpacking."""
    size = 0
    for piece in response.stream(PIECE_BYTES, decode_content=False):
        size += len(piece)
        if size > cap + PIECE_BYTES:
            raise too_large
        yield piece


def _decoded(raw: Iterator[bytes], response: HTTPResponse, who: str) -> Iterator[bytes]:
    named = response.headers.get("content-encoding", "").strip().lower()
    if named not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise LastingFetchError(
            FetchProblem.BAD_ENCODING,
            f"{who} packs its answer in a way that was not asked for; "
            "it can be read as plain, gzip or deflate alone",
            status=response.status,
        )
    if named in {"", "identity"}:
        yield from raw
        return
    unpack = _Unpacker(is_gzip=named != "deflate")
    try:
        for piece in raw:
            yield from unpack.feed(piece)
    except zlib.error as error:
        raise LastingFetchError(
            FetchProblem.BAD_ENCODING,
            f"{who} says that its answer is packed as {named}, which it is not",
            status=response.status,
        ) from error
    if not unpack.is_whole:
        raise FetchError(
            FetchProblem.BROKEN_ANSWER,
            f"{who} gave an answer that breaks off; it is asked again at the next turn",
            status=response.status,
        )


class _Decompress(Protocol):
    """What zlib.decompressobj gives."""

    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


class _Unpacker:
    """gzip (all its members) or deflate, at most PIECE_BYTES at a time however far it swells."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._inner: _Decompress = zlib.decompressobj(
            zlib.MAX_WBITS | 16 if is_gzip else zlib.MAX_WBITS
        )
        self._is_fresh = True
        self._held = b""

    @property
    def is_whole(self) -> bool:
        """Whether nothing came, or the packed data came to its end."""
        return self._inner.eof or (self._is_fresh and not self._held)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Unpack what came, in pieces.

        Raises:
            zlib.error: where it is not what was said.
        """
        data = self._held + data
        self._held = b""
        while data:
            if (self._inner.eof or self._is_fresh) and len(data) < len(_GZIP_START):
                self._held = data  # too little to tell what begins here
                return
            if self._inner.eof:
                if not (self._is_gzip and data.startswith(_GZIP_START)):
                    return  # padding behind the end (RFC 1952 knows members alone; servers do it)
                self._inner = zlib.decompressobj(zlib.MAX_WBITS | 16)
            piece = self._unpacked(data)
            self._is_fresh = False
            if piece:
                yield piece
            data = self._inner.unconsumed_tail or self._inner.unused_data
            if not data and len(piece) == PIECE_BYTES:
                yield from self._rest()

    def _unpacked(self, data: bytes) -> bytes:
        try:
            return self._inner.decompress(data, PIECE_BYTES)
        except zlib.error:
            if self._is_gzip or not self._is_fresh:
                raise
        # "deflate" means zlib's wrapping (RFC 9110 section 8.4.1.2); some servers leave it out
        self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._inner.decompress(data, PIECE_BYTES)

    def _rest(self) -> Iterator[bytes]:
        """Return what the unpacker still holds after all input went in."""
        while piece := self._inner.decompress(b"", PIECE_BYTES):
            yield piece
