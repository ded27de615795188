"""Which callouts a draft places and where, and why not the others; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.config.settings import NewsletterSettings
from newsletter.ingest.drafting.choice import Candidate
from newsletter.model.callout import (
    SENSITIVE,
    Callout,
    CalloutKind,
    CalloutPast,
    CalloutStatus,
    WhenClosed,
    belongs,
    outside,
    unfit,
)
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, CalloutRef, Section, Story
from newsletter.model.text import plain_text

_NEVER = datetime.min.replace(tzinfo=UTC)


def choose_callouts(
    newsletter: NewsletterSettings, callouts: Sequence[Callout], past: CalloutPast
) -> tuple[tuple[Callout, ...], list[Finding]]:
    """Return the callouts that the draft is to place, and findings on those it is not."""
    known = {callout.name: callout for callout in callouts}
    fit: list[Callout] = []
    findings: list[Finding] = []
    for name in dict.fromkeys(newsletter.callouts):
        callout = known.get(name)
        if callout is None:
            findings.append(
                draft_finding(
                    "D04 callout",
                    Severity.WARNING,
                    f"the callout {name} of {newsletter.name} has no file, so it was not placed",
                    file=f"callouts/{name}.md",
                    remedy=f"write callouts/{name}.md, or take {name} out of newsletter.toml",
                )
            )
        elif why := _unsuited(newsletter, callout, past):
            findings.append(_not_placed(name, why))
        else:
            fit.append(callout)
    fit.sort(
        key=lambda callout: (
            _status(callout, past) is not CalloutStatus.OPEN,
            past.last_used.get(callout.name, _NEVER),
        )
    )
    taken: list[Callout] = []
    for callout in fit:
        if len(taken) >= newsletter.most_callouts:
            names = " and ".join(other.name for other in taken)
            turn = f"it is the turn of {names}" if names else "most_callouts is 0"
            findings.append(_not_placed(callout.name, turn))
        elif _is_appeal(callout) and any(map(_is_appeal, taken)):
            findings.append(_not_placed(callout.name, "an issue has one appeal"))
        else:
            taken.append(callout)
    return tuple(taken), findings


def _unsuited(newsletter: NewsletterSettings, callout: Callout, past: CalloutPast) -> str:
    is_closed = _status(callout, past) is CalloutStatus.CLOSED
    if is_closed and callout.when_closed is WhenClosed.REMOVE:
        return "it is closed"
    elsewhere = outside(callout, country=newsletter.country, language=newsletter.language)
    rests, since = newsletter.callout_every - 1, past.issues_since
    if not elsewhere and _is_appeal(callout) and since is not None and since < rests:
        ago = "the last" if since == 0 else f"the one {since + 1} issues ago"
        return f"an appeal stands in one of {newsletter.callout_every} issues, and {ago} had one"
    return elsewhere


def _is_appeal(callout: Callout) -> bool:
    return callout.kind is CalloutKind.APPEAL


def _status(callout: Callout, past: CalloutPast) -> CalloutStatus:
    return past.statuses.get(callout.name, callout.status)


def with_callouts(
    sections: Sequence[Section], chosen: Sequence[Callout]
) -> tuple[tuple[Section, ...], tuple[str, ...], list[Finding]]:
    """Put each callout where it may stand; give the sections, the names placed, and findings."""
    placed: list[str] = []
    findings: list[Finding] = []
    for callout in chosen:
        at = next(_places(sections, callout), None)
        if at is None:
            why = "beside every place stands a story that it may not stand beside"
            findings.append(_not_placed(callout.name, why, severity=Severity.WARNING))
            continue
        sections = _inserted(sections, at, CalloutRef(name=callout.name))
        placed.append(callout.name)
    return tuple(sections), tuple(placed), findings


def _places(sections: Sequence[Section], callout: Callout) -> Iterator[tuple[int, int]]:
    stories = [
        ((number, index), block)
        for number, section in enumerate(sections)
        for index, block in enumerate(section.blocks)
        if isinstance(block, Story)
    ]
    first = next(
        (order for order, (_, story) in enumerate(stories) if belongs(callout, _text(story))), 0
    )
    for order in (*range(first, len(stories)), *range(first)):
        beside = [story for _, story in stories[order : order + 2]]
        if not any(unfit(callout, _text(story), _mark(story)) for story in beside):
            place, _ = stories[order]
            yield _behind_callouts(sections, place)


def _behind_callouts(sections: Sequence[Section], place: tuple[int, int]) -> tuple[int, int]:
    number, index = place
    blocks = sections[number].blocks
    while index + 1 < len(blocks) and isinstance(blocks[index + 1], CalloutRef):
        index += 1
    return number, index


def _inserted(
    sections: Sequence[Section], after: tuple[int, int], block: Block
) -> tuple[Section, ...]:
    number, index = after
    section = sections[number]
    blocks = (*section.blocks[: index + 1], block, *section.blocks[index + 1 :])
    return (*sections[:number], replace(section, blocks=blocks), *sections[number + 1 :])


def _text(story: Story) -> str:
    return " ".join((story.kicker, story.headline, *map(plain_text, story.summary)))


def _mark(story: Story) -> str:
    return dict(story.attributes).get(SENSITIVE, "")


def _not_placed(name: str, why: str, *, severity: Severity = Severity.INFO) -> Finding:
    message = f"the callout {name} was not placed: {why}"
    return draft_finding("D04 callout", severity, message, file=f"callouts/{name}.md")


def carried_callouts(
    newsletter: NewsletterSettings, taken: Sequence[Candidate], file: str
) -> list[Finding]:
    """Tell of callouts that an article carries and the newsletter does not."""
    found: list[Finding] = []
    for stored in taken:
        carried = {p.callout for p in stored.article.paragraphs if p.callout}
        for name in sorted(carried - set(newsletter.callouts)):
            message = f"article {stored.id} carries the callout {name}, which was not placed"
            found.append(
                draft_finding(
                    "D04 callout",
                    Severity.INFO,
                    message,
                    file=file,
                    remedy=f'write "::: callout {name}" and ":::" where it shall stand',
                )
            )
    return found


def draft_finding(
    check: str, severity: Severity, message: str, *, file: str, evidence: str = "", remedy: str = ""
) -> Finding:
    """Make one finding of a draft."""
    return Finding(
        check=check, severity=severity, message=message, evidence=evidence, file=file, remedy=remedy
    )
