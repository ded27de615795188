"""Which file a name means, and what is said where there is none."""

import shutil

import pytest
from workflows.newsroom import Newsroom

from newsletter.errors import NotFound, UserError
from newsletter.workflows.project_files import issue_name, issue_path, leads_elsewhere


def test_a_name_with_a_day_is_never_taken_for_the_issue_of_another(newsroom: Newsroom) -> None:
    settings = newsroom.desk.settings
    nearest = "did you mean 2022-03-16-daily?"
    latest = f"issues are files in {settings.issues_folder}; the latest is 2022-03-16-daily"
    wanted = {
        "2022-03-16-dayly": nearest,
        "2022-13-16-daily": nearest,
        "2022-03-15-daily": latest,
        "2026-11-27-daily": latest,
        "budget": latest,
    }
    for name, hint in wanted.items():
        with pytest.raises(NotFound) as caught:
            issue_path(settings, name)
        assert caught.value.hint == hint, name


def test_links_that_lead_to_one_another_are_a_mistake_like_other_links(newsroom: Newsroom) -> None:
    settings = newsroom.desk.settings
    shutil.rmtree(settings.issues_folder)
    settings.issues_folder.symlink_to("issues")
    for given in ("2022-03-16-daily", "issues/2022-03-16-daily.md"):
        with pytest.raises(UserError):
            issue_path(settings, issue_name(settings, given))
    assert leads_elsewhere(settings.issues_folder)
