"""Whole mails, byte for byte: the sample issue, one with every kind of block, one with the least,
one of each other template, and one in a language from right to left and in Welsh.

``pytest --update-golden`` rewrites what is expected; the diff is read in review.
"""

import difflib
from pathlib import Path
from typing import Any

import pytest
from composing import READER, ROOT, compose, for_reader, placed

from newsletter.compose.composer import CalloutPlacement, Composer
from newsletter.compose.message.skeleton import assemble
from newsletter.compose.message.slots import fill
from newsletter.config.brand import brand_of
from newsletter.config.toml import Problems
from newsletter.issues.callout_file import read_callout
from newsletter.issues.save import read_issue
from newsletter.model.callout import CalloutStatus
from newsletter.model.issue import Issue

FOLDER = Path(__file__).parent
SAMPLE = "issues/2022-03-16-daily.md"
HEADERS = {
    "date": "Tue, 15 Mar 2022 06:30:00 +0000",
    "message_id": "golden.1@news.example.org",
    "delivery": "1",
}
MOST_LINES = 120
OTHERS: dict[str, dict[str, Any]] = {
    "arabic": {
        "language": "ar",
        "title": "نشرة الصباح",
        "publication": "The Harbour Post",
        "postal_address": "شارع البحر 12، ناراب",
        "brand": brand_of({}, "ar", Problems(file="newsletter.toml", lines={})),
    },
    "welsh": {"language": "cy", "title": "Y Bore", "publication": "Newyddion yr Arfordir"},
    "breaking": {"template": "breaking"},
    "weekly": {"template": "weekly", "title": "The Weekly"},
    "plain": {"template": "plain", "title": "The Letter"},
}


def read_case(case: str) -> tuple[Issue, tuple[CalloutPlacement, ...]]:
    shown = SAMPLE if case == "seed" else f"tests/golden/{case}/issue.md"
    made = read_issue(ROOT / shown, shown=shown).issue
    if case in ("bare", "breaking", "welsh"):
        return made, ()
    if case == "arabic":
        appeal = "tests/golden/arabic/winter.md"
        return made, (placed(read_callout(ROOT / appeal, shown=appeal)),)
    callout = read_callout(ROOT / "callouts/dec-ukraine.md", shown="callouts/dec-ukraine.md")
    if case == "seed":  # as `build` shows the sample of a new folder
        reason = "nobody has verified this appeal yet"
        return made, (placed(callout, status=CalloutStatus.UNVERIFIED, marked=True, reason=reason),)
    return made, (placed(callout),)


def difference(expected: bytes, actual: bytes, name: str) -> str:
    """A unified diff, the HTML broken between tags so that it can be read."""
    before, after = (
        part.decode("utf-8", "replace").replace("><", ">\n<").splitlines()
        for part in (expected, actual)
    )
    names = (f"expected.{name}", f"actual.{name}")
    lines = list(difflib.unified_diff(before, after, *names, lineterm="", n=2))
    rest = len(lines) - MOST_LINES
    return "\n".join(lines[:MOST_LINES]) + (f"\n… {rest} lines more" if rest > 0 else "")


@pytest.mark.parametrize("case", ["seed", "full", "bare", *OTHERS])
def test_a_whole_mail_is_the_same_to_the_byte(
    case: str, composer: Composer, request: pytest.FixtureRequest
) -> None:
    made, callouts = read_case(case)
    composition = compose(composer, made, *callouts, **OTHERS.get(case, {}))
    assert composition.findings == ()
    result = composition.composed
    assert result is not None
    html, plain = for_reader(result)
    made_bytes = {
        "html": html.encode(),
        "txt": plain.encode(),
        "eml": assemble(result.skeleton, READER | HEADERS),
    }
    if case == "seed":  # what goes into the compiler, so that a change there is told from one in it
        made_bytes["mjml"] = fill(composition.mjml, result.sentinels, READER).encode()
    wrong = []
    for name, actual in made_bytes.items():
        expected = FOLDER / case / f"expected.{name}"
        if request.config.getoption("--update-golden"):
            expected.write_bytes(actual)
        beside = FOLDER / case / f"actual.{name}"
        beside.unlink(missing_ok=True)
        before = expected.read_bytes() if expected.exists() else b""
        if before != actual:
            beside.write_bytes(actual)
            wrong.append(difference(before, actual, name))
    assert not wrong, "\n\n".join(["--update-golden takes the new ones", *wrong])
