"""`newsletter doctor` from the command line, with a real DNS server and a real mail server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dns_server import Deed, DnsServer, Zone, txt
from paper import PAPER
from smtp_server import FEATURES, Rule, ScriptedServer
from tls_authority import make_authority, vouched_for

from newsletter.cli import main

PASSWORD = "CANARY-doctor-8802"  # noqa: S105 (it must show up nowhere)
WIDTH = 80
ZONE: Zone = {
    "paper.news TXT": [txt("v=spf1 mx -all")],
    "paper.news MX": ["10 mail.paper.news."],
    "mail.paper.news A": ["192.88.99.7"],
    "k1._domainkey.paper.news TXT": [txt(f"v=DKIM1; k=ed25519; p={'A' * 43}=")],
    "_dmarc.paper.news TXT": [txt("v=DMARC1; p=reject; rua=mailto:desk@paper.news")],
    "letters.paper.news A": ["192.88.99.8"],
}
SETTINGS = f"""\
{PAPER}[proof]
addresses = ["desk@paper.news"]
[smtp.primary]
host = "localhost"
port = PORT
username = "news"
password_env = "NEWSLETTER_SMTP_PASSWORD"
return_path = "bounces@paper.news"
dkim_selector = "k1"
"""


class Paper:
    """A folder with a mail server and a DNS server of its own."""

    def __init__(self, server: ScriptedServer, capture: pytest.CaptureFixture[str]) -> None:
        self.server = server
        self._capture = capture

    def doctor(self, *arguments: str, zone: Zone = ZONE) -> tuple[int, str, str]:
        with DnsServer(zone) as dns:
            code = main(["doctor", "--dns-server", dns.address, *arguments])
        printed = self._capture.readouterr()
        assert PASSWORD not in printed.out + printed.err
        return code, printed.out, printed.err

    def findings(self, zone: Zone = ZONE) -> tuple[int, dict[str, str], Any]:
        code, out, _ = self.doctor("--json", zone=zone)
        told = json.loads(out)
        return code, {each["check"]: each["state"] for each in told["findings"]}, told


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    make_authority(folder, ["localhost"])
    return folder


@pytest.fixture
def paper(
    tmp_path: Path,
    authority: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Paper]:
    """A folder whose newsletter has nothing left to correct."""
    monkeypatch.chdir(tmp_path)
    for name in ("NEWSLETTER_CONFIG", "NEWSLETTER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEWSLETTER_SMTP_PASSWORD", PASSWORD)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    features = (*FEATURES, "STARTTLS", "AUTH PLAIN")
    context = vouched_for(authority)
    with ScriptedServer(tmp_path / "taken", features=features, context=context) as server:
        text = SETTINGS.replace("PORT", str(server.port))
        (tmp_path / "newsletter.toml").write_text(text, "utf-8")
        yield Paper(server, capsys)


def change(before: str, after: str) -> None:
    """Change a setting's text."""
    file = Path("newsletter.toml")
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


@pytest.mark.covers("T48", "T55")
def test_a_good_set_up_ends_with_0(paper: Paper) -> None:
    code, out, err = paper.doctor()
    assert (code, paper.server.accepted()) == (0, [])
    verbs = {command.split(" ")[0] for command in paper.server.commands()}
    assert verbs <= {"EHLO", "STARTTLS", "AUTH", "QUIT", "ehlo"}
    assert err.startswith(f"asking the mail server localhost:{paper.server.port}")
    for area in ("configuration", "database", "clock", "smtp", "dns"):
        assert f"\n{area}\n" in f"\n{out}"
    assert "0 wrong, 0 could not be asked" in out
    assert max(map(len, out.splitlines())) <= WIDTH
    assert not Path("var").exists()


@pytest.mark.covers("T55")
def test_what_is_wrong_ends_with_1_and_names_the_record(paper: Paper) -> None:
    zone = {line: value for line, value in ZONE.items() if not line.startswith("_dmarc")}
    code, out, _ = paper.doctor(zone=zone)
    assert code == 1
    assert "       name   _dmarc.paper.news.\n       type   TXT\n" in out
    assert '       value  "v=DMARC1; p=none; rua=mailto:desk@paper.news"\n' in out
    code, states, told = paper.findings(zone)
    assert (code, told["passed"], states["dmarc"]) == (1, False, "error")
    change("bounces@paper.news", "bounces@no-such-paper.news")
    code, out, _ = paper.doctor()
    assert code == 1
    mended = out.partition("the gravest first\n")[2]
    assert mended.startswith(
        "  1. no-such-name (no-such-paper.news): no-such-paper.news does not exist"
    )
    assert "1 wrong, 0 could not be asked" in out


def test_who_could_not_be_asked_ends_with_3(paper: Paper) -> None:
    code, states, _ = paper.findings({**ZONE, "_dmarc.paper.news TXT": Deed.SERVFAIL})
    assert (code, states["dmarc"]) == (3, "could not ask")
    paper.server.rules = [Rule("connect", text="421 4.3.2 later", drop=True, times=0)]
    code, states, _ = paper.findings()
    assert (code, states["server"]) == (3, "could not ask")


def test_offline_asks_nobody(paper: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--offline", "--json"]) == 0
    assert not paper.server.wires
    told = json.loads(capsys.readouterr().out)
    assert (told["passed"], told["offline"], told["dns_server"]) == (True, True, None)


def test_a_wrong_use_ends_with_2(paper: Paper) -> None:
    assert main(["doctor", "--dns-server", "dns.paper.news"]) == 2
    assert main(["doctor", "--offline", "--web"]) == 2
    Path("newsletter.toml").unlink()
    assert main(["doctor"]) == 2
    assert not paper.server.wires
