"""Tables of set-ups and zones, and what `doctor` says of each (T55)."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dns_server import Deed
from doctor.zones import Zone, asking, rsa_key, states
from paper import PAPER

from newsletter.config.load import load_settings
from newsletter.config.settings import Settings
from newsletter.model.diagnosis import Diagnosis, State
from newsletter.workflows.examine import domains_asked, examine_dns

KEY_1024 = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDcqtsCMmE+tSrYMrtsFQHc6RXUUXgCwOBGsjTsWJHgKtXEx4Az5kXA"
    "ZdsdYEwDjv6DkjSdTsDBHNN+ksl98KEQxNYUO3G0aO+oysF6Cnm12OjZQrY9JZQ2PTvNFoyYIySUDV7TTctxS4BaBE2Y"
    "ZqxnGcBqUJ3H8nUPoHBq/4hQPQIDAQAB"
)
IP, REVERSE = "192.88.99.7", "7.99.88.192.in-addr.arpa"  # of a network that nobody uses (RFC 7526)
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
    f"{REVERSE} PTR": ["mail.paper.news"],
    "k1._domainkey.paper.news TXT": ["v=DKIM1; p=KEY"],
    "_dmarc.paper.news TXT": ["v=DMARC1; p=reject; rua=mailto:desk@paper.news"],
    "paper.news MX": ["10 mail.paper.news"],
    "letters.paper.news A": [IP],
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A change of the good set-up or zone, and the one check that says so."""

    check: str
    state: State
    zone: Zone = field(default_factory=dict)
    replace: tuple[str, str] = ("", "")
    told: str = ""
    record: str = ""


def _cases() -> dict[str, Case]:
    found = {}
    for name, fields in tomllib.loads(
        Path(__file__).with_name("examine_dns.toml").read_text()
    ).items():
        text = {key: _own(fields.get(key, "")) for key in ("check", "told", "record")}
        zone: dict[str, Sequence[str] | Deed] = {
            _own(line): Deed[value] if isinstance(value, str) else [_own(each) for each in value]
            for line, value in fields.get("zone", {}).items()
        }
        before, after = fields.get("replace", ("", ""))
        found[name] = Case(state=State(fields["state"]), zone=zone, replace=(before, after), **text)
    return found


def _own(text: str) -> str:
    return text.replace("{REVERSE}", REVERSE).replace("{KEY_1024}", KEY_1024)


CASES = _cases()


def settings(folder: Path, text: str = SETTINGS) -> Settings:
    file = folder / "newsletter.toml"
    file.write_text(text, "utf-8")
    return load_settings(file, {})


def with_key(zone: Zone, key: str) -> Zone:
    return {
        line: value if isinstance(value, Deed) else [text.replace("KEY", key) for text in value]
        for line, value in zone.items()
    }


@pytest.fixture(scope="module")
def key() -> str:
    return rsa_key(2048)


def found(folder: Path, case: Case, key: str) -> tuple[Diagnosis, ...]:
    text = SETTINGS.replace(*case.replace) if case.replace[0] else SETTINGS
    assert not case.replace[0] or text != SETTINGS
    zone = {line: value for line, value in {**GOOD, **case.zone}.items() if value != []}
    return examine_dns(settings(folder, text), (), asking(with_key(zone, key)))


@pytest.mark.covers("T55")
def test_of_a_good_set_up_nothing_is_said(tmp_path: Path, key: str) -> None:
    case = Case(check="", state=State.WELL)
    told = found(tmp_path, case, key)
    assert {each.state for each in told} == {State.WELL}
    assert {"spf", "spf-server", "dkim", "dmarc", "alignment", "reverse-dns", "mx"} <= {
        each.check for each in told
    }


@pytest.mark.covers("T55")
@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_with_the_record_to_publish(
    tmp_path: Path, key: str, name: str
) -> None:
    case = CASES[name]
    told = found(tmp_path, case, key)
    assert states(told)[case.check] is case.state, told
    mine = [each for each in told if each.check == case.check and each.state is case.state]
    assert any(case.told in each.message for each in mine), mine
    if case.record:
        assert case.record in [record.value for each in mine for record in each.records]
    if case.state in {State.ERROR, State.WARNING}:
        assert all(each.remedy for each in mine)


def test_placeholders_are_asked_about_nowhere(tmp_path: Path) -> None:
    asked: list[str] = []
    text = SETTINGS.replace("paper.news", "paper.example")
    told = examine_dns(settings(tmp_path, text), (), asking({}, asked))
    assert asked == []
    assert [each.check for each in told] == ["placeholder"]
    assert domains_asked(settings(tmp_path, text)) == ()


def test_without_a_server_the_domain_alone_is_judged(tmp_path: Path, key: str) -> None:
    text = SETTINGS.partition("[smtp.primary]")[0]
    zone = with_key({**GOOD, "paper.news TXT": ["v=spf1 -all"]}, key)
    told = examine_dns(settings(tmp_path, text), (), asking(zone))
    assert {each.check for each in told} == {"spf", "dmarc", "mx", "public-url"}
    assert {each.state for each in told} == {State.WELL}


@pytest.mark.covers("T55")
def test_a_domain_that_does_not_exist_is_one_finding(tmp_path: Path, key: str) -> None:
    text = SETTINGS.replace('"k1"', '"k1"\ndkim_domain = "papre.news"')
    text = text.replace("news@paper", "news@papre").replace("mail.paper", "mail.papre")
    (first, *others) = examine_dns(settings(tmp_path, text), (), asking(with_key(GOOD, key)))
    assert (first.check, first.subject, first.state) == ("no-such-name", "papre.news", State.ERROR)
    assert first.message == "papre.news does not exist"
    assert "from and return_path and smtp.primary.host" in first.remedy
    assert [(each.check, each.subject) for each in others] == [
        ("mx", "paper.news"),
        ("public-url", "letters.paper.news"),
    ]
    assert {each.state for each in others} == {State.WELL}


@pytest.mark.covers("T55")
def test_of_a_mail_server_that_does_not_exist_nothing_else_is_told(
    tmp_path: Path, key: str
) -> None:
    text = SETTINGS.replace('host = "mail.paper.news"', 'host = "smpt.paper.news"')
    told = examine_dns(settings(tmp_path, text), (), asking(with_key(GOOD, key)))
    wrong = [each for each in told if each.state is not State.WELL]
    assert [(each.check, each.subject) for each in wrong] == [("no-such-name", "smpt.paper.news")]
