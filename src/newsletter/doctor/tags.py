"""Lists of tags as DKIM and DMARC write them: "v=DKIM1; k=rsa; p=…" (RFC 6376 section 3.2)."""

import re

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class TagMistake(ValueError):  # noqa: N818 (a mistake of who wrote the record)
    """The record cannot be read; str() says why, as part of a sentence."""


def read_tags(text: str) -> dict[str, str]:
    """Read a tag list, in its order; blanks around names, signs and values do not count.

    Raises:
        TagMistake: a part without "=", a bad name, a name twice.
    """
    tags: dict[str, str] = {}
    parts = text.split(";")
    for number, part in enumerate(parts):
        name, sign, value = part.partition("=")
        name = name.strip(" \t\r\n")
        if not sign:
            if number == len(parts) - 1 and not name:
                break  # the last semicolon may stand
            msg = f'"{_short(part)}" is no tag; a tag is name=value'
            raise TagMistake(msg)
        if not _NAME.fullmatch(name):
            msg = f'"{_short(name)}" is no name of a tag'
            raise TagMistake(msg)
        if name in tags:
            msg = f"the tag {name[:20]} stands twice"
            raise TagMistake(msg)
        tags[name] = value.strip(" \t\r\n")
    return tags


def _short(text: str) -> str:
    printable = "".join(char if char.isprintable() else "·" for char in text.strip()[:40])
    return printable + ("…" if len(text.strip()) > len(printable) else "")
