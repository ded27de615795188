"""Money asked for in prose, and what only tells of money given."""

from dataclasses import replace

import pytest
from check_samples import LEAD, paragraph, request_for, with_story

from newsletter.checks.issue.asking import money_asked
from newsletter.model.finding import Severity


@pytest.mark.parametrize(
    ("bids", "tells"),
    [
        ("Please give what you can to the appeal.", "They gave what they could to the appeal."),
        ("Every donation helps a family through winter.", "The donation helped one family."),
        ("Faites un don à la Croix-Rouge.", "Il a fait un don à la Croix-Rouge."),
        ("Spenden Sie jetzt für die Opfer.", "Viele spendeten für die Opfer der Flut."),
        ("Haz un donativo a la Cruz Roja.", "Hizo un donativo a la Cruz Roja."),
        ("Please donate what you can.", "“Please give what you can,” the minister told the hall."),
        ("You can donate online at the hospice.", "Donations may be sent to the hospice."),
    ],
)
def test_money_is_asked_for_in_a_callout_alone(bids: str, tells: str) -> None:
    for text, expected in ((bids, [Severity.WARNING]), (tells, [])):
        issue = with_story(replace(LEAD, summary=(paragraph(f"The hall was full. {text}"),)))
        found = list(money_asked(request_for(issue)))
        assert [finding.severity for finding in found] == expected, text
