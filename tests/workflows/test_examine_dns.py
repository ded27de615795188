"""Tables of set-ups and zones, and what `doctor` says of each (T55)."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dns_server import Deed
from doctor.zones import Zone, asking, rsa_key, states
from paper import PAPER

from newsletter.config.load import load_settings
from newsletter.config.settings import Settings
from newsletter.model.diagnosis import Diagnosis, ProbeEnd, ServerProbe, State
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


CASES = {
    "no spf": Case(
        check="spf",
        state=State.ERROR,
        zone={"mail.paper.news TXT": ["hello"]},
        told="there is no SPF record",
        record=f'"v=spf1 ip4:{IP} ~all"',
    ),
    "no spf, and the senders' addresses are not known": Case(
        check="spf",
        state=State.ERROR,
        replace=('host = "mail.paper.news"', 'host = "smtp.relay.news"'),
        zone={"mail.paper.news TXT": ["hello"], "smtp.relay.news A": ["192.88.99.8"]},
        told="there is no SPF record",
        record='"v=spf1 include:<your mail provider> ~all"',
    ),
    "spf in quotes": Case(
        check="spf",
        state=State.ERROR,
        zone={"mail.paper.news TXT": ['"v=spf1 -all"']},
        told="looks like one",
    ),
    "spf servfail": Case(
        check="spf",
        state=State.UNASKED,
        zone={"mail.paper.news TXT": Deed.SERVFAIL},
        told="could not ask",
    ),
    "two spf": Case(
        check="spf",
        state=State.ERROR,
        zone={"mail.paper.news TXT": [f"v=spf1 ip4:{IP} -all", "v=spf1 mx ~all"]},
        told="2 SPF records",
        record=f'"v=spf1 ip4:{IP} mx ~all"',
    ),
    "spf typo": Case(
        check="spf",
        state=State.ERROR,
        zone={"mail.paper.news TXT": [f"v=spf1 ip:{IP} -all"]},
        told="write ip4:",
    ),
    "spf without the server": Case(
        check="spf-server",
        state=State.ERROR,
        zone={"mail.paper.news TXT": ["v=spf1 ip4:192.88.99.200 -all"]},
        told=f"does not allow mail.paper.news: {IP}",
        record=f'"v=spf1 ip4:192.88.99.200 ip4:{IP} -all"',
    ),
    "spf of a relay": Case(
        check="spf-server",
        state=State.WARNING,
        replace=('host = "mail.paper.news"', 'host = "smtp.relay.news"'),
        zone={"smtp.relay.news A": ["192.88.99.8"]},
        told="does not allow smtp.relay.news",
    ),
    "spf of a known provider": Case(
        check="spf-server",
        state=State.ERROR,
        replace=('host = "mail.paper.news"', 'host = "smtp.office365.com"'),
        zone={"smtp.office365.com A": ["192.88.99.8"]},
        record=f'"v=spf1 ip4:{IP} include:spf.protection.outlook.com -all"',
    ),
    "spf of a provider with return paths of its own": Case(
        check="spf-server",
        state=State.WARNING,
        replace=('host = "mail.paper.news"', 'host = "smtp.postmarkapp.com"'),
        zone={"smtp.postmarkapp.com A": ["192.88.99.8"]},
        record=f'"v=spf1 ip4:{IP} include:spf.mtasv.net -all"',
    ),
    "spf by include of a known provider": Case(
        check="spf-server",
        state=State.WELL,
        replace=('host = "mail.paper.news"', 'host = "smtp.postmarkapp.com"'),
        zone={
            "smtp.postmarkapp.com A": ["192.88.99.8"],
            "mail.paper.news TXT": ["v=spf1 include:spf.mtasv.net -all"],
            "spf.mtasv.net TXT": ["v=spf1 ip4:192.88.99.9 ~all"],
        },
        told="by way of spf.mtasv.net",
    ),
    "server on loopback": Case(
        check="spf-server",
        state=State.INFO,
        replace=('host = "mail.paper.news"', 'host = "localhost"'),
        told="is not known here",
    ),
    "spf for everybody": Case(
        check="spf-all",
        state=State.ERROR,
        zone={"mail.paper.news TXT": ["v=spf1 mx +all"]},
        record='"v=spf1 mx ~all"',
    ),
    "spf without end": Case(
        check="spf-all",
        state=State.WARNING,
        zone={"mail.paper.news TXT": [f"v=spf1 ip4:{IP}"]},
        record=f'"v=spf1 ip4:{IP} ~all"',
    ),
    "a part of spf cannot be asked": Case(
        check="spf",
        state=State.UNASKED,
        zone={
            "mail.paper.news TXT": [f"v=spf1 ip4:{IP} include:slow.news -all"],
            "slow.news TXT": Deed.SILENT,
        },
        told="a part of the SPF record",
    ),
    "no key": Case(
        check="dkim",
        state=State.ERROR,
        replace=('"k1"', '"k2"'),
        told="no key for the selector k2",
        record='"v=DKIM1; k=rsa; p=<the key your mail server shows>"',
    ),
    "key cannot be asked": Case(
        check="dkim", state=State.UNASKED, zone={"k1._domainkey.paper.news TXT": Deed.REFUSED}
    ),
    "revoked key": Case(
        check="dkim",
        state=State.ERROR,
        zone={"k1._domainkey.paper.news TXT": ["v=DKIM1; p="]},
        told="revoked",
    ),
    "short key": Case(
        check="dkim",
        state=State.WARNING,
        zone={"k1._domainkey.paper.news TXT": [f"v=DKIM1; p={KEY_1024}"]},
        told="1024 bits",
    ),
    "key on trial": Case(
        check="dkim",
        state=State.WARNING,
        zone={"k1._domainkey.paper.news TXT": ["v=DKIM1; t=y; p=KEY"]},
        told="t=y",
    ),
    "broken key": Case(
        check="dkim",
        state=State.ERROR,
        zone={"k1._domainkey.paper.news TXT": [f"v=DKIM1; p={KEY_1024[:-9]}"]},
        told="cannot use the key",
    ),
    "two keys": Case(
        check="dkim",
        state=State.ERROR,
        zone={"k1._domainkey.paper.news TXT": ["v=DKIM1; p=KEY", "v=DKIM1; p="]},
        told="2 records",
    ),
    "wildcard for a key": Case(
        check="dkim",
        state=State.ERROR,
        zone={"k1._domainkey.paper.news TXT": ["v=spf1 -all"]},
        told="wildcard",
    ),
    "newer key": Case(
        check="dkim",
        state=State.WARNING,
        zone={"k1._domainkey.paper.news TXT": [f"v=DKIM1; k=ed25519; p={'A' * 43}="]},
        told="Ed25519",
    ),
    "no selector": Case(
        check="dkim",
        state=State.WARNING,
        replace=('dkim_selector = "k1"', ""),
        told="dkim_selector is not set",
    ),
    "no dmarc": Case(
        check="dmarc",
        state=State.ERROR,
        zone={"_dmarc.paper.news TXT": []},
        told="there is no DMARC record",
        record='"v=DMARC1; p=none; rua=mailto:desk@paper.news"',
    ),
    "dmarc cannot be asked": Case(
        check="dmarc", state=State.UNASKED, zone={"_dmarc.paper.news TXT": Deed.SERVFAIL}
    ),
    "dmarc in small letters": Case(
        check="dmarc",
        state=State.ERROR,
        zone={"_dmarc.paper.news TXT": ["v=dmarc1; p=none"]},
        told="another text in its place",
    ),
    "two dmarc": Case(
        check="dmarc",
        state=State.ERROR,
        zone={"_dmarc.paper.news TXT": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]},
        told="2 DMARC records",
    ),
    "dmarc without policy": Case(
        check="dmarc",
        state=State.ERROR,
        zone={"_dmarc.paper.news TXT": ["v=DMARC1; sp=none"]},
        told="is none of none, quarantine",
    ),
    "dmarc that asks for nothing": Case(
        check="dmarc",
        state=State.INFO,
        zone={"_dmarc.paper.news TXT": ["v=DMARC1; p=none; rua=mailto:a@paper.news"]},
        told="p=none",
    ),
    "dmarc without reports": Case(
        check="dmarc-reports",
        state=State.WARNING,
        zone={"_dmarc.paper.news TXT": ["v=DMARC1; p=reject;"]},
        record='"v=DMARC1; p=reject; rua=mailto:desk@paper.news"',
    ),
    "dmarc from the organisation": Case(
        check="dmarc",
        state=State.WELL,
        replace=("news@paper.news", "news@mail.paper.news"),
        told="p=reject, from paper.news",
    ),
    "nothing fits from": Case(
        check="alignment",
        state=State.ERROR,
        replace=(
            'return_path = "bounces@mail.paper.news"',
            'return_path = "bounces@relay.news"\ndkim_domain = "relay.news"',
        ),
        zone={"k1._domainkey.relay.news TXT": ["v=DKIM1; p=KEY"]},
        told="neither return path nor signature",
    ),
    "only the return path fits": Case(
        check="alignment",
        state=State.WARNING,
        replace=('"k1"', '"k1"\ndkim_domain = "relay.news"'),
        told="only SPF counts",
    ),
    "only the signature fits": Case(
        check="alignment",
        state=State.INFO,
        replace=("bounces@mail.paper.news", "bounces@relay.news"),
    ),
    "strict dmarc": Case(
        check="alignment",
        state=State.WARNING,
        replace=('dkim_selector = "k1"', ""),
        zone={
            "_dmarc.paper.news TXT": ["v=DMARC1; p=reject; aspf=s; rua=mailto:a@paper.news"],
        },
        told="the return path does not match",
    ),
    "no reverse name": Case(
        check="reverse-dns",
        state=State.WARNING,
        zone={f"{REVERSE} PTR": []},
        told="has no name",
        record="mail.paper.news.",
    ),
    "a reverse name that does not lead back": Case(
        check="reverse-dns",
        state=State.WARNING,
        zone={f"{REVERSE} PTR": ["host.isp.news"], "host.isp.news A": ["192.88.99.1"]},
        told="does not lead back",
    ),
    "reverse name cannot be asked": Case(
        check="reverse-dns", state=State.UNASKED, zone={f"{REVERSE} PTR": Deed.SERVFAIL}
    ),
    "no way for bounces": Case(
        check="mx",
        state=State.ERROR,
        zone={"mail.paper.news MX": ["0 "]},
        told="takes no mail (return_path)",
    ),
    "nothing takes mail": Case(
        check="mx",
        state=State.ERROR,
        zone={"paper.news MX": [], "paper.news TXT": ["hello"]},
        told="neither MX nor address",
        record="10 <your mail host>.",
    ),
    "a mail host without number": Case(
        check="mx",
        state=State.ERROR,
        zone={"paper.news MX": ["10 gone.news"]},
        told="gone.news has no address",
    ),
    "one mail host of two without number": Case(
        check="mx",
        state=State.WARNING,
        zone={"paper.news MX": ["10 gone.news", "20 mail.paper.news"]},
    ),
    "mail to the host itself": Case(
        check="mx",
        state=State.INFO,
        zone={"mail.paper.news MX": []},
        told="no MX record",
    ),
    "mx cannot be asked": Case(
        check="mx", state=State.UNASKED, zone={"paper.news MX": Deed.SERVFAIL}
    ),
    "links into nothing": Case(
        check="public-url",
        state=State.ERROR,
        zone={"letters.paper.news A": []},
        told="nor unsubscribe",
    ),
    "links to a private number": Case(
        check="public-url",
        state=State.ERROR,
        zone={"letters.paper.news A": ["10.0.0.5"]},
        told="leads to 10.0.0.5",
    ),
}


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


def test_a_relays_two_servers_are_judged_by_one_record(tmp_path: Path, key: str) -> None:
    text = SETTINGS + '[smtp.second]\nhost = "b.paper.news"\nreturn_path = "x@mail.paper.news"\n'
    zone = with_key({**GOOD, "b.paper.news A": ["192.88.99.8"]}, key)
    told = examine_dns(settings(tmp_path, text), (), asking(zone))
    assert [each.state for each in told if each.check == "spf-server"] == [State.WELL, State.ERROR]
    assert [each.state for each in told if each.check == "spf"] == [State.WELL]


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


def test_nothing_is_known_of_a_dns_that_fails(tmp_path: Path) -> None:
    lines = [*GOOD, *(f"{line.split(' ')[0]} AAAA" for line in GOOD)]
    zone: Zone = dict.fromkeys(lines, Deed.SERVFAIL)
    zone |= {"paper.news A": Deed.SERVFAIL, "paper.news AAAA": Deed.SERVFAIL}
    told = examine_dns(settings(tmp_path), (), asking(zone))
    certain = {each.check for each in told if each.state in {State.ERROR, State.WELL}}
    assert certain == set()


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


def test_a_server_that_answered_is_not_told_missing(tmp_path: Path, key: str) -> None:
    text = SETTINGS.replace('host = "mail.paper.news"', 'host = "lan.paper.news"')
    probe = ServerProbe(
        name="primary", host="lan.paper.news", port=587, end=ProbeEnd.READY, peer=IP
    )
    told = examine_dns(settings(tmp_path, text), (probe,), asking(with_key(GOOD, key)))
    assert {each.state for each in told} == {State.WELL}
