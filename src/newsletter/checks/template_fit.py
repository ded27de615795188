"""C checks: what composing found in templates, and whether issue and language suit them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from newsletter.checks.place import tell
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import cards_of, shorten, stories
from newsletter.config.languages import SPOKEN, base_of, english_name_of
from newsletter.model.finding import Finding, Severity

COMPILE_CRASH = "C05 compile-crash"
TEMPLATE_FIT = "C10 template-fit"
LANGUAGE_WORDS = "C11 language-words"
BREAKING, WEEKLY = "breaking", "weekly"
FEWEST_FOR_CONTENTS = 4  # fewer stories are seen at a glance: a list of them is in the way


def found_by_composing(label: str) -> Callable[[CheckRequest], Iterator[Finding]]:
    """Make the check that hands on the findings with the label's id."""
    code = label.split(" ", 1)[0]

    def hand_on(request: CheckRequest) -> Iterator[Finding]:
        for finding in request.compile_findings:
            if finding.id == code:
                yield replace(finding, check=label, file=finding.file or request.file)

    return hand_on


def compile_crash(request: CheckRequest) -> Iterator[Finding]:
    """C05: composing came to an end; no mail and no reason for it is a finding too."""
    yield from found_by_composing(COMPILE_CRASH)(request)
    told = any(finding.severity is Severity.ERROR for finding in request.compile_findings)
    if request.composed is None and not told:
        message, remedy = "the issue could not be composed", "build it and look at what is reported"
        place = request.file, 0
        yield tell(COMPILE_CRASH, place, message, remedy=remedy, severity=Severity.ERROR)


def issue_fits(request: CheckRequest) -> Iterator[Finding]:
    """C10: breaking has one story, weekly enough of them for its list of contents."""
    cards, template = list(cards_of(request.issue)), request.newsletter.template
    found = list(stories(request.issue))
    if template == BREAKING and len(found) != 1:
        second = found[1] if found else None
        yield tell(
            TEMPLATE_FIT,
            (request.file, second.line if second else 0),
            f"the template breaking is for one story; this issue has {len(found)}",
            f"the second: {shorten(second.headline, 60)}" if second else "no story",
            'keep one story and tell the rest as text, or set template = "daily"',
        )
    if template == WEEKLY and len(cards) < FEWEST_FOR_CONTENTS:
        yield tell(
            TEMPLATE_FIT,
            (request.file, 0),
            f"the template weekly lists its contents, and this issue has {len(cards)}",
            f"{len(cards)} of at least {FEWEST_FOR_CONTENTS}",
            'add stories, or set template = "daily" for this newsletter',
        )


def language_words(request: CheckRequest) -> Iterator[Finding]:
    """C11: the standing words are there in the mail's language."""
    language = request.newsletter.language
    if base_of(language) not in SPOKEN:
        name = english_name_of(language)
        yield tell(
            LANGUAGE_WORDS,
            ("newsletter.toml", 0),
            f"the mail is in {name}, and there are no standing words in it: they are English",
            f'language = "{language}"; "Unsubscribe", "View online", "Read the full story" …',
            f"write them in {name} into templates of your own, where {{{{ words.… }}}} stands",
        )
