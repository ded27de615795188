"""The preview's compositions, without pages."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from serving import SAMPLE, newsletter_folder

from newsletter.clock import SystemClock
from newsletter.compose.composer import Composer
from newsletter.compose.render.render_child import RenderLimits
from newsletter.config.load import load_settings
from newsletter.errors import StoreBusy
from newsletter.store import open_database
from newsletter.web.preview_service import Broken, PreviewService, Ready
from newsletter.workflows.desk import Desk

PATIENT = RenderLimits(job_s=600, template_s=600, cpu_s=600)
LOOP = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


@pytest.mark.covers("T25")
def test_a_template_that_loops_does_not_hold_up_the_end(tmp_path: Path) -> None:
    folder = newsletter_folder(tmp_path)
    template = folder / "templates" / "daily.mjml.j2"
    template.unlink()
    template.write_text(LOOP)
    settings = load_settings(folder / "newsletter.toml", {})
    desk = Desk(
        settings,
        SystemClock(),
        open_database=lambda: open_database(settings.database_url.value, create=True),
        make_composer=lambda: Composer(limits=PATIENT),
    )
    service = PreviewService(lambda: desk, lambda: 0)
    ending = threading.Timer(1.5, service.give_up)
    ending.start()
    shown = service.show(SAMPLE).state  # hangs for ten minutes unless it is given up
    ending.join()
    service.close()
    assert isinstance(shown, Broken)
    assert "given up" in shown.problems[0]


def test_a_database_that_cannot_be_read_for_a_moment_is_not_kept_as_the_state_of_the_files(
    tmp_path: Path,
) -> None:
    folder = newsletter_folder(tmp_path)
    settings = load_settings(folder / "newsletter.toml", {})
    url = settings.database_url.value
    with Desk(
        settings,
        SystemClock(),
        open_database=lambda: open_database(url, create=True, busy_timeout_s=0.1),
    ) as desk:
        desk.database.close()
        service = PreviewService(lambda: desk, lambda: 0)
        path = folder / "var" / "newsletter.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy):
                service.show(SAMPLE)
        assert isinstance(service.show(SAMPLE).state, Ready)
