"""Markdown as issues use it, and the addresses in it."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token

from newsletter.model.address import HIGHEST_PORT, ascii_host, parse_address
from newsletter.model.issue import KNOWN_SLOTS

MOST_NESTING = 40
"""markdown-it-py passes over deeper blocks in silence; rich_text refuses them long before."""

_DIRECTIVE = re.compile(r":::[ \t]*(?:[^\W\d_].*)?$")
_SLOT = re.compile(r"\[\[([^\[\]|\n]{0,200})(\|[^\[\]|\n]{0,500})?\]\]")
_BROKEN_SLOT = re.compile(
    r"\[\[(?=[ \t]*(?:[\w-]{1,40}[ \t]*\||(?:" + "|".join(KNOWN_SLOTS) + r")[ \t]*\](?![\](])))"
)
_SLOT_IN_LINK = re.compile(
    r"\[(?:[^\[\]\\]|\\.){0,500}\[\[[^\[\]|\n]{0,200}(?:\|[^\[\]|\n]{0,500})?\]\]"
    r"(?:[^\[\]\\]|\\.){0,500}\]\("
)
_STORY = re.compile(r"##(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_ATTRIBUTES = re.compile(r"\{[ \t]*[a-z][a-z0-9_-]*[ \t]*=")

HEAD_ORDER = ("attributes", "kicker", "image", "byline")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MOST_NESTING})
    parser.disable(["lheading", "code", "reference", "html_block", "html_inline"])
    terminated = RuleOptionsType(alt=["paragraph", "blockquote", "list"])
    parser.block.ruler.before("fence", "directive", _directive, terminated)
    parser.block.ruler.before("heading", "story", _story)
    parser.inline.ruler.before("link", "slot", _slot)
    parser.inline.ruler.at("link", _placed(link, "link_open"))
    parser.inline.ruler.at("image", _placed(image, "image"))
    parser.inline.ruler.at("autolink", _placed(autolink, "link_open"))
    # Addresses are judged where their place is known (rich_text), not by silently showing them.
    parser.validateLink = _accept  # type: ignore[assignment, method-assign]
    parser.normalizeLink = _as_typed  # type: ignore[method-assign]
    parser.normalizeLinkText = _as_typed  # type: ignore[assignment, method-assign]
    return parser


def tokens_of(text: str) -> list[Token]:
    """Parse the body of a file (line ends are line feeds); token.map counts its lines from 0."""
    return _parser().parse(text)


def inline_tokens(line: str) -> list[Token]:
    """Parse one line as running text."""
    parser = _parser()
    tokens: list[Token] = []
    parser.inline.parse(line, parser, {}, tokens)  # the core rules around it are for whole files
    for token in tokens:
        if token.type == "text_special":
            token.type = "text"
    return tokens


def head_kind(line: str, inline: list[Token]) -> str:
    """Return which head line of a story this is: one of HEAD_ORDER, or "" for none."""
    if line.startswith("{"):
        return "attributes" if _ATTRIBUTES.match(line) else ""
    seen = [token for token in inline if not (token.type == "text" and not token.content)]
    if len(seen) == 1 and seen[0].type == "image":
        return "image"
    if not seen:
        return ""
    for name, kind in (("strong", "kicker"), ("em", "byline")):
        if seen[0].type == f"{name}_open" and seen[-1].type == f"{name}_close":
            depth = 0
            for token in seen[:-1]:
                depth += token.nesting
                if depth == 0:
                    return ""
            return kind
    return ""


def _accept(_url: str) -> bool:
    return True


def _as_typed(url: str) -> str:
    return url


def _directive(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001 (called by markdown-it-py)
    begin = state.bMarks[start]
    if not state.src.startswith(":::", begin) or (begin and state.src[begin - 1] != "\n"):
        return False
    raw = state.src[begin : state.eMarks[start]]
    if not _DIRECTIVE.match(raw):
        return False
    if silent:
        return True
    if state.level:
        return False
    state.line = start + 1
    token = state.push("directive", "", 0)
    token.map = [start, state.line]
    token.content = raw[3:].strip()
    return True


def _story(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    if state.level or silent:
        return False
    found = _STORY.match(_line(state, start))
    if not found:
        return False
    token = state.push("story", "", 0)
    token.content = (found[1] or "").strip()
    token.children = inline_tokens(token.content)
    heads: list[tuple[str, int, str, list[Token]]] = []
    following = start + 1
    for number in range(start + 1, end):
        line = _line(state, number)
        if not line:
            continue
        if line[0] not in "{*_!":
            break
        inline = [] if line[0] == "{" else inline_tokens(line)
        kind = head_kind(line, inline)
        if not kind:
            break
        heads.append((kind, number, line, inline))
        following = number + 1
    token.meta["heads"] = heads
    state.line = following
    token.map = [start, following]
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] : state.eMarks[number]].strip(" \t")


def _slot(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if not state.src.startswith("[[", state.pos):
        return False
    found = _SLOT.match(state.src, state.pos, state.posMax)
    broken = None if found else _BROKEN_SLOT.match(state.src, state.pos, state.posMax)
    if found and not silent:
        token = state.push("slot", "", 0)
        token.content = found[1].strip()
        token.meta = {"at": state.pos, "fallback": (found[2] or "")[1:].strip(), "broken": False}
    elif broken and not silent:
        state.push("slot", "", 0).meta = {"at": state.pos, "broken": True}
    found = found or broken
    if not found:
        return False
    state.pos = found.end()
    return True


def _placed(rule: RuleFuncInlineType, kind: str) -> RuleFuncInlineType:
    """Let a rule of markdown-it-py note where in the text its token began."""

    def placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            # markdown-it-py takes a slot for a link and so sees no link around it
            if not silent and kind == "link_open" and _SLOT_IN_LINK.match(state.src, start):
                state.push("slot_in_link", "", 0).meta["at"] = start
            return False
        if not silent:
            token = next((token for token in state.tokens[count:] if token.type == kind), None)
            if token is not None:
                token.meta["at"] = start
        return True

    return placed


LINKS = ("https", "http", "mailto")
PICTURES = ("https", "http")
_SAFE = "!#$%&'()*+,/:;=?@~-._"
_NEVER = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Zs"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HEX = re.compile(r"%(?![0-9A-Fa-f]{2})")
MOST_CHARACTERS = 2_000


def read_url(text: str, *, schemes: tuple[str, ...] = LINKS) -> str:
    """Read one absolute address as ASCII; ValueError says in a sentence part what is wrong."""
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    why = ""
    if len(text) > MOST_CHARACTERS:
        why = f"the address is longer than {MOST_CHARACTERS:,} characters"
    elif any(unicodedata.category(char) in _NEVER for char in text):
        why = "the address holds a space or an invisible character; write %20 for a space"
    elif scheme not in schemes:
        why = f"the address does not begin with {' or '.join(map(_opening, schemes))}"
    elif "\\" in text or _HEX.search(text):
        why = "the address holds a backslash or a % that is no escape"
    elif scheme != "mailto" and not text[len(scheme) :].startswith("://"):
        why = f"the address does not begin with {scheme}://"
    if why:
        raise ValueError(why)
    rest = text[len(scheme) + 1 :]
    return _read_mailto(rest) if scheme == "mailto" else _read_web(scheme, rest)


def host_of(url: str) -> str:
    """Return the host of an address read by read_url, "" for mailto."""
    return (urlsplit(url).hostname or "").lower()


def host_name(text: str) -> str:
    """Return a host name in lower-case A-labels; ValueError where it is none."""
    name = ascii_host(text)
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name):
        msg = f"{text[:60]} is not a host name"
        raise ValueError(msg)
    return name


def _opening(scheme: str) -> str:
    return "mailto:" if scheme == "mailto" else f"{scheme}://"


def _read_web(scheme: str, rest: str) -> str:
    authority = re.split("[/?#]", rest[2:], maxsplit=1)[0]
    path = quote(rest[2 + len(authority) :], safe=_SAFE)
    host, _, port = authority.partition(":")
    is_port = port.isascii() and port.isdigit() and 0 < int(port[:6]) <= HIGHEST_PORT
    why = ""
    if "@" in authority:
        why = "the address holds a user name before its host"
    elif authority.startswith("["):
        why = "the address names its host by a bracketed number; write a name"
    elif not host:
        why = "the address has no host"
    elif port and not is_port:
        why = f"{port[:10]} is not a port"
    if why:
        raise ValueError(why)
    return f"{scheme}://{host_name(unquote(host))}{':' + port if port else ''}{path}"


def _read_mailto(rest: str) -> str:
    written = quote(rest, safe=_SAFE)
    address = written.partition("?")[0]
    try:
        parse_address(unquote(address))
    except ValueError as error:
        msg = f"mailto: does not name one address: {error}"
        raise ValueError(msg) from error
    if re.search(r"%(0[0-9a-f]|1[0-9a-f]|7f)", written, re.IGNORECASE):
        msg = "the address holds a control character"
        raise ValueError(msg)
    return f"mailto:{written}"
