"""O checks on the final parts: size, unsubscribe link, postal address and reason; and S14."""

import re
from collections.abc import Iterator

from newsletter.checks.html.sight import worst_contrast
from newsletter.checks.page import PageLink
from newsletter.checks.place import (
    Place,
    place_of_markup,
    tell,
    template_of,
    text_lines,
)
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import LIGHT, PHONE
from newsletter.checks.wording import folded, holds, shorten
from newsletter.model.composed import AROUND, GMAIL_CLIPS_AT, NEAR_GMAILS_CLIP, Slot
from newsletter.model.finding import Finding, Severity

ALT_TEXT = "S14 alt-text"
CLIP = "O01 clip"
UNSUB_VISIBLE = "O15 unsub-visible"
POSTAL_WHY = "O16 postal-why"

LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3, less the brackets
LONGEST_NAME = 64
LONGEST_TOKEN = 75  # of a reader's link: it fits one line of quoted-printable
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
SMALLEST_LINK = 9  # px; below it the link to leave by is there for show
MOST_BLOCKS = 12

_LINK_SLOTS = frozenset({"unsubscribe_url", "preferences_url"})
_WORDS = re.compile(r"\w+")
# "You get this because …", "You are receiving this email since …", "Why did I get this?"
_REASON = re.compile(
    r"\byou(?:'re| are|'ve| have)? (?:now |been |currently )?"
    r"(?:get(?:ting)?|got|receiv(?:e|ed|ing)|sent|subscribed|signed up|registered|asked)\b"
    r"|\b(?:this|it) (?:\w+ ){0,4}(?:was|is) (?:being )?sent to\b"
    r"|\bwhy (?:am|did|do) i (?:\w+ )?(?:get|receiv)"
)
_LINK_IT = "let the template link {{ unsubscribe_url }} in its footer, in both parts"
_PRINT_IT = "let the template print {{ postal_address }} in its footer, in both parts"


def images_alt(made: Composition) -> Iterator[Finding]:
    """S14 on the final HTML: the compiler writes no alt where a template gives none."""
    for image in made.page.images:
        if image.get("alt") is None:
            yield tell(
                ALT_TEXT,
                made.wrote.element(made.page.style.at(image)) or (made.file, 0),
                "the template sets a picture without an alternative text",
                shorten(image.get("src") or "(no address)"),
                'write alt="" on it where it only decorates',
                Severity.ERROR,
            )


def clip(made: Composition) -> Iterator[Finding]:
    """O01: with every slot at its longest, the HTML stays below what Gmail shows whole."""
    size = longest_html(made)
    if size <= NEAR_GMAILS_CLIP:
        return
    over = size > GMAIL_CLIPS_AT
    limit = GMAIL_CLIPS_AT if over else NEAR_GMAILS_CLIP
    largest = sorted(made.composed.blocks, key=lambda block: -block.bytes)[:MOST_BLOCKS]
    listed = "; ".join(f"{block.name} {block.bytes:,}" for block in largest)
    is_templates = 2 * sum(one.bytes for one in made.composed.blocks if one.name == AROUND) >= size
    yield tell(
        CLIP,
        (template_of(made), 0) if is_templates else (made.file, 0),
        f"the HTML takes {size:,} bytes, more than {limit:,}: Gmail cuts off what follows",
        listed,
        "make the template's own part smaller"
        if is_templates
        else "take out stories or turn some into briefs; about 20 cards fit",
        Severity.ERROR if over else Severity.WARNING,
    )


def longest_html(made: Composition) -> int:
    """Return the bytes of the HTML with every slot at its longest.

    A name is taken for 64 bytes, an address for 254, the token of a reader's link for 75.
    """
    size = len(made.composed.html.encode("utf-8", "replace"))
    for sentinel in made.composed.sentinels:
        times = made.composed.html.count(sentinel.token) if sentinel.token else 0
        size += times * (_longest(made, sentinel.slot) - len(sentinel.token))
    return size


def _longest(made: Composition, slot: Slot) -> int:
    if slot.name == "email":
        return LONGEST_ADDRESS
    if slot.name in _LINK_SLOTS:
        return len(f"{made.request.newsletter.public_url}/u/") + LONGEST_TOKEN
    if slot.name == "view_online_url":
        return len(f"{made.request.newsletter.public_url}/i/{made.composed.issue}")
    return max(LONGEST_NAME, len(slot.fallback.encode("utf-8", "replace")))


