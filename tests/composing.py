"""What the tests of composing share: a newsletter, an appeal, stories, the shipped templates."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from lxml import etree
from lxml import html as lxml_html

from newsletter.compose.composer import CalloutPlacement, Composer, ComposeRequest, Composition
from newsletter.compose.message.slots import fill
from newsletter.config.settings import NewsletterSettings
from newsletter.model.address import parse_address, parse_mailbox
from newsletter.model.callout import Appearance, Callout, CalloutKind, CalloutStatus, CalloutUse
from newsletter.model.composed import ComposedIssue
from newsletter.model.issue import Block, Issue, Section, Story, StoryImage
from newsletter.model.text import Paragraph, Text, TextBlock

ROOT = Path(__file__).parents[1]
READER = {
    "name": "Sam Reader",
    "email": "sam@readers.example",
    "unsubscribe_url": "https://news.example.org/u/0123456789",
    "preferences_url": "https://news.example.org/p/0123456789",
    "view_online_url": "https://news.example.org/i/2022-03-15-daily",
}
PICTURE = StoryImage(url="https://img.example.org/hills.jpg", alt="Hills in low sun")


def newsletter_settings(**changes: Any) -> NewsletterSettings:  # noqa: ANN401
    """The newsletter of the repository's newsletter.toml, by another way than its reader."""
    settings = NewsletterSettings(
        name="daily",
        title="The Daily",
        list="daily",
        publication="Example News",
        sender=parse_mailbox("Example News <news@example.org>"),
        reply_to=parse_address("editor@example.org"),
        editors=(parse_address("editor@example.org"),),
        postal_address="1 Example Street, London",
        public_url="https://news.example.org",
        language="en-GB",
        timezone=ZoneInfo("Europe/London"),
    )
    return replace(settings, **changes)


@cache
def templates() -> Mapping[str, str]:
    """The templates of the repository."""
    folder = ROOT / "templates"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in files}


def text(words: str) -> tuple[TextBlock, ...]:
    """One paragraph."""
    return (Paragraph(children=(Text(text=words),)),)


def story(headline: str = "A headline of five words", **changes: Any) -> Story:  # noqa: ANN401
    """A story with a link and a summary."""
    url = f"https://example.org/{abs(hash_of(headline))}"
    return replace(Story(headline=headline, url=url, summary=text("A summary.")), **changes)


def hash_of(words: str) -> int:
    """A number for words that is the same in each process."""
    return sum((index + 1) * ord(char) for index, char in enumerate(words))


def issue(*blocks: Block, sections: Sequence[Section] = (), **changes: Any) -> Issue:  # noqa: ANN401
    """An issue whose first section holds the blocks."""
    first = (Section(heading="Top story", blocks=blocks),) if blocks else ()
    made = Issue(
        name="2022-03-15-daily",
        file="issues/2022-03-15-daily.md",
        newsletter="daily",
        date=date(2022, 3, 15),
        subject="A subject of some length",
        preheader="What a reader sees beside the subject in the list of messages",
        sections=(*first, *sections),
    )
    return replace(made, **changes)


def appeal(**changes: Any) -> Callout:  # noqa: ANN401
    """An appeal with all its wording."""
    callout = Callout(
        name="dec-ukraine",
        file="callouts/dec-ukraine.md",
        kind=CalloutKind.APPEAL,
        heading="Support people fleeing the devastating conflict in Ukraine: donate to the DEC"
        " appeal",
        body=text("Disasters Emergency Committee (DEC) charities are in Ukraine."),
        organisation="Disasters Emergency Committee",
        short_name="DEC",
        appeal_name="Ukraine Humanitarian Appeal",
        charity_number="1062638",
        donation_url="https://donation.dec.org.uk/ukraine-humanitarian-appeal",
        info_url="https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal",
        button_text="Donate to the DEC appeal",
        link_text="Learn more and donate what you can today",
        closed_wording=text("The DEC Ukraine appeal has closed. Thank you to everyone who gave."),
    )
    return replace(callout, **changes)


def placed(
    callout: Callout | None = None,
    *,
    status: CalloutStatus = CalloutStatus.OPEN,
    appearance: Appearance = Appearance.SHOWN,
    marked: bool = False,
    reason: str = "",
) -> CalloutPlacement:
    """A callout as it is to appear."""
    use = CalloutUse(callout=callout or appeal(), status=status, reason=reason)
    return CalloutPlacement(use=use, appearance=appearance, marked=marked)


def compose(
    composer: Composer,
    made: Issue,
    *callouts: CalloutPlacement,
    **changes: Any,  # noqa: ANN401
) -> Composition:
    """Compose with the repository's templates; changes are the newsletter's or a subject."""
    given = changes.pop("given", templates())
    subject = changes.pop("subject", None)
    return composer.compose(
        ComposeRequest(
            issue=made,
            newsletter=newsletter_settings(**changes),
            callouts=callouts,
            templates=given,
            subject=subject,
        )
    )


def composed(
    composer: Composer,
    made: Issue,
    *callouts: CalloutPlacement,
    **changes: Any,  # noqa: ANN401
) -> ComposedIssue:
    """Compose what must compose, without any finding."""
    composition = compose(composer, made, *callouts, **changes)
    assert composition.findings == (), composition.findings
    assert composition.composed is not None
    return composition.composed


def for_reader(result: ComposedIssue) -> tuple[str, str]:
    """The HTML and the text as READER gets them."""
    return (
        fill(result.html, result.sentinels, READER),
        fill(result.text, result.sentinels, READER),
    )


def elements(html: str, path: str) -> list[etree._Element]:
    """The elements of a mail that an XPath finds."""
    found = lxml_html.document_fromstring(html).xpath(path)
    return cast("list[etree._Element]", found)  # noqa: SLF001


def words_in(html: str) -> str:
    """All text of a mail, styles and comments left out."""
    return "".join(map(str, lxml_html.document_fromstring(html).itertext(with_tail=True)))
