"""The folder that the end-to-end tests work in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.folder import Folder
from sample import with_appeal


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A folder fresh from `newsletter init`, in which mail goes out without a hold."""
    made = Folder(tmp_path / "x")
    made.path.mkdir()
    made.run("init")
    with_appeal(made.path)
    _take_any_port(made)
    made.set('hold = "60s"', 'hold = "0s"')
    yield made
    made.end()


@pytest.fixture(scope="session")
def made_ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `ready` is copied from: three readers, the appeal verified, no hold."""
    made = Folder(tmp_path_factory.mktemp("ready") / "x")
    made.path.mkdir()
    made.run("init")
    with_appeal(made.path)
    _take_any_port(made)
    made.set('hold = "60s"', 'hold = "0s"')
    made.subscribe(3)
    made.verify()
    return made.path


@pytest.fixture
def ready(made_ready: Path, tmp_path: Path) -> Iterator[Folder]:
    """A folder of its own whose sample issue may be sent to three readers."""
    shutil.copytree(made_ready, tmp_path / "r")
    made = Folder(tmp_path / "r")
    yield made
    made.end()


def _take_any_port(folder: Folder) -> None:
    """Let `run` serve on a free port: many run at once here."""
    with (folder.path / "newsletter.toml").open("a") as file:
        file.write('\n[run]\nlisten = "127.0.0.1:0"\n')
