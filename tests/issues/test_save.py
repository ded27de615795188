"""A file is written whole or not at all."""

import os
import resource
import signal
from pathlib import Path

import pytest

from newsletter.errors import UserError
from newsletter.issues.save import save_text


def test_the_text_goes_out_as_it_is_and_the_mode_stays(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text("old", "utf-8")
    file.chmod(0o640)
    save_text(file, "\ufeffnew\r\né\n")
    assert file.read_bytes() == "\ufeffnew\r\né\n".encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.md"]


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text("old", "utf-8")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))  # as a full disk, for us alone
        with pytest.raises(UserError, match="cannot be written"):
            save_text(file, "x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert file.read_text("utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.md"]


def test_no_permission_is_one_sentence(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        folder = tmp_path / "none"
        with pytest.raises(UserError, match="cannot be written: no such file"):
            save_text(folder / "x.md", "x")
        return
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="permission denied"):
        save_text(tmp_path / "x.md", "x")


@pytest.mark.covers("T47")
def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old", "utf-8")
    (tmp_path / "x.md").symlink_to(tmp_path / "a")
    with pytest.raises(UserError, match="is a link"):
        save_text(tmp_path / "x.md", "new")
    assert (tmp_path / "a").read_text("utf-8") == "old"
