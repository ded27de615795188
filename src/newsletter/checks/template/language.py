"""Whether a mail has its standing words ("Unsubscribe") in its own language."""

from collections.abc import Iterator

from newsletter.checks.request import CheckRequest
from newsletter.config.languages import SPOKEN, base_of, english_name_of
from newsletter.model.finding import Finding, Severity

LANGUAGE_WORDS = "C11 language-words"


def language_words(request: CheckRequest) -> Iterator[Finding]:
    """Tell that the standing words are English in a mail of another language."""
    language = request.newsletter.language
    if base_of(language) in SPOKEN:
        return
    name = english_name_of(language)
    yield Finding(
        check=LANGUAGE_WORDS,
        severity=Severity.WARNING,
        message=f"the mail is in {name}, and there are no standing words in it: they are English",
        evidence=f'language = "{language}"; "Unsubscribe", "View online", "Read the full story" …',
        file="newsletter.toml",
        remedy=f"write them in {name} into templates of your own, where {{{{ words.… }}}} stands",
    )
