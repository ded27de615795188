"""The folder of caught mail: what it lists of sound, broken and hostile files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import NotFound
from newsletter.inbox import folder as mail_folder

AT = datetime(2022, 3, 15, 6, 23, 41, tzinfo=UTC)


def put(folder: Path, content: bytes, name: str = "a.eml") -> str:
    (folder / name).write_bytes(content)
    return name


def test_what_was_sent_follows_the_trace_lines_byte_for_byte(tmp_path: Path) -> None:
    content = b"Subject: x\r\n\r\n\xff\x00.\r\n..\r\n"
    path = mail_folder.keep(
        tmp_path, content, sender="a@example.org", recipients=("b@example.org",), at=AT
    )
    head, rest = path.read_bytes().split(b"+0000\r\n", 1)
    assert rest == content
    assert b"Delivered-To: b@example.org\r\n" in head
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o600  # a reader's address and links stand in it


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        (b"Subject: Plain", "Plain"),
        (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("Subject: Grüße roh".encode(), "Grüße roh"),
        (b"Subject: \xff\xfe", "\ufffd\ufffd"),
        (b"Subject: =?nonsense?q?=FF?=", "=?nonsense?q?=FF?="),
        (b"Subject: =?utf-8?b?a?=", "=?utf-8?b?a?="),
        (b"Subject: one\r\n two", "one two"),
        (b"No header at all", ""),
        (b"", ""),
    ],
)
def test_a_subject_is_shown_as_well_as_it_can_be(tmp_path: Path, head: bytes, subject: str) -> None:
    name = put(tmp_path, head + b"\r\n\r\nbody")
    assert mail_folder.summary(tmp_path, name).subject == subject


@given(st.binary(max_size=400))
def test_no_bytes_break_the_list(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("inbox")
    put(folder, content)
    (found,) = mail_folder.caught(folder)
    found.subject.encode()
    found.sender.encode()
    found.to.encode()
    assert found.size_bytes == len(content)


@pytest.mark.covers("T47")
@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../secret.eml",
        "/etc/passwd",
        "sub/a.eml",
        "link.eml",
        "folder.eml",
        ".hidden.eml",
        "a.txt",
        "a.eml\x00",
        "x" * 5_000 + ".eml",
        "..\\secret.eml",
        "gone.eml",
    ],
)
def test_only_plain_files_of_the_folder_are_messages(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "inbox"
    (folder / "sub").mkdir(parents=True)
    (folder / "folder.eml").mkdir()
    for each in ("sub/a.eml", ".hidden.eml", "a.txt", "../secret.eml"):
        (folder / each).write_text("secret")
    (folder / "link.eml").symlink_to(tmp_path / "secret.eml")
    with pytest.raises(NotFound):
        mail_folder.read(folder, name)
    with pytest.raises(NotFound):
        mail_folder.summary(folder, name)
