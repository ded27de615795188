"""Slots: the tokens that stand for them while an issue is composed, and the escaping of values."""

import hashlib
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import TypeVar, cast
from urllib.parse import quote, unquote

from newsletter.compose.typography import isolated, runs_rightward, spanned, without_controls
from newsletter.model.composed import Sentinel, Slot, SlotContext

Candidate = TypeVar("Candidate")
Laid = TypeVar("Laid")

URL_BYTES = 900  # a header line holds 998 bytes (RFC 5322 section 2.1.1); the name needs some

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_URL_SCHEME = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_TOKEN = re.compile("slot[0-9]{16}x")  # what _token makes; none can begin inside another
_URL_SAFE = "%/:?#[]@!$&()*+,;=~'"
_MARK = re.compile("\x02[0-9]{19}\x03")  # controls: no text that was cleaned holds any


def choose_sentinels(slots: Iterable[Slot], absent_from: str) -> tuple[Sentinel, ...]:
    """Return each distinct slot a token, from a hash of the content, that the content lacks."""
    distinct = tuple(dict.fromkeys(slots))
    seed = hashlib.sha256(absent_from.encode("utf-8", "surrogatepass")).digest()
    spellings = {absent_from, html.unescape(absent_from), unquote(absent_from)}
    taken = {found for spelling in spellings for found in _TOKEN.findall(spelling)}

    def is_free(tokens: tuple[str, ...]) -> bool:
        return len(set(tokens)) == len(tokens) and taken.isdisjoint(tokens)

    candidates = (tuple(_token(seed, number, slot) for slot in distinct) for number in count())
    tokens = first_free(candidates, is_free)
    return tuple(
        Sentinel(token=token, slot=slot) for token, slot in zip(tokens, distinct, strict=True)
    )


def slot_mark(number: int) -> str:
    """Return what stands for a slot in a layout until its token is chosen; it is as long as one."""
    return f"\x02{number:019d}\x03"


def with_tokens(value: Laid, tokens: Mapping[str, str]) -> Laid:
    """Return a layout's value, of what JSON can hold, with each mark's token in its place."""
    replaced = _with_tokens(value, lambda found: tokens[found[0]])
    return cast("Laid", replaced)


def _with_tokens(value: object, token: Callable[[re.Match[str]], str]) -> object:
    match value:
        case str():
            return _MARK.sub(token, value) if "\x02" in value else value
        case dict():
            return {key: _with_tokens(each, token) for key, each in value.items()}
        case list() | tuple():
            return [_with_tokens(each, token) for each in value]
        case _:
            return value


def first_free(candidates: Iterator[Candidate], is_free: Callable[[Candidate], bool]) -> Candidate:
    """Return the first candidate that is free; the candidates never end."""
    return next(filter(is_free, candidates))


def cut(
    content: str, sentinels: Sequence[Sentinel], allowed: frozenset[SlotContext]
) -> tuple[tuple[str, ...], tuple[Slot, ...]]:
    """Cut content at its tokens into pieces and slots; ValueError for one in the wrong part."""
    slots_of = {sentinel.token: sentinel.slot for sentinel in sentinels}
    if not slots_of:
        return (content,), ()
    parts = re.split(f"({'|'.join(slots_of)})", content)
    slots = tuple(slots_of[token] for token in parts[1::2])
    for slot in slots:
        if slot.context not in allowed:
            msg = f"the slot {slot.name} for {slot.context} stands where it is not escaped rightly"
            raise ValueError(msg)
    return tuple(parts[::2]), slots


def fill(content: str, sentinels: Sequence[Sentinel], values: Mapping[str, str]) -> str:
    """Put one reader's values into composed HTML or text, for a page or a file."""
    pieces, slots = cut(content, sentinels, frozenset(SlotContext))
    filled = [pieces[0]]
    for slot, piece in zip(slots, pieces[1:], strict=True):
        filled += (escape(slot.context, values.get(slot.name) or slot.fallback), piece)
    return "".join(filled)


def escape(context: SlotContext, value: str) -> str:
    """Make a value safe for its place; the result is text still to be encoded.

    In a body, control characters become one space. Raises ValueError where no escaping can make it
    safe: a control character in a header, an address of another scheme, or one too long.
    """
    match context:
        case SlotContext.HTML:
            turns = "auto" if runs_rightward(value) else ""
            return spanned(html.escape(_on_one_line(value)), turns)
        case SlotContext.HTML_URL:
            return html.escape(_url(value)) if value else ""
        case SlotContext.TEXT:
            return isolated(_on_one_line(value), "auto" if runs_rightward(value) else "")
        case SlotContext.HEADER_URL:
            return quote(_url(value), safe="%/:?#[]@!$&*+;=~")  # no comma, quote or parenthesis
        case SlotContext.HEADER_TOKEN:
            if not re.fullmatch(r"[!-;=?-~]([ -;=?-~]{0,198}[!-;=?-~])?", value):
                msg = "a header token is 1 to 200 printable ASCII characters without < and >"
                raise ValueError(msg)
            return value
        case SlotContext.HEADER_ADDRESS:
            msg = "a mailbox is made from a name and an address, not from one value"
            raise ValueError(msg)


def _on_one_line(value: str) -> str:
    return without_controls(_CONTROLS.sub(" ", value))


def _url(value: str) -> str:
    if not _URL_SCHEME.match(value) or _CONTROLS.search(value):
        msg = "a link's address begins with https://, http:// or mailto: and holds no controls"
        raise ValueError(msg)
    url = quote(value, safe=_URL_SAFE, errors="replace")
    if len(url) > URL_BYTES:
        msg = f"a link's address is longer than {URL_BYTES} bytes"
        raise ValueError(msg)
    return url


def _token(seed: bytes, number: int, slot: Slot) -> str:
    """Make a token that cannot overlap another: its first letter stands nowhere else in it."""
    digest = hashlib.sha256(seed)
    for part in (str(number), slot.name, slot.context, slot.fallback):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return f"slot{int.from_bytes(digest.digest()[:8], 'big') % 10**16:016d}x"
