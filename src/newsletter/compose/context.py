"""What a template sees: plain data made from an issue, its newsletter and its callouts.

A value {"__html__": …} is markup of our own making, which the render child hands to the template as
such; every other string is escaped there. The page is a list of rows, each of one kind, set by the
template's file of that name; each holds its plain text ready set, so that both parts say the same
things in the same order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html import escape

from newsletter.compose.callouts import CalloutLink, CalloutPlacement, Said, said_by
from newsletter.compose.content import (
    Content,
    PlacedBlock,
    Promise,
    Row,
    contents_of,
    contents_text,
    space_below,
    why_html,
    why_text,
)
from newsletter.compose.html import IMAGE_SCHEMES, HtmlStyle, blocks_html, headline_html, safe_url
from newsletter.compose.plain import PlainStyle, blocks_text, fill, filled, joined_lines, underlined
from newsletter.compose.typography import (
    RIGHT_TO_LEFT,
    columns,
    enclosed,
    held,
    isolated,
    other_way,
    spanned,
)
from newsletter.compose.words import long_date, words_for
from newsletter.config.languages import direction_of, script_of
from newsletter.config.settings import NewsletterSettings
from newsletter.model.brand import Brand
from newsletter.model.composed import Slot, SlotContext
from newsletter.model.issue import (
    Block,
    Brief,
    Briefs,
    CalloutRef,
    EditorMessage,
    Issue,
    Section,
    Story,
    TextPassage,
)
from newsletter.model.text import SlotRef, TextBlock, clean_line

CARDS_IN_A_ROW = 2
LONG_WORD = 14  # columns of a word that a phone shows whole at a masthead's usual size

TokenFor = Callable[[Slot], str]


def build_content(
    issue: Issue,
    newsletter: NewsletterSettings,
    callouts: Mapping[str, CalloutPlacement],
    token_for: TokenFor,
) -> Content:
    """Lay the issue out in rows; a callout that is not in callouts is left out."""
    return _Layout(issue, newsletter, callouts, token_for).content()


@dataclass(slots=True)
class _Level:
    above: int
    heading: str = ""


@dataclass(slots=True)
class _Layout:
    issue: Issue
    newsletter: NewsletterSettings
    callouts: Mapping[str, CalloutPlacement]
    token_for: TokenFor
    words: Mapping[str, str] = field(init=False)
    direction: str = field(init=False)
    rows: list[Row] = field(default_factory=list)
    blocks: list[PlacedBlock] = field(default_factory=list)
    stories: int = 0

    def __post_init__(self) -> None:
        self.words = words_for(self.newsletter.language)
        self.direction = direction_of(self.newsletter.language)

    def content(self) -> Content:
        lead = _lead_of(self.issue)
        self._rows_of(self.issue.opening, _Level(above=1), lead=None, opening=True)
        opening = len(self.rows)
        for index, section in enumerate(self.issue.sections):
            self._section(section, lead=lead, is_first=index == 0)
        for row, following in zip(self.rows, [*self.rows[1:], None], strict=True):
            space_below(row, following)
        contents = contents_of(self.rows)
        listed = contents_text(contents, self.words["contents"])
        return Content(
            context={
                **self._page(plain_contents=listed),
                "has_lead": lead is not None,
                "opening_rows": opening,
                "contents": contents,
            },
            blocks=tuple(self.blocks),
            contents_text=listed,
            unsubscribe_html=self._token("unsubscribe_url", SlotContext.HTML_URL),
            unsubscribe_text=self._token("unsubscribe_url", SlotContext.TEXT),
        )

    def _page(self, *, plain_contents: str) -> Mapping[str, object]:
        newsletter, words = self.newsletter, self.words
        title, publication = clean_line(newsletter.title), clean_line(newsletter.publication)
        subject = clean_line(self.issue.subject) or title
        names = (title, publication if publication != title else "")
        postal = clean_line(newsletter.postal_address)
        if publication and publication not in postal:
            postal = f"{publication}, {postal}"
        urls = ("unsubscribe", "preferences", "view_online")
        html_urls = {url: self._token(f"{url}_url", SlotContext.HTML_URL) for url in urls}
        text_urls = {url: self._token(f"{url}_url", SlotContext.TEXT) for url in urls}
        addresses = (self._token("email", SlotContext.HTML), self._token("email", SlotContext.TEXT))
        return {
            "language": newsletter.language,
            "direction": self.direction,
            "script": script_of(newsletter.language),
            "start": "left" if self.direction == "ltr" else "right",
            "end": "right" if self.direction == "ltr" else "left",
            "subject": subject,
            "preheader": clean_line(self.issue.preheader),
            "title": self._line(title),
            "has_long_title": max(map(columns, title.split()), default=0) > LONG_WORD,
            "publication": self._line(held(names[1])),
            "date": long_date(self.issue.date, newsletter.language),
            "brand": _brand(newsletter.brand, title),
            "rows": self.rows,
            "words": dict(words),
            "urls": html_urls,
            "why": _markup(why_html(words, names, addresses[0], self.direction)),
            "postal_address": self._line(postal),
            "plain": {
                "subject": filled(subject),
                "title": underlined(title, "="),
                "publication": isolated(names[1], other_way(names[1], self.direction)),
                "contents": plain_contents,
                "urls": text_urls,
                "why": filled(why_text(words, names, addresses[1], self.direction)),
                "postal_address": self._set(postal),
            },
        }

    def _section(self, section: Section, *, lead: Story | None, is_first: bool) -> None:
        hidden = is_first and lead is not None
        heading = "" if hidden else clean_line(section.heading)
        before = len(self.rows)
        if heading:
            self.rows.append(self._head(heading))
        level = _Level(above=2 if heading else 1, heading=heading or clean_line(section.heading))
        self._rows_of(section.blocks, level, lead=lead if is_first else None)
        if heading and len(self.rows) == before + 1:
            self.rows.pop()  # nothing of the section is left to stand under its heading

    def _rows_of(
        self, blocks: Sequence[Block], level: _Level, *, lead: Story | None, opening: bool = False
    ) -> None:
        cards: list[Row] = []
        for block in blocks:
            if isinstance(block, Story) and block is not lead:
                cards.append(self._story(block, heading=level.above + 1))
                if len(cards) == CARDS_IN_A_ROW:
                    self._close_cards(cards)
                continue
            row = self._row(block, level, lead=lead, opening=opening, alone=len(blocks) == 1)
            if row is not None:
                self._close_cards(cards)
                self.rows.append(row)
        self._close_cards(cards)

    def _close_cards(self, cards: list[Row]) -> None:
        if cards:
            text = "\n\n".join(str(card["text"]) for card in cards)
            kind = "cards" if len(cards) > 1 else "wide"
            self.rows.append({"kind": kind, "cards": list(cards), "text": text})
            cards.clear()

    def _row(
        self, block: Block, level: _Level, *, lead: Story | None, opening: bool, alone: bool
    ) -> Row | None:
        match block:
            case Story():
                section = self._line(level.heading)
                row = self._story(block, heading=1, is_lead=block is lead)
                return {"kind": "lead", "section": section, **row}
            case CalloutRef():
                return self._callout(block)
            case EditorMessage():
                return self._editor(block, level, alone=alone)
            case Briefs():
                return self._briefs(block, heading=level.above + 1)
            case TextPassage():
                style = "intro" if opening else "body"
                number = self._number("opening" if opening else "text", block.line)
                return {
                    "kind": "passage",
                    "number": number,
                    "body": self._html(block.blocks, style, heading=level.above),
                    "text": self._text(block.blocks),
                }

    def _head(self, heading: str) -> Row:
        return {
            "kind": "heading",
            "heading": self._headline(heading),
            "name": heading,
            "text": underlined(heading, "-"),
        }

    def _story(self, story: Story, *, heading: int, is_lead: bool = False) -> Row:
        self.stories += 1
        headline, url = clean_line(story.headline), safe_url(story.url)
        kicker, byline = clean_line(story.kicker), clean_line(story.byline)
        image = story.image and safe_url(story.image.url, IMAGE_SCHEMES)
        number = self._number(
            f"story {self.stories}: {headline}",
            story.line,
            Promise(headline=headline, urls=(url,) if url else ()),
        )
        summary, read_more = self._text(story.summary), ""
        if url and is_lead:
            read_more = f"{self.words['read_more']}{self.words['colon']}"
        last = joined_lines(self._set(byline), read_more, url)
        if last == url:  # right under the words, or it would seem to belong to what comes next
            summary, last = joined_lines(summary, url), ""
        parts = [joined_lines(self._set(kicker), filled(headline)), summary, last]
        return {
            "number": number,
            "headline": self._headline(headline),
            "name": headline,
            "level": heading,
            "url": url,
            "kicker": self._line(kicker),
            "image": {"url": image, "alt": clean_line(story.image.alt)}
            if story.image and image
            else None,
            "byline": self._line(held(byline)),
            "summary": self._html(story.summary, "body", heading=heading)
            if story.summary
            else None,
            "text": "\n\n".join(part for part in parts if part),
        }

    def _briefs(self, briefs: Briefs, *, heading: int) -> Row:
        items = [self._brief(item) for item in briefs.items]
        promises = [
            Promise(headline=clean_line(item.headline), urls=(url,) if url else ())
            for item in briefs.items
            for url in [safe_url(item.url)]
        ]
        return {
            "kind": "briefs",
            "number": self._number("briefs", briefs.line, *promises),
            "level": heading,
            "items": items,
            "text": "\n\n".join(str(item["text"]) for item in items),
        }

    def _brief(self, brief: Brief) -> Row:
        headline, text, url = (
            clean_line(brief.headline),
            clean_line(brief.text),
            safe_url(brief.url),
        )
        lines = [filled(headline), self._set(text), url]
        return {
            "headline": self._headline(headline),
            "name": headline,
            "url": url,
            "body": self._line(text),
            "text": "\n".join(line for line in lines if line),
        }

    def _editor(self, message: EditorMessage, level: _Level, *, alone: bool) -> Row:
        """The editor's message has a head of its own, unless its section has no other block."""
        shares_head = alone and bool(level.heading)
        heading = "" if shares_head else self.words["editor"]
        body = self._text(message.body)
        return {
            "kind": "editor",
            "number": self._number("editor's message", message.line),
            "heading": self._headline(heading) if heading else None,
            "body": self._html(message.body, "body", heading=2),
            "text": f"{underlined(heading, '-')}\n\n{body}" if heading else body,
        }

    def _callout(self, ref: CalloutRef) -> Row | None:
        placed = self.callouts.get(ref.name)
        said = placed and said_by(placed, self.words, own=ref.body)
        if not said:
            return None
        promise = (Promise(headline=said.heading, urls=said.urls),) if said.heading else ()
        row: Row = {
            "kind": "callout" if said.is_shown else "mark",
            "number": self._number(f"callout: {ref.name}", ref.line, *promise),
            "mark": said.mark,
            "label": said.label,
            "heading": self._headline(said.heading) if said.heading else None,
            "body": self._html(said.body, "call", heading=2) if said.body else None,
            "link": said.link and self._link(said.link),
            "button": said.button and self._link(said.button),
            "small": [self._line(line) for line in said.small],
        }
        row["text"] = self._callout_text(said)
        return row

    def _callout_text(self, said: Said) -> str:
        mark = f"[{said.mark}]" if said.mark else ""
        head = joined_lines(filled(mark), filled(said.label), filled(said.heading))
        links = [
            f"{self._set(link.words + self.words['colon'])}\n{link.url}"
            for link in (said.link, said.button)
            if link
        ]
        parts = [head, self._text(said.body), *links, *map(self._set, said.small)]
        return "\n\n".join(part for part in parts if part)

    def _html(self, blocks: tuple[TextBlock, ...], name: str, *, heading: int) -> dict[str, str]:
        style = HtmlStyle(
            name=name, heading=heading, direction=self.direction, slot=self._slot_html
        )
        return _markup(blocks_html(blocks, style))

    def _text(self, blocks: tuple[TextBlock, ...]) -> str:
        style = PlainStyle(
            slot=self._slot_text, image=self.words["image"], direction=self.direction
        )
        return blocks_text(blocks, style)

    def _slot_html(self, slot: SlotRef) -> str:
        token = self._token(slot.name, SlotContext.HTML, slot.fallback)
        turns = self.direction == RIGHT_TO_LEFT
        if not slot.name.endswith("_url"):
            return spanned(token, "auto" if turns else "")
        url = self._token(slot.name, SlotContext.HTML_URL)
        return f'<a class="link" href="{url}">{spanned(token, "ltr" if turns else "")}</a>'

    def _slot_text(self, slot: SlotRef) -> str:
        token = self._token(slot.name, SlotContext.TEXT, slot.fallback)
        return isolated(token, "auto") if self.direction == RIGHT_TO_LEFT else token

    def _headline(self, text: str) -> dict[str, str]:
        return _markup(headline_html(text, self.direction))

    def _line(self, text: str) -> str | dict[str, str]:
        """Return one line as it is, or isolated as markup where it runs against the page."""
        way = other_way(text, self.direction)
        return _markup(spanned(escape(text), way)) if way else text

    def _set(self, text: str) -> str:
        way = other_way(text, self.direction)
        return "\n".join(enclosed(line, way) for line in fill(text)) if text else ""

    def _link(self, link: CalloutLink) -> Row:
        return {"url": link.url, "words": self._headline(link.words)}

    def _token(self, name: str, context: SlotContext, fallback: str = "") -> str:
        return self.token_for(Slot(name=name, context=context, fallback=clean_line(fallback)))

    def _number(self, name: str, line: int, *promises: Promise) -> int:
        number = len(self.blocks) + 1
        self.blocks.append(PlacedBlock(number=number, name=name, line=line, promises=promises))
        return number


def _lead_of(issue: Issue) -> Story | None:
    blocks = issue.sections[0].blocks if issue.sections else ()
    return next((block for block in blocks if isinstance(block, Story)), None)


def _brand(brand: Brand, title: str) -> dict[str, object]:
    """Return the looks by name, with stacks quoted for CSS; logo is None without an address."""
    fonts = {name: _markup(getattr(brand, name)) for name in ("serif", "sans", "mono")}
    logo = brand.logo if brand.logo and brand.logo.url else None
    shown = logo and {"url": logo.url, "alt": clean_line(logo.alt) or title, "width": logo.width}
    return {"light": asdict(brand.light), "dark": asdict(brand.dark), **fonts, "logo": shown}


def _markup(html: str) -> dict[str, str]:
    return {"__html__": html}
