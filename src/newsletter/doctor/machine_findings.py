"""How the database and the clock are."""

from datetime import datetime, timedelta
from functools import partial

from newsletter.doctor.machine_clock import ZoneData
from newsletter.doctor.telling import diagnosis
from newsletter.model.diagnosis import Area, Diagnosis, State
from newsletter.store.backup import LEAST_FREE, StoreHealth

_LITTLE_ROOM = 200_000_000  # bytes: a SQLite file is written twice while a long transaction runs
_APART = timedelta(seconds=2)
_MACHINE = "this machine"
_OLD_YEARS = 2  # zone data: rules change somewhere several times a year
_database = partial(diagnosis, area=Area.DATABASE)
_clock = partial(diagnosis, area=Area.CLOCK)


def judge_database(health: StoreHealth) -> tuple[Diagnosis, ...]:
    """Judge the database."""
    name = health.path.name if health.path else "PostgreSQL"
    if health.is_new:
        message = "there is none yet; it is made at first need"
        return (_database(State.INFO, "database", name, message), *_room(health, name))
    if health.fault:
        state = State.UNASKED if health.is_out_of_reach else State.ERROR
        return (_database(state, "database", name, health.fault, remedy=health.hint),)
    size = f", {health.size_bytes / 1e6:.1f} MB" if health.path else ""
    epoch = f", epoch {health.standing.epoch}" if health.standing else ""
    found = [
        _database(State.WELL, "database", name, f"{health.version}, of this version{epoch}{size}")
    ]
    if health.damage:
        remedy = "stop run, and put a backup in its place; see newsletter restore-accept"
        message = "its pages are damaged"
        found.append(
            _database(
                State.ERROR, "integrity", name, message, evidence=health.damage, remedy=remedy
            )
        )
    elif health.path:
        found.append(_database(State.WELL, "integrity", name, "every page can be read"))
    found.extend(_standing(health, name))
    if health.others_read:
        message = "other users of this machine may read it, and it holds readers' addresses"
        remedy = f"chmod 600 {health.path}"
        found.append(_database(State.WARNING, "rights", name, message, remedy=remedy))
    if health.network:
        message = f"it is on a network file system ({health.network}): two machines may break it"
        remedy = "put it on a disk of this machine, or use PostgreSQL"
        found.append(_database(State.ERROR, "file-system", name, message, remedy=remedy))
    return (*found, *_room(health, name))


def _standing(health: StoreHealth, name: str) -> tuple[Diagnosis, ...]:
    if health.standing is None:
        return ()
    remedy = 'see the mail server\'s log, then "newsletter restore-accept --by NAME"'
    if health.standing.is_restored:
        message = "a restored backup: what was sent since is unknown, and nothing is sent"
        return (_database(State.ERROR, "restored", name, message, remedy=remedy),)
    if health.is_elsewhere:
        message = "another machine sent with it last, and nothing is sent from here"
        return (_database(State.ERROR, "elsewhere", name, message, remedy=remedy),)
    return ()


def _room(health: StoreHealth, name: str) -> tuple[Diagnosis, ...]:
    if health.free_bytes is None:
        return ()
    told = f"{health.free_bytes / 1e9:.1f} GB free on its disk"
    if health.free_bytes >= _LITTLE_ROOM + 2 * health.size_bytes:
        return (_database(State.WELL, "room", name, told),)
    remedy = "free some space before the next run"
    if health.free_bytes < LEAST_FREE:
        told = f"{health.free_bytes / 1e6:.0f} MB free on its disk, too little to send a mailing"
        return (_database(State.ERROR, "room", name, f"only {told}", remedy=remedy),)
    return (_database(State.WARNING, "room", name, f"only {told}", remedy=remedy),)


def judge_clock(
    now: datetime, *, is_kept: bool | None, zones: ZoneData, health: StoreHealth | None
) -> tuple[Diagnosis, ...]:
    """Judge the clock of this machine.

    is_kept: whether the kernel says that something keeps it right; None where it does not tell.
    """
    found = [_kept(now, is_kept=is_kept), _zones(now, zones)]
    if health is None:
        return tuple(found)
    if health.server_now is not None:
        apart = abs(now - health.server_now)
        told = f"{apart.total_seconds():.1f} s apart from the database's clock"
        if apart <= _APART:
            found.append(_clock(State.WELL, "database-clock", _MACHINE, told))
        else:
            remedy = "let both machines keep their clocks by NTP"
            found.append(_clock(State.WARNING, "database-clock", _MACHINE, told, remedy=remedy))
    known = health.standing.known_until if health.standing else None
    if known is not None and known - now > _APART:
        message = f"the database was used at {known:%Y-%m-%d %H:%M} UTC, which is yet to come"
        remedy = "set the clock right; a clock that was ahead has left its times in the database"
        found.append(_clock(State.ERROR, "past", _MACHINE, message, remedy=remedy))
    return tuple(found)


def _kept(now: datetime, *, is_kept: bool | None) -> Diagnosis:
    told = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if is_kept is None:
        message = f"{told}; whether it is kept right cannot be told on this machine"
        return _clock(State.INFO, "clock", _MACHINE, message)
    if is_kept:
        return _clock(State.WELL, "clock", _MACHINE, f"{told}, kept right (NTP)")
    message = f"{told}; the kernel says that nothing keeps it right"
    remedy = "timedatectl set-ntp true; in a container, on the machine around it"
    return _clock(State.WARNING, "clock", _MACHINE, message, remedy=remedy)


def _zones(now: datetime, zones: ZoneData) -> Diagnosis:
    if not zones.version:
        return _clock(State.INFO, "zones", _MACHINE, "how old the time zone data is cannot be told")
    told = f"time zone data {zones.version}, of the {zones.of}"
    year = int(zones.version[:4]) if zones.version[:4].isdecimal() else now.year
    if now.year - year < _OLD_YEARS:
        return _clock(State.WELL, "zones", _MACHINE, told)
    remedy = "update the system's tzdata, or the Python package of that name"
    message = f"{told}, is old: rules may have changed"
    return _clock(State.WARNING, "zones", _MACHINE, message, remedy=remedy)
