"""Tables of set-ups and zones, and what `doctor` says of each (T55)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from dns_server import Deed
from doctor.zones import Zone, asking, states
from paper import PAPER

from newsletter.config.load import load_settings
from newsletter.config.settings import Settings
from newsletter.doctor.dns import examine_dns, is_aligned
from newsletter.model.diagnosis import State

IP = "192.88.99.7"  # of a network that nobody uses (RFC 7526)
SETTINGS = f"""\
{PAPER}[smtp.primary]
host = "mail.paper.news"
return_path = "bounces@mail.paper.news"
dkim_selector = "k1"
"""
GOOD: Zone = {
    "mail.paper.news TXT": [f"v=spf1 ip4:{IP} -all"],
    "mail.paper.news A": [IP],
    "mail.paper.news MX": ["10 mail.paper.news"],
    "k1._domainkey.paper.news TXT": ["v=DKIM1; p=KEY"],
    "_dmarc.paper.news TXT": ["v=DMARC1; p=reject; rua=mailto:desk@paper.news"],
    "paper.news MX": ["10 mail.paper.news"],
    "letters.paper.news A": [IP],
}
CASES = tomllib.loads(Path(__file__).with_name("dns_cases.toml").read_text("utf-8"))


def settings(folder: Path, text: str = SETTINGS) -> Settings:
    file = folder / "newsletter.toml"
    file.write_text(text, "utf-8")
    return load_settings(file, {})


@pytest.mark.covers("T55")
def test_of_a_good_set_up_nothing_is_said(tmp_path: Path) -> None:
    told = states(examine_dns(settings(tmp_path), asking(GOOD)))
    assert told == dict.fromkeys(("spf", "dkim", "dmarc", "alignment", "mx", "public-url"), "well")


@pytest.mark.covers("T55")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_wrong_is_told_with_the_record_to_publish(
    tmp_path: Path, case: dict[str, Any]
) -> None:
    text = SETTINGS.replace(*case["replace"]) if "replace" in case else SETTINGS
    zone: Zone = {
        line: Deed.SERVFAIL if value == "FAILS" else value
        for line, value in {**GOOD, **case.get("zone", {})}.items()
        if value != []
    }
    found = examine_dns(settings(tmp_path, text), asking(zone))
    assert states(found)[case["check"]] == case["state"], found
    mine = [each for each in found if (each.check, each.state) == (case["check"], case["state"])]
    assert any(case.get("told", "") in each.message for each in mine)
    if "record" in case:
        assert case["record"] in {record.value for each in mine for record in each.records}
    assert all(each.remedy for each in found if each.state in {State.ERROR, State.WARNING})


def test_placeholders_are_asked_about_nowhere(tmp_path: Path) -> None:
    asked: list[str] = []
    text = SETTINGS.replace("paper.news", "paper.example")
    told = examine_dns(settings(tmp_path, text), asking({}, asked))
    assert (asked, {each.check for each in told}) == ([], {"placeholder"})


@pytest.mark.covers("T55")
def test_a_domain_that_does_not_exist_is_one_finding(tmp_path: Path) -> None:
    text = SETTINGS.replace("news@paper", "news@papre").replace("s@mail.paper", "s@mail.papre")
    told = examine_dns(settings(tmp_path, text), asking(GOOD))
    wrong = {(each.check, each.subject) for each in told if each.state is not State.WELL}
    assert wrong == {("no-such-name", "papre.news")}


@pytest.mark.covers("T55")
@pytest.mark.parametrize(
    ("other", "strict", "aligned"),
    [
        ("a.paper.co.uk", True, True),
        ("b.paper.co.uk", False, True),
        ("b.paper.co.uk", True, False),
        ("two.co.uk", False, False),
        ("co.uk", False, False),
    ],
)
def test_domains_of_one_organisation_are_aligned(
    other: str,
    strict: bool,  # noqa: FBT001
    aligned: bool,  # noqa: FBT001
) -> None:
    assert is_aligned("a.paper.co.uk", other, strict=strict) == aligned
