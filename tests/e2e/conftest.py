"""The folders that the end-to-end tests work in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.folder import Folder
from sample import with_appeal


@pytest.fixture(scope="session")
def made_ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `folder` and `ready` are copied from: x is fresh, r has readers and an open appeal."""
    made = Folder(tmp_path_factory.mktemp("made") / "x")
    made.path.mkdir()
    made.here("init")
    with_appeal(made.path)
    with (made.path / "newsletter.toml").open("a") as file:
        file.write('\n[run]\nlisten = "127.0.0.1:0"\n')  # many run at once here
    made.set('hold = "60s"', 'hold = "0s"')
    shutil.copytree(made.path, made.path.with_name("r"))
    ready = Folder(made.path.with_name("r"))
    ready.subscribe(3)
    ready.verify()
    return made.path.parent


@pytest.fixture
def folder(made_ready: Path, tmp_path: Path) -> Iterator[Folder]:
    """A folder fresh from `newsletter init`, in which mail goes out without a hold."""
    shutil.copytree(made_ready / "x", tmp_path / "x")
    made = Folder(tmp_path / "x")
    yield made
    made.end()


@pytest.fixture
def ready(made_ready: Path, tmp_path: Path) -> Iterator[Folder]:
    """A folder of its own whose sample issue may be sent to three readers."""
    shutil.copytree(made_ready / "r", tmp_path / "r")
    made = Folder(tmp_path / "r")
    yield made
    made.end()
