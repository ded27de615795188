"""An issue, its mail and its message, made by hand: whole, so that each test plants one mistake."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from typing import cast

from composing import appeal, newsletter_settings

from newsletter.checks.request import CheckRequest
from newsletter.checks.run import run_checks
from newsletter.issues.parse_issue import parse_issue
from newsletter.model.article import StorySource
from newsletter.model.callout import Callout, CalloutStatus, CalloutUse
from newsletter.model.composed import (
    BlockSize,
    ComposedIssue,
    ComposedLink,
    Sentinel,
    Skeleton,
    Slot,
    SlotContext,
)
from newsletter.model.finding import Finding, Severity
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
from newsletter.model.text import CodeSpan, Link, Paragraph, SlotRef, Text, TextBlock

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
TOKEN = "-".join(["u3fa9c1Xk29dQ_b7Lr4mZ", "8sVwEo5TnYcHj0pUaReader1"])
HREF = Slot(name="unsubscribe_url", context=SlotContext.HTML_URL)
NAME = Slot(name="name", context=SlotContext.HTML, fallback="reader")
SENTINELS = tuple(
    Sentinel(token=f"qslot{number:04}xxxxxxxxxx", slot=slot)
    for number, slot in enumerate(
        (
            HREF,
            replace(HREF, context=SlotContext.TEXT),
            NAME,
            replace(NAME, context=SlotContext.TEXT),
            Slot(name="email", context=SlotContext.HTML),
        )
    )
)
UNSUB_HTML, UNSUB_TEXT, NAME_HTML, NAME_TEXT, EMAIL_HTML = (one.token for one in SENTINELS)
VALUES = {
    UNSUB_HTML: f"https://news.example.org/u/{TOKEN}",
    UNSUB_TEXT: f"https://news.example.org/u/{TOKEN}",
    NAME_HTML: "Zoë &amp; Ada",
    NAME_TEXT: "Zoë & Ada",
    EMAIL_HTML: "zoe@example.org",
}

NEWSLETTER = newsletter_settings(callouts=("dec-ukraine",))
# One that goes out in earnest: what stands in for a name is told of there.
IN_EARNEST = replace(
    NEWSLETTER,
    publication="Marlow News",
    sender=replace(NEWSLETTER.sender, name="Marlow News"),
    public_url="https://news.papers.co.uk",
)

WHY_TEXT = "You get this because you signed up for The Daily.\n"
METAS = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark">'
    '<meta name="supported-color-schemes" content="light dark">'
    '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">'
    '<meta name="x-apple-disable-message-reformatting">'
)
# What a template does for fingers and in dark mode: links outside running text are 44px tall, and
# every colour is set.
LOOKS = (
    "div { max-width: 600px } p { margin: 0 } a { color: #1b4a6b } "
    "h1 a, h3 a, td a, p + p > a { display: block; padding: 14px 0 }"
)

DONATE = "https://donation.dec.org.uk/ukraine-humanitarian-appeal"
LEARN = "https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal"


def paragraph(text: str, line: int = 0) -> Paragraph:
    return Paragraph(children=(Text(text=text),), line=line)


CALLOUT = appeal(
    body=(
        paragraph(
            "Disasters Emergency Committee (DEC) charities and their local partners are in Ukraine "
            "and in neighbouring countries providing food, water, shelter and medical assistance."
        ),
    ),
    allowed_hosts=("www.dec.org.uk", "dec.org.uk", "donation.dec.org.uk"),
    status=CalloutStatus.OPEN,
    launched=date(2022, 3, 3),
    last_verified=date(2026, 11, 20),
    verified_by="Ada",
    verified_source=LEARN,
    closed_wording=(paragraph("The DEC Ukraine appeal has closed. Thank you to all who gave."),),
)
OPEN = CalloutUse(callout=CALLOUT, status=CalloutStatus.OPEN, days_left=10)

ISSUE = parse_issue(
    Path(__file__).with_name("check_issue.md").read_text("utf-8"),
    name="2026-11-24-daily",
    file="issues/2026-11-24-daily.md",
).issue
LEAD = cast("Story", ISSUE.sections[0].blocks[0])
CALLOUT_REF = cast("CalloutRef", ISSUE.sections[0].blocks[1])
BRIEF = cast("Briefs", ISSUE.sections[1].blocks[0]).items[0]
SOURCES: Mapping[Story | Brief, StorySource] = {
    LEAD: StorySource(
        article=1,
        version=1,
        body=(
            "US officials say that Moscow has asked Beijing for military and economic support "
            "since its invasion of Ukraine.",
            "Both capitals have rejected the claim.",
        ),
    ),
    BRIEF: StorySource(
        article=2, version=1, body=("Services resume on Monday after the storm, the line said.",)
    ),
}


def with_story(story: Story) -> Issue:
    """The sample issue with another lead."""
    return with_blocks(story, CALLOUT_REF)


def with_blocks(*blocks: Block) -> Issue:
    """The sample issue with other blocks under its first heading."""
    first, *others = ISSUE.sections
    return replace(ISSUE, sections=(replace(first, blocks=blocks), *others))


def compose(issue: Issue = ISSUE, *uses: CalloutUse) -> ComposedIssue:
    """Compose as a template would, in small: headings, links, callout, footer, text part."""
    known = {use.callout.name: use.callout for use in (uses or (OPEN,))}
    html, text = [], [issue.subject, ""]
    links: list[ComposedLink] = []
    later = tuple(block for section in issue.sections[1:] for block in (section, *section.blocks))
    for block in (*issue.opening, *(issue.sections[0].blocks if issue.sections else ()), *later):
        match block:
            case Section(heading=heading):
                html.append(f"<h2>{escape(heading)}</h2>")
                text += [heading, ""]
            case Story():
                level = 2 if any("<h1>" in piece for piece in html) else 1
                image = block.image
                if image is not None:
                    html.append(f'<img src="{escape(image.url)}" alt="{escape(image.alt)}">')
                words = escape(block.headline)
                if block.url:
                    words = f'<a href="{escape(block.url)}">{words}</a>'
                    name = f"story: {block.headline}"
                    links.append(
                        ComposedLink(
                            url=block.url, text=block.headline, block=name, line=block.line
                        )
                    )
                html.append(f"<h{level}>{words}</h{level}>{_html(block.summary)}")
                text += [block.headline, _text(block.summary), block.url, ""]
            case Briefs(items=items):
                for item in items:
                    html.append(
                        f'<h3><a href="{escape(item.url)}">{escape(item.headline)}</a></h3>'
                        f"<p>{escape(item.text)}</p>"
                    )
                    text += [item.headline, item.text, item.url, ""]
            case CalloutRef() if block.name in known:
                callout = known[block.name]
                html.append(callout_html(callout))
                text += [callout.heading.upper(), _text(callout.body)]
                text += [f"{callout.link_text}:", callout.info_url]
                text += [f"{callout.button_text}:", callout.donation_url, ""]
                links += [
                    ComposedLink(url=url, text="", block=f"callout: {block.name}", line=block.line)
                    for url in (callout.info_url, callout.donation_url)
                ]
            case EditorMessage(body=blocks) | TextPassage(blocks=blocks):
                html.append(_html(blocks))
                text += [_text(blocks), ""]
            case _:
                pass
    footer = (
        '<p style="color:#5c584f">You get this because you signed up for The Daily from Example '
        f"News with the address {EMAIL_HTML}.</p>"
        f'<p><a href="{UNSUB_HTML}" style="color:#1b4a6b">Unsubscribe</a></p>'
        "<p>1 Example Street,<br>London</p>"
    )
    page = "\n".join(html) + footer
    return ComposedIssue(
        issue=issue.name,
        subject=issue.subject,
        html=f'<!DOCTYPE html>\n<html lang="en-GB" dir="ltr"><head>{METAS}'
        f"<title>{escape(issue.subject)}</title><style>{LOOKS}</style></head>\n"
        '<body style="background-color:#fffefb;color:#1c1b19"><div style="display:none">'
        f"{escape(issue.preheader)}{'&#847;&zwnj;&nbsp;' * 60}</div>"
        f'<div role="article" lang="en-GB" dir="ltr">{page}</div></body></html>\n',
        text="\n".join(
            [*text, f"Unsubscribe: {UNSUB_TEXT}", WHY_TEXT, "1 Example Street, London", ""]
        ),
        sentinels=SENTINELS,
        skeleton=Skeleton(segments=(b"a", b"b"), slots=(HREF,)),
        fingerprint="0" * 64,
        appearances=(("dec-ukraine", "shown"),),
        blocks=(BlockSize(name="story 1: the lead", bytes=len(page)),),
        links=tuple(links),
    )


def callout_html(callout: Callout) -> str:
    """The callout as a table cell, as a template sets it; its headline ends in a no-break space."""
    first, _, last = callout.heading.rpartition(" ")
    links = ((callout.info_url, callout.link_text), (callout.donation_url, callout.button_text))
    anchors = (f'<a href="{escape(url)}">{escape(words)}</a>' for url, words in links if url)
    return (
        f'<table role="presentation"><tr><td><p>Charity appeal</p>'
        f"<h2>{escape(first)}&nbsp;{escape(last)}</h2>"
        f"{_html(callout.body)}{'<br>'.join(anchors)}</td></tr></table>"
    )


def message_of(composed: ComposedIssue, **headers: str) -> bytes:
    """One message for a proof address; a header given as "-" is left out."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=76))
    fields = {
        "From": "Example News <news@example.org>",
        "Reply-To": "editor@example.org",
        "To": "Zoe <zoe@example.org>",
        "Subject": composed.subject,
        "Date": "Tue, 24 Nov 2026 06:30:00 +0000",
        "Message-ID": "<abc.1@example.org>",
        "List-Id": "The Daily <daily.example.org>",
        "List-Unsubscribe": f"<https://news.example.org/u/{TOKEN}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Feedback-ID": "2026-11-24-daily:daily:examplenews:a1b2c3d4",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    message["Subject"] = fields.pop("Subject").replace("\n", " ")
    if message["Subject"] == "-":
        del message["Subject"]
    # the library folds these so that a mail program would have to decode an address
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value != "-")
    message.set_content(filled(composed.text), cte="quoted-printable")
    message.add_alternative(filled(composed.html), subtype="html", cte="quoted-printable")
    return head.encode() + bytes(message)


