"""A reader's name: what a list may hold, so that every message can carry it."""

import re

from newsletter.model.plain import clean_line

LONGEST_NAME = 200

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODED_WORD = re.compile(r"=\?.*\?=")  # RFC 2047: nobody's name, and it may hide a line break


def reader_name(text: str) -> str:
    """Read a name of one line; what only disguises it (overrides, zero width) is dropped.

    Raises:
        ValueError: with a part of a sentence that says why it is none.
    """
    if CONTROLS.search(text):
        msg = "its name holds a control character or a line break"
        raise ValueError(msg)
    if _ENCODED_WORD.search(text):
        msg = "its name is an encoded word of a mail header, not a name"
        raise ValueError(msg)
    cleaned = clean_line(text)
    if len(cleaned) > LONGEST_NAME:
        msg = f"its name is longer than {LONGEST_NAME} characters"
        raise ValueError(msg)
    return cleaned
