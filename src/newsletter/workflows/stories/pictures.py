"""Pictures of stories: fetched once, made safe and small, kept under their hash, put into mails."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.config.settings import NewsletterSettings
from newsletter.errors import Interrupted, NewsletterError
from newsletter.model.address import is_reserved
from newsletter.model.article import MEDIA_PATH, Article, Picture, is_kept_name
from newsletter.model.issue import Block, Issue, Section, Story
from newsletter.model.source import FetchKind
from newsletter.simulate import addresses_of_pictures
from newsletter.store import stories
from newsletter.workflows.desk import Desk
from newsletter.workflows.project_files import write_together

if TYPE_CHECKING:
    from newsletter.fetch import Fetcher
    from newsletter.ingest.pictures import PictureReader

NO_RIGHTS = "none"
MOST_ADDRESSES = 2_000  # of one mail that are looked up
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{1,2000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPicture:
    """A picture's address, and the local addresses that its source allows."""

    url: str
    allow_local: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOutcome:
    """What became of one address; problem is a sentence, "" where picture is kept."""

    url: str
    picture: Picture | None = None
    problem: str = ""


def keep_pictures(
    desk: Desk,
    wanted: Iterable[WantedPicture],
    fetcher: "Fetcher",
    *,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[PictureOutcome, ...]:
    """Fetch what is not kept yet, and keep it in var/media; one that fails stops no other.

    An address that failed before is asked again. say is told each failure as a sentence.
    """
    from newsletter.ingest.pictures import PictureReader  # noqa: PLC0415 (checks fetch none

    outcomes: list[PictureOutcome] = []
    addresses = {each.url: each for each in wanted}
    with desk.database.read() as connection:
        known = stories.kept_pictures(connection, addresses)
    with PictureReader() as reader:
        for url, each in addresses.items():
            kept = known.get(url)
            if kept is not None and (desk.settings.media_folder / kept.name).is_file():
                outcomes.append(PictureOutcome(url=url, picture=kept))
                continue
            outcome = _keep(desk, each, fetcher, reader)
            outcomes.append(outcome)
            if outcome.problem:
                say(outcome.problem)
    return tuple(outcomes)


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
    if not has_public_host(newsletter):
        return issue
    kept = pictures_of(desk, issue)
    base = newsletter.public_url.rstrip("/")
    return with_addresses(
        issue, {url: f"{base}{MEDIA_PATH}{picture.name}" for url, picture in kept.items()}
    )


def pictures_of(desk: Desk, issue: Issue) -> dict[str, Picture]:
    """Return the kept pictures of an issue's stories by the address the issue gives."""
    urls = [story.image.url for story in stories_of(issue) if story.image]
    if not urls:
        return {}
    with desk.database.read() as connection:
        found = stories.kept_pictures(connection, urls)
    folder = desk.settings.media_folder
    return {url: picture for url, picture in found.items() if (folder / picture.name).is_file()}


def pictures_shown(desk: Desk, issue: Issue, newsletter: NewsletterSettings) -> dict[str, Picture]:
    """Return the kept pictures by the address the issue gives, be that the source's or our own."""
    urls = {story.image.url for story in stories_of(issue) if story.image}
    if not urls:
        return {}
    ours = f"{newsletter.public_url.rstrip('/')}{MEDIA_PATH}"
    hashes = {url: url.removeprefix(ours).partition(".")[0] for url in urls if url.startswith(ours)}
    with desk.database.read() as connection:
        found = stories.kept_pictures(connection, urls)
        own = stories.pictures_with(connection, set(hashes.values()))
    return found | {url: own[sha256] for url, sha256 in hashes.items() if sha256 in own}


def stories_of(issue: Issue) -> Iterator[Story]:
    """Return the stories in the order they stand."""
    for blocks in (issue.opening, *(section.blocks for section in issue.sections)):
        yield from (block for block in blocks if isinstance(block, Story))


def local_addresses(
    desk: Desk, issue: Issue, newsletter: NewsletterSettings, html: str
) -> dict[str, str]:
    """Return the path under which our own pages show each kept picture of a mail, by its address.

    A mail names the source's address, or ours: of a picture once readers can reach us, of a logo
    always.
    """
    found = {
        url: f"{MEDIA_PATH}{picture.name}" for url, picture in pictures_of(desk, issue).items()
    }
    ours = f"{newsletter.public_url.rstrip('/')}{MEDIA_PATH}"
    for address in addresses_of_pictures(html):
        name = address.removeprefix(ours)
        if is_kept_name(name) and (desk.settings.media_folder / name).is_file():
            found[address] = f"{MEDIA_PATH}{name}"
    return found


def kept_in_mail(desk: Desk, html: str) -> dict[str, str]:
    """Return the path under which our own pages show each kept picture of any mail, by its address.

    The mail may be a stranger's: every web address in it is looked up, whatever it stands in, up
    to MOST_ADDRESSES. None is found where the database cannot be read, or is not there.
    """
    folder = desk.settings.media_folder
    if not folder.is_dir():
        return {}
    every = dict.fromkeys(unescape(found[0]) for found in _ADDRESS.finditer(html))
    try:
        with desk.database.read() as connection:
            kept = stories.kept_pictures(connection, list(every)[:MOST_ADDRESSES])
    except NewsletterError:
        return {}
    return {
        url: f"{MEDIA_PATH}{picture.name}"
        for url, picture in kept.items()
        if (folder / picture.name).is_file()
    }


def with_addresses(issue: Issue, addresses: Mapping[str, str]) -> Issue:
    """Return the issue with each picture's address replaced where addresses has another."""
    if not addresses:
        return issue
    return replace(
        issue,
        opening=_replaced(issue.opening, addresses),
        sections=tuple(_section(section, addresses) for section in issue.sections),
    )


def _section(section: Section, addresses: Mapping[str, str]) -> Section:
    return replace(section, blocks=_replaced(section.blocks, addresses))


def _replaced(blocks: Sequence[Block], addresses: Mapping[str, str]) -> tuple[Block, ...]:
    return tuple(
        replace(block, image=replace(block.image, url=addresses[block.image.url]))
        if isinstance(block, Story) and block.image and block.image.url in addresses
        else block
        for block in blocks
    )


def _keep(
    desk: Desk, wanted: WantedPicture, fetcher: "Fetcher", reader: "PictureReader"
) -> PictureOutcome:
    try:
        brought = fetcher.fetch(wanted.url, FetchKind.PICTURE, allow_local=wanted.allow_local)
        picture, content = reader.make(brought.body, shown=f"the picture {wanted.url}")
        write_together(desk.settings.media_folder, {picture.name: content})
    except Interrupted:
        raise
    except NewsletterError as error:
        with desk.database.write() as connection:
            stories.save_problem(connection, wanted.url, error.message, now=desk.clock.now())
        return PictureOutcome(url=wanted.url, problem=error.message)
    with desk.database.write() as connection:
        stories.save_picture(connection, wanted.url, picture, now=desk.clock.now())
    return PictureOutcome(url=wanted.url, picture=picture)
