"""`make demo` ends well: its story is the first thing that anybody sees of the program."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_demo_tells_its_story_to_the_end(tmp_path: Path) -> None:
    for folder in ("scripts", "demo"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "newsletter").symlink_to(Path(sys.executable).parent / "newsletter")
    told = subprocess.run(
        [sys.executable, str(tmp_path / "scripts" / "demo")],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr[-2000:]
    assert "sent" in told.stdout.rpartition("$ newsletter log")[2]
    assert {path.name for path in tmp_path.iterdir()} == {".demo", ".venv", "demo", "scripts"}
