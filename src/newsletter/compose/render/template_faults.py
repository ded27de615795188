"""What is wrong with a template, in words that need no knowledge of Jinja2, and what to do."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from posixpath import basename, dirname
from traceback import walk_tb

from jinja2 import (
    Environment,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined
from jinja2.utils import missing

from newsletter.compose.line_marks import TEMPLATE
from newsletter.model.finding import Finding, Severity

MOST_NAMES = 12  # of a list in a remedy
_LOOK = "correct this line; docs/how-to/design-a-template.md tells what a template may do"
_TAGS = (
    "block", "call", "else", "elif", "endblock", "endcall", "endfilter", "endfor", "endif",
    "endmacro", "endset", "endwith", "extends", "filter", "for", "from", "if", "import", "include",
    "macro", "raw", "endraw", "set", "with",
)  # fmt: skip
_MARKS = {"end of print statement": "}}", "end of statement block": "%}", "begin of print": "{{"}

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
            "the template includes or calls itself without end",
            "take out the include or call that leads back to where it began",
        ),
    ),
)
_FAULTS: tuple[tuple[type[BaseException], str], ...] = (
    (UndefinedError, "the template uses what it was not given"),
    (SecurityError, "a template may not do this"),
    (OverflowError, "the template asks for too much"),
    (TemplateError, "the template failed"),
)


_NESTED = (
    "the template is nested too deep",
    "take brackets, conditions or loops out of one another",
)
_FEW = 20  # calls of templates within each other, which no loop is


def failed(error: BaseException, names: Iterable[str]) -> Said:
    """Tell of an error while a template was filled; names are those it could have used."""
    if isinstance(error, RecursionError) and _was_reading(error):
        return _NESTED
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


def _was_reading(error: BaseException) -> bool:
    """Return whether an error arose while a template was read, and not while it ran."""
    frames = (frame for frame, _ in walk_tb(error.__traceback__))
    return sum(frame.f_code.co_filename.endswith(".j2") for frame in frames) < _FEW


def unreadable(message: str, filters: Sequence[str], tests: Sequence[str]) -> Said:
    """Tell of a template that cannot be read, from Jinja2's sentence on it."""
    what, remedy = _syntax(_sentence(message), filters, tests)
    return f"the template cannot be read: {what}", remedy


def not_found(name: str, files: Sequence[str], ending: str) -> Said:
    """Tell of a file that a template takes in and that is not there.

    Args:
        name: as the template says it.
        files: the templates that it could take in.
        ending: of those, ".mjml.j2".
    """
    message = f"there is no template file templates/{name}"
    if not name.endswith(ending):
        return message, f"a {ending} template can take in {ending} files alone"
    alike = [file for file in files if basename(file) == basename(name)]
    folder = dirname(name)
    there = [basename(file) for file in files if dirname(file) == folder]
    stems = {file.removesuffix(ending): file for file in there}
    close = get_close_matches(basename(name).removesuffix(ending), stems, 1)
    near = [*alike, *(f"{folder}/{stems[stem]}".lstrip("/") for stem in close)]
    if near:
        return message, f"did you mean {near[0]}?"
    where = f"templates/{folder}/" if folder else "templates/"
    listed = f"{where} has {_some(there)}" if there else f"there is no folder {where}"
    return message, f"write it, or name another; {listed}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Propose the known name that is nearest, else list them; "" where there is none."""
    names = sorted({one for one in known if not one.startswith("_")})
    near = get_close_matches(name, names, 1)
    if near:
        return f"did you mean {near[0]}?"
    return f"known there are {_some(names)}" if names else ""


def _syntax(  # noqa: PLR0911 (one for each kind of sentence)
    what: str, filters: Sequence[str], tests: Sequence[str]
) -> Said:
    for kind, known in (("filter", filters), ("test", tests)):
        if found := re.match(rf"No {kind} named '(.+)'", what):
            return f"there is no {kind} {found[1]!r}", nearest(found[1], known)
    inner = re.search(r"innermost block that needs to be closed is '(\w+)'", what)
    unclosed = inner[1] if inner else ""
    if found := re.match(r"Encountered unknown tag '(\w+)'", what):
        tag = found[1]
        if tag not in _TAGS:
            return f"there is no tag {{% {tag} %}}", nearest(tag, _TAGS)
        if unclosed:
            sentence = f"{{% {tag} %}} stands where {{% {unclosed} %}} is still open"
            return sentence, f"write {{% end{unclosed} %}} before it"
        return (
            f"{{% {tag} %}} closes or divides nothing",
            "take it out, or write what it belongs to",
        )
    if what.startswith("Unexpected end of template") and unclosed:
        sentence = f"it ends before {{% {unclosed} %}} is closed"
        return sentence, f"write {{% end{unclosed} %}}"
    if found := re.match(r"expected token '(.+?)', got '(.*)'", what):
        wanted, seen = (_MARKS.get(mark, mark) for mark in found.groups())
        return f"{seen} stands where {wanted} is wanted", "look at this line's braces and commas"
    if found := re.match(r"Expected an expression, got '(.*)'", what):
        return f"something is missing before {_MARKS.get(found[1], found[1])}", "write a name there"
    if found := re.match(r"unexpected (?:char )?('.+?')", what):
        return f"{found[1]} cannot stand here", "look at this line's braces and quotes"
    return what[:1].lower() + what[1:], _LOOK


