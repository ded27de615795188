"""The composition root: what the threads of one process share."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsletter.app import MailServers, read_settings
from newsletter.clock import SystemClock
from newsletter.config.load import load_settings
from newsletter.errors import UserError
from newsletter.workflows.project_files import init_folder


def test_one_built_in_inbox_is_started_however_many_threads_ask_for_it(tmp_path: Path) -> None:
    init_folder(tmp_path)
    settings = load_settings(tmp_path / "newsletter.toml", {})
    count = 8
    together = threading.Barrier(count)
    with MailServers(SystemClock()) as servers, ThreadPoolExecutor(count) as pool:

        def port() -> int:
            together.wait(60)
            return servers.of(settings)[0].port

        asked = [pool.submit(port) for _ in range(count)]
        assert len({future.result() for future in asked}) == 1


def test_a_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    with pytest.raises(UserError, match="the folder that this command was called in is gone"):
        read_settings()
