"""O checks on the final parts: size, unsubscribe link, postal address and reason."""

import re
from collections.abc import Iterator
from dataclasses import replace

from newsletter.checks.html.sight import worst_contrast
from newsletter.checks.issue.pictures import fault_of_alt
from newsletter.checks.page import PageLink
from newsletter.checks.place import issue_images, place_of
from newsletter.checks.places import Places, text_lines
from newsletter.checks.request import Composition
from newsletter.checks.styles.media import LIGHT, PHONE
from newsletter.checks.wording import folded, holds, shorten
from newsletter.config.settings import NewsletterSettings
from newsletter.model.composed import AROUND, GMAIL_CLIPS_AT, NEAR_GMAILS_CLIP, BlockSize, Slot
from newsletter.model.finding import Finding, Severity

ALT_TEXT = "S14 alt-text"
CLIP = "O01 clip"
UNSUB_VISIBLE = "O15 unsub-visible"
POSTAL_WHY = "O16 postal-why"

# Gmail cuts a message at about 102 KB of HTML.
LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3, less the brackets
LONGEST_NAME = 64
LONGEST_TOKEN = 75  # of a reader's link: it fits one line of quoted-printable
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
SMALLEST_LINK = 9  # px; below it the link to leave by is there for show

_LINK_SLOTS = frozenset({"unsubscribe_url", "preferences_url"})

_UNSUBSCRIBE = "urls.unsubscribe"
_WORDS = re.compile(r"\w+")
_SITE = re.compile(r"(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?:/\S{0,200})?")
_FEWEST_WORDS = 2  # of a postal address: one alone is a town's or the paper's name
# "You get this because …", "You are receiving this email since …", "Why did I get this?"
_REASON = re.compile(
    r"\byou(?:'re| are|'ve| have)? (?:now |been |currently )?"
    r"(?:get(?:ting)?|got|receiv(?:e|ed|ing)|sent|subscribed|signed up|registered|asked)\b"
    r"|\b(?:this|it) (?:\w+ ){0,4}(?:was|is) (?:being )?sent to\b"
    r"|\bwhy (?:am|did|do) i (?:\w+ )?(?:get|receiv)"
)


def images_alt(made: Composition) -> Iterator[Finding]:
    """S14 on the final HTML: the compiler writes no alt where a template gives none."""
    in_issue = {url for url, _ in issue_images(made)}
    own_names = {folded(name) for name in _names(made.request.newsletter)}
    for image in made.page.images:
        alt, url = image.get("alt") or "", image.get("src") or ""
        told = (
            ""
            if not alt or url in in_issue or folded(alt) in own_names
            else fault_of_alt(alt, made.request.words)
        )
        if told:
            file, line = place_of(made, url=url, element=image)
            yield Finding(
                check=ALT_TEXT,
                severity=Severity.WARNING,
                message=f"{told}, of a picture that the template sets",
                evidence=f"{shorten(alt, 80)} ({shorten(url, 80)})",
                file=file,
                line=line,
                remedy='say what the picture shows, or write alt="" where it only decorates',
            )
        if image.get("alt") is None:
            wrote = made.wrote.element(made.page.style.at(image))
            file, line = wrote or (made.file, 0)
            yield Finding(
                check=ALT_TEXT,
                severity=Severity.ERROR,
                message="the template sets a picture without an alternative text",
                evidence=shorten(image.get("src") or "(no address)"),
                file=file,
                line=line,
                remedy='write alt="" on it where it only decorates',
            )


def clip(made: Composition) -> Iterator[Finding]:
    """O01: with every slot at its longest, the HTML stays below what Gmail shows whole."""
    size = longest_html(made)
    if size <= NEAR_GMAILS_CLIP:
        return
    over = size > GMAIL_CLIPS_AT
    limit = GMAIL_CLIPS_AT if over else NEAR_GMAILS_CLIP
    crossing = _crossing(made.composed.blocks, size, limit)
    largest = sorted(made.composed.blocks, key=lambda block: -block.bytes)[:12]
    file, line = _ballast(made, size) or (made.file, 0)
    listed = "; ".join(f"{block.name} {block.bytes:,}" for block in largest)
    yield Finding(
        check=CLIP,
        severity=Severity.ERROR if over else Severity.WARNING,
        message=f"the HTML takes {size:,} bytes, more than {limit:,}: Gmail cuts off what follows",
        evidence="; ".join(
            filter(None, (crossing and f"crossed in {crossing}", listed, _cut_off(made, limit)))
        ),
        file=file,
        line=line,
        remedy="take out stories or turn some into briefs; about 20 cards fit"
        if file == made.file
        else "make the template's own part smaller",
    )


