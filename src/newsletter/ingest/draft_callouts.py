"""Where a draft places its callouts, and what is to be said of those it does not place; pure."""

from collections.abc import Sequence

from newsletter.config.settings import NewsletterSettings
from newsletter.ingest.candidates import Candidate
from newsletter.ingest.draft_findings import draft_finding
from newsletter.model.callout import Callout, CalloutStatus, WhenClosed
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import CalloutRef, Section


def choose_callouts(
    newsletter: NewsletterSettings, callouts: Sequence[Callout]
) -> tuple[tuple[CalloutRef, ...], list[Finding]]:
    """Give the callouts that the draft places, and findings on those it does not."""
    known = {callout.name: callout for callout in callouts}
    placed: list[CalloutRef] = []
    findings: list[Finding] = []
    language = newsletter.language.partition("-")[0].casefold()
    for name in dict.fromkeys(newsletter.callouts):
        callout = known.get(name)
        file = f"callouts/{name}.md"
        if callout is None:
            findings.append(
                draft_finding(
                    "D04 callout",
                    Severity.WARNING,
                    f"the callout {name} of {newsletter.name} has no file, so it was not placed",
                    file=file,
                    remedy=f"write {file}, or take {name} out of newsletter.toml",
                )
            )
        elif callout.status is CalloutStatus.CLOSED and callout.when_closed is WhenClosed.REMOVE:
            message = f"the callout {name} is closed, so it was not placed"
            findings.append(draft_finding("D04 callout", Severity.INFO, message, file=file))
        elif callout.languages and language not in {
            known_language.partition("-")[0].casefold() for known_language in callout.languages
        }:
            message = f"the callout {name} is not for readers of {newsletter.language}"
            findings.append(draft_finding("D04 callout", Severity.INFO, message, file=file))
        else:
            placed.append(CalloutRef(name=name))
    return tuple(placed), findings


def with_callouts(sections: Sequence[Section], placed: Sequence[CalloutRef]) -> tuple[Section, ...]:
    """Put callouts after the lead, which stands in the first section."""
    first, *others = sections
    lead, *rest = first.blocks
    return (Section(heading=first.heading, blocks=(lead, *placed, *rest)), *others)


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
