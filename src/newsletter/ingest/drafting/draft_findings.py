"""What an editor should mend or look at in a draft, as findings; pure."""

from collections.abc import Iterable, Sequence

from newsletter.config.settings import NewsletterSettings
from newsletter.ingest.drafting.candidates import Candidate
from newsletter.ingest.drafting.same_story import Alike, Likeness
from newsletter.model.article import ArticleState, Summary
from newsletter.model.finding import Finding, Severity


def story_findings(stored: Candidate, summary: Summary, file: str) -> list[Finding]:
    """Return what one story still wants."""
    article = stored.article
    named = f"article {stored.id}"
    found: list[Finding] = []
    if article.state is ArticleState.NEEDS_LOOK:
        message = f"{named} needs a look: {'; '.join(article.reasons)}"
        found.append(
            draft_finding(
                "D01 needs-look", Severity.WARNING, message, file=file, evidence=article.title.value
            )
        )
    if not summary.text:
        found.append(
            draft_finding(
                "D02 summary",
                Severity.WARNING,
                f"no sentence of {named} can stand alone as its summary",
                file=file,
                evidence=article.title.value,
                remedy="write the story's summary",
            )
        )
    if not article.url:
        found.append(
            draft_finding(
                "D03 link",
                Severity.WARNING,
                f"{named} has no public address, so its story has no link",
                file=file,
                evidence=article.title.value,
                remedy='add it with "--url https://…", or write the link into the issue',
            )
        )
    return found


def count_findings(newsletter: NewsletterSettings, count: int, file: str) -> list[Finding]:
    """Return that there are fewer stories than the newsletter wants."""
    if count >= newsletter.fewest_stories:
        return []
    message = f"the issue has {count} of at least {newsletter.fewest_stories} stories"
    return [draft_finding("D06 few-stories", Severity.INFO, message, file=file)]


def alike_findings(pairs: Iterable[Alike], chosen: Sequence[int], file: str) -> list[Finding]:
    """Return which two chosen stories may be one; titles that are alike are a hint and no more."""
    found: list[Finding] = []
    for pair in pairs:
        if pair.one not in chosen or pair.other not in chosen:
            continue
        is_hint = pair.likeness is Likeness.TITLE
        found.append(
            draft_finding(
                "D08 alike",
                Severity.INFO if is_hint else Severity.WARNING,
                alike_sentence(pair),
                file=file,
                remedy="read both, and keep one where they are one story",
            )
        )
    return found


def alike_sentence(pair: Alike) -> str:
    """Return how two articles are alike."""
    one, other, share = f"article {pair.one}", f"article {pair.other}", f"{pair.shared:.0%}"
    match pair.likeness:
        case Likeness.CONTAINED:
            return f"{other} contains {share} of the text of {one}, which is much shorter"
        case Likeness.TITLE:
            return f"the headlines of {one} and {other} are alike"
        case Likeness.SAME | Likeness.RELATED:
            return f"{one} and {other} share {share} of the shorter text"


def draft_finding(
    check: str,
    severity: Severity,
    message: str,
    *,
    file: str,
    evidence: str = "",
    remedy: str = "",
) -> Finding:
    """Make one finding of a draft."""
    return Finding(
        check=check, severity=severity, message=message, evidence=evidence, file=file, remedy=remedy
    )
