"""Keeping what a comparison of a text with its source found."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

MOST_KEPT = 512  # texts, for each kind of difference

_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")


def kept(compare: Callable[_Given, Iterable[_Told]]) -> Callable[_Given, tuple[_Told, ...]]:
    """Keep what a pure comparison gives: while an editor types, all but one text stay as they are.

    Its arguments must be hashable.
    """

    @lru_cache(maxsize=MOST_KEPT)
    def found(*args: _Given.args, **kwargs: _Given.kwargs) -> tuple[_Told, ...]:
        return tuple(compare(*args, **kwargs))

    return cast("Callable[_Given, tuple[_Told, ...]]", found)
