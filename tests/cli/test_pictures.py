"""`build --pictures` as a person runs it: files, sentences, exit codes, and what a kill leaves."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import lxml
import pytest
from PIL import Image
from serving import COMMAND, SAMPLE, newsletter_folder, until

from newsletter.model.composed import VIEWS

FILES = {*(f"{view.name}.png" for view in VIEWS), "sheet.png", "pictures.json"}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsletter_folder(tmp_path_factory.mktemp("pictures"))


def build(folder: Path, *options: str, code: int = 0, **changes: str) -> tuple[str, str]:
    """Run `build` and give what it printed and noted."""
    ended = subprocess.run(
        [*COMMAND, "build", SAMPLE, *options],
        cwd=folder,
        env=os.environ | changes,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    return ended.stdout, ended.stderr


def data(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def parsed(printed: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(printed))


def test_a_file_in_the_place_of_the_folder_is_refused_before_any_picture(folder: Path) -> None:
    _, noted = build(folder, "--pictures", "newsletter.toml", code=2)
    assert "error: newsletter.toml is a file\nhint: name a folder" in noted


@pytest.mark.browser
def test_a_build_gives_every_view_and_a_sheet_the_same_each_time_also_side_by_side(
    folder: Path,
) -> None:
    both = [
        subprocess.Popen(
            [*COMMAND, "build", SAMPLE, "--pictures", name],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "other")
    ]
    for process in both:
        printed, noted = process.communicate(timeout=180)
        assert process.returncode == 0, noted
        assert printed.splitlines()[-1].endswith("/sheet.png")
        assert f"{len(VIEWS)} pictures and a sheet of them in" in noted
    one, other = data(folder / "one"), data(folder / "other")
    assert set(one) == FILES
    assert one == other
    told = json.loads(one["pictures.json"])
    for view, each in zip(VIEWS, told["views"], strict=True):
        with Image.open(folder / "one" / each["file"]) as image:
            assert image.size == (each["width"], each["height"])
            assert image.width == (view.width or 704)
        assert each["needs_width"] <= each["width"], view.name
    assert told["stand_ins"] == []


@pytest.mark.browser
def test_pictures_kept_here_are_shown_and_the_others_named(folder: Path) -> None:
    shutil.copy(ROOT / "tests/golden/full/issue.md", folder / "issues/2022-03-15-daily.md")
    ended = subprocess.run(
        [*COMMAND, "build", "2022-03-15-daily", "--pictures", "full"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "a box stands in for https://img.example.org/hills.jpg" in ended.stderr
    assert len(json.loads((folder / "full/pictures.json").read_text())["stand_ins"]) == 4


@pytest.mark.browser
def test_a_logo_that_is_a_file_is_shown(folder: Path) -> None:
    settings = folder / "newsletter.toml"
    sound = settings.read_text()
    Image.new("RGB", (480, 96), "#00ff00").save(folder / "logo.png")
    settings.write_text(f'{sound}\n[brand]\nlogo = "logo.png"\nlogo_alt = "The Daily"\n')
    try:
        printed, _ = build(folder, "--pictures", "logo", "--json")
    finally:
        settings.write_text(sound)
    assert parsed(printed)["pictures"]["stand_ins"] == []
    for name, is_seen in (("light-640", True), ("no-images-640", False)):
        with Image.open(folder / f"logo/{name}.png") as image:
            colours = {colour: count for count, colour in image.getcolors(1_000_000) or ()}
        assert (colours.get((0, 255, 0), 0) > 240 * 40) == is_seen


def test_without_chromium_the_build_is_there_all_the_same(folder: Path) -> None:
    shutil.rmtree(folder / "build", ignore_errors=True)
    printed, noted = build(folder, "--pictures", "new", "--json", code=2, PATH="/nonexistent")
    assert "error: pictures need the browser Chromium, which is not installed" in noted
    assert (parsed(printed)["issue"], parsed(printed)["pictures"]) == (SAMPLE, None)
    assert (folder / f"build/{SAMPLE}/issue.html").is_file()


def test_without_the_extra_the_build_is_there_and_the_sentence_names_it(
    folder: Path, tmp_path: Path
) -> None:
    """Python sees the packages of this environment, but no playwright."""
    for entry in Path(lxml.__path__[0]).parent.iterdir():
        if "playwright" not in entry.name.lower():
            (tmp_path / entry.name).symlink_to(entry)
    program = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "import newsletter.web.preview_site\n"
        "from newsletter.cli import main\n"
        "sys.exit(main(sys.argv[3:]))"
    )
    shutil.rmtree(folder / "build", ignore_errors=True)
    ended = subprocess.run(
        [
            *(sys.executable, "-I", "-S", "-c", program, str(ROOT / "src"), str(tmp_path)),
            *("build", SAMPLE, "--pictures", "new"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert "error: pictures need the package playwright, which is not installed" in ended.stderr
    assert 'hint: pip install "playwright>=1.49"' in ended.stderr
    assert f"build/{SAMPLE}/issue.html" in ended.stdout
    assert (folder / f"build/{SAMPLE}/issue.html").is_file()
    assert not (folder / "new").exists()


def processes_with(word: str) -> list[int]:
    """Return the processes whose environment names a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if word.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue  # it ended, or is another's
    return found


@pytest.fixture
def profiles() -> Iterator[Path]:
    """A temporary folder of a test's own, with a path that is short enough for sockets."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("how", "to_all", "code"),
    [
        (signal.SIGKILL, False, -signal.SIGKILL),
        (signal.SIGTERM, False, 3),
        (signal.SIGINT, False, 3),
        (signal.SIGINT, True, 3),  # as Ctrl-C in a terminal does
    ],
)
def test_a_killed_build_leaves_no_browser_no_profile_and_no_half_pictures(
    folder: Path, tmp_path: Path, profiles: Path, how: signal.Signals, code: int, *, to_all: bool
) -> None:
    process = subprocess.Popen(
        [*COMMAND, "build", SAMPLE, "--pictures", str(tmp_path / "new")],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(profiles)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until(lambda: any(profiles.glob("playwright_chromium*/*")))
    if to_all:
        os.killpg(process.pid, how)
    else:
        process.send_signal(how)
    _, noted = process.communicate(timeout=60)
    assert process.returncode == code, noted
    assert ("error: stopped before all pictures were taken" in noted) == (code == 3)
    until(lambda: processes_with(str(profiles)) == [])
    until(lambda: not any(profiles.glob("playwright*")))
    assert not (tmp_path / "new").exists()
    if how is signal.SIGKILL:  # what Chromium itself left goes with the next run
        build(folder, "--pictures", str(tmp_path / "new"), TMPDIR=str(profiles))
    assert list(profiles.iterdir()) == []
