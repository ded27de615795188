"""The theme's rules written into style attributes, by premailer; only the child imports this.

Another inliner is a change of this file alone.
"""

import logging
import re
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, ClassVar

import cssutils
import premailer.premailer
from lxml import etree
from premailer import Premailer

DOCTYPE = "<!DOCTYPE html>\n"
_Rules = tuple[list[Any], list[Any]]
_Select = Callable[[Any], list[Any]]  # of elements
_CLASS = re.compile(r"\.([\w-]+)")
_CLASSES = re.compile(r"""\bclass=(["'])(.*?)\1""", re.DOTALL)
_ONE_CLASS = re.compile(r"\.[\w-]+")
_IGNORED = '<style data-premailer="ignore"'

OPTIONS: Mapping[str, object] = MappingProxyType(
    {
        "disable_validation": True,
        "allow_network": False,
        "allow_loading_external_files": False,
        "strip_important": False,
        "keep_style_tags": False,
        "disable_leftover_css": True,
        "remove_classes": False,
        "exclude_pseudoclasses": True,
        "include_star_selectors": False,
        "preserve_internal_links": True,
        "disable_basic_attributes": ("width", "height", "bgcolor", "align", "valign"),
        "align_floating_images": False,
        "cssutils_logging_level": logging.CRITICAL,
    }
)
"""What premailer is told."""


@lru_cache(maxsize=1024)
def _classes_of(selector: str) -> frozenset[str]:
    return frozenset(_CLASS.findall(selector))


def _fetch_nothing(_url: str) -> None:
    """Answer cssutils' wish for an @import: premailer's own switches do not reach it (measured)."""


class _NoSession:
    """Stands where premailer keeps its HTTP session; has nothing to call."""


class _WarmPremailer(Premailer):  # type: ignore[misc]  # untyped
    """Keeps the rules it read out of a theme, and tries those alone whose classes occur.

    With the selecting below it gives what Premailer gives, in a third of the time.
    """

    _themes: ClassVar[dict[str, _Rules]] = {}  # of one theme at a time

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> _Rules:
        kept = self._themes.get(css_body)
        if kept is None or ruleset_index:
            kept = super()._parse_style_rules(css_body, ruleset_index)
        if not ruleset_index:
            self._themes.clear()
            self._themes[css_body] = kept
        rules, leftover = kept
        html: str = self.html
        there = {name for _, names in _CLASSES.findall(html) for name in names.split()}
        used = [rule for rule in rules if there.issuperset(_classes_of(rule[1]))]
        return used, list(leftover)

    def _style_to_basic_html_attributes(
        self,
        element: etree._Element,
        style_content: str,
        force: bool = False,  # noqa: FBT001, FBT002 (premailer's own)
    ) -> None:
        """Leave the attributes alone: OPTIONS disables each that would be written."""


class _ByClass:
    """Finds the elements of one page by a class: the page is gone through once for all rules."""

    def __init__(self) -> None:
        self._page: etree._Element | None = None
        self._found: dict[str, list[etree._Element]] = {}

    def select(self, selector: str) -> _Select:
        """Return what finds the elements of a selector under a page, as CSSSelector does."""
        if _ONE_CLASS.fullmatch(selector) is None:
            return _by_xpath(selector)
        return partial(self._of_page, name=selector[1:])

    def forget(self) -> None:
        """Let go of the page."""
        self._page, self._found = None, {}

    def _of_page(self, page: etree._Element, *, name: str) -> list[etree._Element]:
        if page is not self._page:
            self._page, self._found = page, {}
            for element in page.iter(etree.Element):
                for each in dict.fromkeys((element.get("class") or "").split()):
                    self._found.setdefault(each, []).append(element)
        return self._found.get(name, [])


_by_class = _ByClass()
_by_xpath: Callable[[str], _Select] = premailer.premailer._create_cssselector  # noqa: SLF001 (the one seam it has)
premailer.premailer._create_cssselector = _by_class.select  # noqa: SLF001
cssutils.util._defaultFetcher = _fetch_nothing  # noqa: SLF001 (the one seam it has)


def inline(html: str, css: str) -> str:
    """Inline a theme into mrml's HTML; every <style> of it stays byte for byte.

    Raises:
        ValueError: what premailer gave back is no HTML document.
    """
    marked = html.replace("<style", _IGNORED)  # head blocks are not for inlining
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = _WarmPremailer(
            marked,
            css_text=[css] if css.strip() else None,
            session=_NoSession(),
            **OPTIONS,
        ).transform(pretty_print=False)
    _by_class.forget()
    if not isinstance(out, str) or not out.startswith("<html"):
        msg = "the inliner gave back no HTML document"
        raise ValueError(msg)
    # those inside conditional comments are text to premailer, which leaves their mark in place
    return DOCTYPE + out.replace(_IGNORED, "<style")
