"""Mails as the composer really makes them of realistic issues, ready for the checks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from check_samples import NEWSLETTER, TODAY

from newsletter.audience.tokens import new_key, proof_links
from newsletter.checks.request import CheckRequest
from newsletter.compose.composer import CalloutPlacement, Composer, ComposeRequest
from newsletter.compose.message.skeleton import assemble
from newsletter.config.settings import NewsletterSettings
from newsletter.issues.callout_file import parse_callout, verified_text
from newsletter.issues.callout_rules import appearances, effective_status
from newsletter.issues.save import parse_issue
from newsletter.model.callout import Appearance, Callout
from newsletter.model.issue import Issue

ROOT = Path(__file__).parents[1]
APPEAL = ROOT / "callouts" / "dec-ukraine.md"
HEAD = """---
newsletter: daily
date: 2026-11-24
subject: "Rail strike called off, and five more reads"
preheader: "What the deal means for your journey this week"
---
Good morning, [[name|reader]].

# Top story

"""
ISSUE = f"""{HEAD}## [Rail strike called off after late-night talks](https://example.org/rail?a=1&b=2)
**Transport**
![A platform full of people at rush hour](https://example.org/img/rail.jpg)
*By Jane Doe · Example News · 4 min read*

Trains will run as usual on Tuesday: the union's leaders said the "best and final" offer was
good enough to put to their members, who vote next week. See [the offer](https://example.org/offer.pdf).

::: callout dec-ukraine
:::

# In depth

## [“Hide and seek”: how advertisers hide ads in plain sight](https://example.org/ads)

An advertisement need not say that it is one, the regulator found; comment guidelines are to follow.

- Related questions: who pays?
- See more of the report at <https://example.org/report>.

## [Amazon.com and Booking.com lose in court](http://example.org/court)

The judges in Luxembourg ruled on Monday both must share data with the smaller rivals they list.

## [سكان المدينة ينتظرون القطار منذ ساعات](https://example.org/ar)

قال المسؤولون إن القطارات ستعود إلى العمل صباح الثلاثاء بعد اتفاق مع النقابات على الأجور.

> A quotation of "[[name]]" in `[[email|you]]` stays as typed: \\[[name]].

# In brief

- [Fishing boat found](https://example.org/boat): all five aboard are safe and well.
- [Write to us](mailto:editor@example.org)

::: editor
A message from the editor:

Thank you for reading. Please follow us on [Mastodon](https://social.example/@news), and mail
editor@example.org or ring 020 7946 0000 if you want to sign up to our Sunday newsletter.
:::
"""


def shipped_templates() -> dict[str, str]:
    """All template files by their path in templates/."""
    folder = ROOT / "templates"
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def verified_appeal() -> Callout:
    """The shipped appeal, verified today."""
    source = verified_text(
        APPEAL.read_text("utf-8"),
        name="dec-ukraine",
        file="callouts/dec-ukraine.md",
        by="Ada",
        source_url="https://www.dec.org.uk/appeal/ukraine-humanitarian-appeal",
        on=TODAY,
    )
    return parse_callout(source, name="dec-ukraine", file="callouts/dec-ukraine.md")


def parsed(source: str) -> Issue:
    return parse_issue(source, name="2026-11-24-daily", file="issues/2026-11-24-daily.md").issue


def made_of(
    composer: Composer,
    issue: Issue,
    templates: Mapping[str, str],
    callout: Callout,
    newsletter: NewsletterSettings = NEWSLETTER,
) -> CheckRequest:
    """What `check` makes: the mail as a real send carries it, and a message with proof links."""
    use = effective_status(callout, TODAY)
    placement = CalloutPlacement(
        use=use, appearance=appearances(use) or Appearance.SHOWN, marked=False
    )
    composition = composer.compose(
        ComposeRequest(
            issue=issue,
            newsletter=newsletter,
            callouts=(placement,),
            templates=templates,
            origins=True,
        )
    )
    example = None
    if composition.composed is not None:
        links = proof_links(
            newsletter.public_url, new_key(), list_name=newsletter.list, issue=issue.name
        )
        values = {
            "name": "",
            "email": "editor@example.org",
            "unsubscribe_url": links.unsubscribe_url,
            "preferences_url": links.preferences_url,
            "view_online_url": links.view_online_url,
            "date": "Tue, 24 Nov 2026 06:30:00 +0000",
            "message_id": "7f3a@example.org",
            "delivery": "proof",
        }
        example = assemble(composition.composed.skeleton, values)
    return CheckRequest(
        issue=issue,
        newsletter=newsletter,
        composed=composition.composed,
        compile_findings=composition.findings,
        on=TODAY,
        moment=datetime(2026, 11, 24, 5, 0, tzinfo=UTC),
        callouts=(use,),
        example=example,
        templates=templates,
    )


def changed(templates: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """The templates with one mistake planted."""
    assert old in templates[name]
    return {**templates, name: templates[name].replace(old, new)}


def many(stories: int) -> str:
    """An issue of so many stories, each with all its parts."""
    story = """## [Headline number {0} of a long and busy day](https://example.org/news/{0})
**Region**
![What the picture of story {0} shows](https://example.org/img/{0}.jpg)
*By Jane Doe · Example News*

Officials said on Monday that the talks would go on, and that nobody should expect a quick result
from a meeting which had been called at short notice by both sides.
"""
    return HEAD + "\n".join(story.format(number) for number in range(1, stories + 1))
