"""The sandbox that templates run in: what they may reach, compute and print."""

from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

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
