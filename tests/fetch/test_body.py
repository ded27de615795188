"""Bodies of all packings: counted as unpacked, bounded in memory, undone once."""

import gzip
import io
import subprocess
import sys
import zlib

import pytest
from bounded import HEAD, endless, fetch, refused
from hypothesis import given
from hypothesis import strategies as st
from urllib3.response import HTTPResponse
from web_peer import answer, peer

from newsletter.fetch.answer import CAPS, read_body
from newsletter.model.source import FetchKind, FetchProblem

WAYS = ["gzip", "two", "deflate", "raw"]
CAPPED = [FetchKind.FEED, FetchKind.ARTICLE, FetchKind.PICTURE]


@pytest.mark.covers("T15")
@pytest.mark.parametrize("kind", CAPPED)
@pytest.mark.parametrize("packed", ["", "gzip", "x-gzip", "deflate", "raw", "chunked"])
def test_a_body_of_the_cap_is_read_and_one_byte_more_is_not(packed: str, kind: FetchKind) -> None:
    def packing(body: bytes) -> bytes:
        if packed == "chunked":
            pieces = [body[at : at + 65_536] for at in range(0, len(body), 65_536)]
            chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
            return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
        if not packed:
            return answer(body)
        named = "deflate" if packed == "raw" else packed
        done = {"deflate": zlib.compress(body), "raw": zlib.compress(body, wbits=-15)}
        return answer(done.get(packed) or gzip.compress(body), headers={"Content-Encoding": named})

    cap = CAPS[kind]
    with peer(feed=packing(b"\0" * cap), big=packing(b"\0" * (cap + 1))) as running:
        assert fetch(running, kind=kind).body == b"\0" * cap
        told = refused(running, "/big", kind)
    assert told.problem is FetchProblem.TOO_LARGE
    assert f"sent more than {cap // 1_000_000} MB" in str(told)
    assert told.exit_code == 2


@pytest.mark.covers("T15")
@pytest.mark.parametrize("kind", CAPPED)
def test_an_endless_body_is_cut_off(kind: FetchKind) -> None:
    with peer(feed=endless(HEAD + b"\r\n", b"x" * 65_536)) as running:
        assert refused(running, kind=kind).problem is FetchProblem.TOO_LARGE


@pytest.mark.covers("T15")
@pytest.mark.parametrize(
    "named", ["br", "zstd", "compress", "gzip, gzip", "gzip, identity", "deflate,gzip", "aes128gcm"]
)
def test_other_packings_and_nested_ones_are_refused(named: str) -> None:
    body = gzip.compress(gzip.compress(b"x"))
    with peer(feed=answer(body, headers={"Content-Encoding": named})) as running:
        assert refused(running).problem is FetchProblem.BAD_ENCODING
    two = answer(body).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip" * 2 + b"\r\n\r\n", 1)
    with peer(feed=two) as running:
        assert refused(running).problem is FetchProblem.BAD_ENCODING


@pytest.mark.parametrize("named", ["gzip", "deflate"])
def test_a_lie_about_packing_and_a_packed_body_that_breaks_off_are_told(named: str) -> None:
    whole = gzip.compress(b"x" * 9000) if named == "gzip" else zlib.compress(b"x" * 9000)
    headers = {"Content-Encoding": named}
    with peer(
        lie=answer(b"<feed>not packed</feed>", headers=headers),
        cut=answer(whole[:-6], headers=headers),
        none=answer(b"", headers=headers),
    ) as running:
        assert refused(running, "/lie").problem is FetchProblem.BAD_ENCODING
        assert refused(running, "/cut").problem is FetchProblem.BROKEN_ANSWER
        assert fetch(running, "/none").body == b""


class Trickle(io.BytesIO):
    """Gives at most so many bytes a read."""

    most = 1

    def read(self, amount: int | None = -1, /) -> bytes:
        return super().read(self.most if amount is None or amount < 0 else min(self.most, amount))


@given(st.binary(max_size=2_000), st.integers(1, 200), st.integers(1, 3_000), st.sampled_from(WAYS))
def test_what_was_packed_comes_out_the_same(block: bytes, times: int, most: int, way: str) -> None:
    body = block * times
    packed = {
        "gzip": gzip.compress(body),
        "two": gzip.compress(block) + gzip.compress(block * (times - 1)),
        "deflate": zlib.compress(body),
        "raw": zlib.compress(body, wbits=-15),
    }[way]
    raw = Trickle(packed)
    raw.most = most
    named = "gzip" if way in {"gzip", "two"} else "deflate"
    response = HTTPResponse(
        raw, {"Content-Encoding": named}, 200, preload_content=False, decode_content=False
    )
    assert read_body(response, cap=len(body), what="a feed", who="example.org") == body


BOMB = """
import re, sys
from pathlib import Path
from newsletter.clock import SystemClock
from newsletter.fetch import Fetcher, FetchError
from newsletter.model.source import FetchKind

base, entry = sys.argv[1:]
def peak():  # in kB; ru_maxrss would begin with that of the process that started this one
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

fetcher = Fetcher(clock=SystemClock(), user_agent="x", pace_s=0.0)
fetcher.fetch(base + "/small", FetchKind.PICTURE, allow_local=[entry])
before = peak()
for path in ("/zeros", "/many"):
    try:
        fetcher.fetch(base + path, FetchKind.PICTURE, allow_local=[entry])
    except FetchError as error:
        print(error.problem.value)
print(peak() - before)
"""


@pytest.mark.covers("T15")
def test_ten_megabytes_of_packed_zeros_are_refused_in_less_than_40_mb() -> None:
    """zeros: 10 MB once unpacked. many: 10 MB as they come, 10 GB once unpacked."""
    headers = {"Content-Encoding": "gzip"}
    member = gzip.compress(b"\0" * 100_000_000)
    with peer(
        small=answer(gzip.compress(b"x"), headers=headers),
        zeros=answer(gzip.compress(b"\0" * 10 * 1024 * 1024), headers=headers),
        many=answer(member * (10_000_000 // len(member)), headers=headers),
    ) as running:
        done = subprocess.run(
            [sys.executable, "-c", BOMB, running.url(""), running.entry],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
    first, second, kilobytes = done.stdout.split("\n")[:3]
    assert (first, second) == ("too large", "too large")
    assert 1_000 < int(kilobytes) < 40_000
