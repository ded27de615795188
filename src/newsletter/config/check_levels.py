"""[checks] and [newsletters.NAME.checks]: which checks are off, down or up."""

from collections.abc import Mapping
from difflib import get_close_matches

from newsletter.config import fields
from newsletter.config.reading import Table
from newsletter.model.check_level import CheckLevel, CheckRule, CheckRules, Levels

_level = fields.choice(CheckLevel)


def read_levels(table: Table | None, rules: CheckRules, above: Levels = ()) -> Levels:
    """Read ID = "off" | "info" | "warning" | "error" over what stands above; by id."""
    if table is None or not table.values:
        return above
    known = rules()
    read = dict(above)
    for written in table.values:
        key = _id_of(written, known)
        rule = known.get(key)
        level = table.take(written, _level, None)
        if rule is None:
            table.problems.add((*table.path, written), _unknown(written, known))
        elif rule.refusal:
            table.problems.add((*table.path, written), rule.refusal)
        elif level is not None:
            read[key] = level
    return tuple(sorted(read.items()))


def _id_of(written: str, known: Mapping[str, CheckRule]) -> str:
    """Take "S13", "s13" and "S13 stale-dates" for one."""
    first = written.partition(" ")[0].upper()
    rest = written.partition(" ")[2]
    return first if not rest or (first in known and known[first].name == rest) else written


def _unknown(written: str, known: Mapping[str, CheckRule]) -> str:
    names = {rule.name: key for key, rule in known.items()}
    word = written.casefold()[:100]
    near = get_close_matches(word.upper(), list(known), n=1, cutoff=0.6)
    near = near or [names[name] for name in get_close_matches(word, list(names), n=1, cutoff=0.6)]
    remedy = (
        f"did you mean {near[0]} ({known[near[0]].name})?"
        if near
        else "docs/reference/checks.md lists them"
    )
    return f"there is no such check; {remedy}"
