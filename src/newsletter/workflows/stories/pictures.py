"""Pictures of stories: fetched once, made safe and small, kept under their hash, put into mails."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.checks.wording import stories as stories_of
from newsletter.config.settings import NewsletterSettings
from newsletter.errors import Interrupted, NewsletterError
from newsletter.model.address import is_reserved
from newsletter.model.article import MEDIA_PATH, Article, Picture, is_kept_name
from newsletter.model.issue import Block, Issue, Story
from newsletter.model.source import FetchKind
from newsletter.store import stories
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import write_together

if TYPE_CHECKING:
    from newsletter.fetch import Fetcher

NO_RIGHTS = "none"
MOST_ADDRESSES = 2_000  # of one mail that are looked up
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{1,2000}")


def keep_pictures(
    desk: Desk,
    wanted: Mapping[str, Collection[str]],
    fetcher: "Fetcher",
    *,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, str]:
    """Fetch what is not kept yet, and keep it in var/media; one that fails stops no other.

    wanted has each address with its source's allow_local. Returns a sentence for each that failed.
    """
    from newsletter.ingest.pictures import PictureReader  # noqa: PLC0415 (checks fetch none

    problems: dict[str, str] = {}
    with desk.database.read() as connection:
        known = stories.kept_pictures(connection, wanted)
    with PictureReader() as reader:
        for url, allow_local in wanted.items():
            kept = known.get(url)
            if kept is not None and (desk.settings.media_folder / kept.name).is_file():
                continue
            try:
                brought = fetcher.fetch(url, FetchKind.PICTURE, allow_local=allow_local)
                picture, content = reader.make(brought.body, shown=f"the picture {url}")
                write_together(desk.settings.media_folder, {picture.name: content})
            except Interrupted:
                raise
            except NewsletterError as error:
                problems[url] = error.message
                say(error.message)
                with desk.database.write() as connection:
                    stories.save_problem(connection, url, error.message, now=desk.clock.now())
                continue
            with desk.database.write() as connection:
                stories.save_picture(connection, url, picture, now=desk.clock.now())
    return problems


def may_use_pictures(desk: Desk, article: Article) -> bool:
    """Return whether the settings of an article's source leave its pictures to us (rights)."""
    return not any(
        source.name == article.source and source.rights.casefold() == NO_RIGHTS
        for source in desk.settings.sources
    )


def has_public_host(newsletter: NewsletterSettings) -> bool:
    """Whether readers can reach public_url: its host is no name reserved for examples and tests."""
    host = (urlsplit(newsletter.public_url).hostname or "").rstrip(".")
    is_address = host.rpartition(".")[2].isdigit() or ":" in host
    return not (is_address or is_reserved(host))


def with_kept_pictures(desk: Desk, issue: Issue, newsletter: NewsletterSettings) -> Issue:
    """Put our own addresses in the place of the sources', where readers can reach us."""
    kept = pictures_of(desk, issue) if has_public_host(newsletter) else {}
    if not kept:
        return issue
    base = f"{newsletter.public_url.rstrip('/')}{MEDIA_PATH}"

    def shown(blocks: Sequence[Block]) -> tuple[Block, ...]:
        return tuple(
            replace(block, image=replace(block.image, url=f"{base}{kept[block.image.url].name}"))
            if isinstance(block, Story) and block.image and block.image.url in kept
            else block
            for block in blocks
        )

    return replace(
        issue,
        opening=shown(issue.opening),
        sections=tuple(replace(each, blocks=shown(each.blocks)) for each in issue.sections),
    )


def pictures_of(desk: Desk, issue: Issue) -> dict[str, Picture]:
    """Return the kept pictures of an issue's stories by the address the issue gives."""
    urls = [story.image.url for story in stories_of(issue) if story.image]
    with desk.database.read() as connection:
        found = stories.kept_pictures(connection, urls)
    folder = desk.settings.media_folder
    return {url: picture for url, picture in found.items() if (folder / picture.name).is_file()}


def pictures_shown(desk: Desk, issue: Issue, newsletter: NewsletterSettings) -> dict[str, Picture]:
    """Return the kept pictures by the address the issue gives, be that the source's or our own."""
    urls = {story.image.url for story in stories_of(issue) if story.image}
    ours = f"{newsletter.public_url.rstrip('/')}{MEDIA_PATH}"
    hashes = {url: url.removeprefix(ours).partition(".")[0] for url in urls if url.startswith(ours)}
    with desk.database.read() as connection:
        found = stories.kept_pictures(connection, urls)
        own = stories.pictures_with(connection, set(hashes.values()))
    return found | {url: own[sha256] for url, sha256 in hashes.items() if sha256 in own}


def local_addresses(desk: Desk, html: str, public_url: str = "") -> dict[str, str]:
    """Return our own path of each kept picture of a mail, by its address."""
    folder = desk.settings.media_folder
    if not folder.is_dir():
        return {}
    every = dict.fromkeys(unescape(found[0]) for found in _ADDRESS.finditer(html))
    try:
        with desk.database.read() as connection:
            kept = stories.kept_pictures(connection, list(every)[:MOST_ADDRESSES])
    except NewsletterError:
        kept = {}
    names = {url: picture.name for url, picture in kept.items()}
    ours = f"{public_url.rstrip('/')}{MEDIA_PATH}"
    if public_url:
        own = {url: url.removeprefix(ours) for url in every}
        names |= {url: name for url, name in own.items() if is_kept_name(name)}
    return {url: f"{MEDIA_PATH}{name}" for url, name in names.items() if (folder / name).is_file()}
