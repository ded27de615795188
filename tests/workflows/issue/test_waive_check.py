"""Exceptions of named persons: kept with the issue, shown in its report, taken back."""

import pytest
from workflows.newsroom import SAMPLE, Newsroom

from newsletter.errors import UserError
from newsletter.model.finding import Waiver
from newsletter.workflows.approval.approve_issue import approve_issue
from newsletter.workflows.issue.build_issue import build_issue
from newsletter.workflows.issue.check_issue import check_issue, unwaive, waive

PICTURE = Waiver(check="s07 Story-Complete", by=" Ada  Lovelace ", reason="a picture\n story")
ISSUE_FILE = f"issues/{SAMPLE}.md"


def without_a_summary(newsroom: Newsroom) -> None:
    newsroom.verify()
    newsroom.subscribe(3)
    text = (newsroom.folder / ISSUE_FILE).read_text("utf-8")
    summary = next(line for line in text.splitlines() if line.startswith("Russian President"))
    newsroom.set(summary + "\n", "", ISSUE_FILE)


def test_a_waived_error_blocks_no_more_and_tells_who_when_and_why(newsroom: Newsroom) -> None:
    without_a_summary(newsroom)
    assert [error.id for error in check_issue(newsroom.desk, SAMPLE).errors] == ["S07"]
    waive(newsroom.desk, SAMPLE, PICTURE)
    report = check_issue(newsroom.desk, SAMPLE)
    ((finding, waiver),) = report.waived
    assert (finding.id, waiver.check) == ("S07", "S07")
    assert (waiver.by, waiver.reason) == ("Ada Lovelace", "a picture story")
    assert waiver.at == newsroom.clock.now()
    approve_issue(newsroom.desk, SAMPLE, by="A. Editor")


def test_the_builds_report_holds_the_waivers_until_they_are_taken_back(newsroom: Newsroom) -> None:
    without_a_summary(newsroom)
    waive(newsroom.desk, SAMPLE, PICTURE)
    at = newsroom.clock.now().isoformat()
    kept = {"check": "S07", "by": "Ada Lovelace", "reason": "a picture story", "at": at}
    assert build_issue(newsroom.desk, SAMPLE).report["waivers"] == [kept]
    unwaive(newsroom.desk, SAMPLE, "S07")
    assert build_issue(newsroom.desk, SAMPLE).report["waivers"] == []
    with pytest.raises(UserError, match="no waiver of S07 story-complete is kept"):
        unwaive(newsroom.desk, SAMPLE, "S07")


@pytest.mark.parametrize(
    ("check", "says", "hint"),
    [
        ("S99", "there is no check S99", "checks.md lists them"),
        ("story-complet", "there is no check story-complet", "did you mean story-complete?"),
        ("S04", "S04 cannot be waived", "misleads readers"),
        ("O15", "O15 cannot be waived", "by law"),
        ("S12", "S12 cannot be waived", "it warns, and a person decides"),
    ],
)
def test_a_waiver_of_what_cannot_be_waived_is_refused(
    newsroom: Newsroom, check: str, says: str, hint: str
) -> None:
    with pytest.raises(UserError) as caught:
        waive(newsroom.desk, SAMPLE, Waiver(check=check, by="Ada", reason="because"))
    assert caught.value.message == says
    assert hint in caught.value.hint


@pytest.mark.parametrize(("by", "reason"), [("", "because"), ("Ada", " \n")])
def test_a_waiver_without_name_or_reason_is_refused(
    newsroom: Newsroom, by: str, reason: str
) -> None:
    with pytest.raises(UserError, match="a name and a reason"):
        waive(newsroom.desk, SAMPLE, Waiver(check="S07", by=by, reason=reason))
