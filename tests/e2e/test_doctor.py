"""`newsletter doctor` from the command line, with a real DNS server and a real mail server."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def paper(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capture: pytest.CaptureFixture[str],
    *rules: Rule,
) -> Iterator[Paper]:
    make_authority(folder, ["localhost"])
    monkeypatch.chdir(folder)
    for name in ("NEWSLETTER_CONFIG", "NEWSLETTER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEWSLETTER_SMTP_PASSWORD", PASSWORD)
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
    features = (*FEATURES, "STARTTLS", "AUTH PLAIN")
    with ScriptedServer(
        folder / "taken", rules, features=features, context=vouched_for(folder)
    ) as server:
        text = SETTINGS.replace("PORT", str(server.port))
        (folder / "newsletter.toml").write_text(text, "utf-8")
        yield Paper(server, capture)


@pytest.mark.covers("T48", "T55")
def test_a_good_set_up_ends_with_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with paper(tmp_path, monkeypatch, capsys) as folder:
        code, out, err = folder.doctor()
        assert (code, folder.server.accepted()) == (0, [])
        verbs = {command.split(" ")[0] for command in folder.server.commands()}
        assert verbs <= {"EHLO", "STARTTLS", "AUTH", "QUIT", "ehlo"}
    assert err.startswith(f"asking the mail server localhost:{folder.server.port}")
    assert "paper.news" in err
    for area in ("configuration", "database", "clock", "smtp", "dns"):
        assert f"\n{area}\n" in f"\n{out}"
    assert "0 wrong, 0 could not be asked" in out
    assert max(map(len, out.splitlines())) <= WIDTH
    assert not (tmp_path / "var").exists()


@pytest.mark.covers("T55")
def test_what_is_wrong_ends_with_1_and_names_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = {line: value for line, value in ZONE.items() if not line.startswith("_dmarc")}
    with paper(tmp_path, monkeypatch, capsys) as folder:
        code, out, _ = folder.doctor(zone=zone)
        assert code == 1
        assert "       name   _dmarc.paper.news.\n       type   TXT\n" in out
        assert '       value  "v=DMARC1; p=none; rua=mailto:desk@paper.news"\n' in out
        code, states, told = folder.findings(zone)
    assert (code, told["passed"], states["dmarc"]) == (1, False, "error")
    assert {tuple(each) for each in told["findings"]} == {
        ("area", "check", "subject", "state", "message", "evidence", "remedy", "records")
    }


def test_who_could_not_be_asked_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    zone = {**ZONE, "_dmarc.paper.news TXT": Deed.SERVFAIL}
    with paper(tmp_path, monkeypatch, capsys) as folder:
        code, states, _ = folder.findings(zone)
    assert (code, states["dmarc"]) == (3, "could not ask")


@pytest.mark.covers("T55")
def test_a_domain_that_does_not_exist_is_told_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with paper(tmp_path, monkeypatch, capsys) as folder:
        text = (tmp_path / "newsletter.toml").read_text("utf-8")
        text = text.replace("bounces@paper.news", "bounces@no-such-paper.news")
        (tmp_path / "newsletter.toml").write_text(text, "utf-8")
        code, out, _ = folder.doctor()
    assert code == 1
    mended = out.partition("the gravest first\n")[2]
    assert mended.startswith(
        "  1. no-such-name (no-such-paper.news): no-such-paper.news does not exist"
    )
    assert "1 wrong, 0 could not be asked" in out


def test_a_mail_server_that_is_away_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    away = Rule("connect", text="421 4.3.2 later", drop=True, times=0)
    with paper(tmp_path, monkeypatch, capsys, away) as folder:
        code, states, _ = folder.findings()
    assert (code, states["server"]) == (3, "could not ask")


@pytest.mark.covers("T48")
def test_a_login_that_is_refused_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    no = Rule("AUTH", text=f"535 5.7.8 wrong: {PASSWORD}", times=0)
    with paper(tmp_path, monkeypatch, capsys, no) as folder:
        code, out, _ = folder.doctor()
    assert code == 1
    assert "refused the login: 535" in " ".join(out.split())


def test_offline_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with paper(tmp_path, monkeypatch, capsys) as folder:
        assert main(["doctor", "--offline", "--json"]) == 0
        assert not folder.server.wires
    told = json.loads(capsys.readouterr().out)
    assert (told["passed"], told["offline"], told["dns_server"]) == (True, True, None)


def test_the_readers_host_is_asked_only_when_told_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        paper(tmp_path, monkeypatch, capsys) as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        port = listener.getsockname()[1]
        file = tmp_path / "newsletter.toml"
        url = f"https://localhost:{port}"
        file.write_text(file.read_text("utf-8").replace("https://letters.paper.news", url), "utf-8")
        folder.doctor()
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()
    with paper(tmp_path, monkeypatch, capsys) as folder:
        file.write_text(file.read_text("utf-8").replace("https://letters.paper.news", url), "utf-8")
        _, out, _ = folder.doctor("--web")
    assert f"certificate (localhost:{port}): takes no connection" in " ".join(out.split())


def test_settings_that_do_not_load_end_with_1_and_are_all_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with paper(tmp_path, monkeypatch, capsys) as folder:
        file = tmp_path / "newsletter.toml"
        text = file.read_text("utf-8").replace("language", "langauge").replace("news@p", "p")
        file.write_text(text, "utf-8")
        code, out, _ = folder.doctor()
        assert not folder.server.wires
    assert code == 1
    assert "did you mean language?" in " ".join(out.split())
    assert " ".join(out.split()).count("is no sender") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--dns-server", "dns.paper.news"),
        ("--offline", "--dns-server", "127.0.0.1"),
        ("--offline", "--web"),
    ],
)
def test_a_wrong_use_ends_with_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
) -> None:
    with paper(tmp_path, monkeypatch, capsys):
        assert main(["doctor", *arguments]) == 2


def test_without_a_folder_there_is_nothing_to_look_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSLETTER_CONFIG", raising=False)
    assert main(["doctor"]) == 2
