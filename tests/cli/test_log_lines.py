"""The lines of the log: one an event, without addresses and secrets, in both forms."""

import io
import json
import logging
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli.log_lines import logging_lines, secrets_of
from newsletter.config.load import load_settings
from newsletter.config.settings import LogFormat, Secret
from newsletter.workflows.project_files import init_folder

log = logging.getLogger("newsletter.tests")


def _written(form: LogFormat, event: str, secrets: tuple[str, ...] = (), **extra: object) -> str:
    to = io.StringIO()
    with logging_lines(form, zone=ZoneInfo("Europe/London"), secrets=secrets, to=to):
        log.info(event, extra=extra)
    return to.getvalue()


def test_an_event_is_one_object_with_its_values() -> None:
    moment = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    line = _written(
        LogFormat.JSON, "list frozen", mailing=3, planned=moment, why=None, name_of="a b"
    )
    found = json.loads(line)
    assert datetime.fromisoformat(found.pop("at")).tzinfo is not None
    assert found == {
        "level": "info",
        "event": "list frozen",
        "logger": "newsletter.tests",
        "mailing": 3,
        "planned": "2026-11-24T06:30:00+00:00",
        "why": None,
        "name_of": "a b",
    }


def test_as_text_it_is_a_time_the_event_and_pairs() -> None:
    line = _written(LogFormat.TEXT, "step ended", step="send", seconds=0.5, result="all is well")
    assert line[8:] == '  step ended  step=send  seconds=0.5  result="all is well"\n'
    assert re.fullmatch(r"\d\d:\d\d:\d\d", line[:8])
    assert _written(LogFormat.TEXT, "said", text="running")[8:] == "  running\n"


@pytest.mark.covers("T48")
@pytest.mark.parametrize("form", list(LogFormat))
def test_addresses_and_secrets_stay_out_wherever_they_stand(form: LogFormat) -> None:
    line = _written(
        form,
        "could not reach ada@readers.example",
        ("canary-1", "canary-12"),
        text="<bo@readers.example>: 550 (chiara+x@readers.example) canary-12",
        canary="canary-1",
    )
    assert "readers.example" not in line
    assert "canary-1" not in line
    assert line.count("(address)") == 3
    assert "***2" not in line


@pytest.mark.covers("T48")
def test_every_secret_of_the_settings_is_known(tmp_path: Path) -> None:
    init_folder(tmp_path)
    with (tmp_path / "newsletter.toml").open("a") as file:
        file.write('[smtp.a]\nhost = "a.example"\nusername = "u"\npassword_env = "PASSWORD"\n')
        file.write('[llm]\nurl = "https://a.example/v1"\nmodel = "m"\nkey_env = "KEY"\n')
    environ = {"PASSWORD": "canary-1", "KEY": "canary-2"}
    settings = load_settings(tmp_path / "newsletter.toml", environ)
    assert {"canary-1", "canary-2"} <= secrets_of(settings)
    assert secrets_of((Secret(value="x"), 1, "y")) == {"x"}


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_is_said_stays_one_line(event: str, value: str) -> None:
    for form in LogFormat:
        line = _written(form, "said", text=event, value=value)
        assert line.endswith("\n")
        assert len(line.splitlines()) == 1
        assert "\x1b" not in line
    assert json.loads(_written(LogFormat.JSON, "said", text=event))["event"] == "said"


@pytest.mark.covers("F32")
def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 (closing it fails too)
    with logging_lines(LogFormat.JSON, zone=UTC, to=full):
        log.info("said", extra={"text": "x"})
        log.info("said", extra={"text": "y"})
    with pytest.raises(OSError, match="No space"):
        full.flush()
    with suppress(OSError):
        full.close()
