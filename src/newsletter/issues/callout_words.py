"""What the words of a callout file say and lead to, and whether they are still the charity's."""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from hashlib import sha256
from urllib.parse import parse_qsl, unquote, urlsplit

import idna

from newsletter.issues.markdown import host_of
from newsletter.model.callout import (
    Callout,
    CalloutContent,
    amount_in,
    charity_numbers_in,
    hosts_in,
)
from newsletter.model.source import is_tracker
from newsletter.model.text import TextBlock, plain_text

KEYS = (
    *("kind", "organisation", "short_name", "appeal_name", "charity_number", "charity_register"),
    *("charity_number_verified", "donation_url", "info_url", "allowed_hosts", "status", "launched"),
    *("closes", "closed_on", "last_verified", "verified_by", "verified_source"),
    *("verify_every_days", "when_closed", "own_wording", "approved_by", "approved_on", "heading"),
    *("button_text", "link_text", "gift_aid_line", "figures_source", "figures_on", "beside"),
    *("not_beside", "countries", "languages"),
)
WORDING = "wording"
CLOSED_WORDING = "closed wording"
VERIFICATION = ("last_verified", "verified_by", "verified_source")
LOCKED = (
    *("heading", WORDING, CLOSED_WORDING, "link_text", "button_text", "gift_aid_line"),
    *("organisation", "short_name", "appeal_name", "charity_number", "own_wording"),
    *("donation_url", "info_url", "allowed_hosts"),
)
"""What a person verifies: the words that readers see, and where the links lead."""


def callout_content(callout: Callout) -> CalloutContent:
    """Return what a callout says, by the keys of its file; what is empty is left out."""
    content: dict[str, str | list[str]] = {}
    for field in fields(callout):
        if field.name not in KEYS:
            continue
        value = getattr(callout, field.name)
        match value:
            case tuple():
                content[field.name] = [str(item) for item in value]
            case bool():
                content[field.name] = "true" if value else ""
            case date():
                content[field.name] = value.isoformat()
            case None:
                pass
            case _:
                content[field.name] = str(value)
    content[WORDING] = plain_wording(callout.body)
    content[CLOSED_WORDING] = plain_wording(callout.closed_wording)
    return {key: value for key, value in content.items() if value}


def plain_wording(blocks: tuple[TextBlock, ...]) -> str:
    """Return the words of blocks, one a line."""
    return "\n".join(map(plain_text, blocks))


def content_sha256(content: CalloutContent) -> str:
    """Return the fingerprint of what a callout says; its file's comments do not count."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def wording_sha256(content: CalloutContent) -> str:
    """Return the fingerprint of what a person verifies."""
    return content_sha256({key: content[key] for key in LOCKED if key in content})


def changed_keys(
    before: CalloutContent, after: CalloutContent, *, among: Sequence[str] = ()
) -> tuple[str, ...]:
    """List the keys whose values differ, in the file's order; among them alone, where given."""
    keys = among or (*KEYS, WORDING, CLOSED_WORDING)
    return tuple(key for key in keys if before.get(key) != after.get(key))


def word_mistakes(callout: Callout) -> Iterator[tuple[str, int, str, str]]:
    """Return what an appeal's words may not hold: key, line (or 0), message and remedy.

    No undated amount, no unverified charity number, no address but of a host that is allowed.
    """
    is_sourced = bool(callout.figures_source and callout.figures_on)
    for key, line, text in _texts(callout):
        amount = "" if is_sourced else amount_in(text)
        if amount:
            message = f"an amount of money in {key}: {amount[:40]}"
            remedy = "take it out, or write figures_source: https://… and figures_on: a date"
            yield key, line, message, remedy
        for number in _unverified_numbers(callout, text):
            message = f"a charity number in {key} that nobody has verified: {number}"
            remedy = "look it up in the register and write charity_number_verified: a date"
            yield key, line, message, remedy
        allowed = callout.allowed_hosts
        remedy = "show no host but those in allowed_hosts"
        if key in _LINKS:
            url = callout.donation_url if key == "button_text" else callout.info_url
            allowed, remedy = (host_of(url),), "show no address but that of the link itself"
        for host in hosts_in(text):
            if host not in allowed:
                yield key, line, f"{key} shows the address {host[:80]}", remedy


_LINKS = ("button_text", "link_text")


def _texts(callout: Callout) -> Iterator[tuple[str, int, str]]:
    for key in ("organisation", "short_name", "appeal_name", "heading", *_LINKS, "gift_aid_line"):
        yield key, 0, getattr(callout, key)
    for what, blocks in (
        ("the wording", callout.body),
        ("the closed wording", callout.closed_wording),
    ):
        for block in blocks:
            yield what, block.line, plain_wording((block,))


def _unverified_numbers(callout: Callout, text: str) -> tuple[str, ...]:
    told = set(charity_numbers_in(text))
    if callout.charity_number and callout.charity_number in text:
        told.add(callout.charity_number)
    if callout.charity_number_verified:
        told.discard(callout.charity_number)
    return tuple(sorted(told))


_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:[/:?#].*)?", re.IGNORECASE)
_NAMES_A_PLACE = frozenset(
    {"continue", "dest", "destination", "goto", "link", "next", "redir", "redirect", "redirect_uri"}
    | {"redirect_url", "return", "return_url", "target", "to", "u", "uri", "url"}
)
_SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "is.gd", "linktr.ee", "lnkd.in", "ow.ly"}
    | {"rb.gy", "rebrand.ly", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "trib.al"}
)
_RELAYS = frozenset({"click", "clicks", "redirect", "track", "tracking", "trk"})
_RELAY_HOSTS = ("safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com")
_PLAIN_LATIN = range(0xDF, 0x180)  # Latin-1 and Extended-A: letters of European languages
_DISGUISES = frozenset("\u0131\u0138\u0140\u0149\u017f")  # dotless i, kra and the like


def disguised(host: str) -> str:
    """Return what makes a host (A-labels) look like another one (UTS 39 section 5), or nothing."""
    try:
        shown = idna.decode(host, uts46=True) if "xn--" in host else host
    except (idna.IDNAError, UnicodeError):
        return f"{host[:60]} is no name that can be read"
    letters = [char for char in shown if not char.isascii() and char.isalpha()]
    foreign = {unicodedata.name(char, "UNKNOWN").split()[0] for char in letters}
    if foreign - {"LATIN"} and (len(foreign) > 1 or any("a" <= char <= "z" for char in shown)):
        return f"{shown[:60]} mixes letters of two alphabets"
    odd = next((c for c in letters if "LATIN" in foreign and _is_odd(c)), "")
    return f"{shown[:60]} holds {odd}, which looks like another letter" if odd else ""


def _is_odd(char: str) -> bool:
    return char in _DISGUISES or ord(char) not in _PLAIN_LATIN


def indirect(url: str) -> str:
    """Return why an address does not lead straight to a page; "" where it does."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host in _SHORTENERS or host.endswith(_RELAY_HOSTS) or host.split(".")[0] in _RELAYS:
        return f"{host[:60]} only leads on to other addresses"
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if is_tracker(key):
            return f"it carries {key[:40]}, which only counts readers"
        if _leads_on(value) or (key.casefold() in _NAMES_A_PLACE and _HOST.fullmatch(value)):
            return f"it leads on to another address, in {key[:40]}"
    return "it leads on to another address" if _leads_on(parts.path) else ""


def _leads_on(text: str) -> bool:
    plain = unquote(unquote(text)).casefold()
    return re.search(r"https?:/|^//", plain) is not None
