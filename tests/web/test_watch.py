"""Noticing changes: edits in place, edits by renaming, files that come and go."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from serving import until

from newsletter.web.preview_service import Watcher, look_at_files, look_at_folder


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.md").write_text("one")
    return tmp_path


@pytest.fixture
def watcher(watched: Path) -> Iterator[Watcher]:
    running = Watcher(lambda: look_at_files((watched,)))
    running.start()
    yield running
    running.stop()


def rewrite(folder: Path) -> None:
    (folder / "sub/a.md").write_text("two, longer")


def rename(folder: Path) -> None:
    path = folder / "sub/a.md"
    stat = path.stat()
    (folder / "new").write_text("two")  # as long as the old one, and given its time
    os.utime(folder / "new", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (folder / "new").rename(path)


def remove(folder: Path) -> None:
    (folder / "sub/a.md").unlink()


def add(folder: Path) -> None:
    (folder / "sub/b.md").write_text("")


@pytest.mark.parametrize("change", [rewrite, rename, remove, add])
def test_a_change_is_noticed_within_a_second(
    watched: Path, watcher: Watcher, change: Callable[[Path], None]
) -> None:
    before = watcher.version
    change(watched)
    assert until(lambda: watcher.version > before) < 1


def test_a_folder_changes_with_each_file_renamed_into_it(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    before = look_at_folder(inbox)
    (tmp_path / "a").write_text("")
    (tmp_path / "a").rename(inbox / "a.eml")
    assert look_at_folder(inbox) != before
