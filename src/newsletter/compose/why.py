"""The sentence that says why a reader gets this mail, for both parts."""

from collections.abc import Mapping
from html import escape

from newsletter.compose.bidi import LEFT_TO_RIGHT, RIGHT_TO_LEFT, isolated, other_way, spanned


def why_html(words: Mapping[str, str], names: tuple[str, str], address: str, way: str) -> str:
    """Return it as markup; names are title and publication, address is a slot's token.

    Args:
        words: the standing words.
        names: of the newsletter and of the publication; the second "" where it is the same.
        address: stands for the reader's address.
        way: the direction of the page.
    """
    title, publication = (spanned(escape(name), other_way(name, way)) for name in names)
    shown = spanned(address, _way_of_address(way))
    return _pattern(words, names).format(title=title, publication=publication, address=shown)


def why_text(words: Mapping[str, str], names: tuple[str, str], address: str, way: str) -> str:
    """Return it as plain text; as why_html."""
    title, publication = (isolated(name, other_way(name, way)) for name in names)
    shown = isolated(address, _way_of_address(way))
    return _pattern(words, names).format(title=title, publication=publication, address=shown)


def _pattern(words: Mapping[str, str], names: tuple[str, str]) -> str:
    return words["why" if names[1] else "why_own"]


def _way_of_address(way: str) -> str:
    """An address may begin with a number, which Arabic words before it would turn round."""
    return LEFT_TO_RIGHT if way == RIGHT_TO_LEFT else ""
