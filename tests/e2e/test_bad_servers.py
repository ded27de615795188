"""Mail servers that refuse, stall or drop at every step, through `test`, `send` and `run`."""

import socket
import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from e2e.folder import SAMPLE, Folder, stop
from e2e.waiting import line_of
from smtp_server import FEATURES, Rule, ScriptedServer

from newsletter.model.address import Address
from newsletter.model.records import SuppressionReason
from newsletter.store import open_database
from newsletter.store.subscribers import suppress, unsubscribe

PASSWORD = "CANARY-9d41c7"  # noqa: S105 (it must show up nowhere)
QUIET = "\n[notices]\nmail = []\n"  # the scripted servers get readers' mail alone
READERS = {f"reader{n}@readers.example" for n in range(3)}


def _use(folder: Folder, port: int, **more: object) -> None:
    settings = {"host": "127.0.0.1", "port": port, "security": "none", **more}
    lines = [
        f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"'
        for key, value in settings.items()
    ]
    text = (folder.path / "newsletter.toml").read_text()
    text = text.split(QUIET)[0] + QUIET + "\n[smtp.primary]\n" + "\n".join(lines) + "\n"
    if "[delivery]" not in text:
        text = text.replace(
            "\n[smtp.primary]", '\n[delivery]\nfirst_retry = "1s"\n\n[smtp.primary]'
        )
    (folder.path / "newsletter.toml").write_text(text)


@contextmanager
def _server(folder: Folder, *rules: Rule, **more: object) -> Iterator[ScriptedServer]:
    features = (*FEATURES, "AUTH PLAIN LOGIN") if "username" in more else FEATURES
    with ScriptedServer(folder.path / "record", rules, features=features, fsync=False) as server:
        _use(folder, server.port, **more)
        yield server


def _taken(server: ScriptedServer) -> Counter[str]:
    return Counter(entry["to"] for entry in server.accepted())


def _states(folder: Folder) -> dict[str, str]:
    return {d["recipient"]: d["state"] for d in folder.log()["deliveries"]}


@pytest.mark.covers("F11", "F12", "F13", "F14", "F16", "F17", "F21", "F22")
def test_a_test_mail_tells_what_the_server_said_at_every_step(ready: Folder) -> None:
    cases = [
        (Rule("connect", text="421 4.3.2 too busy"), 3, "is busy: 421 4.3.2 too busy"),
        (Rule("connect", text="554 5.7.1 go away"), 4, "554 5.7.1 go away"),
        (Rule("connect", "cut"), 3, "connection"),
        (Rule("EHLO", text="421 4.3.2 too busy"), 3, "421 4.3.2"),
        (Rule("EHLO", "cut"), 3, "connection"),
        (Rule("MAIL", text="451 4.3.0 later"), 3, "451 4.3.0"),
        (Rule("MAIL", text="550 5.7.1 not you"), 4, "550 5.7.1 not you"),
        (Rule("MAIL", "cut"), 3, "connection"),
        (Rule("RCPT", text="450 4.2.0 greylisted"), 3, "450 4.2.0"),
        (Rule("RCPT", text="550 5.1.1 nobody"), 4, "550 5.1.1 nobody"),
        (Rule("RCPT", "reset"), 3, "connection"),
        (Rule("DATA", text="451 4.3.0 later"), 3, "451 4.3.0"),
        (Rule("DATA", text="554 5.6.0 no"), 4, "554 5.6.0"),
        (Rule("DOT", text="452 4.3.1 full"), 3, "452 4.3.1"),
        (Rule("DOT", text="552 5.3.4 too big"), 4, "552 5.3.4"),
        (Rule("DOT", "cut"), 5, "did not say whether"),
        (Rule("DOT", "lose"), 5, "did not say whether"),
        (Rule("DOT", text="garbage"), 5, "did not say whether"),
    ]
    with _server(ready) as server:
        for rule, code, says in cases:
            server.rules = [rule]
            ready.refuse("test", SAMPLE, code=code, says=[f"127.0.0.1:{server.port}", says])
        server.rules = [Rule("BODY", "cut", at_byte=1000)]
        # whether the dot was on its way by then is the kernels' affair: both are told truly
        assert ready.here("test", SAMPLE, expect=None).code in {3, 5}
        server.rules = [Rule("EHLO", "drip"), Rule("DOT", "drip")]
        done = ready.here("test", SAMPLE)
        assert f"by 127.0.0.1:{server.port}" in done.err
        subjects = [entry["head"] for entry in server.accepted()]
        assert f"({len(cases) + 2})" in subjects[-1], "each try is counted"
    ready.refuse("test", SAMPLE, code=3, says=["cannot be reached: connection refused"])
    assert ready.here("log", "--json").json() == []


