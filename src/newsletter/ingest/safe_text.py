"""Text from outside made safe to show: one line, no control, override or hidden characters."""

import re
import unicodedata

ZWJ, ZWNJ = "\u200d", "\u200c"
VARIATION_16 = "\ufe0f"
BLACK_FLAG, CANCEL_TAG = "\U0001f3f4", "\U000e007f"

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# C0 and C1, bidi embeddings, overrides and isolates, zero-width characters, noncharacters and lone
# surrogates. LRM and RLM stay: right-to-left text needs them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_JOINERS = re.compile(f"[{ZWJ}{ZWNJ}]")
_TAGS = re.compile(f"({BLACK_FLAG}[\U000e0020-\U000e007e]+{CANCEL_TAG})|[\U000e0000-\U000e007f]")
_SPACES = re.compile(r"\s+")


def clean_line(text: str) -> str:
    """Give the text on one line, NFC, without characters that hide or turn round what is read.

    Joiners stay inside words and emoji, tag characters in whole flag sequences; everything else
    that a reader sees comes through unchanged.
    """
    line = _HIDDEN.sub("", _BREAKS.sub(" ", text))
    if not line.isascii():
        line = unicodedata.normalize("NFC", _without_loose_joiners(_TAGS.sub(r"\1", line)))
    return line.strip()


def normal(text: str) -> str:
    """Give the form in which two paragraphs are compared: NFKC, casefolded, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def words_of(text: str) -> list[str]:
    """Give the words as separated by white space."""
    return text.split()


def _without_loose_joiners(text: str) -> str:
    if not _JOINERS.search(text):
        return text
    kept: list[str] = []
    for index, char in enumerate(text):
        if char in {ZWJ, ZWNJ}:
            following = text[index + 1] if index + 1 < len(text) else ""
            if not (kept and _joins(kept[-1]) and following and _joins(following)):
                continue
        kept.append(char)
    return "".join(kept)


def _joins(char: str) -> bool:
    """Whether a joiner may stand beside it: a letter, a mark, an emoji or its modifier."""
    return char == VARIATION_16 or unicodedata.category(char)[0] in "LM" or _is_pictograph(char)


def _is_pictograph(char: str) -> bool:
    return unicodedata.category(char) in {"So", "Sk"}
