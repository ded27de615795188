"""Text from outside on one line, and the form in which two paragraphs are compared."""

import re
import unicodedata

from newsletter.model import plain

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_DROPPED = re.compile("[\u00ad\ud800-\udfff]")  # soft hyphens, surrogates
_SPACES = re.compile(r"\s+")


def clean_line(text: str) -> str:
    """Return the text on one line as model.plain does; what breaks a line is a space.

    Soft hyphens go: they are the source's advice for its own columns, and part words in a search.
    """
    return plain.clean_line(_BREAKS.sub(" ", _DROPPED.sub("", text)))


def normal(text: str) -> str:
    """Return the form in which two paragraphs are compared: NFKC, casefolded, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def words_of(text: str) -> list[str]:
    """Return the words as separated by white space."""
    return text.split()