def unsub_visible(made: Composition) -> Iterator[Finding]:
    """O15: both parts show the reader's own unsubscribe link, in a colour that can be read."""
    tokens = _unsubscribe_tokens(made)
    links = [link for link in made.page.links if link.url.strip() in tokens]
    if not links:
        likely = [link for link in made.page.links if "unsubscribe" in link.text.casefold()]
        message = "the HTML part has no unsubscribe link of the reader's own"
        seen = "; ".join(f"{shorten(link.text, 60)} → {shorten(link.url)}" for link in likely)
        place = _written_at(made, likely[0]) if likely else (template_of(made), 0)
        yield tell(UNSUB_VISIBLE, place, message, seen, _LINK_IT, Severity.ERROR)
    elif all(faults := [_why_hidden(made, link) for link in links]):
        place = _written_at(made, links[0])
        message = "the unsubscribe link of the HTML part cannot be seen"
        yield tell(UNSUB_VISIBLE, place, message, faults[0], _LINK_IT, Severity.ERROR)
    if not any(token in made.composed.text for token in tokens):
        message = "the text part has no unsubscribe link of the reader's own"
        place = template_of(made, "text"), 0
        yield tell(UNSUB_VISIBLE, place, message, remedy=_LINK_IT, severity=Severity.ERROR)


def _unsubscribe_tokens(made: Composition) -> set[str]:
    slots = (one for one in made.composed.sentinels if one.slot.name == "unsubscribe_url")
    return {one.token for one in slots if one.token}


def _written_at(made: Composition, link: PageLink) -> Place:
    wrote = made.wrote.element(made.page.style.at(link.element))
    return wrote or place_of_markup(made, "{{ urls.unsubscribe }}")


def _why_hidden(made: Composition, link: PageLink) -> str:
    looks = {view: made.page.style.looks(view) for view in (LIGHT, PHONE)}
    at = made.page.style.at(link.element)
    look = looks[LIGHT][at]
    elements = (link.element, *link.element.iterancestors())
    ratio = (worst_contrast(look) or (LEAST_CONTRAST,))[0]
    faults = {
        "its style hides it": link.hidden,
        "it has no text": not link.text,
        "aria-hidden keeps it from those who hear the mail": any(
            one.get("aria-hidden") == "true" for one in elements
        ),
        f"its letters are {look.size:g}px": look.size < SMALLEST_LINK,
        "a rule hides it on a desk": not look.is_seen,
        "a rule hides it on a phone": not looks[PHONE][at].is_seen,
        f"contrast {ratio:.2f}, at least {LEAST_CONTRAST} is needed": ratio < LEAST_CONTRAST,
    }
    return next((why for why, is_so in faults.items() if is_so), "")


def postal_why(made: Composition) -> Iterator[Finding]:
    """O16: both parts carry the postal address, and the mail says why the reader gets it."""
    settings = made.request.newsletter
    address = _bare_words(settings.postal_address)
    if not address:
        message = f"no postal address is set for the newsletter {settings.name}"
        remedy = 'write postal_address = "…" into newsletter.toml'
        yield tell(POSTAL_WHY, (made.file, 0), message, "", remedy, Severity.ERROR)
    paragraphs = made.composed.text.split("\n\n")
    for part, texts in (("HTML", made.page.text.split("\n")), ("text", paragraphs)):
        place = _footer_of(made, part)
        if address and not holds(_bare_words("\n".join(texts)), address):
            message = f"the {part} part does not carry the postal address"
            seen = shorten(settings.postal_address)
            yield tell(POSTAL_WHY, place, message, seen, _PRINT_IT, Severity.ERROR)
        if not any(_says_why(made, text) for text in texts):
            message = f"the {part} part does not say why the reader gets it"
            remedy = (
                "add a line to the template's footer: you get this because you signed up "
                f"for {settings.title}"
            )
            yield tell(POSTAL_WHY, place, message, "", remedy, Severity.ERROR)


def _footer_of(made: Composition, part: str) -> Place:
    """Return the line of a part's link to unsubscribe: what is missing belongs beside it."""
    if part == "HTML":
        tokens = _unsubscribe_tokens(made)
        link = next((one for one in made.page.links if one.url.strip() in tokens), None)
        return _written_at(made, link) if link and made.wrote.files else (template_of(made), 0)
    lines = ((name, at) for name, at, text in text_lines(made) if "urls.unsubscribe" in text)
    return next(lines, (template_of(made, "text"), 0))


def _bare_words(text: str) -> str:
    return " ".join(_WORDS.findall(folded(text)))


def _says_why(made: Composition, line: str) -> bool:
    """Return whether a line says so: in English, or by title and the reader's address."""
    settings = made.request.newsletter
    names = (folded(one) for one in (settings.title, settings.publication) if one)
    slots = (one.token for one in made.composed.sentinels if one.slot.name == "email" and one.token)
    is_addressed = any(token in line for token in slots)
    return bool(_REASON.search(folded(line))) or (
        is_addressed and any(name in folded(line) for name in names)
    )