def _ballast(made: Composition, size: int) -> tuple[str, int] | None:
    """Return the template line that wrote most of what no block of the issue takes.

    None where the issue's blocks take more than half.
    """
    around = next((one.bytes for one in made.composed.blocks if one.name == AROUND), 0)
    if around * 2 < size:
        return None
    outside = [True] * len(made.page.elements)
    for span in made.composed.spans:
        outside[span.first : span.end] = [False] * (span.end - span.first)
    heaviest = made.wrote.heaviest(outside)
    return heaviest[0] if heaviest else None


def longest_html(made: Composition) -> int:
    """Count the bytes of the HTML with every slot at its longest.

    A name is taken for 64 bytes, an address for 254, the token of a reader's link for 75.
    """
    size = len(made.composed.html.encode("utf-8", "replace"))
    for sentinel in made.composed.sentinels:
        times = made.composed.html.count(sentinel.token) if sentinel.token else 0
        size += times * (_longest(made, sentinel.slot) - len(sentinel.token))
    return size


def unsub_visible(made: Composition) -> Iterator[Finding]:
    """O15: both parts show the reader's own unsubscribe link, in a colour that can be read."""
    tokens = _unsubscribe_tokens(made)
    finding = Finding(
        check=UNSUB_VISIBLE,
        severity=Severity.ERROR,
        message="",
        file=made.file,
        remedy="let the template link {{ unsubscribe_url }} in its footer, in both parts",
    )
    links = [link for link in made.page.links if link.url.strip() in tokens]
    likely = [link for link in made.page.links if "unsubscribe" in link.text.casefold()]
    file, line = _written_at(made, next(iter([*links, *likely]), None))
    finding = replace(finding, file=file, line=line)
    hidden = {link: why for link in links if (why := _why_hidden(made, link))}
    seen = [link for link in links if link not in hidden]
    if not links:
        evidence = "; ".join(f"{shorten(link.text, 60)} → {shorten(link.url)}" for link in likely)
        message = "the HTML part has no unsubscribe link of the reader's own"
        yield replace(finding, message=message, evidence=evidence)
    elif not seen:
        message = "the unsubscribe link of the HTML part cannot be seen"
        yield replace(finding, message=message, evidence=hidden[links[0]])
    looks = made.page.style.looks(LIGHT)
    ratios = [worst_contrast(looks[made.page.style.at(link.element)]) for link in seen]
    known = [ratio[0] for ratio in ratios if ratio is not None]
    if known and len(known) == len(ratios) and max(known) < LEAST_CONTRAST:
        message = "the unsubscribe link can hardly be read against its background"
        evidence = f"contrast {max(known):.2f}, at least {LEAST_CONTRAST} is needed"
        yield replace(finding, message=message, evidence=evidence, remedy="give it a darker colour")
    if seen and not any(_says_so(made, link) for link in seen):
        yield replace(
            finding,
            severity=Severity.WARNING,
            message="the words of the unsubscribe link do not say what it does",
            evidence=shorten(seen[0].text),
            remedy="print {{ words.unsubscribe }}, or say it in the same line",
        )
    if not any(token in made.composed.text for token in tokens):
        message = "the text part has no unsubscribe link of the reader's own"
        yield replace(finding, message=message, file=_template_of(made, "text"), line=0)


