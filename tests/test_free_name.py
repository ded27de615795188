"""A new file takes a free name and no other, where links are refused as well."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.free_name import take_free_name

TESTS = Path(__file__).parent

# Writes in each way the program has, twice, where the kernel refuses links.
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from no_links import refuse_links
from newsletter.issues.save import save_new
from newsletter.workflows.project_files import write_new

refuse_links(int(sys.argv[2]))
folder = Path(sys.argv[1])
print(write_new(folder / "a", b"one"), write_new(folder / "a", b"two"))
print(save_new(folder / "b", "one"), save_new(folder / "b", "two"))
"""


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("one")
    take_free_name(tmp_path / "new", tmp_path / "name")
    (tmp_path / "other").write_text("two")
    with pytest.raises(FileExistsError):
        take_free_name(tmp_path / "other", tmp_path / "name")
    assert (tmp_path / "name").read_text() == "one"


@pytest.mark.parametrize("error", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
def test_so_it_is_on_a_file_system_without_links(tmp_path: Path, error: int) -> None:
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), str(error), str(TESTS)],
        text=True,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert told.stdout == "True False\nTrue False\n"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "one", "b": "one"}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o644}
