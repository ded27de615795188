"""The sandbox that templates run in: what they may reach, compute and print."""

import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NoReturn

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as DEFAULT_TESTS
from markupsafe import Markup

from newsletter.compose.line_marks import Place, clean_content, last_place, mark, read_marks
from newsletter.compose.lint.css_lint import lint_theme
from newsletter.compose.render.template_faults import (
    NotGiven,
    OutOfTime,
    TooLarge,
    failed,
    not_found,
    unreadable,
)
from newsletter.model.finding import Finding

_METHODS: dict[type, frozenset[str]] = {
    str: frozenset({"startswith", "endswith", "lower", "upper", "strip", "split", "title"}),
    dict: frozenset({"items", "keys", "values", "get"}),
    list: frozenset({"index", "count"}),
    tuple: frozenset({"index", "count"}),
    int: frozenset(),
    float: frozenset(),
}
_MAX_STRING = 100_000  # characters an operator may make: no mail has a longer value
_MAX_NUMBER = 10**15
_MAX_POWER = 16


class MailEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox, with an allow-list of methods and with operators that cannot eat memory."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})  # also keeps the compiler from folding

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.ScopedEvalContextModifier):
            raise TemplateSyntaxError(
                "there is no autoescape here: values are escaped always",
                node.lineno,
                name,
                filename,
            )
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        """Allow the methods in _METHODS alone on plain values."""
        for kind, allowed in _METHODS.items():
            if isinstance(obj, kind):
                return attr in allowed
        return super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401
        """Let the keys of a mapping win over its methods."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Refuse what would eat memory or time."""
        fault = _operator_fault(operator, left, right)
        if fault:
            raise SecurityError(fault)
        return super().call_binop(context, operator, left, right)


def _operator_fault(operator: str, left: object, right: object) -> str:
    """Return why an operator may not be applied: the result could eat the memory or the time."""
    pair = (left, right)
    length = sum(len(side) for side in pair if isinstance(side, str | list | tuple))
    times = max((side for side in pair if isinstance(side, int)), default=1)
    if operator == "%" and isinstance(left, str):
        fault = "% formats text here; write the parts with ~"
    elif operator == "*" and length * max(times, 1) > _MAX_STRING:
        fault = f"* would make more than {_MAX_STRING:,} characters"
    elif operator == "+" and length > _MAX_STRING:
        fault = f"+ would make more than {_MAX_STRING:,} characters"
    elif operator == "**" and isinstance(right, int | float) and abs(right) > _MAX_POWER:
        fault = f"** takes powers up to {_MAX_POWER}"
    elif any(isinstance(side, int) and abs(side) > _MAX_NUMBER for side in pair):
        fault = "the number is too large"
    else:
        fault = ""
    return fault


def printable(value: object) -> object:
    """Let through what is text or a number; anything else printed is a slip of the template."""
    if isinstance(value, str | Undefined):
        return value
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        what = {None: "nothing (none)", True: "true", False: "false"}
        shown = what[value] if value is None or isinstance(value, bool) else "a list or mapping"
        raise SecurityError(f"this prints {shown}, which is no text")
    return value


def plain_value(value: object) -> object:
    """As printable; HTML would show its tags in the text part."""
    if isinstance(value, Markup):
        raise SecurityError("this prints HTML in the text part")
    return printable(value)


# fmt: off
FILTERS = (
    "abs", "batch", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first",
    "float", "groupby", "int", "items", "join", "last", "length", "list", "lower", "map", "max",
    "min", "reject", "rejectattr", "replace", "reverse", "round", "select", "selectattr", "slice",
    "sort", "string", "sum", "title", "trim", "truncate", "unique", "upper", "wordcount",
)
TESTS = (
    "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "float", "ge",
    "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lower", "lt", "mapping",
    "ne", "none", "number", "odd", "sameas", "sequence", "string", "true", "undefined", "upper",
    "==", "!=", ">", ">=", "<", "<=",
)
# fmt: on
THEME_NAMES = ("brand", "language", "script", "direction", "start", "end")
GLOBALS = ("range", "namespace", "cycler", "joiner", "dict")
_FOLDER = "templates/"
_CSS = ".css.j2"
_THEMES = ("theme.css.j2", "theme.css")  # the second is taken as it stands, where there is no first


