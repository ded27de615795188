"""Readiness: whether `run` could send now. Reads only, and tells no path, address or reply."""

import os
from pathlib import Path

from newsletter.errors import NewsletterError, StoreBusy
from newsletter.model.diagnosis import PartHealth
from newsletter.store.backup import LEAST_FREE
from newsletter.store.schema import SchemaState, schema_state
from newsletter.workflows.desk import Desk
from newsletter.workflows.sending.sender_lock import SenderLock
from newsletter.workflows.settings_file import SettingsFile


def readiness(desk: Desk, lock: SenderLock) -> tuple[PartHealth, ...]:
    """Tell about the database, the sender's lock, the disk, and the settings that are followed."""
    return (
        _database(desk),
        _sender(lock),
        _disk(desk.settings.var_folder),
        *((_settings(desk.followed),) if desk.followed is not None else ()),
    )


def _settings(followed: SettingsFile) -> PartHealth:
    is_well, words = followed.standing()
    return PartHealth(name="settings", is_well=is_well, words=words)


def _database(desk: Desk) -> PartHealth:
    try:
        state = schema_state(desk.database)
    except StoreBusy:
        return PartHealth(name="database", is_well=False, words="is locked or out of reach")
    except NewsletterError:
        return PartHealth(name="database", is_well=False, words="cannot be read")
    words = {
        SchemaState.CURRENT: "is there, and of this version",
        SchemaState.TOO_OLD: "is of a version from before the first release",
        SchemaState.OLDER: "is of an older version; newsletter migrate brings it up",
        SchemaState.NEWER: "is of a newer version than this program",
        SchemaState.ABSENT: "is not there",
    }
    return PartHealth(name="database", is_well=state is SchemaState.CURRENT, words=words[state])


def _sender(lock: SenderLock) -> PartHealth:
    held = lock.is_held
    words = "this process is the one that sends" if held else "this process does not hold the lock"
    return PartHealth(name="sender", is_well=held, words=words)


def _disk(folder: Path) -> PartHealth:
    try:
        room = os.statvfs(folder)
    except OSError:
        return PartHealth(name="disk", is_well=False, words="cannot be looked at")
    if room.f_flag & os.ST_RDONLY or not os.access(folder, os.W_OK):
        return PartHealth(name="disk", is_well=False, words="cannot be written")
    free = room.f_bavail * room.f_frsize
    words = f"has {free / 1_000_000:,.0f} MB left"
    # some file systems make room for names as they need it, and tell 0 of 0
    is_full = free < LEAST_FREE or bool(room.f_files and not room.f_favail)
    return PartHealth(name="disk", is_well=not is_full, words=words)
