"""Answers of a DNS for tests of what is judged: the zone, read without a wire."""

from collections.abc import Sequence

from dns_server import Deed

from newsletter.doctor.resolver import Answer, Ask, Found
from newsletter.model.diagnosis import Diagnosis, State

Zone = dict[str, Sequence[str] | Deed]


def asking(zone: Zone, asked: list[str] | None = None) -> Ask:
    """Return what asks this zone; records are plain texts, a Deed is a failure."""
    names = {line.lower().partition(" ")[0] for line in zone}
    # what stands above a name exists, without records of its own (RFC 8020)
    lines = {
        ".".join(parts[at:])
        for parts in (name.split(".") for name in names)
        for at in range(len(parts))
    }
    known = {
        line.partition(" ")[0].lower() + " " + line.partition(" ")[2]: zone[line] for line in zone
    }

    def ask(name: str, kind: str) -> Answer:
        if asked is not None:
            asked.append(f"{name} {kind}")
        found = known.get(f"{name.lower()} {kind}")
        if isinstance(found, Deed):
            return Answer(name=name, type=kind, found=Found.FAILED, why=f"it answers {found.name}")
        if found is not None:
            return Answer(name=name, type=kind, found=Found.RECORDS, records=tuple(found))
        none = Found.NO_DATA if name.lower() in lines else Found.NO_NAME
        return Answer(name=name, type=kind, found=none)

    return ask


def states(found: Sequence[Diagnosis]) -> dict[str, State]:
    """Return the gravest state of each check."""
    order = list(State)
    gravest: dict[str, State] = {}
    for each in found:
        known = gravest.get(each.check, State.WELL)
        gravest[each.check] = max(known, each.state, key=order.index)
    return gravest