class TemplateFault(Exception):  # noqa: N818 (named for what happened)
    """A template cannot be rendered: one sentence, what to do, and the place."""

    def __init__(self, message: str, place: Place, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy
        self.exhausted = False  # memory ran out: the process is not fit for another job


class _GivenTemplates(BaseLoader):
    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        del environment
        if template not in self._sources:
            raise TemplateNotFound(template)
        return self._sources[template], _FOLDER + template, lambda: True

    def list_templates(self) -> list[str]:
        return sorted(self._sources)


class _CompiledOnce(BytecodeCache):
    """Keeps compiled code alone: a template object would carry one render's state to the next."""

    def __init__(self) -> None:
        self._codes: dict[str, types.CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.code


class _LineMarks(Extension):
    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        names: list[str] = self.environment.loader.list_templates()  # type: ignore[union-attr]
        file = names.index(stream.name) if stream.name in names else 0
        for token in stream:
            if token.type == "data":
                css = (stream.name or "").endswith(_CSS)
                marked = mark(token.value, file=file, line=token.lineno, always=css)
                yield Token(token.lineno, "data", marked)
            else:
                yield token


@dataclass(slots=True)
class _Progress:
    start: Place
    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, piece: str, limit: int) -> None:
        self.size += len(piece)
        if self.size > limit:
            raise TooLarge
        self.pieces.append(piece)

    def reached(self, files: Sequence[str]) -> Place:
        """Return the last template line that wrote."""
        places = (last_place(piece, files) for piece in reversed(self.pieces))
        return next((place for place in places if place), self.start)


class _Kind(IntEnum):
    MJML = 0
    TEXT = 1
    CSS = 2


_ENDINGS_BY_KIND = (".mjml.j2", ".txt.j2", _CSS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The rules to inline, and what is wrong with them."""

    css: str
    findings: tuple[Finding, ...]


class TemplateSet:
    """The templates of one newsletter, compiled at first use and kept for the next job."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        given = {name: clean_content(source) for name, source in sources.items()}
        self._kinds = [
            {name: source for name, source in given.items() if name.endswith(ending)}
            for ending in _ENDINGS_BY_KIND
        ]
        self._compiled = [_CompiledOnce() for _ in _ENDINGS_BY_KIND]
        self.files = self._files(_Kind.MJML)
        self.theme_file = next((name for name in _THEMES if name in given), "")
        self._plain_theme = given.get(self.theme_file, "")
        self._theme = Theme(css="", findings=())
        self._themed_as: str | None = None  # the rendering that the kept theme was made of

    def render_mjml(self, template: str, context: Mapping[str, Any], *, limit: int) -> str:
        """Render NAME.mjml.j2, line marks included; raises TemplateFault."""
        return self._render(_Kind.MJML, f"{template}.mjml.j2", context, limit)

    def render_text(self, template: str, context: Mapping[str, Any], *, limit: int) -> str:
        """Render NAME.txt.j2, never escaped; raises TemplateFault."""
        return self._render(_Kind.TEXT, f"{template}.txt.j2", context, limit)

    def theme(self, context: Mapping[str, Any], *, limit: int) -> Theme:
        """Render and lint the theme; the last one is kept. Raises TemplateFault."""
        files: tuple[str, ...] = (_FOLDER + self.theme_file,)
        rendered = self._plain_theme
        if self.theme_file.endswith(_CSS):
            files = self._files(_Kind.CSS)
            seen = {name: context[name] for name in THEME_NAMES if name in context}
            rendered = self._render(_Kind.CSS, self.theme_file, seen, limit)
        if rendered != self._themed_as:
            marked = read_marks(rendered, files, own=_FOLDER + self.theme_file)
            self._theme = Theme(css=marked.text, findings=lint_theme(marked))
            self._themed_as = rendered
        return self._theme

    def _files(self, kind: _Kind) -> tuple[str, ...]:
        return tuple(_FOLDER + name for name in sorted(self._kinds[kind]))

    def _environment(self, kind: _Kind) -> Environment:
        environment = MailEnvironment(
            loader=_GivenTemplates(self._kinds[kind]),
            undefined=NotGiven,
            autoescape=kind is _Kind.MJML,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            bytecode_cache=self._compiled[kind],
            finalize=plain_value if kind is _Kind.TEXT else printable,
            extensions=() if kind is _Kind.TEXT else (_LineMarks,),
        )
        environment.filters = {name: DEFAULT_FILTERS[name] for name in FILTERS}
        environment.tests = {name: DEFAULT_TESTS[name] for name in TESTS}
        environment.globals = {
            name: environment.globals.get(name, DEFAULT_NAMESPACE[name]) for name in GLOBALS
        }
        return environment

    def _render(self, kind: _Kind, name: str, context: Mapping[str, Any], limit: int) -> str:
        environment, files = self._environment(kind), self._files(kind)
        progress = _Progress(Place(file=_FOLDER + name, line=1))
        try:
            template = environment.get_template(name)
            for piece in template.generate(context):
                progress.add(piece, limit)
            return "".join(progress.pieces)
        except (Exception, OutOfTime) as error:  # noqa: BLE001 (a template may raise anything)
            self._explain(error, kind, environment, (*context, *GLOBALS), progress.reached(files))

    def _explain(
        self,
        error: BaseException,
        kind: _Kind,
        environment: Environment,
        names: Iterable[str],
        reached: Place,
    ) -> NoReturn:
        place = _place_in(error) or reached
        if isinstance(error, TemplateSyntaxError):
            shown = error.filename or (_FOLDER + error.name if error.name else place.file)
            shown = _FOLDER + shown.removeprefix(_FOLDER).removeprefix(_FOLDER)
            place = Place(file=shown, line=error.lineno)
            message, remedy = unreadable(error.message or "", FILTERS, TESTS)
        elif isinstance(error, TemplateNotFound):
            files = environment.list_templates()
            message, remedy = not_found(str(error.name), files, _ENDINGS_BY_KIND[kind])
        else:
            message, remedy = failed(error, names)
        fault = TemplateFault(message, place, remedy)
        fault.exhausted = isinstance(error, MemoryError)
        raise fault from None


def context_from(value: Any) -> Any:  # noqa: ANN401
    """Make the context from JSON: {"__html__": "…"} becomes Markup, marks are taken out."""
    match value:
        case str():
            return clean_content(value)
        case dict():
            if set(value) == {"__html__"}:
                return Markup(clean_content(str(value["__html__"])))  # noqa: S704
            return {clean_content(key): context_from(item) for key, item in value.items()}
        case list():
            return [context_from(item) for item in value]
        case _:
            return value


def _place_in(error: BaseException) -> Place | None:
    place = None
    trace = error.__traceback__
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        filename = trace.tb_frame.f_code.co_filename
        if template is not None:
            line = template.get_corresponding_lineno(trace.tb_lineno)
            place = Place(file=template.filename or filename, line=line)
        elif filename.startswith(_FOLDER):
            place = Place(file=filename, line=trace.tb_lineno)
        trace = trace.tb_next
    return place
