"""O13: what mail programs do not know."""

import json
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from case_tables import cases
from check_samples import LEAD, found, request_for, with_html
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.html.client_support import client_support, features, features_in
from newsletter.model.finding import Severity

SCRIPT = Path(__file__).parents[3] / "scripts" / "caniemail"
HEAD = "</style></head>"


def inline(style: str) -> str:
    return f'<p style="{style}">x</p>'


@pytest.mark.parametrize(
    ("style", "told", "program"),
    cases("client_support", "what_the_mail_hangs_on_is_a_warning_that_names_the_programs"),
)
def test_what_the_mail_hangs_on_is_a_warning_that_names_the_programs(
    style: str, told: str, program: str
) -> None:
    findings = found(with_html("<h3>", f"{inline(style)}<h3>"), "O13")
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    (finding,) = [one for one in findings if told in one.message]
    assert "(inline)" in finding.evidence
    assert program in finding.evidence
    assert "2026-" in finding.evidence


@pytest.mark.parametrize(
    "harmless",
    cases("client_support", "what_is_meant_to_fall_away_is_not_told"),
)
def test_what_is_meant_to_fall_away_is_not_told(harmless: str) -> None:
    assert not found(request_for(), "O13")
    assert not found(with_html("<h3>", f"{harmless}<h3>"), "O13")


@pytest.mark.parametrize(
    ("css", "told"),
    cases("client_support", "a_style_block_is_looked_at_too"),
)
def test_a_style_block_is_looked_at_too(css: str, told: str) -> None:
    findings = found(with_html(HEAD, f"{css}{HEAD}"), "O13")
    assert any(told in finding.message for finding in findings)
    assert all("(head)" in finding.evidence for finding in findings)


@pytest.mark.parametrize(
    "css",
    cases("client_support", "rules_that_such_programs_skip_are_not_told"),
)
def test_rules_that_such_programs_skip_are_not_told(css: str) -> None:
    findings = found(with_html(HEAD, f"{css}{HEAD}"), "O13")
    assert not [one for one in findings if "(head)" in one.evidence and "::" not in one.message]


@pytest.mark.parametrize(
    ("element", "told"),
    cases("client_support", "elements_and_kinds_of_pictures_are_looked_at"),
)
def test_elements_and_kinds_of_pictures_are_looked_at(element: str, told: str) -> None:
    findings = found(with_html("<h3>", f"{element}<h3>"), "O13")
    assert any(told in finding.message for finding in findings)


def test_a_storys_picture_in_webp_is_told_on_its_line() -> None:
    assert LEAD.image is not None
    request = with_html(LEAD.image.url, "https://example.org/img/putin-xi.webp")
    assert found(request, "O13")[0].evidence.startswith(
        "https://example.org/img/putin-xi.webp (body)"
    )


def test_the_data_tells_what_it_is_and_knows_every_feature_that_counts() -> None:
    support = client_support()
    assert len(support.clients) == 14
    assert all(len(row) == 14 and not set(row) - set("yanu-") for row in support.features.values())
    assert not {one.name for one in features()} - set(support.features)
    folder = Path(SCRIPT).parents[1] / "src" / "newsletter" / "checks" / "html"
    assert (folder / "client_support.json").stat().st_size < 13_000
    assert "MIT License" in (folder / "client_support.LICENSE").read_text("utf-8")


def test_the_script_takes_the_last_result_of_each_program(tmp_path: Path) -> None:
    windows = {"windows": {"2007": "y", "2019": "n #1"}, "outlook-com": {"2020": "a #2"}}
    features = [
        {"slug": "css-x", "category": "css", "stats": {"outlook": windows}},
        {"slug": "css-all", "category": "css", "stats": {"gmail": {"ios": {"2020": "y"}}}},
        {"slug": "amp", "category": "others", "stats": {"outlook": windows}},
    ]
    data = {"last_update_date": "2026-05-13 14:45:41 +0000", "data": features}
    packed = tmp_path / "caniemail-9.9.9.tgz"
    with tarfile.open(packed, "w:gz") as package:
        for name, value in (("data/caniemail.json", data), ("package.json", {"version": "9.9.9"})):
            content = json.dumps(value).encode()
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            package.addfile(member, BytesIO(content))
    to = tmp_path / "made.json"
    subprocess.run([sys.executable, SCRIPT, packed, "--to", to], check=True, capture_output=True)
    made = json.loads(to.read_text("utf-8"))
    assert made["date"] == "2026-05-13"
    assert made["source"].startswith("caniemail 9.9.9")
    assert made["features"] == {"css-x": "---na---------"}
    assert made["clients"] == list(client_support().clients)


@given(st.text(max_size=12), st.text(alphabet="()\"'; ,.-:urlcavr0123#%fex\\", max_size=60))
def test_any_declaration_is_read_without_an_error(name: str, value: str) -> None:
    features_in("css", f"{name}:{value}")
    found(with_html(HEAD, f"{name}{{{value}{HEAD}"), "O13")