@pytest.mark.covers("F18", "T48")
def test_a_wrong_login_is_told_without_the_password_and_tried_once(ready: Folder) -> None:
    login = {"username": "news", "password_env": "NEWSLETTER_SMTP_PASSWORD"}
    refused = f"535 5.7.8 no, not {PASSWORD}"
    said: list[str] = []
    with _server(ready, **login) as server:
        send = ("send", SAMPLE, "--confirm", "3")
        for command in (("test", SAMPLE), send):
            ready.refuse(
                *command, code=4, says=["wants a password", "set NEWSLETTER_SMTP_PASSWORD"]
            )
        done = ready.here(*send, expect=4)
        assert "wants a password and none is set here; set NEWSLETTER_SMTP_PASSWORD" in done.err
        assert done.err.index("set here") < done.err.index("error: "), "before it is tried"
        running = ready.start("run")
        assert "set NEWSLETTER_SMTP_PASSWORD" in line_of(running, "none is set here")
        code, _ = stop(running)
        assert code == 0
        server.rules = [Rule("AUTH", text=refused, times=0)]
        for more in (("test", SAMPLE), send, ("--debug", "test", SAMPLE)):
            before = len(server.wires)
            done = ready.here(*more, expect=4, NEWSLETTER_SMTP_PASSWORD=PASSWORD)
            assert "refused the login: 535 5.7.8" in done.err
            said += [done.out, done.err]
            assert len(server.wires) - before <= 4, "one try a connection at most"
        running = ready.start("run", NEWSLETTER_SMTP_PASSWORD=PASSWORD)
        run = ready.wait_for("held")
        tries = len(server.wires)
        time.sleep(2.5)  # noqa: TID251 (long enough for a storm to begin)
        assert len(server.wires) == tries, "a refused login is not tried again and again"
        assert "refused the login" in run["why"]
        server.rules = []
        ready.here("resume", SAMPLE)
        run = ready.wait_for("sent")
        code, spoken = stop(running)
        assert code == 0
        assert "refused the login" in spoken
        said += [spoken, str(run)]
        assert _taken(server) == dict.fromkeys(READERS, 1)
    ready.here("build", SAMPLE)
    for text in said:
        assert PASSWORD not in text
    for path in ready.path.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path


