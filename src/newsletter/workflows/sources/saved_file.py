"""A page or text that a person saved, read as an article."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from newsletter.config.settings import NoiseRule
from newsletter.errors import UserError
from newsletter.ingest.children import PageReader
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article
from newsletter.model.callout import Callout

SUFFIXES = (".html", ".htm", ".txt")
LARGEST = 3_000_000  # bytes of a page; larger ones are refused before they are read


def read_saved(file: Path, *, shown: str) -> bytes:
    """Read a saved page or text.

    Raises:
        UserError: another kind of file, one that cannot be read, or one that is too large.
    """
    if file.suffix.lower() not in SUFFIXES:
        msg = f"{shown} is neither a .txt nor an .html file"
        raise UserError(msg, hint="save the page, or its text with the title in the first line")
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):
            msg = f"{shown} is no file but a pipe, socket or device"
            raise UserError(msg)
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        msg = f"{shown} cannot be read: {error.strerror}"
        raise UserError(msg) from error
    if len(raw) > LARGEST:
        msg = f"{shown} is larger than {LARGEST:,} bytes"
        raise UserError(msg)
    return raw


def article_from_file(
    raw: bytes,
    file: Path,
    *,
    url: str = "",
    source: str,
    callouts: Sequence[Callout],
    noise: Sequence[NoiseRule],
    today: date,
    reader: PageReader | None,
) -> Article:
    """Read the article in a file's bytes; its ending says whether it is a text or a page.

    Raises:
        UserError: no article can be had from it.
    """
    if file.suffix.lower() == ".txt":
        return article_from_text(
            raw, url=url, source=source, callouts=callouts, noise=noise, shown=str(file)
        )
    return article_from_html(
        raw,
        url=url,
        source=source,
        callouts=callouts,
        noise=noise,
        today=today,
        reader=reader,
        shown=str(file),
    )
