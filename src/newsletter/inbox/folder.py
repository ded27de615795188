"""The folder of caught mail: one .eml file a message, whoever wrote it there."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import default as header_policy
from pathlib import Path

from newsletter.errors import NotFound, StoreBusy

HEAD_OCTETS = 64 * 1024  # enough for any header block that we list


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtMail:
    """What a list of caught mail shows of one message."""

    name: str
    subject: str
    sender: str
    to: str
    caught_at: datetime
    size_bytes: int


def keep(
    folder: Path, content: bytes, *, sender: str, recipients: tuple[str, ...], at: datetime
) -> Path:
    """Write one caught message durably: temporary file, fsync, rename.

    Three trace lines are put before it, as a final server does (RFC 5321 section 4.4); what was
    sent follows them byte for byte.

    Raises:
        StoreBusy: the folder cannot be written; nothing is left behind.
    """
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f")
    name = f"{stamp}-{secrets.token_hex(6)}.eml"
    trace = "".join(
        (
            f"Return-Path: <{sender}>\r\n",
            *(f"Delivered-To: {recipient}\r\n" for recipient in recipients),
            f"Received: by newsletter inbox; {at.strftime('%a, %d %b %Y %H:%M:%S %z')}\r\n",
        )
    ).encode("utf-8", "surrogateescape")
    temporary = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(trace)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(folder / name)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        msg = f"the inbox folder {folder} cannot be written: {error.strerror}"
        raise StoreBusy(msg) from error
    return folder / name


def _summary(path: Path) -> CaughtMail:
    with path.open("rb") as file:
        head = BytesHeaderParser(policy=header_policy).parsebytes(file.read(HEAD_OCTETS))
    stat = path.stat()
    return CaughtMail(
        name=path.name,
        subject=str(head.get("Subject", "")),
        sender=str(head.get("From", "")),
        to=str(head.get("Delivered-To", head.get("To", ""))),
        caught_at=datetime.fromtimestamp(stat.st_mtime, UTC),
        size_bytes=stat.st_size,
    )


def caught(folder: Path, *, most: int = 500) -> Iterator[CaughtMail]:
    """List the newest messages first, at most that many; one that vanishes is left out."""
    names = sorted((p.name for p in folder.glob("[!.]*.eml")), reverse=True)[:most]
    for name in names:
        try:
            yield _summary(folder / name)
        except FileNotFoundError:
            continue


def count(folder: Path) -> int:
    """Count the messages in the folder."""
    return sum(1 for _ in folder.glob("[!.]*.eml"))


def read(folder: Path, name: str) -> bytes:
    """Give one message's bytes.

    Raises:
        NotFound: no such message; a name that is more than a file name of this folder is none.
    """
    path = folder / name
    if Path(name).name != name or not name.endswith(".eml") or name.startswith("."):
        raise NotFound("message", name)
    if path.is_symlink() or not path.is_file():
        raise NotFound("message", name)
    return path.read_bytes()
