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
