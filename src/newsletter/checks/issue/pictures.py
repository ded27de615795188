"""S14 and S15: what pictures say to those who do not see them, and whether they can be shown well.

Whether a picture can be had is asked by `recheck`, whose findings stand under S15 too.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.checks.check import PICTURE, found_by_recheck
from newsletter.checks.issue.placeholder_links import is_local, names_no_page
from newsletter.checks.layout import rows_of
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import blocks_of, folded, graphemes, inlines, shorten, text_blocks
from newsletter.checks.words import Words
from newsletter.checks.written import Field
from newsletter.model.article import Picture
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Issue, Story, StoryImage
from newsletter.model.text import InlineImage

ALT_TEXT = "S14 alt-text"

LONGEST_ALT = 125
MOST_BYTES, MOST_BYTES_IN_ALL = 200_000, 1_000_000
SHARP = 1.5  # pixels for each CSS px; screens of phones have two or three
WIDE, CARD = 536, 256  # CSS px of a picture across the column, and of one of two beside each other
MOST_JUMP = 1.25  # how much higher one of two pictures beside each other may be

_FILE_NAME = re.compile(
    r"\S.{0,200}\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?|bmp)"
    r"|(?:img|dsc|dscn|dscf|pxl|dji|gopr|image|photo|pic|picture|screenshot|unnamed|untitled|scan"
    r"|file"
    r"|document|whatsapp image|download|foto|bild|imagen)[_ -]{0,3}\(?\d{1,12}\)?.{0,30}"
    r"|(?:screen ?shot|bildschirmfoto|capture d['\u2019]écran|captura de pantalla)[ _-].{0,60}\d"
    r"|[a-z0-9]+(?:[_-][a-z0-9]+){2,12}|[0-9a-f]{12,64}|https?://\S{1,300}",
    re.IGNORECASE,
)
_NO_PICTURES = frozenset(
    {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "mp4", "mov", "avi", "webm", "mp3", "wav"}
    | {"html", "htm", "php", "aspx", "zip", "psd", "ai", "eps", "indd", "txt", "heic", "raw", "cr2"}
)
_PICTURE_END = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)(?:$|[?#])")
# Words for a search program, and no sentence: "bakery, bread, shop, food, cake, yorkshire".
_KEYWORDS = re.compile(
    r"[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?(?:, ?[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?){5,40}"
)
_EDGES = " .!?:\u2026\"'\u00ab\u00bb"  # of a folded text
_CREDIT = re.compile(
    r"(?:[(\[]|^)(?:photo|picture|image|pic|credit|foto|bild|crédit)s?(?: by)?[:/ ]", re.IGNORECASE
)


def alt_text(request: CheckRequest) -> Iterator[Finding]:
    """S14: each picture has an alternative text that says what the picture shows."""
    headlines = [b.headline for b in blocks_of(request.issue) if isinstance(b, Story)]
    seen: dict[str, StoryImage | InlineImage] = {}
    for image, headline, line in _pictures(request.issue):
        found = _told(image, headline, headlines, request)
        again = seen.setdefault(folded(image.alt), image)
        if found is None and again is not image and again.url != image.url:
            found = Severity.WARNING, "two pictures have one alternative text", _SAY
        if found is None:
            continue
        severity, message, remedy = found
        yield _finding(
            request,
            message,
            evidence=f"{image.alt} ({image.url})" if folded(image.alt) else image.url,
            line=line,
            remedy=remedy,
            label=ALT_TEXT,
            severity=severity,
        )


def image_source(request: CheckRequest) -> Iterator[Finding]:
    """S15: each picture has an open address, and is sharp and light enough for a mail."""
    yield from found_by_recheck(PICTURE)(request)
    used: dict[str, int] = {}
    pages = {one.text for one in request.written if one.field is Field.LINK}
    for image, _, line in _pictures(request.issue):
        used.setdefault(image.url, line)
        is_page = image.url in pages and not _PICTURE_END.search(image.url.casefold())
        if is_page or (names_no_page(image.url) and image.url not in request.pictures):
            message = "a picture's address is that of a page"
        else:
            message = ""
        if message:
            remedy = "give it the address of the picture itself (.jpg, .png), at its full size"
            yield _finding(request, message, evidence=image.url, line=line, remedy=remedy)
        scheme = image.url.partition(":")[0].casefold()
        path = image.url.partition("?")[0].partition("#")[0].casefold()
        ending = path.rpartition("/")[2].rpartition(".")[2] if "/" in path[8:] else ""
        if ending in _NO_PICTURES:
            message = f"a picture's address is that of a .{ending} file"
            remedy = "give it the address of the picture itself (.jpg, .png)"
            yield _finding(
                request,
                message,
                evidence=image.url,
                line=line,
                remedy=remedy,
                severity=Severity.ERROR,
            )
        if scheme == "https" or image.url in request.pictures:
            continue
        if scheme == "data":
            message = "a picture is written into its address; mail programs do not show it"
        elif is_local(image.url):
            message = "a picture's address leads to this machine or its own network"
        else:
            message = "a picture has no https address"
        remedy = "give it an https address"
        yield _finding(
            request, message, evidence=image.url, line=line, remedy=remedy, severity=Severity.ERROR
        )
    yield from _kept(request, used)
    yield from _jumps(request)
    yield from _twice(request)


_SAY = "say in a few words what the picture shows"


def _told(
    image: StoryImage | InlineImage, headline: str, headlines: list[str], request: CheckRequest
) -> tuple[Severity, str, str] | None:
    alt = folded(image.alt)
    bare = alt.strip(_EDGES)
    stem = folded(unquote(image.url.partition("?")[0].rpartition("/")[2]).rpartition(".")[0])
    message, remedy = "", _SAY
    if not alt:
        remedy = "write it between the brackets: ![what the picture shows](https://…)"
        return Severity.ERROR, "a picture has no alternative text", remedy
    if _FILE_NAME.fullmatch(image.alt.strip()) or (stem and " " not in alt and alt == stem):
        message = "an alternative text is a file name"
    elif _says_nothing(bare, request.words) or bare == folded(request.newsletter.title):
        message = "an alternative text says nothing of the picture"
    elif headline and bare == folded(headline).strip(_EDGES):
        message = "an alternative text repeats the headline"
    elif bare in {folded(one).strip(_EDGES) for one in headlines}:
        message = "an alternative text is another story's headline"
    elif len(graphemes(image.alt)) > LONGEST_ALT:
        message = f"an alternative text is longer than {LONGEST_ALT} characters"
        remedy = "keep what matters; a long description belongs into the text"
    elif _KEYWORDS.fullmatch(bare):
        message = "an alternative text lists keywords"
    elif _CREDIT.search(image.alt):
        message = "an alternative text holds a credit"
        remedy = "write the credit into {credit=…}, and here what the picture shows"
    elif _begins_alt(alt, request.words):
        message = 'an alternative text begins with "image of" or the like'
        remedy = "leave that out; a screen reader says that it is a picture"
    return (Severity.WARNING, message, remedy) if message else None


def _says_nothing(bare: str, words: Words) -> bool:
    is_listed = words.line("says_nothing").match(bare) is not None
    return is_listed or not any(map(str.isalpha, bare))


def _begins_alt(alt: str, words: Words) -> bool:
    return alt.startswith(tuple(f"{one} " for one in words.of("begins_alt")))


def fault_of_alt(alt: str, words: Words) -> str:
    """Return what is wrong with an alternative text by itself; "" where nothing is."""
    bare = folded(alt).strip(_EDGES)
    if _FILE_NAME.fullmatch(alt.strip()):
        return "an alternative text is a file name"
    if _says_nothing(bare, words):
        return "an alternative text says nothing of the picture"
    if len(graphemes(alt)) > LONGEST_ALT:
        return f"an alternative text is longer than {LONGEST_ALT} characters"
    begins = _begins_alt(bare, words)
    return 'an alternative text begins with "image of" or the like' if begins else ""


def _kept(request: CheckRequest, used: dict[str, int]) -> Iterator[Finding]:
    widths = dict(_widths(request.issue))
    known = {url: request.pictures[url] for url in used if url in request.pictures}
    for url, picture in known.items():
        if picture.size_bytes > MOST_BYTES:
            message = f"a picture has {picture.size_bytes // 1000:,} kB, more than "
            message += f"{MOST_BYTES // 1000}"
            remedy = "save it smaller or with more compression"
            yield _finding(request, message, evidence=url, line=used[url], remedy=remedy)
        shown = widths.get(url, 0)
        if shown and round(picture.width / shown, 1) < SHARP:  # 800 across 536 is sharp enough
            message = f"a picture is too small to be sharp: {picture.width} pixels wide, shown "
            message += f"{shown} wide"
            remedy = f"take one of {2 * shown} pixels"
            yield _finding(request, message, evidence=url, line=used[url], remedy=remedy)
    total = sum(picture.size_bytes for picture in known.values())
    if total > MOST_BYTES_IN_ALL:
        message = f"the pictures have {total // 1000:,} kB together, more than "
        message += f"{MOST_BYTES_IN_ALL // 1000:,}"
        heaviest = max(known, key=lambda url: known[url].size_bytes)
        evidence = f"{len(known)} pictures; the heaviest is {heaviest}"
        yield _finding(
            request, message, evidence=evidence, line=used[heaviest], remedy="leave some out"
        )


def _jumps(request: CheckRequest) -> Iterator[Finding]:
    """Two cards beside each other with pictures of unlike shape: the texts below do not line up."""
    for left, right in rows_of(request.issue):
        images = [card.image for card in (left, right) if card.image is not None]
        shapes = [_shape(request.pictures.get(image.url)) for image in images]
        if len(images) < 2 or not all(shapes):  # noqa: PLR2004
            continue
        if max(shapes) / min(shapes) > MOST_JUMP:
            yield _finding(
                request,
                "two pictures beside each other have unlike shapes",
                evidence=" and ".join(
                    f"{i.url} ({_pixels(request.pictures[i.url])})" for i in images
                ),
                line=images[1].line or right.line,
                remedy="crop one to the shape of the other",
            )


def _twice(request: CheckRequest) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for image, _, line in _pictures(request.issue):
        picture = request.pictures.get(image.url)
        key = picture.sha256 if picture is not None else image.url.partition("#")[0]
        first = seen.setdefault(key, line)
        if first != line:
            yield _finding(
                request,
                f"same picture as in line {first}",
                evidence=image.url,
                line=line,
                remedy="take another one",
            )


def _pictures(issue: Issue) -> Iterator[tuple[StoryImage | InlineImage, str, int]]:
    """Return each picture with its story's headline and its line."""
    for block in blocks_of(issue):
        headline = block.headline if isinstance(block, Story) else ""
        if isinstance(block, Story) and block.image is not None:
            yield block.image, headline, block.image.line or block.line
        for inline, line in inlines(text_blocks(block)):
            if isinstance(inline, InlineImage):
                yield inline, headline, line or block.line


def _widths(issue: Issue) -> Iterator[tuple[str, int]]:
    """Return the widths in CSS px at which the stories' pictures are shown; the widest counts."""
    beside = {id(card) for row in rows_of(issue) for card in row}
    stories = (b for b in blocks_of(issue) if isinstance(b, Story) and b.image is not None)
    widths: dict[str, int] = {}
    for story in stories:
        if story.image is not None:
            width = CARD if id(story) in beside else WIDE
            widths[story.image.url] = max(width, widths.get(story.image.url, 0))
    return iter(widths.items())


def _shape(picture: Picture | None) -> float:
    return picture.height / picture.width if picture is not None and picture.width else 0.0


def _pixels(picture: Picture) -> str:
    return f"{picture.width}\u00d7{picture.height}"


def _finding(
    request: CheckRequest,
    message: str,
    *,
    evidence: str,
    line: int,
    remedy: str,
    label: str = PICTURE,
    severity: Severity = Severity.WARNING,
) -> Finding:
    return Finding(
        check=label,
        severity=severity,
        message=message,
        evidence=shorten(evidence),
        file=request.file,
        line=line,
        remedy=remedy,
    )
