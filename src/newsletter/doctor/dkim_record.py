"""Reading a DKIM key record (RFC 6376 section 3.6.1, RFC 8463): what kind of key, how long."""

import base64
import binascii
from dataclasses import dataclass

from newsletter.doctor.tags import TagMistake, read_tags

_SEQUENCE, _BIT_STRING, _INTEGER = 0x30, 0x03, 0x02
_ED25519_BYTES = 32
LONGEST_KEY = 16_384  # bits
_MOST_LENGTH_BYTES = 4  # no key is longer than they can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """A key record; bits: of an RSA key's modulus, 256 for Ed25519, 0 where it is revoked."""

    kind: str
    bits: int
    is_test: bool = False

    @property
    def is_revoked(self) -> bool:
        """Whether p= is empty: whoever signs with it has no valid signature."""
        return self.bits == 0


def read_dkim(text: str) -> DkimKey:
    """Read a key record.

    Raises:
        TagMistake: receivers would not use this key, with the reason.
    """
    tags = read_tags(text)
    if "v" in tags and (tags["v"] != "DKIM1" or next(iter(tags)) != "v"):
        msg = "v= has to be DKIM1 and to stand first"
        raise TagMistake(msg)
    if "p" not in tags:
        msg = "it has no p=, the key itself"
        raise TagMistake(msg)
    kind = tags.get("k", "rsa")
    if kind not in {"rsa", "ed25519"}:
        raise TagMistake(f"k={kind[:20]} is no kind of key that receivers know")
    if "sha256" not in _list(tags.get("h", "sha256")):
        msg = "h= does not allow sha256, the only hash that receivers take"
        raise TagMistake(msg)
    if not {"*", "email"} & set(_list(tags.get("s", "*"))):
        msg = "s= does not allow email"
        raise TagMistake(msg)
    flags = _list(tags.get("t", ""))
    key = "".join(tags["p"].split())
    return DkimKey(kind=kind, bits=_bits(kind, key) if key else 0, is_test="y" in flags)


def _list(value: str) -> list[str]:
    return [part.strip() for part in value.split(":")]


def _bits(kind: str, key: str) -> int:
    try:
        content = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError) as error:
        msg = "p= is no base64; perhaps a part of the key was lost when it was pasted"
        raise TagMistake(msg) from error
    if kind == "ed25519":
        if len(content) != _ED25519_BYTES:
            raise TagMistake(f"p= holds {len(content)} bytes, and an Ed25519 key has 32")
        return 256
    try:
        return _modulus_bits(content)
    except (ValueError, IndexError) as error:
        msg = "p= is no RSA key; perhaps a part of it was lost when it was pasted"
        raise TagMistake(msg) from error


def _modulus_bits(der: bytes) -> int:
    """Return the length of n in SubjectPublicKeyInfo or RSAPublicKey (RFC 8017 appendix A.1.1)."""
    outer, rest = _element(der, _SEQUENCE)
    if rest:
        raise ValueError
    if outer[0] == _SEQUENCE:
        _, after = _element(outer, _SEQUENCE)
        string, rest = _element(after, _BIT_STRING)
        if rest or string[0] != 0:
            raise ValueError
        outer, rest = _element(string[1:], _SEQUENCE)
        if rest:
            raise ValueError
    modulus, after = _element(outer, _INTEGER)
    _element(after, _INTEGER)
    bits = int.from_bytes(modulus, "big").bit_length()
    if not 0 < bits <= LONGEST_KEY:
        raise ValueError
    return bits


def _element(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """Take one DER element: its content and what follows it."""
    if data[0] != tag:
        raise ValueError
    length, start = data[1], 2
    if length & 0x80:
        content = length & 0x7F
        start += content
        length = int.from_bytes(data[2:start], "big")
        if not 0 < content <= _MOST_LENGTH_BYTES:
            raise ValueError
    if start + length > len(data):
        raise ValueError
    return data[start : start + length], data[start + length :]
