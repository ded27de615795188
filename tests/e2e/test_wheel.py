"""Every kind of install: wheel and source archive carry templates, callouts and the sample."""

import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "2022-03-16-daily"


def _built(target: Path, *, from_sdist: bool) -> Path:
    source = ROOT
    if from_sdist:
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(target)],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        with tarfile.open(next(target.glob("*.tar.gz"))) as archive:
            archive.extractall(target, filter="data")
        source = next(path for path in target.iterdir() if path.is_dir())
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    return next(target.glob("*.whl"))


def _bare_environment(target: Path, wheel: Path) -> Path:
    """Make an environment with the wheel; its dependencies are those of the tests' own."""
    venv.create(target, with_pip=False)
    python = target / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "-q", wheel],
        check=True,
        capture_output=True,
    )
    site = next((target / "lib").glob("python3.*")) / "site-packages"
    # A path line does not run the .pth files of that folder, so the editable install stays out.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return target / "bin" / "newsletter"


@pytest.mark.parametrize("from_sdist", [pytest.param(False, marks=pytest.mark.prove), True])
@pytest.mark.slow
def test_an_installed_wheel_makes_a_folder_that_runs_at_once(
    tmp_path: Path, *, from_sdist: bool
) -> None:
    (tmp_path / "dist").mkdir()
    wheel = _built(tmp_path / "dist", from_sdist=from_sdist)
    newsletter = _bare_environment(tmp_path / "env", wheel)

    def run(*arguments: str, cwd: Path) -> tuple[int, str]:
        done = subprocess.run(
            [newsletter, *arguments], cwd=cwd, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    assert run("init", "x", cwd=tmp_path)[0] == 0
    folder = tmp_path / "x"
    assert {p.name for p in folder.iterdir()} == {
        ".gitignore",
        "callouts",
        "issues",
        "newsletter.toml",
        "templates",
        "var",
    }
    assert len(list((folder / "templates").glob("*.mjml.j2"))) == 4
    code, said = run("build", SAMPLE, cwd=folder)
    assert code == 0, said
    code, said = run("test", SAMPLE, cwd=folder)
    assert code == 0, said
    assert len(list((folder / "var" / "inbox").glob("*.eml"))) == 1
