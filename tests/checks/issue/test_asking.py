"""Money asked for in prose, and what only tells of money given."""

from dataclasses import replace

import pytest
from check_samples import LEAD, NEWSLETTER, paragraph, request_for, with_story

from newsletter.checks.issue.asking import money_asked
from newsletter.model.finding import Severity


@pytest.mark.parametrize(
    ("language", "bids", "tells"),
    [
        (
            "en",
            "Please give what you can to the appeal.",
            "They gave what they could to the appeal.",
        ),
        ("en", "Every donation helps a family through winter.", "The donation helped one family."),
        ("fr", "Faites un don à la Croix-Rouge.", "Il a fait un don à la Croix-Rouge."),
        ("de", "Spenden Sie jetzt für die Opfer.", "Viele spendeten für die Opfer der Flut."),
        ("es", "Haz un donativo a la Cruz Roja.", "Hizo un donativo a la Cruz Roja."),
        (
            "en",
            "Please donate what you can.",
            "“Please give what you can,” the minister told the hall.",
        ),
        ("en", "You can donate online at the hospice.", "Donations may be sent to the hospice."),
    ],
)
def test_money_is_asked_for_in_a_callout_alone(language: str, bids: str, tells: str) -> None:
    newsletter = replace(NEWSLETTER, language=language)
    for text, expected in ((bids, [Severity.WARNING]), (tells, [])):
        issue = with_story(replace(LEAD, summary=(paragraph(f"The hall was full. {text}"),)))
        found = list(money_asked(replace(request_for(issue), newsletter=newsletter)))
        assert [finding.severity for finding in found] == expected, text