@pytest.mark.covers("F28")
def test_a_connection_that_cannot_be_secured_carries_nothing(ready: Folder, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=other.example", "-days", "2", "-nodes"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run(
        [*made, *subject, "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _server(ready, security="starttls") as server:
        ready.refuse("test", SAMPLE, code=4, says=["does not offer STARTTLS", "nothing was sent"])
        server.features = (*FEATURES, "STARTTLS")
        server.context = context
        ready.refuse("test", SAMPLE, code=4, says=["certificate that is not valid"])
        server.rules = [Rule("STARTTLS", text="454 4.7.0 not now")]
        ready.refuse("test", SAMPLE, code=3, says=["454 4.7.0"])
        _use(ready, server.port, security="tls")
        ready.refuse("test", SAMPLE, code=3, says=["no secure connection"])
        assert not server.accepted()
    ready.set('host = "127.0.0.1"', 'host = "mail.example"')
    ready.set('security = "tls"', 'security = "none"')
    ready.refuse("test", SAMPLE, says=["newsletter.toml:", "security", "starttls"])


@pytest.mark.covers("F15", "F16", "F22", "I02")
def test_a_mailing_ends_with_its_gravest_part_and_settles_by_hand(ready: Folder) -> None:
    rules = [
        Rule("RCPT", text="550 5.1.1 nobody", match="reader0"),
        Rule("DOT", "cut", match="reader1"),
        Rule("RCPT", text="450 4.2.0 greylisted", match="reader2"),
    ]
    with _server(ready, *rules) as server:
        done = ready.refuse("send", SAMPLE, "--confirm", "3", code=5, says=["unknown", "settle"])
        while ready.log()["account"]["left"]:
            ready.here("send", SAMPLE, "--confirm", "1", expect=5)
        assert _states(ready) == {
            "reader0@readers.example": "refused",
            "reader1@readers.example": "unknown",
            "reader2@readers.example": "sent",
        }
        assert ready.log()["outcome"] == "unsettled"
        assert "reader1@readers.example" in ready.here("log", SAMPLE).out
        assert "reader1" not in done.err, "no address in an error"

        def settle(*more: str) -> tuple[str, ...]:
            return ("settle", SAMPLE, *more)

        assert "reader1" in ready.here("settle", SAMPLE, expect=5).out
        ready.refuse(*settle("--came", "gone@readers.example"), says=["no recipient of this"])
        ready.refuse(*settle("--came", "reader2@readers.example"), says=["not in doubt"])
        ready.refuse(*settle("--came", "no address"), says=["no mail address"])
        ready.refuse(*settle("--again", "reader1@readers.example"), says=["may still take"])
        twice = ("--came", "reader1@readers.example", "--drop", "READER1@readers.example")
        ready.refuse(*settle(*twice), says=["named twice"])
        half = ("--came", "reader1@readers.example", "--drop", "reader2@readers.example")
        ready.refuse(*settle(*half), says=["not in doubt"])
        assert _states(ready)["reader1@readers.example"] == "unknown", "all or none"
        ready.here(*settle("--came", "reader1@readers.example"))
        ready.refuse(*settle("--came", "reader1@readers.example"), says=["not in doubt"])
        assert ready.log()["outcome"] == "sent"
        ready.refuse("send", SAMPLE, "--confirm", "0", code=1, says=["nobody is left"])
        ready.refuse("pause", SAMPLE, says=["done"])
        ready.refuse(
            "settle",
            "2022-01-01-none",
            says=["no mailing of 2022-01-01-none has begun", "newsletter plan"],
        )
        assert _taken(server) == {"reader1@readers.example": 1, "reader2@readers.example": 1}


def test_refused_recipients_and_a_refused_sender_end_with_four(ready: Folder) -> None:
    with _server(ready, Rule("MAIL", text="550 5.7.1 not you", times=0)) as server:
        ready.refuse("send", SAMPLE, "--confirm", "3", code=4, says=["550 5.7.1", "3 deliveries"])
        assert set(_states(ready).values()) == {"queued"}, "the server refuses us, not the reader"
        server.rules = [Rule("RCPT", text="550 5.1.1 nobody", match="reader0")]
        ready.refuse("send", SAMPLE, "--confirm", "3", code=4, says=["1 of 3", "for good"])
        assert _taken(server).keys() == READERS - {"reader0@readers.example"}
        assert ready.log()["outcome"] == "sent"


@pytest.mark.covers("F11", "F26", "F29", "F10")
def test_a_server_that_is_away_or_silent_keeps_mail_waiting_and_send_goes_on(
    ready: Folder,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    _use(ready, port)
    ready.refuse("send", SAMPLE, "--confirm", "3", code=3, says=["refused", "3 deliveries wait"])
    with _server(ready, Rule("DATA", "stall", first=1)) as server:
        sending = ready.start("send", SAMPLE, "--confirm", "3")
        give_up = time.monotonic() + 30  # noqa: TID251
        while not server.accepted() and time.monotonic() < give_up:  # noqa: TID251
            time.sleep(0.05)  # noqa: TID251 (asking another process)
        code, said = stop(sending)
        assert code == 3, said
        assert "left" in said
        assert "goes on" in said
        left = ready.log()["account"]["left"]
        assert left >= 1
        ready.refuse("send", SAMPLE, "--confirm", str(left + 1), says=[f"{left} recipients"])
        ready.here("send", SAMPLE, "--confirm", str(left))
        assert _taken(server) == dict.fromkeys(READERS, 1)


@pytest.mark.covers("F10", "F56", "T54")
def test_a_run_is_paused_resumed_and_stopped_and_says_so(ready: Folder) -> None:
    ready.subscribe(40)
    rule = Rule("DATA", pause_s=0.25, times=0)
    with _server(ready, rule, connections=1) as server:
        running = ready.start("run")
        sending = ready.start("send", SAMPLE, "--confirm", "40")
        while not server.accepted():
            time.sleep(0.05)  # noqa: TID251 (asking another process)
        ready.here("pause", SAMPLE)
        _, said = sending.communicate(timeout=30)
        assert sending.returncode == 3, said
        assert "paused" in said
        must = ready.log()
        assert (must["outcome"], must["why"]) == ("held", "paused: by hand")
        ready.refuse("pause", SAMPLE, says=["is paused already"])
        time.sleep(0.7)  # noqa: TID251 (what was marked before is handed over)
        before = len(server.accepted())
        time.sleep(0.7)  # noqa: TID251
        assert len(server.accepted()) == before
        ready.here("resume", SAMPLE)
        ready.refuse("resume", SAMPLE, says=["is running already"])
        while len(server.accepted()) < before + 3:
            time.sleep(0.05)  # noqa: TID251 (asking another process)
        assert "is stopped: " in ready.here("stop", SAMPLE).out
        run = ready.wait_for("stopped")
        code, said = stop(running)
        assert code == 0, said
        assert "stopped by hand" in run["why"]
        run = ready.log()
        account = run["account"]
        taken = _taken(server)
        assert max(taken.values()) == 1
        assert account["sent"] + account["unknown"] == len(taken) < 40
        assert account["cancelled"] == 40 - len(taken)
        ready.refuse("resume", SAMPLE, says=["is stopped, it cannot go on"])
        ready.refuse("send", SAMPLE, "--confirm", "3", code=1, says=["nobody is left", "cancelled"])


def _url(folder: Folder) -> str:
    return f"sqlite:///{folder.path / 'var' / 'newsletter.db'}"


@pytest.mark.covers("F56")
def test_who_says_no_during_a_run_gets_nothing_more(ready: Folder) -> None:
    ready.subscribe(30)
    with _server(ready, Rule("DATA", pause_s=0.2, times=0), connections=1) as server:
        sending = ready.start("send", SAMPLE, "--confirm", "30")
        while not server.accepted():
            time.sleep(0.05)  # noqa: TID251 (asking another process)
        now = datetime.now(UTC)  # noqa: TID251 (as another process would)
        leaver = Address(local="reader29", domain="readers.example")
        complainer = Address(local="reader28", domain="readers.example")
        with (
            closing(open_database(_url(ready), create=False)) as database,
            database.write() as conn,
        ):
            assert unsubscribe(conn, leaver, list_name="daily", now=now)
            suppress(conn, complainer, reason=SuppressionReason.COMPLAINT, now=now)
        assert sending.wait(60) == 0
        sending.communicate()
        states = _states(ready)
        assert states.pop("reader29@readers.example") == "suppressed"
        assert states.pop("reader28@readers.example") == "suppressed"
        assert set(states.values()) == {"sent"}
        assert _taken(server) == dict.fromkeys(states, 1)
