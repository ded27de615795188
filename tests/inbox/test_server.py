"""The inbox's SMTP server over real sockets."""

import smtplib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.clock import SystemClock
from newsletter.errors import UserError
from newsletter.inbox import folder as mail_folder
from newsletter.inbox.server import LARGEST, InboxServer

MAIL = b"Subject: Hello\r\nFrom: a@example.org\r\n\r\nwords\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var/inbox"


@pytest.fixture
def server(folder: Path) -> Iterator[InboxServer]:
    with InboxServer(folder, SystemClock()) as running:
        yield running


@pytest.fixture
def client(server: InboxServer) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=20) as session:
        yield session


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes().split(b"+0000\r\n", 1)[1] for path in sorted(folder.glob("*.eml"))]


def test_a_message_is_a_whole_file_when_250_comes(client: smtplib.SMTP, folder: Path) -> None:
    client.sendmail("a@example.org", ["b@example.org", "c@example.org"], MAIL)
    (mail,) = mail_folder.caught(folder)
    assert (mail.subject, mail.to) == ("Hello", "b@example.org, c@example.org")
    assert contents(folder) == [MAIL]
    assert not list(folder.glob(".*"))


def test_a_larger_message_than_announced_is_refused_and_the_next_is_taken(
    client: smtplib.SMTP, folder: Path
) -> None:
    client.ehlo()
    assert client.esmtp_features["size"] == str(LARGEST)
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        client.sendmail("a@example.org", ["b@example.org"], b"x" * (LARGEST + 1))
    assert refused.value.smtp_code == 552
    client.sendmail("a@example.org", ["b@example.org"], MAIL)
    assert contents(folder) == [MAIL]


def test_a_folder_that_cannot_be_written_is_an_answer_and_loses_nothing(
    client: smtplib.SMTP, folder: Path
) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way")
    with pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("a@example.org", ["b@example.org"], MAIL)
    assert refused.value.smtp_code == 452
    folder.unlink()
    client.sendmail("a@example.org", ["b@example.org"], MAIL)
    assert contents(folder) == [MAIL]


def test_a_taken_port_is_one_clear_sentence(server: InboxServer, folder: Path) -> None:
    with pytest.raises(UserError, match=f"port {server.port} on 127.0.0.1 cannot be used"):
        InboxServer(folder, SystemClock(), port=server.port).start()


def test_it_stops_with_sessions_open(folder: Path) -> None:
    server = InboxServer(folder, SystemClock())
    server.start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        assert connection.recv(3) == b"220"
        server.stop()
        while connection.recv(1_000):
            pass
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=20)