# What a link to leave by says, in the languages that the program has words in.
_LEAVES = re.compile(
    r"unsubscri|\bopt(?:ing)?[ -]?out|\bleave|\bstop|\bcancel|\bremove|\bsign (?:off|out)|no longer"
    r"|désabonn|désinscri|ne plus|résili|abmeld|abbestell|austrag|kündig|nicht mehr"
    r"|\bbaja\b|cancelar|desuscri|dejar de|\bdad-?danysgrif|\bgadael|إلغاء|الاشتراك"
)
_LEAVE_LANGUAGES = frozenset({"en", "fr", "de", "es", "cy", "ar"})


def _says_so(made: Composition, link: PageLink) -> bool:
    """Whether a link, or the words beside it, say that it unsubscribes; unknown languages do."""
    language = made.request.newsletter.language.partition("-")[0].lower()
    around = link.element.getparent()
    words = f"{link.text} {'' if around is None else ' '.join(map(str, around.itertext()))}"
    return language not in _LEAVE_LANGUAGES or _LEAVES.search(folded(words)) is not None


def _written_at(made: Composition, link: PageLink | None) -> tuple[str, int]:
    """Return the template line of a link to unsubscribe, or the one that should hold it."""
    at = -1 if link is None else made.page.style.at(link.element)
    place = Places(made).of_words("{{ urls.unsubscribe }}")
    return made.wrote.element(at) or (place.file, place.line)


def _footer_of(made: Composition, part: str) -> tuple[str, int]:
    """Return the line of a part's link to unsubscribe: what is missing belongs beside it."""
    if not made.wrote.files:
        return _template_of(made, part), 0
    if part == "HTML":
        tokens = _unsubscribe_tokens(made)
        link = next((one for one in made.page.links if one.url.strip() in tokens), None)
        return _written_at(made, link) if link else (_template_of(made, part), 0)
    lines = ((name, number) for name, number, text in text_lines(made) if _UNSUBSCRIBE in text)
    return next(lines, (_template_of(made, part), 0))


def _unsubscribe_tokens(made: Composition) -> set[str]:
    return {
        sentinel.token
        for sentinel in made.composed.sentinels
        if sentinel.slot.name == "unsubscribe_url" and sentinel.token
    }


def _template_of(made: Composition, part: str) -> str:
    """Return the template of a part, "HTML" or "text"; the issue's file where it is not known."""
    kind = "mjml" if part == "HTML" else "txt"
    name = f"{made.request.newsletter.template}.{kind}.j2"
    return f"templates/{name}" if name in made.request.templates else made.file


def _why_hidden(made: Composition, link: PageLink) -> str:
    """Return why a link cannot be seen or heard; "" where it can."""
    if link.hidden:
        return "its style hides it"
    if not link.text:
        return "it has no text"
    if any(
        one.get("aria-hidden") == "true" for one in (link.element, *link.element.iterancestors())
    ):
        return "aria-hidden keeps it from those who hear the mail"
    at = made.page.style.at(link.element)
    size = made.page.style.looks(LIGHT)[at].size
    if size < SMALLEST_LINK:
        return f"its letters are {size:g}px"
    seen = {view: made.page.style.looks(view)[at].is_seen for view in (LIGHT, PHONE)}
    if not all(seen.values()):
        return f"a rule hides it on a {'desk' if seen[PHONE] else 'phone'}"
    return ""