def filled(text: str) -> str:
    """Put the reader's values in the place of the tokens."""
    for token, value in VALUES.items():
        text = text.replace(token, value)
    return text


def request_for(
    issue: Issue = ISSUE, *uses: CalloutUse, composed: ComposedIssue | None = None
) -> CheckRequest:
    """A request as `check` makes it, with a message made of the composition."""
    made = composed or compose(issue, *uses)
    return CheckRequest(
        issue=issue,
        newsletter=NEWSLETTER,
        composed=made,
        on=TODAY,
        moment=NOW,
        rechecked=(),
        callouts=uses or (OPEN,),
        example=message_of(made),
        sources=SOURCES,
    )


def found(request: CheckRequest, check: str) -> tuple[Finding, ...]:
    """What one check finds."""
    return tuple(finding for finding in run_checks(request).findings if finding.id == check)


def only(request: CheckRequest, check: str, *, beside: frozenset[str] = frozenset()) -> Finding:
    """The one thing that one check finds, where every other but some finds nothing grave."""
    report = run_checks(request)
    others = [error for error in report.errors if error.id not in {check, *beside}]
    assert not others, others
    (finding,) = (finding for finding in report.findings if finding.id == check)
    assert finding.remedy
    assert finding.check.startswith(f"{check} ")
    return finding


