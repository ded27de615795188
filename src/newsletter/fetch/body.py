"""A body read in pieces, undone once from gzip or deflate, and counted as decoded (T15)."""

import zlib
from collections.abc import Iterator
from typing import Protocol

from urllib3.response import HTTPResponse

from newsletter.fetch.errors import FetchError, LastingFetchError
from newsletter.model.fetched import FetchKind, FetchProblem

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
