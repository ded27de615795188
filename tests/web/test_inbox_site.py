"""The inbox's pages over HTTP: ordinary, broken, huge and many messages."""

import base64
import smtplib
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import Served, newsletter_folder, served

from newsletter.clock import SystemClock
from newsletter.model.article import Picture
from newsletter.store import open_database, stories

DEEP = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000)
)


def put(inbox: Served, name: str, content: bytes) -> str:
    folder = inbox.folder / "var/inbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return f"/inbox/{name}"


def test_mail_is_listed_and_shown_whoever_wrote_it(inbox: Served) -> None:
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port, timeout=20) as client:
        client.sendmail("a@example.org", ["b@example.org"], b"Subject: By SMTP\r\n\r\nwords\r\n")
    path = put(
        inbox,
        "99990101T000000.000000-by-hand.eml",
        b"Subject: By hand\r\nContent-Type: text/html\r\n\r\n<b>bold</b>",
    )
    page = inbox.ask("/").text
    assert page.index("By hand") < page.index("By SMTP")
    assert "b@example.org" in page
    assert "<iframe" in inbox.ask(path).text
    assert "<b>bold</b>" in inbox.ask(f"{path}/part/html").text
    assert "Content-Type" in inbox.ask(f"{path}?as=headers").text
    assert "&lt;b&gt;bold&lt;/b&gt;" in inbox.ask(f"{path}?as=raw").text
    raw = inbox.ask(f"{path}/raw")
    assert raw.headers["content-type"] == "text/plain; charset=utf-8"
    assert raw.body.startswith(b"Subject: By hand")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.eml", b""),
        ("no-html.eml", b"Subject: x\r\n\r\nwords"),
        ("no-head.eml", b"\r\n\r\n\r\n"),
        ("bytes.eml", bytes(range(256)) * 4),
        ("charset.eml", b"Content-Type: text/html; charset=nonsense\r\n\r\n<p>\xff</p>"),
        (
            "base64.eml",
            b"Content-Transfer-Encoding: base64\r\nContent-Type: text/html\r\n\r\n=A=\xff",
        ),
        ("cut.eml", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: te"),
        ("no-boundary.eml", b"Content-Type: multipart/alternative\r\n\r\n--b\r\n\r\nwords"),
        ("deep.eml", DEEP),
        ("header.eml", b"Subject: =?utf-8?q?=00=0d=0a=3Cscript=3E?=\r\nTo: <<>,;:\r\n\r\n"),
        ("surrogate.eml", b"Subject: =?utf-16?b?3AA=?=\r\n\r\n"),
        ("message.eml", b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nwords"),
    ],
)
def test_no_message_breaks_a_page(inbox: Served, name: str, content: bytes) -> None:
    path = put(inbox, name, content)
    for each in ("/", path, *(f"{path}?as={v}" for v in ("html", "text", "headers", "raw"))):
        answer = inbox.ask(each)
        assert answer.status == 200
        assert "<script>" not in answer.text
    assert inbox.ask(f"{path}/part/html").status == 200
    assert inbox.ask(f"{path}/raw").body == content


def test_a_message_of_33_mb_is_shown_in_part_and_is_saved_whole(inbox: Served) -> None:
    body = base64.encodebytes(b"\xff" * 24_000_000)
    content = b"Subject: Large\r\n\r\n" + body
    path = put(inbox, "large.eml", content)
    page = inbox.ask(f"{path}?as=raw")
    assert "its first 2 MB are shown" in page.text
    assert len(page.body) < 2_100_000
    assert inbox.ask(f"{path}/raw").headers["content-length"] == str(len(content))


@pytest.mark.covers("T47")
@pytest.mark.parametrize(
    "name", ["../newsletter.db", "..", "../../newsletter.toml", "/etc/passwd", "x" * 5_000, "a\x00"]
)
def test_no_name_leads_out_of_the_inbox(inbox: Served, name: str) -> None:
    for part in ("", "/raw", "/part/html"):
        answer = inbox.ask(f"/inbox/{quote(name, safe='')}{part}")
        assert answer.status == 404
        assert b"postal_address" not in answer.body


def test_a_kept_picture_is_shown_by_the_address_of_its_source_and_another_is_a_box(
    tmp_path: Path,
) -> None:
    folder = newsletter_folder(tmp_path)
    name = f"{'0c' * 32}.jpg"
    (folder / "var/media").mkdir(parents=True)
    (folder / "var/media" / name).write_bytes(b"a picture")
    kept = Picture(name=name, type="image/jpeg", width=600, height=300, size_bytes=9)
    url = "https://paper.example/ferry.jpg?w=600&q=80"
    clock = SystemClock()
    store = open_database(f"sqlite:///{folder}/var/newsletter.db", create=True, clock=clock)
    with store.write() as connection:
        stories.save_picture(connection, url, kept, now=clock.now())
    store.close()
    images = [url.replace("&", "&amp;"), f"https://news.paper.example/media/{name}", f"{url}&x=1"]
    mail = "".join(f'<img src="{address}" width="600" alt="">' for address in images)
    with served(folder, "inbox") as inbox:
        inbox.unlock()
        path = put(inbox, "seen.eml", f"Content-Type: text/html\r\n\r\n{mail}".encode())
        shown = inbox.ask(f"{path}/part/html").text
        assert inbox.ask(f"/media/{name}").body == b"a picture"
    assert shown.count(f'src="/media/{name}"') == 2
    assert shown.count('src="data:') == 1
    assert 'src="http' not in shown
