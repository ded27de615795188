"""The report on a draft, for the person who edits it: what was chosen, why, what to look at."""

import re
from collections.abc import Iterator

from newsletter.config.settings import ChoiceSettings, NewsletterSettings
from newsletter.ingest.drafting.choice import Candidate, Carrier, length
from newsletter.ingest.drafting.draft import Draft, alike_sentence
from newsletter.ingest.identity import web_address

_MARKUP = re.compile(r"([\\`*\[\]<>#&|~]|(?<!\w)_|_(?!\w))")  # an _ within a word is none
_METHODS = {
    "description": "the article's own description",
    "lead": "sentences of its text",
    "none": "none: no sentence can stand alone, write one",
}


def draft_report(draft: Draft, newsletter: NewsletterSettings) -> str:
    """Return the report as Markdown; what comes from sources shows as it is, never as markup."""
    made = draft.made_at.astimezone(newsletter.timezone)
    count = len(draft.articles)
    lines = [
        f"# Draft of {draft.issue.name}",
        "",
        f"Made {made:%Y-%m-%d %H:%M} ({newsletter.timezone.key}) for *{_plain(newsletter.title)}*."
        f" {count} article{'' if count == 1 else 's'} looked at, {len(draft.chosen)} chosen, at"
        f" most {newsletter.most_stories}. The issue is `{draft.issue.file}`: edit that, not this"
        " page.",
        "",
        *_to_do(draft),
        "## Chosen",
        "",
        *_chosen(draft),
        *_alike(draft),
        *_left_out(draft),
        *_rules(newsletter.choice),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _to_do(draft: Draft) -> Iterator[str]:
    if not draft.findings:
        return
    yield from ("## Look at first", "")
    for finding in draft.findings:
        remedy = f"; {finding.remedy}" if finding.remedy else ""
        shown = f" ({_plain(finding.evidence)})" if finding.evidence else ""
        yield f"- **{finding.severity}** {_plain(finding.message)}{shown}{_plain(remedy)}"
    yield ""


def _chosen(draft: Draft) -> Iterator[str]:
    section = ""
    for number, story in enumerate(draft.chosen, 1):
        if story.section != section:
            section = story.section
            yield from (f"### {_plain(section)}", "")
        candidate = draft.articles[story.article]
        yield f"{number}. **{_plain(candidate.article.title.value)}** — {_where(candidate)}"
        yield f"   - {_plain(story.why)}"
        yield f"   - Summary: {_METHODS.get(story.summary.method, _plain(story.summary.method))}."
        if story.carriers:
            yield f"   - Also carried by {', '.join(map(_carrier, story.carriers))}."
        yield ""
    for name in draft.callouts:
        yield from (f"Callout: `{name}`", "")


def _alike(draft: Draft) -> Iterator[str]:
    if draft.alike:
        yield from ("## Perhaps the same", "")
        for pair in draft.alike:
            first, second = (_title(draft, number) for number in (pair.one, pair.other))
            yield f"- {_plain(alike_sentence(pair)).capitalize()}: {first}, and {second}."
        yield ""


def _left_out(draft: Draft) -> Iterator[str]:
    if not draft.left_out:
        return
    yield from ("## Left out", "")
    # What had points by them, then the rest by number.
    for left in sorted(
        draft.left_out, key=lambda left: (-left.score.total if left.score else 10**9, left.article)
    ):
        yield f"- {_title(draft, left.article)} — {_where(draft.articles[left.article])}."
        yield f"  {_plain(left.why)}"
    yield ""
    yield (
        "To take one in: `newsletter pin NUMBER`; to keep one out: `newsletter block NUMBER`; then "
        "move the issue's file away and draft again."
    )
    yield ""


def _rules(rules: ChoiceSettings) -> Iterator[str]:
    yield "## How points are counted"
    yield ""
    yield (
        f"Up to {rules.freshness:g} for freshness (half of it after {length(rules.half_life)}),"
        f" {rules.source:g} times the source's weight, up to {rules.place:g} for the place in the"
        f" feed, {rules.carried:g} for each other source (three at most), less {rules.variety:g}"
        " for each story of the same source before it. Pins come first. `[newsletters.NAME.choice]`"
        " in newsletter.toml changes this."
    )


def _title(draft: Draft, number: int) -> str:
    return f"“{_plain(draft.articles[number].article.title.value)}” ({number})"


def _where(candidate: Candidate) -> str:
    source = candidate.article.source or "added by hand"
    return f"article {candidate.id}, {source}, {_link(candidate.article.url) or 'no link'}"


def _carrier(carrier: Carrier) -> str:
    name = carrier.source or "an article added by hand"
    return f"{name} {_link(carrier.url)} (article {carrier.article})".replace("  ", " ")


def _link(url: str) -> str:
    address = web_address(url)
    return f"<{address}>" if address else ""


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
