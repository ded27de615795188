"""Files written together: all are new, or all stay as they were."""

from pathlib import Path

import pytest

from newsletter.errors import UserError
from newsletter.workflows.project_files import write_together


def test_where_one_file_cannot_be_written_none_is(tmp_path: Path) -> None:
    write_together(tmp_path, {"a": b"old", "b": b"old"})
    (tmp_path / "c").mkdir()
    with pytest.raises(UserError, match="cannot be written: is a directory") as told:
        write_together(tmp_path, {"a": b"new", "b": b"new", "c": b"new"})
    assert told.value.hint == "what was there before is untouched"
    assert [(tmp_path / name).read_bytes() for name in ("a", "b")] == [b"old", b"old"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]