def postal_why(made: Composition) -> Iterator[Finding]:
    """O16: both parts carry the postal address, and the mail says why the reader gets it."""
    settings = made.request.newsletter
    finding = Finding(
        check=POSTAL_WHY,
        severity=Severity.ERROR,
        message="",
        file=made.file,
        remedy="let the template print {{ postal_address }} in its footer, in both parts",
    )
    address = _bare_words(settings.postal_address)
    if not address:
        yield replace(
            finding,
            message=f"no postal address is set for the newsletter {settings.name}",
            remedy='write postal_address = "…" into newsletter.toml',
        )
    elif not _names_a_place(settings.postal_address):
        yield replace(
            finding,
            severity=Severity.WARNING,
            message="the postal address names no place that a letter could go to",
            evidence=shorten(settings.postal_address),
            file="newsletter.toml",
            remedy="write street or box, and town, into postal_address",
        )
    for where, text in (("HTML", made.page.text), ("text", made.composed.text)):
        if address and not holds(_bare_words(text), address):
            message = f"the {where} part does not carry the postal address"
            evidence = shorten(settings.postal_address)
            file, line = _footer_of(made, where)
            yield replace(finding, message=message, evidence=evidence, file=file, line=line)
    paragraphs = made.composed.text.split("\n\n")
    for where, texts in (("HTML", made.page.text.split("\n")), ("text", paragraphs)):
        saying = [at for at, text in enumerate(texts) if _says_why(made, text)]
        file, line = _footer_of(made, where)
        if saying:
            near = (text for at in saying for text in texts[max(at - 1, 0) : at + 2])
            if made.wrote.files and not any(_says_which(made, text) for text in near):
                yield replace(
                    finding,
                    severity=Severity.WARNING,
                    message=f"the {where} part does not say which newsletter the reader signed up"
                    " for",
                    evidence=shorten(texts[saying[0]]),
                    file=file,
                    line=line,
                    remedy="print {{ why }}, which names the newsletter and the reader's address",
                )
            continue
        yield replace(
            finding,
            message=f"the {where} part does not say why the reader gets it",
            file=file,
            line=line,
            remedy="add a line to the template's footer: you get this because you signed up "
            f"for {settings.title}",
        )


def _names_a_place(address: str) -> bool:
    """Return whether something is left beside sites, mail addresses and a single word or two."""
    places = [
        word
        for word in address.split()
        if not (set("@/") & set(word) and "." in word)
        and not _SITE.fullmatch(word.strip(",;()").lower())
        and any(map(str.isalnum, word))
    ]
    has_number = any(char.isdigit() for word in places for char in word)
    return len(places) >= _FEWEST_WORDS or has_number or not "".join(places).isascii()


def _longest(made: Composition, slot: Slot) -> int:
    if slot.name == "email":
        return LONGEST_ADDRESS
    if slot.name in _LINK_SLOTS:
        return len(f"{made.request.newsletter.public_url}/u/") + LONGEST_TOKEN
    if slot.name == "view_online_url":
        return len(f"{made.request.newsletter.public_url}/i/{made.composed.issue}")
    return max(LONGEST_NAME, len(slot.fallback.encode("utf-8", "replace")))


def _crossing(blocks: tuple[BlockSize, ...], size: int, limit: int) -> str:
    """Name the block that holds the first byte beyond the limit.

    What stands around the blocks is taken to stand first: nearly all of it is the head.
    """
    at = max(size - sum(block.bytes for block in blocks), 0)
    for block in sorted(blocks, key=lambda block: block.name != AROUND):
        at += block.bytes
        if at > limit:
            return block.name
    return ""


def _cut_off(made: Composition, limit: int) -> str:
    """Say so where every unsubscribe link stands behind the limit."""
    tokens = [
        sentinel.token
        for sentinel in made.composed.sentinels
        if sentinel.slot.name == "unsubscribe_url" and sentinel.token in made.composed.html
    ]
    html = made.composed.html
    first = min((html.find(token) for token in tokens if token), default=-1)
    is_behind = first >= 0 and len(html[:first].encode("utf-8", "replace")) > limit
    return "the unsubscribe link is cut off too" if is_behind else ""


def _bare_words(text: str) -> str:
    return " ".join(_WORDS.findall(folded(text)))


def _says_why(made: Composition, line: str) -> bool:
    """Whether a line says so: in English, or in any language by title and the reader's address."""
    if _REASON.search(folded(line)):
        return True
    return _is_titled(made, line) and _is_addressed(made, line)


def _says_which(made: Composition, line: str) -> bool:
    """Whether words beside a reason name the newsletter, its publisher, or the reader's address."""
    return _is_titled(made, line) or _is_addressed(made, line)


def _is_titled(made: Composition, line: str) -> bool:
    names = _names(made.request.newsletter)
    return any(name and folded(name) in folded(line) for name in names)


def _is_addressed(made: Composition, line: str) -> bool:
    slots = (one.token for one in made.composed.sentinels if one.slot.name == "email" and one.token)
    return any(token in line for token in slots)


def _names(settings: NewsletterSettings) -> tuple[str, ...]:
    return settings.title, settings.publication
