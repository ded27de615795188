"""Checking an issue with all that a folder holds."""

from workflows.newsroom import SAMPLE, Newsroom

from newsletter.model.finding import Severity
from newsletter.workflows.issue.check_issue import check_issue


def test_what_the_issue_itself_comes_to_is_told_once(newsroom: Newsroom) -> None:
    newsroom.verify()
    newsroom.set("<p class", "<q1 class", "templates/parts/footer.mjml.j2")
    found = check_issue(newsroom.desk, SAMPLE).findings
    first = [one for one in found if one.id == "C01"]
    assert [one.severity for one in first] == [Severity.ERROR] * len(first)
    newsroom.set("{{ why }}", "{{ whyy }}", "templates/parts/footer.mjml.j2")
    assert [one.id for one in check_issue(newsroom.desk, SAMPLE).findings] == ["C06"]


def test_what_a_sample_lacks_hides_nothing_that_the_issue_lacks(newsroom: Newsroom) -> None:
    newsroom.verify()
    story = "templates/parts/story_macros.mjml.j2"
    newsroom.set("    {{ story.summary }}\n", "", story)
    found = check_issue(newsroom.desk, SAMPLE).findings
    assert ("O19", Severity.ERROR) in {(one.id, one.severity) for one in found}
    (sample,) = (one for one in found if one.id == "C09")
    assert (sample.severity, sample.file) == (Severity.WARNING, "templates/daily.mjml.j2")
    assert "does not show the lead's summary" in sample.message
