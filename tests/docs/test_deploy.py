"""What stands in deploy/ fits the program: commands, paths, the stop, the health, the pins."""

import re
from collections import defaultdict

import pytest
from docs.pages import ROOT
from starlette.applications import Starlette
from starlette.routing import Route

from newsletter.cli import COMMANDS
from newsletter.model.article import MEDIA_PATH
from newsletter.web.public_site import Health, public_site

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
STOP_S = 10  # delivery: a sender that is told to stop ends within ten seconds
HARDENING = (
    "NoNewPrivileges ProtectSystem ProtectHome PrivateTmp PrivateDevices CapabilityBoundingSet"
    " RestrictAddressFamilies SystemCallFilter UMask"
)


def unit(name: str) -> dict[str, list[str]]:
    """Read a unit: each key's values, in order; a key stands in one section here."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (DEPLOY / "systemd" / name).read_text("utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            key, separator, value = line.partition("=")
            assert separator, line
            found[key].append(value)
    return found


def paths() -> set[str]:
    """Return the paths that `run` answers."""
    site = public_site(ROOT, Health(alive=tuple, ready=tuple))
    assert isinstance(site, Starlette)
    return {route.path for route in site.routes if isinstance(route, Route)}


def test_the_units_run_commands_that_are_there() -> None:
    text = "".join(path.read_text("utf-8") for path in UNITS)
    assert set(re.findall(r"\w+://([^/'\s;]+)", text)) <= {"127.0.0.1:8025"}
    used = re.findall(r"^ExecStart=.*/bin/newsletter (\S+)", text, re.MULTILINE)
    assert sorted(used) == ["backup", "run"]
    assert set(used) <= set(COMMANDS)


@pytest.mark.parametrize("name", ["newsletter.service", "newsletter-backup.service"])
def test_a_unit_is_its_own_user_and_hardened(name: str) -> None:
    keys = unit(name)
    assert keys["User"] == keys["Group"] == ["newsletter"]
    assert set(HARDENING.split()) <= keys.keys()
    assert keys["ProtectSystem"] == ["strict"]
    assert keys["WorkingDirectory"][0] in keys["ReadWritePaths"][0].split()


def test_run_is_started_again_and_may_end_its_messages() -> None:
    keys = unit("newsletter.service")
    assert keys["Restart"] == ["on-failure"]
    assert keys["RestartPreventExitStatus"] == ["2"]
    assert int(keys["TimeoutStopSec"][0].removesuffix("s")) > STOP_S
    assert keys["KillMode"] == ["mixed"]


def test_the_container_is_pinned_not_root_and_asks_for_a_path_that_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    images = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert images
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", image) for image in images)
    installs = re.findall(r"pip install (.*)", text)
    assert len(installs) == 3
    assert all("--require-hashes" in each or "--no-index" in each for each in installs)
    last = text[text.rindex("FROM ") :]
    assert re.search(r"^USER newsletter$", last, re.MULTILINE)
    asked = re.search(r"HEALTHCHECK .*\n.*http://127\.0\.0\.1:8025(/\w+)'", last)
    assert asked is not None
    assert asked[1] in paths()
    assert 'CMD ["run"]' in last
    for copied in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE):
        assert all((ROOT / each).exists() for each in copied.split()), copied


def test_the_proxy_passes_on_pictures_and_readers_links_alone() -> None:
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    passed = re.findall(r"^location (.*) \{$", text, re.MULTILINE)
    assert passed == [MEDIA_PATH, "~ ^/[upi]/"]
    assert "healthz" not in re.sub(r"#.*", "", text)
    assert MEDIA_PATH + "{name}" in paths()
