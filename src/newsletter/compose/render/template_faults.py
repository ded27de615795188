"""What is wrong with a template, in words that need no knowledge of Jinja2, and what to do."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined
from jinja2.utils import missing

MOST_NAMES = 12  # of a list in a remedy
_LOOK = "correct this line; docs/how-to/design-a-template.md tells what a template may do"
_TAGS = (
    "block", "call", "else", "elif", "endblock", "endcall", "endfilter", "endfor", "endif",
    "endmacro", "endset", "endwith", "extends", "filter", "for", "from", "if", "import", "include",
    "macro", "raw", "endraw", "set", "with",
)  # fmt: skip

Said = tuple[str, str]
"""A message and its remedy."""


class OutOfTime(BaseException):
    """The template ran longer than its limit; no template code can catch it."""


class TooLarge(Exception):  # noqa: N818 (named for what happened)
    """The rendering outgrew its limit."""


class NotGiven(StrictUndefined):
    """What a template was not given; asked for, it says which name and what there is instead."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f"there is no {name!r}"
        return f"{_kind_of(self._undefined_obj)} has no {name!r}{self._instead()}"

    def _instead(self) -> str:
        held = self._undefined_obj
        if isinstance(held, Undefined) or not isinstance(held, Mapping):
            return ""
        return f"\n{nearest(str(self._undefined_name), [str(key) for key in held])}"


_ENDINGS: tuple[tuple[type[BaseException], Said], ...] = (
    (OutOfTime, ("the template ran too long", "look for loops within loops, and shorten them")),
    (TooLarge, ("the template writes more than fits a mail", "let its loops write less")),
    (MemoryError, ("the template needs too much memory", "look for very large values or loops")),
    (
        RecursionError,
        (
            "the template is nested too deep, or calls itself without end",
            "take brackets, loops and includes out of one another",
        ),
    ),
)
_FAULTS: tuple[tuple[type[BaseException], str], ...] = (
    (UndefinedError, "the template uses what it was not given"),
    (SecurityError, "a template may not do this"),
    (OverflowError, "the template asks for too much"),
    (TemplateError, "the template failed"),
)


def failed(error: BaseException, names: Iterable[str]) -> Said:
    """Tell of an error while a template was filled; names are those it could have used."""
    for kind, said in _ENDINGS:
        if isinstance(error, kind):
            return said
    what, _, remedy = str(error).partition("\n")
    lead = next((words for kind, words in _FAULTS if isinstance(error, kind)), "")
    if not lead:
        lead = f"the template failed: {type(error).__name__}"
    unknown = re.fullmatch(r"there is no '(.+)'", what)
    if unknown and isinstance(error, UndefinedError):
        remedy = nearest(unknown[1], names)
    elif "prints nothing" in what or "nothing (none) has no" in what:
        remedy = "put {% if … %} around what may be absent"
    return f"{lead}: {_sentence(what)}", remedy or _LOOK


def unreadable(message: str, filters: Sequence[str], tests: Sequence[str]) -> Said:
    """Tell of a template that cannot be read, from Jinja2's sentence on it."""
    what = _sentence(message)
    lead = "the template cannot be read: "
    for kind, known in (("filter", filters), ("test", tests)):
        if found := re.match(rf"No {kind} named '(.+)'", what):
            return f"{lead}there is no {kind} {found[1]!r}", nearest(found[1], known)
    found = re.match(r"Encountered unknown tag '(\w+)'", what)
    if found and found[1] not in _TAGS:
        return f"{lead}there is no tag {{% {found[1]} %}}", nearest(found[1], _TAGS)
    inner = re.search(r"innermost block that needs to be closed is '(\w+)'", what)
    if inner:
        return f"{lead}{{% {inner[1]} %}} is not closed", f"write {{% end{inner[1]} %}}"
    return f"{lead}{what[:1].lower()}{what[1:]}", "look at this line's braces, quotes and commas"


def not_found(name: str, files: Sequence[str], ending: str) -> Said:
    """Tell of a file that a template takes in and that is not there; ending is ".mjml.j2"."""
    message = f"there is no template file templates/{name}"
    if not name.endswith(ending):
        return message, f"a {ending} template can take in {ending} files alone"
    return message, nearest(name, files)


def nearest(name: str, known: Iterable[str]) -> str:
    """Propose the known name that is nearest, else list them; "" where there is none."""
    names = sorted({one for one in known if not one.startswith("_")})
    near = get_close_matches(name, names, 1)
    if near:
        return f"did you mean {near[0]}?"
    return f"known there are {_some(names)}" if names else ""


def _kind_of(held: object) -> str:
    if held is None:
        return "nothing (none)"
    return "a text" if isinstance(held, str) else "what stands before the dot"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split()).rstrip(".")[:300]
