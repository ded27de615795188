"""What a template says and Jinja2 shows nowhere, without a word; for the render child alone.

A template that extends another is its blocks alone: a block that the other has not, and what stands
outside of blocks, is read and forgotten. So is a part of a template's own whose name is no row's
kind, since ``daily.mjml.j2`` then takes the common one.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import chain
from posixpath import dirname

from jinja2 import Environment, TemplateSyntaxError, nodes

from newsletter.compose.check_names import TEMPLATE
from newsletter.compose.render.template_faults import nearest
from newsletter.model.finding import Finding, Severity

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