def with_html(old: str, new: str, composed: ComposedIssue | None = None) -> CheckRequest:
    """The sample with something else in its HTML."""
    made = composed or compose()
    assert old in made.html
    return request_for(composed=replace(made, html=made.html.replace(old, new)))


def with_text(old: str, new: str) -> CheckRequest:
    """The sample with something else in its text part."""
    made = compose()
    assert old in made.text
    return request_for(composed=replace(made, text=made.text.replace(old, new)))


def link_to(url: str, words: str = "the report") -> CheckRequest:
    """The sample with one more link in both parts."""
    anchor = f'<p>Here is <a href="{escape(url)}">{escape(words)}</a>.</p>'
    made = compose()
    return with_html("<h3>", f"{anchor}<h3>", replace(made, text=f"{made.text}\n{words} <{url}>\n"))


def linked(url: str, words: str) -> tuple[TextBlock, ...]:
    """A paragraph with a link."""
    return (Paragraph(children=(Text(text="See "), Link(url=url, children=(Text(text=words),)))),)


def errors(request: CheckRequest) -> list[str]:
    """The ids of all unwaived errors."""
    return [finding.id for finding in run_checks(request).findings if _is_error(finding)]


def _is_error(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def _html(blocks: tuple[TextBlock, ...]) -> str:
    return "".join(
        f"<p>{''.join(map(_inline_html, block.children))}</p>"
        for block in blocks
        if isinstance(block, Paragraph)
    )


def _inline_html(inline: object) -> str:
    match inline:
        case Text(text=text) | CodeSpan(text=text):
            return escape(text)
        case SlotRef():
            return NAME_HTML
        case Link(url=url, children=(Text(text=text),)):
            return f'<a href="{escape(url)}">{escape(text)}</a>'
        case _:
            return ""


def _text(blocks: tuple[TextBlock, ...]) -> str:
    words = ""
    for block in blocks:
        for inline in block.children if isinstance(block, Paragraph) else ():
            match inline:
                case Text(text=text) | CodeSpan(text=text):
                    words += text
                case SlotRef():
                    words += NAME_TEXT
                case Link(url=url, children=(Text(text=text),)):
                    words += f"{text} <{url}>"
                case _:
                    pass
    return "\n".join(words[at : at + 5000] for at in range(0, len(words), 5000))