def _kind_of(held: object) -> str:
    match held:
        case None:
            return "nothing (none)"
        case str():
            return "a text"
        case list() | tuple():
            return "a list"
        case bool() | int() | float():
            return "a number"
        case _:
            return "what stands before the dot"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def _sentence(text: str | None) -> str:
    """Cut a library's message to one plain line."""
    return " ".join((text or "").split()).rstrip(".")[:300]


ROW_KINDS = (
    "lead", "cards", "wide", "heading", "passage", "briefs", "editor", "callout", "mark",
)  # fmt: skip
MOST_STEPS = 10  # of templates that extend each other
_FOLDER = "templates/"
_ALIKE = 0.8  # of two names, from 0 to 1
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUIET = (nodes.Block, nodes.Macro, nodes.Import, nodes.FromImport, nodes.Assign, nodes.AssignBlock)
_THEMES = ("theme.css.j2", "theme.css")  # the first is read where both are there
_ONE_OF = {"eq", "ne", "in", "notin"}  # what compares with whole values
_PICKS = {"selectattr", "rejectattr"}
_TAKES_IN = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


def lint_inheritance(template: str, sources: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what the templates NAME.mjml.j2 and NAME.txt.j2 say for nothing.

    sources are all templates by their names. One that cannot be read is another's to tell of.
    """
    trees = dict(_read(sources))
    page = f"{template}.mjml.j2"
    return (
        *_forgotten(page, trees),
        *_forgotten(f"{template}.txt.j2", trees),
        *_unused_parts(template, page, trees),
        *_second_theme(sources),
        *_unknown_kinds(template, page, trees),
    )


def _read(sources: Mapping[str, str]) -> Iterator[tuple[str, nodes.Template]]:
    reader = Environment(trim_blocks=True, lstrip_blocks=True)  # noqa: S701 (nothing is rendered)
    for name, source in sources.items():
        if name.endswith((".mjml.j2", ".txt.j2")):
            try:
                yield name, reader.parse(source)
            except (TemplateSyntaxError, RecursionError):
                continue


def _line_of_extends(tree: nodes.Template) -> tuple[int, str]:
    """Return where among a template's nodes it extends another, and which; -1 where it does not."""
    for at, node in enumerate(tree.body):
        if isinstance(node, nodes.Extends) and isinstance(node.template, nodes.Const):
            return at, str(node.template.value)
    return -1, ""


def _lineage(name: str, trees: Mapping[str, nodes.Template]) -> list[str]:
    """Return a template and those that it extends, the nearest first."""
    names: list[str] = []
    while name in trees and name not in names and len(names) < MOST_STEPS:
        names.append(name)
        name = _line_of_extends(trees[name])[1]
    return names


def _forgotten(name: str, trees: Mapping[str, nodes.Template]) -> Iterator[Finding]:
    line = _lineage(name, trees)
    for step, child in enumerate(line[:-1]):
        parents = line[step + 1 :]
        known = [one.name for parent in parents for one in trees[parent].find_all(nodes.Block)]
        at, _ = _line_of_extends(trees[child])
        after = trees[child].body[at + 1 :]
        for node in after:
            for block in _outermost_blocks(node):
                if block.name not in known:
                    message = f"{{% block {block.name} %}} fills no block of {parents[0]}"
                    yield _finding(child, block.lineno, message, nearest(block.name, known))
        said = next(chain.from_iterable(map(_said_outside, after)), None)
        if said is not None:
            message = f"what stands outside a block is not shown, as this extends {parents[0]}"
            remedy = f"put it into a block of {parents[0]}, or take it out"
            yield _finding(child, said[0], message, remedy, said[1])


def _outermost_blocks(node: nodes.Node) -> Iterator[nodes.Block]:
    if isinstance(node, nodes.Block):
        yield node
        return
    for inner in node.iter_child_nodes():
        yield from _outermost_blocks(inner)


def _said_outside(node: nodes.Node) -> Iterator[tuple[int, str]]:
    """Return line and words of what a node would print outside of blocks."""
    if isinstance(node, _QUIET):
        return
    for inner in node.iter_child_nodes():
        if isinstance(node, nodes.Output):
            if not isinstance(inner, nodes.TemplateData):
                yield inner.lineno, ""
            elif _COMMENT.sub("", inner.data).strip():
                blank = len(inner.data) - len(inner.data.lstrip())
                line = inner.lineno + inner.data.count("\n", 0, blank)
                yield line, " ".join(inner.data.split())[:120]
        elif isinstance(inner, nodes.Stmt):
            yield from _said_outside(inner)


def _unused_parts(
    template: str, page: str, trees: Mapping[str, nodes.Template]
) -> Iterator[Finding]:
    look, place = _look(page, trees)
    parts = (dirname(name) for name in trees if name.startswith("parts/"))
    looks = {folder.removeprefix("parts/") for folder in parts if folder != "parts"}
    if look and place and look not in looks:
        close = get_close_matches(look, looks, 1, _ALIKE)
        near = template if template in looks else next(iter(close), "")
        if near:
            message = f"look is {look!r}, and there is no folder {_FOLDER}parts/{look}/"
            yield _finding(*place, message, f'write {{% set look = "{near}" %}}')
        return
    taken = [_pattern(node.template, look) for tree in trees.values() for node in _taking(tree)]
    wanted = re.compile("|".join(taken) or "(?!)")
    for name in sorted(trees):
        if dirname(name) in {f"parts/{template}", f"parts/{look}"} and not wanted.fullmatch(name):
            stem = name.rpartition("/")[2].removesuffix(".mjml.j2")
            message = f"nothing takes in this file: no row is of the kind {stem!r}"
            yield _finding(name, 1, message, nearest(stem, ROW_KINDS))


def _second_theme(sources: Mapping[str, str]) -> Iterator[Finding]:
    first, second = _THEMES
    if first in sources and second in sources:
        message = f"nothing reads this file, since {first} stands beside it"
        yield _finding(second, 1, message, f"put its rules into {first}, or take one of them out")


def _unknown_kinds(
    template: str, page: str, trees: Mapping[str, nodes.Template]
) -> Iterator[Finding]:
    """Tell of a row's kind that is asked for and that no row has: it is never so."""
    look, _ = _look(page, trees)
    own = {*_lineage(page, trees), *_lineage(f"{template}.txt.j2", trees)}
    folders = {"parts", f"parts/{look or template}"}
    for name in sorted(trees):
        if name in own or dirname(name) in folders:
            for kind, line in _kinds_asked_for(trees[name]):
                if kind not in ROW_KINDS:
                    message = f"no row is of the kind {kind!r}"
                    yield _finding(name, line, message, nearest(kind, ROW_KINDS))


def _kinds_asked_for(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Return each kind that ``row.kind`` is compared with, and that rows are picked by."""
    for node in tree.find_all(nodes.Compare):
        operands = (node.expr, *(one.expr for one in node.ops))
        are_whole = all(one.op in _ONE_OF for one in node.ops)
        if are_whole and any(map(_is_kind, operands)):
            for const in chain.from_iterable(map(_constants, operands)):
                yield str(const.value), const.lineno
    for pick in tree.find_all(nodes.Filter):
        values = [one.value for one in pick.args if isinstance(one, nodes.Const)]
        match values if pick.name in _PICKS else []:
            case ["kind", "equalto" | "eq" | "==" | "ne" | "!=", str() as kind]:
                yield kind, pick.lineno
            case _:
                pass


def _constants(node: nodes.Expr) -> Iterator[nodes.Const]:
    """Return a constant, or those of a list of them."""
    for one in node.items if isinstance(node, nodes.List | nodes.Tuple) else [node]:
        if isinstance(one, nodes.Const) and isinstance(one.value, str):
            yield one


def _is_kind(node: nodes.Node) -> bool:
    match node:
        case nodes.Getattr(node=nodes.Name(name="row"), attr="kind"):
            return True
        case _:
            return False


def _look(page: str, trees: Mapping[str, nodes.Template]) -> tuple[str, tuple[str, int] | None]:
    """Return the folder whose parts go first, and where a template says so."""
    for name in _lineage(page, trees):
        for node in trees[name].find_all(nodes.Assign):
            is_look = isinstance(node.target, nodes.Name) and node.target.name == "look"
            if is_look and isinstance(node.node, nodes.Const):
                return str(node.node.value), (name, node.lineno)
    return "", None


def _taking(
    tree: nodes.Template,
) -> Iterator[nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends]:
    yield from chain.from_iterable(tree.find_all(kind) for kind in _TAKES_IN)


def _pattern(node: nodes.Expr, look: str) -> str:
    """Return a pattern of the names that an expression may come to."""
    if isinstance(node, nodes.Filter) and node.name in {"default", "d"} and node.node is not None:
        node = node.node
    pattern = ".*"
    match node:
        case nodes.Const():
            pattern = re.escape(str(node.value))
        case nodes.List() | nodes.Tuple():
            pattern = "|".join(_pattern(item, look) for item in node.items) or "(?!)"
        case nodes.Concat():
            pattern = "".join(f"(?:{_pattern(item, look)})" for item in node.nodes)
        case nodes.Add():
            pattern = f"(?:{_pattern(node.left, look)})(?:{_pattern(node.right, look)})"
        case nodes.Name(name="look"):
            pattern = re.escape(look) if look else pattern
        case nodes.Getattr(attr="kind"):
            pattern = "|".join(ROW_KINDS)
        case _:
            pass
    return pattern


def _finding(file: str, line: int, message: str, remedy: str, evidence: str = "") -> Finding:
    return Finding(
        check=TEMPLATE,
        severity=Severity.WARNING,
        message=message,
        evidence=evidence,
        file=_FOLDER + file,
        line=line,
        remedy=remedy,
    )
