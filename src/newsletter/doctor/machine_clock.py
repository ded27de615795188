"""What keeps this machine's clock right, as the kernel tells, and how old its zone data is."""

import ctypes
import re
import zoneinfo
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

_TIME_ERROR = 5  # "the clock is not synchronised" (adjtimex(2)); -1 where one may not ask
_ROOM = 512  # bytes: more than struct timex has; all zero asks and sets nothing
_VERSION = re.compile(r"# version (\S{1,20})")
_PACKAGE = re.compile(r"(20[0-9]{2})\.([0-9]{1,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneData:
    """The release of the zone data in use, such as 2026b, "" if unknown, and whose it is."""

    version: str
    of: str


def clock_is_kept() -> bool | None:
    """Ask the kernel whether something keeps the clock right; None where it does not tell."""
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
        code = adjtimex(ctypes.create_string_buffer(_ROOM))
    except (AttributeError, OSError):  # no Linux
        return None
    return None if code < 0 else code != _TIME_ERROR


def zone_data(path: tuple[str, ...] = zoneinfo.TZPATH) -> ZoneData:
    """Return which zone data zoneinfo reads: the system's, else the package tzdata."""
    for folder in map(Path, path):
        if not (folder / "UTC").exists():
            continue
        for name in ("tzdata.zi", "+VERSION"):
            try:
                with (folder / name).open(encoding="ascii", errors="replace") as file:
                    line = file.readline(80).strip()
            except OSError:
                continue
            found = _VERSION.match(line)
            return ZoneData(version=found[1] if found else line, of="system")
        return ZoneData(version="", of="system")
    try:
        version = metadata.version("tzdata")
    except metadata.PackageNotFoundError:
        return ZoneData(version="", of="system")
    found = _PACKAGE.match(version)
    # the package's 2026.2 is the release 2026b
    release = f"{found[1]}{chr(ord('a') + int(found[2]) - 1)}" if found else version
    return ZoneData(version=release, of="Python package")
