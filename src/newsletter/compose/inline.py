"""The theme's rules written into style attributes, by premailer; only the child imports this.

Another inliner is a change of this file alone.
"""

import logging
import re
import warnings
from typing import Any, ClassVar

import cssutils
from premailer import Premailer

DOCTYPE = "<!DOCTYPE html>\n"
_Rules = tuple[list[Any], list[Any]]
_CLASS = re.compile(r"\.([\w-]+)")
_IGNORED = '<style data-premailer="ignore"'


def _fetch_nothing(_url: str) -> None:
    """Answer cssutils' wish for an @import: premailer's own switches do not reach it (measured)."""


class _NoSession:
    """Stands where premailer keeps its HTTP session; has nothing to call."""


class _WarmPremailer(Premailer):  # type: ignore[misc]  # untyped
    """Keeps the rules it read out of a theme, and tries those alone whose classes occur.

    Both give what Premailer gives; together they halve a warm inlining.
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
        used = [rule for rule in rules if all(name in html for name in _CLASS.findall(rule[1]))]
        return used, list(leftover)


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
            disable_validation=True,
            allow_network=False,
            allow_loading_external_files=False,
            strip_important=False,
            keep_style_tags=False,
            disable_leftover_css=True,
            remove_classes=False,
            exclude_pseudoclasses=True,
            include_star_selectors=False,
            preserve_internal_links=True,
            disable_basic_attributes=["width", "height", "bgcolor", "align", "valign"],
            align_floating_images=False,
            cssutils_logging_level=logging.CRITICAL,
            session=_NoSession(),
        ).transform(pretty_print=False)
    if not isinstance(out, str) or not out.startswith("<html"):
        msg = "the inliner gave back no HTML document"
        raise ValueError(msg)
    # those inside conditional comments are text to premailer, which leaves their mark in place
    return DOCTYPE + out.replace(_IGNORED, "<style")
