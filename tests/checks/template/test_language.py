"""A mail whose language has no standing words says so."""

from dataclasses import replace

import pytest
from check_samples import found, only, request_for

from newsletter.checks.request import CheckRequest
from newsletter.config.languages import SPOKEN
from newsletter.model.finding import Severity


def request(language: str) -> CheckRequest:
    made = request_for()
    return replace(made, newsletter=replace(made.newsletter, language=language))


@pytest.mark.parametrize("language", [*SPOKEN, "en-US", "fr-CA", "de-AT", "ar-EG", "EN"])
def test_a_language_with_words_is_fine(language: str) -> None:
    assert found(request(language), "C11") == ()


def test_another_language_is_named() -> None:
    finding = only(request("it-CH"), "C11", beside=frozenset({"O04"}))  # the sample says en-GB
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "the mail is in Italian, and there are no standing words in it: they are English"
    )
    assert finding.evidence.startswith('language = "it-CH"')
    assert finding.file == "newsletter.toml"
