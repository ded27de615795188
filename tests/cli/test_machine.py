"""What a machine says no to is told in a sentence; what the program does wrong is named a bug."""

import errno
from pathlib import Path

import pytest

from newsletter.cli.machine import machine_trouble, name_trouble
from newsletter.cli.trace import internal_error


def test_what_the_machine_lacks_is_no_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table: list[tuple[Exception, str, int]] = [
        (OSError(errno.EMFILE, "Too many open files"), "a file: too many open files", 3),
        (PermissionError(errno.EACCES, "Permission denied", "x.md"), "x.md: permission denied", 2),
        (MemoryError(), "there is not enough memory", 3),
        (RuntimeError("can't start new thread"), "no further thread can be started", 3),
    ]
    for error, says, code in table:
        trouble = machine_trouble(error)
        assert trouble is not None, error
        assert trouble.sentence.startswith(says)
        assert trouble.exit_code == code
        assert internal_error(error).startswith(f"error: {says}")
    for error in (RuntimeError("else"), OSError(errno.EBADF, "Bad file"), KeyError("x")):
        assert machine_trouble(error) is None
        assert "this is a bug" in internal_error(error)


def test_a_name_that_is_not_utf_8_is_told_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = UnicodeEncodeError("utf-8", "\udce9", 0, 1, "surrogates not allowed")
    trouble = name_trouble(error, ["--consent", "caf\udce9 \u00e9"])
    assert trouble is not None
    assert (trouble.sentence, trouble.exit_code) == ('"caf\\xe9 \u00e9" is not UTF-8', 2)
    assert name_trouble(error, ["add", "caf\u00e9"]) is None
    assert name_trouble(ValueError(), ["\udce9"]) is None
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    monkeypatch.chdir(folder)
    trouble = name_trouble(error, ["plan"])
    assert trouble is not None
    assert trouble.sentence == f'"{tmp_path}/caf\\xe9" is not UTF-8'
