"""The folder of caught mail: one .eml file a message, whoever wrote it there."""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.policy import compat32
from functools import lru_cache
from pathlib import Path

from newsletter.errors import NotFound, StoreBusy

HEAD_BYTES = 64 * 1024  # enough for any header block that we list


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
    """Write one caught message durably (temporary file, fsync, rename), or raise StoreBusy.

    Three trace lines are put before it (RFC 5321 section 4.4); what was sent follows byte for byte.
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
        with open(temporary, "wb", opener=_owners_alone) as file:
            file.write(trace)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(folder / name)
        _sync_folder(folder)
    except OSError as error:
        with suppress(OSError):  # what cannot be made cannot be taken away either
            temporary.unlink(missing_ok=True)
        msg = f"the inbox folder {folder} cannot be written: {error.strerror}"
        raise StoreBusy(msg) from error
    return folder / name


def _owners_alone(path: str, flags: int) -> int:
    """Make a file that its owner alone reads: it holds a reader's address and links."""
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Make a rename in it last: without this a power cut may lose the name of a durable file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def summary(folder: Path, name: str) -> CaughtMail:
    """Read what a list shows of one message. Raises NotFound: no such message."""
    path = path_of(folder, name)
    try:
        stat = path.stat()
        return _summary(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise NotFound("message", name) from error


@lru_cache(maxsize=2_000)  # files of the inbox never change; a list is read anew with each mail
def _summary(path: Path, mtime_ns: int, size_bytes: int) -> CaughtMail:
    with path.open("rb") as file:
        head = BytesHeaderParser(policy=compat32).parsebytes(file.read(HEAD_BYTES))
    fields: dict[str, list[str]] = {}
    for name, value in head.raw_items():
        fields.setdefault(name.lower(), []).append(_words(str(value)))
    return CaughtMail(
        name=path.name,
        subject=" ".join(fields.get("subject", [])[:1]),
        sender=" ".join(fields.get("from", [])[:1]),
        to=", ".join(fields.get("delivered-to", fields.get("to", []))),
        caught_at=datetime.fromtimestamp(mtime_ns / 1e9, UTC),
        size_bytes=size_bytes,
    )


def _words(value: str) -> str:
    """Decode a header for people: raw UTF-8 (RFC 6532) or encoded words, else as it is."""
    raw = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    line = " ".join(raw.split())
    # Words that begin and never end cost the decoder quadratic time, so it sees none.
    end = line.rfind("?=") + 2
    if end == 1:
        return line
    try:
        text = str(make_header(decode_header(line[:end]))) + line[end:]
    except (HeaderParseError, LookupError, ValueError):
        text = line
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def caught(folder: Path, *, most: int = 500) -> Iterator[CaughtMail]:
    """List the newest messages first, at most that many; one that vanishes is left out."""
    names = sorted((p.name for p in folder.glob("[!.]*.eml")), reverse=True)[:most]
    for name in names:
        try:
            yield summary(folder, name)
        except NotFound:
            continue


def count(folder: Path) -> int:
    """Count the messages in the folder."""
    return sum(1 for _ in folder.glob("[!.]*.eml"))


def path_of(folder: Path, name: str) -> Path:
    """Return the file of a message.

    Raises NotFound: no such message; a name that is more than a file name of this folder is none.
    """
    path = folder / name
    is_name = Path(name).name == name and name.endswith(".eml") and not name.startswith(".")
    try:
        if is_name and not path.is_symlink() and path.is_file():
            return path
    except (OSError, ValueError):  # a name too long for a file, or with a NUL
        pass
    raise NotFound("message", name)


def read(folder: Path, name: str, *, most: int = -1) -> bytes:
    """Return one message's first bytes, all of them by default.

    Raises NotFound: no such message.
    """
    try:
        with path_of(folder, name).open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise NotFound("message", name) from error
