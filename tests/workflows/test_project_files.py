"""Which file a name means, and what is said where there is none."""

import pytest
from workflows.newsroom import Newsroom

from newsletter.errors import NotFound
from newsletter.workflows.project_files import issue_path


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
