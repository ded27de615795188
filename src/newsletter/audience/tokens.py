"""The tokens in readers' links, and the links; pure, with the key passed in.

A token is text of the base64url alphabet:

    purpose (1)  key id (6)  HMAC-SHA-256 cut to 192 bits (32)  the subscriber's public id (≤ 36)

at most 75 bytes, so that it fits one quoted-printable line. The code is over purpose, key id, list
and public id. The list itself is not in the token: whoever reads it passes the lists it may be for.
Tokens do not expire, for a link to unsubscribe must work as long as the mail exists; a key that was
replaced stays known by its id.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

PROOF_ID = "proof"

_TOKEN = re.compile(r"([a-z])([0-9a-f]{6})([A-Za-z0-9_-]{32})([A-Za-z0-9_-]{1,36})")
_PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
_MAC_BYTES = 24  # 32 characters without a spare bit, so that no second spelling is accepted
_KEY_BYTES = 32


class Purpose(StrEnum):
    """What a token is good for; a token for one purpose is refused for any other."""

    UNSUBSCRIBE = "u"
    PREFERENCES = "p"
    PROOF = "t"  # in test mails and issue.eml: shows the pages, changes nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """The key of readers' links. id is six hexadecimal digits and stands in every token."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClaims:
    """What a genuine token says. For a proof, public_id is PROOF_ID and no reader is meant."""

    purpose: Purpose
    list: str
    public_id: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLinks:
    """The three addresses of one reader's mail, by the names of their slots."""

    unsubscribe_url: str
    preferences_url: str
    view_online_url: str


def new_key(random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> SigningKey:
    """Make a key of 256 bits."""
    return SigningKey(id=random_bytes(3).hex(), secret=random_bytes(_KEY_BYTES))


def make_token(key: SigningKey, purpose: Purpose, *, list_name: str, public_id: str) -> str:
    """Sign one subscriber's token for one purpose on one list; ValueError for a bad public id."""
    if not _PUBLIC_ID.fullmatch(public_id):
        msg = "a public id is 1 to 36 letters, digits, - and _"
        raise ValueError(msg)
    if (purpose is Purpose.PROOF) != (public_id == PROOF_ID):
        msg = "a proof token belongs to no reader, and every other token to one"
        raise ValueError(msg)
    return f"{purpose}{key.id}{_code(key, purpose, list_name, public_id)}{public_id}"


def read_token(
    token: str, *, keys: Mapping[str, bytes], lists: Collection[str], purposes: Collection[Purpose]
) -> TokenClaims | None:
    """Return what a token says, or None where it is not genuine or for another purpose.

    keys holds every key that ever signed, secret by id.
    """
    match = _TOKEN.fullmatch(token)
    if not match:
        return None
    letter, key_id, code, public_id = match.groups()
    allowed = {purpose.value: purpose for purpose in purposes}
    if letter not in allowed or key_id not in keys:
        return None
    key = SigningKey(id=key_id, secret=keys[key_id])
    purpose = allowed[letter]
    found = None
    for name in lists:  # all of them, so that the time tells nothing
        if hmac.compare_digest(code, _code(key, purpose, name, public_id)):
            found = name
    if found is None:
        return None
    return TokenClaims(purpose=purpose, list=found, public_id=public_id, key_id=key_id)


def links_for(
    public_url: str, key: SigningKey, *, list_name: str, public_id: str, issue: str
) -> ReaderLinks:
    """Return one subscriber's links; their form is fixed from the first mail on."""
    unsubscribe = make_token(key, Purpose.UNSUBSCRIBE, list_name=list_name, public_id=public_id)
    preferences = make_token(key, Purpose.PREFERENCES, list_name=list_name, public_id=public_id)
    return _links(public_url, unsubscribe, preferences, issue)


def proof_links(public_url: str, key: SigningKey, *, list_name: str, issue: str) -> ReaderLinks:
    """Return the links of a test mail, whose tokens belong to no reader."""
    token = make_token(key, Purpose.PROOF, list_name=list_name, public_id=PROOF_ID)
    return _links(public_url, token, token, issue)


def _links(public_url: str, unsubscribe: str, preferences: str, issue: str) -> ReaderLinks:
    base = public_url.rstrip("/")
    return ReaderLinks(
        unsubscribe_url=f"{base}/u/{unsubscribe}",
        preferences_url=f"{base}/p/{preferences}",
        view_online_url=f"{base}/i/{issue}",
    )


def _code(key: SigningKey, purpose: Purpose, list_name: str, public_id: str) -> str:
    """Code the parts, each with its length before it, so that no two sets of parts are one text."""
    message = b"".join(
        len(data).to_bytes(4, "big") + data
        for data in (part.encode("utf-8") for part in (purpose, key.id, list_name, public_id))
    )
    code = hmac.new(key.secret, message, hashlib.sha256).digest()[:_MAC_BYTES]
    return base64.urlsafe_b64encode(code).decode("ascii")
