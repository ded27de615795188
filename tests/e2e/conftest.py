"""The folder that the end-to-end tests work in."""

from pathlib import Path

import pytest
from e2e.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder fresh from `newsletter init`, in which mail goes out without a hold."""
    made = Folder(tmp_path / "x")
    made.path.mkdir()
    made.run("init")
    made.set('hold = "60s"', 'hold = "0s"')
    return made
