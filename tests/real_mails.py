"""Mails as the composer really makes them of realistic issues, ready for the checks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from check_samples import NEWSLETTER, TODAY
from composing import templates

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
_ISSUES = Path(__file__).with_name("real_issues")
HEAD = (_ISSUES / "head.md").read_text("utf-8")
ISSUE = HEAD + (_ISSUES / "day.md").read_text("utf-8")


def shipped_templates() -> dict[str, str]:
    """All template files by their path in templates/."""
    return dict(templates())


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
    given: Mapping[str, str],
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
            templates=given,
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
        templates=given,
    )


def changed(given: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """The templates with one mistake planted."""
    assert old in given[name]
    return {**given, name: given[name].replace(old, new)}


def many(stories: int) -> str:
    """An issue of so many stories, each with all its parts."""
    story = (_ISSUES / "story.md").read_text("utf-8")
    return HEAD + "\n".join(story.format(number) for number in range(1, stories + 1))
