"""Sessions: what is asked of a server before a single address is named."""

from pathlib import Path

import pytest
from sending import CLOCK, SENDER, SHORT, server_at
from smtp_server import FEATURES, Rule, ScriptedServer
from tls_authority import make_authority, make_expired_authority, vouched_for

from newsletter.config.settings import Secret, Security
from newsletter.delivery.send_one import send_one
from newsletter.errors import NewsletterError, PermanentError, TransientError, UncertainError
from newsletter.model.address import Address
from newsletter.model.mailing import Reply

READER = Address(local="reader1", domain="list.example")
MESSAGE = b"To: reader1@list.example\r\nSubject: hello\r\n\r\n.dots\r\n"
TLS = (*FEATURES, "STARTTLS", "AUTH PLAIN LOGIN")
PASSWORD = "s3cret-canary"  # noqa: S105 (a canary)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    make_authority(folder, ["localhost"])
    return folder


def send(server: ScriptedServer, **changes: object) -> Reply:
    values: dict[str, object] = {
        "host": "localhost",
        "security": Security.STARTTLS,
        "username": "news",
        "password": Secret(value=PASSWORD),
        "password_env": "NEWSLETTER_SMTP_PASSWORD",
    }
    settings = server_at(server.port, "primary", **{**values, **changes})
    return send_one(settings, SENDER, READER, MESSAGE, clock=CLOCK, timeouts=SHORT)


def secrets_seen(server: ScriptedServer) -> list[str]:
    """What of a login or an envelope went over the wire."""
    return [
        c for c in server.commands() if c.split(" ")[0].upper() in {"AUTH", "MAIL", "RCPT", "DATA"}
    ]


@pytest.mark.covers("T33")
@pytest.mark.parametrize("from_start", [False, True])
def test_a_good_certificate_carries_login_and_message(
    tmp_path: Path,
    authority: Path,
    monkeypatch: pytest.MonkeyPatch,
    from_start: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    with ScriptedServer(
        tmp_path / "taken.jsonl",
        features=tuple(f for f in TLS if f != "STARTTLS") if from_start else TLS,
        context=vouched_for(authority),
        tls_from_start=from_start,
    ) as server:
        security = Security.TLS if from_start else Security.STARTTLS
        assert send(server, security=security).code == 250
        (wire,) = server.wires
        assert wire.secured
        verbs = [c.split(" ")[0].upper() for c in wire.commands]
        secured = verbs if from_start else verbs[verbs.index("STARTTLS") + 1 :]
        assert secured == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
        assert wire.contents == [MESSAGE]
        assert not wire.violations


@pytest.mark.covers("T33", "F28")
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("a stranger's", "unable to get local issuer certificate"),
        ("wrong name", "certificate is not valid for 'localhost'"),
        ("expired", "certificate has expired"),
    ],
)
def test_a_bad_certificate_gets_neither_login_nor_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, words: str
) -> None:
    if fault == "expired":
        make_expired_authority(tmp_path, ["localhost"])
    else:
        make_authority(tmp_path, ["localhost" if fault != "wrong name" else "elsewhere.example"])
    if fault != "a stranger's":
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = vouched_for(tmp_path)
    with ScriptedServer(tmp_path / "taken.jsonl", features=TLS, context=context) as server:
        with pytest.raises(PermanentError, match=words) as caught:
            send(server)
        assert not secrets_seen(server)
    assert PASSWORD not in str(caught.value)


@pytest.mark.covers("T33", "F28")
def test_a_server_without_starttls_gets_neither_login_nor_mail(tmp_path: Path) -> None:
    with ScriptedServer(tmp_path / "taken.jsonl", features=("AUTH PLAIN",)) as server:
        with pytest.raises(PermanentError, match="does not offer STARTTLS"):
            send(server)
        assert not secrets_seen(server)


@pytest.mark.covers("T33")
def test_a_line_injected_behind_the_220_ends_the_session(
    tmp_path: Path, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    rule = Rule("STARTTLS", text="220 go on\r\n250 AUTH PLAIN")
    with ScriptedServer(
        tmp_path / "taken.jsonl", [rule], features=TLS, context=vouched_for(authority)
    ) as server:
        with pytest.raises(PermanentError, match="more than a reply to STARTTLS"):
            send(server)
        assert not secrets_seen(server)


@pytest.mark.covers("T33", "F28")
def test_a_refused_starttls_is_never_answered_in_the_clear(tmp_path: Path) -> None:
    rule = Rule("STARTTLS", text="454 4.7.0 not now")
    with ScriptedServer(tmp_path / "taken.jsonl", [rule], features=TLS) as server:
        with pytest.raises(TransientError, match=r"is busy: 454 4\.7\.0 not now"):
            send(server)
        assert not secrets_seen(server)


@pytest.mark.covers("F18")
@pytest.mark.parametrize("code", [534, 535])
def test_a_refused_login_is_tried_once_and_the_password_stays_unsaid(
    tmp_path: Path, code: int
) -> None:
    rule = Rule("AUTH", text=f"{code} 5.7.8 no {PASSWORD} is wrong", times=0)
    with ScriptedServer(tmp_path / "taken.jsonl", [rule], features=TLS) as server:
        with pytest.raises(PermanentError, match="refused the login") as caught:
            send(server, host="127.0.0.1", security=Security.NONE)
        assert len([c for c in server.commands() if c.startswith("AUTH")]) == 1
    assert PASSWORD not in str(caught.value) + repr(caught.value.__dict__)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": None}, "wants a password and none is set"),
        ({"password": Secret(value="pässword")}, "beyond ASCII"),
    ],
)
def test_a_login_that_cannot_be_made_says_why(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with (
        ScriptedServer(tmp_path / "taken.jsonl", features=TLS) as server,
        pytest.raises(PermanentError, match=words),
    ):
        send(server, host="127.0.0.1", security=Security.NONE, **changes)


@pytest.mark.parametrize(
    ("rule", "error", "words"),
    [
        (Rule("connect", text="554 5.7.1 go away"), PermanentError, "refused its greeting: 554"),
        (Rule("EHLO", text="550 5.7.1 not you"), PermanentError, "refused EHLO: 550"),
        (Rule("RCPT", text="550 5.1.1 who?"), PermanentError, "refused the message .* 550 5.1.1"),
        (Rule("RCPT", text="451 4.3.0 later"), TransientError, "is busy: 451 4.3.0 later"),
        (Rule("MAIL", text="421 4.3.2 bye", drop=True), TransientError, "is busy: 421"),
        (Rule("DOT", text="554 5.6.0 no"), PermanentError, "refused the message"),
        (Rule("DOT", "cut"), UncertainError, "did not say whether it took the message"),
        (Rule("DATA", "cut"), TransientError, "closed the connection"),
    ],
)
def test_one_message_ends_in_a_reply_or_the_error_that_tells_what_to_do(
    tmp_path: Path, rule: Rule, error: type[NewsletterError], words: str
) -> None:
    with (
        ScriptedServer(tmp_path / "taken.jsonl", [rule]) as server,
        pytest.raises(error, match=words),
    ):
        send(server, host="127.0.0.1", security=Security.NONE, username="")
