"""`doctor` asks a mail server up to the login, and no further."""

from pathlib import Path

import pytest
from sending import CLOCK, SHORT, server_at
from smtp_server import FEATURES, Rule, ScriptedServer
from tls_authority import make_authority, trusting, vouched_for

from newsletter.config.settings import Secret, Security
from newsletter.delivery.send_one import probe_server
from newsletter.doctor.setup import judge_server
from newsletter.model.diagnosis import ProbeEnd, ServerProbe, State

TLS = (*FEATURES, "STARTTLS", "AUTH PLAIN LOGIN")
PASSWORD = "CANARY-probe-5521"  # noqa: S105 (a canary)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    make_authority(folder, ["localhost", "mail.paper.example"])
    return folder


def probe(server: ScriptedServer, authority: Path, **changes: object) -> ServerProbe:
    values: dict[str, object] = {
        "host": "localhost",
        "security": Security.STARTTLS,
        "username": "news",
        "password": Secret(value=PASSWORD),
        "password_env": "NEWSLETTER_SMTP_PASSWORD",
    }
    settings = server_at(server.port, "primary", **{**values, **changes})
    return probe_server(settings, clock=CLOCK, timeouts=SHORT, context=trusting(authority))


def judged(seen: ServerProbe) -> dict[str, State]:
    return {each.check: each.state for each in judge_server(seen, CLOCK.now())}


@pytest.mark.parametrize("from_start", [False, True])
def test_a_good_server_is_asked_up_to_the_login(
    tmp_path: Path,
    authority: Path,
    from_start: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    context = vouched_for(authority)
    with ScriptedServer(
        tmp_path / "taken", features=TLS, context=context, tls_from_start=from_start
    ) as server:
        security = Security.TLS if from_start else Security.STARTTLS
        seen = probe(server, authority, security=security)
        verbs = [command.split(" ")[0] for command in server.commands()]
        assert not server.accepted()
    expected = (
        ["EHLO", "AUTH", "QUIT"] if from_start else ["EHLO", "STARTTLS", "EHLO", "AUTH", "QUIT"]
    )
    assert [verb.upper() for verb in verbs] == expected
    assert seen.end is ProbeEnd.READY
    assert seen.peer in {"127.0.0.1", "::1"}
    assert seen.tls_version.startswith("TLSv1.")
    assert seen.certificate is not None
    assert seen.certificate.names == ("localhost", "mail.paper.example")
    assert seen.offered == ("PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8")
    assert seen.most_bytes == 10_000_000
    assert set(judged(seen).values()) == {State.WELL}


def test_a_server_of_this_machine_without_tls_is_well(tmp_path: Path, authority: Path) -> None:
    with ScriptedServer(tmp_path / "taken") as server:
        seen = probe(server, authority, host="127.0.0.1", security=Security.NONE, username="")
    assert (seen.tls_version, seen.certificate, seen.has_login) == ("", None, False)
    assert judged(seen)["server"] is State.WELL


def test_a_certificate_of_the_future_points_to_our_own_clock() -> None:
    seen = ServerProbe(
        name="primary",
        host="mail.paper.example",
        port=587,
        end=ProbeEnd.REFUSED,
        message="mail.paper.example:587 shows a certificate that is not valid: certificate is not "
        "yet valid",
    )
    (diagnosis,) = judge_server(seen, CLOCK.now())
    assert diagnosis.state is State.ERROR
    assert "clock" in diagnosis.remedy


@pytest.mark.covers("T48")
def test_a_refused_login_is_told_without_the_password(tmp_path: Path, authority: Path) -> None:
    rule = Rule("AUTH", text=f"535 5.7.8 {PASSWORD} is wrong", times=0)
    with ScriptedServer(
        tmp_path / "taken", [rule], features=TLS, context=vouched_for(authority)
    ) as server:
        seen = probe(server, authority)
        assert len([each for each in server.commands() if each.startswith("AUTH")]) == 1
    assert "refused the login: 535" in seen.message
    assert "NEWSLETTER_SMTP_PASSWORD" in seen.hint
    assert PASSWORD not in repr(seen)
    assert judged(seen) == {"server": State.ERROR}


@pytest.mark.parametrize(
    "rule",
    [
        Rule("connect", text="421 4.3.2 too busy", drop=True),
        Rule("connect", do="stall"),
        Rule("EHLO", text="garbage"),
        Rule("AUTH", text="454 4.7.0 not now"),
    ],
)
def test_a_server_that_does_not_answer_could_not_be_asked(
    tmp_path: Path, authority: Path, rule: Rule
) -> None:
    with ScriptedServer(
        tmp_path / "taken", [rule], features=TLS, context=vouched_for(authority)
    ) as server:
        seen = probe(server, authority)
    assert seen.end is ProbeEnd.LOST
    assert judged(seen) == {"server": State.UNASKED}


def test_a_short_size_and_a_near_end_are_warned_of(tmp_path: Path) -> None:
    make_authority(tmp_path, ["localhost"], dates=("-days", "3"))
    features = ("SIZE 50000", "STARTTLS", "AUTH PLAIN")
    with ScriptedServer(
        tmp_path / "taken", features=features, context=vouched_for(tmp_path)
    ) as server:
        told = judged(probe(server, tmp_path))
    assert told["size"] is State.WARNING
    assert told["certificate"] is State.WARNING
    assert told["smtputf8"] is State.INFO
