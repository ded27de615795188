"""The fingerprint of a text: hashes of every three words in a row, by which copies are known.

Noise and callouts do not count: two short stories of one source would else share their editor's
message. Paragraph breaks, case and punctuation do not count either.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from sys import byteorder

from newsletter.model.article import Article, ParagraphKind

SHINGLE_WORDS = 3
FEWEST_WORDS = 80
FEWEST_SHINGLES = 40  # a text that says one thing again and again is no evidence
HASH_BYTES = 8

_NOT_TEXT = frozenset({ParagraphKind.NOISE, ParagraphKind.CALLOUT})
_WORD = re.compile(r"\w+")


def shingle_hashes(article: Article) -> tuple[int, ...]:
    """Return the 64-bit hashes of an article's text, each once, sorted.

    Empty where the text has fewer than 80 words: too little to tell a copy from chance.
    """
    return hashes_of(p.text for p in article.paragraphs if p.kind not in _NOT_TEXT)


def hashes_of(texts: Iterable[str]) -> tuple[int, ...]:
    """Return the hashes of paragraphs taken as one run of words; see shingle_hashes."""
    words = [word for text in texts for word in _words(text)]
    if len(words) < FEWEST_WORDS:
        return ()
    shingles = {
        " ".join(words[start : start + SHINGLE_WORDS])
        for start in range(len(words) - SHINGLE_WORDS + 1)
    }
    if len(shingles) < FEWEST_SHINGLES:
        return ()
    return tuple(sorted({_hash(shingle) for shingle in shingles}))


def pack(hashes: Sequence[int]) -> bytes:
    """Return hashes as bytes for the database, big-endian."""
    packed = array("Q", hashes)
    if byteorder == "little":
        packed.byteswap()
    return packed.tobytes()


def unpack(packed: bytes) -> Sequence[int]:
    """Return the hashes that pack() made bytes of; an array, since a month has millions of them."""
    hashes = array("Q")
    hashes.frombytes(packed)
    if byteorder == "little":
        hashes.byteswap()
    return hashes


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _hash(shingle: str) -> int:
    digest = blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=HASH_BYTES).digest()
    return int.from_bytes(digest)
