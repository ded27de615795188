"""Which file a name means, and what is said where there is none."""

import shutil

import pytest
from workflows.newsroom import Newsroom

from newsletter.errors import UserError
from newsletter.workflows.project_files import issue_name, issue_path, leads_elsewhere


def test_links_that_lead_to_one_another_are_a_mistake_like_other_links(newsroom: Newsroom) -> None:
    settings = newsroom.desk.settings
    shutil.rmtree(settings.issues_folder)
    settings.issues_folder.symlink_to("issues")
    for given in ("2022-03-16-daily", "issues/2022-03-16-daily.md"):
        with pytest.raises(UserError):
            issue_path(settings, issue_name(settings, given))
    assert leads_elsewhere(settings.issues_folder)
