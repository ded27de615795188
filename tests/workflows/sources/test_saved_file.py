"""Saved pages and texts: what can be read at all."""

import os
from pathlib import Path

import pytest

from newsletter.errors import UserError
from newsletter.workflows.sources.add_article import read_saved


def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.html").symlink_to("/dev/zero")
    for name in ("pipe.txt", "zero.html"):
        with pytest.raises(UserError, match="pipe, socket or device"):
            read_saved(tmp_path / name)
