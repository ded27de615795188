"""Add: take in one saved article, a .txt or an .html file, and keep it."""

from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.errors import UserError
from newsletter.ingest.html_page import article_from_html
from newsletter.ingest.identity import text_key
from newsletter.ingest.page_child import PageReader
from newsletter.ingest.text_file import article_from_text
from newsletter.model.article import Article
from newsletter.model.source import Change
from newsletter.store import articles
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import load_callouts

BY_HAND = ""  # the source of what a person added
LARGEST = 3_000_000  # octets of a page; larger ones are refused before they are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """An article with its number; new: whether anything was written."""

    id: int
    article: Article
    new: bool


def add_article(desk: Desk, file: Path, *, url: str, reader: PageReader | None = None) -> Added:
    """Read an article from a file and keep it; the same article again changes nothing.

    Args:
        desk: settings, clock, database.
        file: a .txt or an .html file.
        url: its public address, "" where unknown.
        reader: a running reader of pages, for more than one file; by default one for this file.

    Raises:
        UserError: no such file, another kind of file, or no article can be had from it.
    """
    raw = _read(file)
    callouts = load_callouts(desk.settings)
    if file.suffix.lower() == ".txt":
        article = article_from_text(
            raw, url=url, source=BY_HAND, callouts=callouts, noise=(), shown=str(file)
        )
    else:
        article = article_from_html(
            raw,
            url=url,
            source=BY_HAND,
            callouts=callouts,
            noise=(),
            today=desk.clock.now().date(),
            reader=reader,
            shown=str(file),
        )
    with desk.database.write() as connection:
        # The same text is the same article, whether or not its address was given the first time.
        text = text_key([article.title.value, *(part.text for part in article.paragraphs)])
        known = articles.find_article(connection, (text,))
        if known is not None and not article.url:
            article = replace(article, url=articles.get_article(connection, known).article.url)
        saved = articles.save_article(connection, article, now=desk.clock.now(), keys=(text,))
    return Added(id=saved.id, article=article, new=saved.change is not Change.SAME)


def _read(file: Path) -> bytes:
    if file.suffix.lower() not in {".txt", ".html", ".htm"}:
        msg = f"{file} is neither a .txt nor an .html file"
        raise UserError(msg, hint="save the page, or its text with the title in the first line")
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}"
        raise UserError(msg) from error
    if len(raw) > LARGEST:
        msg = f"{file} is larger than {LARGEST:,} octets"
        raise UserError(msg)
    return raw
