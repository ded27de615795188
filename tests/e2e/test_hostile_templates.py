"""A template from a stranger, as the commands meet it: refused with its place, and nothing read."""

from pathlib import Path

import pytest
from e2e.folder import SAMPLE, Folder

PART = "templates/parts/masthead.mjml.j2"
SECRET = "kept-7f3a-from-templates"  # noqa: S105 (a word to look for)
CASES = {  # more of them where they are refused: tests/compose
    "nested sections": ("<mj-section>" * 2_000 + "</mj-section>" * 2_000, "C05"),
    "a gigabyte": ("{{ 'a' * 10**9 }}", "C06"),
    "the environment": ("{{ cycler.__init__.__globals__.os.environ }}", "C06"),
    "a file by Jinja": ("{% include '../secret.txt' %}", "C06"),
    "a file by MJML": ('<mj-include path="../secret.txt" />', "C07"),
}


@pytest.mark.covers("T22", "T23", "T25")
@pytest.mark.parametrize(("payload", "check"), CASES.values(), ids=CASES)
def test_a_hostile_template_is_told_with_its_line_and_nothing_is_built(
    payload: str, check: str, ready: Folder
) -> None:
    (ready.path / "secret.txt").write_text(SECRET)
    file = ready.path / PART
    sound = file.read_text("utf-8")
    place = f"{PART}:{sound.count(chr(10)) + 1}"
    file.write_text(f"{sound}{payload}\n", "utf-8")
    checked = ready.here("check", SAMPLE, expect=1, NEWSLETTER_TOKEN=SECRET)
    assert f"{check} " in checked.out
    assert place in checked.out
    built = ready.refuse("build", SAMPLE, says=[place, check], NEWSLETTER_TOKEN=SECRET)
    for told in (checked, built):
        assert SECRET not in told.out + told.err
    assert not (ready.path / "build").exists()
    assert list(Path(ready.path).glob("core*")) == []
    file.write_text(sound, "utf-8")
    ready.here("build", SAMPLE)
