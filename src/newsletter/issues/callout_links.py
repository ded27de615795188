"""Where an appeal's links may lead: straight to a host that no letter disguises (T53); pure."""

import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlsplit

import idna

from newsletter.model.trackers import is_tracker

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
    """Return what makes a host look like another one; "" where nothing does.

    host is in A-labels. Letters of two alphabets in one name, and Latin letters that are made to be
    taken for a to z, are refused (UTS 39 section 5: mixed-script and confusable names).
    """
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
