"""The temporary folder: gone at the end, swept where its process was killed, never another's."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.simulate.browser import MOST_PLACE, PREFIX, own_folder


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:  # tmp_path is too long for a socket
        monkeypatch.setattr(tempfile, "tempdir", made)
        yield Path(made)


def test_it_is_gone_at_the_end(place: Path) -> None:
    with own_folder() as folder:
        (folder / "deep").mkdir()
        (folder / "deep/file").write_text("x")
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_what_lives_stays(place: Path) -> None:
    program = (
        "import os, sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from newsletter.simulate.browser import own_folder\n"
        "with own_folder() as folder: print(folder, flush=True); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(place)], capture_output=True, text=True, check=False
    )
    left = Path(ended.stdout.strip())
    assert left.is_dir()
    with own_folder() as one, own_folder() as other:
        assert not left.exists()
        assert one.is_dir()
        assert other.is_dir()


def test_links_files_and_folders_without_a_lock_are_left_alone(place: Path) -> None:
    (place / "kept").mkdir()
    (place / "kept/lock").write_text("")
    (place / f"{PREFIX}link").symlink_to(place / "kept")
    (place / f"{PREFIX}file").write_text("x")
    (place / f"{PREFIX}other").mkdir()
    with own_folder():
        pass
    assert (place / "kept/lock").exists()
    assert len(list(place.iterdir())) == 4


def test_a_long_place_is_left_for_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * MOST_PLACE)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with own_folder() as folder:
        assert not folder.is_relative_to(long)
