"""S14 and S15: what pictures say to those who do not see them, and whether they can be shown well.

Whether a picture can be had is asked by `recheck`, whose findings stand under S15 too.
"""

import re
from collections.abc import Iterator

from newsletter.checks.check import PICTURE, found_by_recheck
from newsletter.checks.issue.placeholders import is_local
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    blocks_of,
    folded,
    graphemes,
    inlines,
    shorten,
    stories,
    text_blocks,
)
from newsletter.checks.words import Words
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Issue, Story, StoryImage
from newsletter.model.text import InlineImage

ALT_TEXT = "S14 alt-text"

LONGEST_ALT = 125
MOST_BYTES = 200_000
SHARP = 1.5  # pixels for each CSS px; screens of phones have two or three
WIDE, CARD = 536, 256  # CSS px of a picture across the column, and of one in a card

_FILE_NAME = re.compile(
    r"\S.{0,200}\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?|bmp)|https?://\S{1,300}"
    r"|(?:img|dsc[nf]?|pxl|image|photo|screenshot|untitled|scan)[_ -]{0,3}\(?\d{1,12}\)?.{0,30}"
    r"|[a-z0-9]+(?:[_-][a-z0-9]+){1,12}|[0-9a-f]{12,64}",
    re.IGNORECASE,
)
_NO_PICTURE = re.compile(
    r"https?://[^/]+(?:/?|/[^?#]*\.(?:pdf|docx?|xlsx?|mp[34]|mov|webm|html?|php|zip|psd|heic))"
)
_EDGES = " .!?:\u2026\"'\u00ab\u00bb"  # of a folded text
_CREDIT = re.compile(
    r"(?:[(\[]|^)(?:photo|picture|image|credit|foto|bild|crédit)s?(?: by)?[:/ ]", re.IGNORECASE
)
_SAY = "say in a few words what the picture shows"


def alt_text(request: CheckRequest) -> Iterator[Finding]:
    """S14: each picture has an alternative text that says what the picture shows."""
    seen: dict[str, tuple[str, int]] = {}
    for image, headline, line in _pictures(request.issue):
        alt = folded(image.alt)
        severity, remedy = Severity.WARNING, _SAY
        message = fault_of_alt(image.alt, request.words)
        url, first = seen.setdefault(alt, (image.url, line))
        if not alt:
            severity, message = Severity.ERROR, "a picture has no alternative text"
            remedy = "write it between the brackets: ![what the picture shows](https://…)"
        elif not message and headline and alt.strip(_EDGES) == folded(headline).strip(_EDGES):
            message = "an alternative text repeats the headline"
        elif not message and _CREDIT.search(image.alt):
            message = "an alternative text has a credit"
            remedy = "write the credit into {credit=…}, and here what the picture shows"
        elif not message and url != image.url:
            message = f"same alternative text as in line {first}"
        if message:
            shown = f"{image.alt} ({image.url})" if alt else image.url
            yield request.finding(
                ALT_TEXT, line, message, seen=shorten(shown), remedy=remedy, severity=severity
            )


def fault_of_alt(alt: str, words: Words) -> str:
    """Return what is wrong with an alternative text by itself; "" where nothing is."""
    bare = folded(alt).strip(_EDGES)
    if _FILE_NAME.fullmatch(alt.strip()):
        return "an alternative text is a file name"
    if words.line("says_nothing").match(bare) or not any(map(str.isalpha, bare)):
        return "an alternative text says nothing of the picture"
    if len(graphemes(alt)) > LONGEST_ALT:
        return f"an alternative text is longer than {LONGEST_ALT} characters"
    begins = folded(alt).startswith(tuple(f"{one} " for one in words.of("begins_alt")))
    return 'an alternative text begins with "image of" or the like' if begins else ""


def image_source(request: CheckRequest) -> Iterator[Finding]:
    """S15: each picture has an open address, and is sharp and light enough for a mail."""
    yield from found_by_recheck(PICTURE)(request)
    for line, message, seen, remedy, severity in (*_addresses(request), *_kept(request)):
        yield request.finding(
            PICTURE, line, message, seen=shorten(seen), remedy=remedy, severity=severity
        )


_Fault = tuple[int, str, str, str, Severity]  # line, message, what was seen, remedy


def _addresses(request: CheckRequest) -> Iterator[_Fault]:
    seen: dict[str, int] = {}
    for image, _, line in _pictures(request.issue):
        kept = request.pictures.get(image.url)
        message = ""
        if kept is None and _NO_PICTURE.fullmatch(image.url.partition("?")[0].casefold()):
            message = "a picture's address is not that of a picture"
        elif kept is None and image.url.startswith("data:"):
            message = "a picture is written into its address; mail programs do not show it"
        elif kept is None and not image.url.casefold().startswith("https:"):
            is_here = is_local(image.url)
            message = "leads to this machine or its own network" if is_here else "is not https"
            message = f"a picture's address {message}"
        if message:
            remedy = "give it the https address of the picture itself"
            yield line, message, image.url, remedy, Severity.ERROR
        key = kept.sha256 if kept else image.url.partition("#")[0]
        first = seen.setdefault(key, line)
        if first != line:
            message = f"same picture as in line {first}"
            yield line, message, image.url, "take another one", Severity.WARNING


def _kept(request: CheckRequest) -> Iterator[_Fault]:
    """Judge weight and sharpness of the pictures that are kept, by the width they are shown at."""
    lead = next(stories(request.issue), None)
    used: dict[str, tuple[int, int]] = {}
    for block in blocks_of(request.issue):
        if isinstance(block, Story) and block.image is not None:
            width = WIDE if block is lead else CARD
            _, known = used.get(block.image.url, (0, 0))
            used[block.image.url] = block.image.line or block.line, max(width, known)
    for url, (line, shown) in used.items():
        picture = request.pictures.get(url)
        if picture is None:
            continue
        size = picture.size_bytes
        if size > MOST_BYTES:
            message = f"a picture has {size // 1000:,} KB: over {MOST_BYTES // 1000}"
            yield line, message, url, "save it smaller or with more compression", Severity.WARNING
        if round(picture.width / shown, 1) < SHARP:  # 800 across 536 is sharp enough
            message = f"a picture {picture.width} pixels wide is not sharp at {shown}"
            yield line, message, url, f"use one {2 * shown} pixels wide", Severity.WARNING


def _pictures(issue: Issue) -> Iterator[tuple[StoryImage | InlineImage, str, int]]:
    for block in blocks_of(issue):
        headline = block.headline if isinstance(block, Story) else ""
        if isinstance(block, Story) and block.image is not None:
            yield block.image, headline, block.image.line or block.line
        for inline, line in inlines(text_blocks(block)):
            if isinstance(inline, InlineImage):
                yield inline, headline, line or block.line
