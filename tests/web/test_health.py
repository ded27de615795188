"""/healthz and /readyz over a real socket: words and codes, and nothing written."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import ask

from newsletter.model.diagnosis import PartHealth
from newsletter.web.public_site import Health, public_site
from newsletter.web.serve import Background, listen

PARTS = {
    "alarm": PartHealth(name="alarm", is_well=True, words="looked 0.1 s ago"),
    "disk": PartHealth(name="disk", is_well=True, words="has 7 MB left"),
}


@pytest.fixture
def parts() -> dict[str, PartHealth]:
    return dict(PARTS)


@pytest.fixture
def port(tmp_path: Path, parts: dict[str, PartHealth]) -> Iterator[int]:
    health = Health(alive=lambda: (parts["alarm"],), ready=lambda: tuple(parts.values()))
    listener = listen(0)
    with Background(public_site(tmp_path, health), listener):
        yield listener.getsockname()[1]


@pytest.mark.parametrize(("path", "names"), [("/healthz", ["alarm"]), ("/readyz", [*PARTS])])
def test_all_is_well(port: int, path: str, names: list[str]) -> None:
    answer = ask(port, path)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    told = json.loads(answer.body)
    assert told["well"] is True
    assert [part["name"] for part in told["parts"]] == names
    assert told["parts"][0] == {"name": "alarm", "well": True, "words": "looked 0.1 s ago"}
    assert ask(port, path, method="HEAD").body == b""


@pytest.mark.covers("I07")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_is_only_asked(port: int, method: str) -> None:
    assert ask(port, "/healthz", method=method).status == 404


def test_an_error_while_asking_is_told_without_its_words(
    port: int, parts: dict[str, PartHealth]
) -> None:
    parts.clear()  # so that asking for the alarm fails
    answer = ask(port, "/healthz")
    assert answer.status == 500
    assert "alarm" not in answer.text
