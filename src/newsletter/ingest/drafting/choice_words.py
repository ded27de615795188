"""Why an article was chosen or left out, in sentences whose numbers add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.model.memory import RulingRow, StoryRun

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_PIN_LIFTS_NOTHING = "; a pin does not lift that"
_AGED_IN_DAYS = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A story's points, in whole hundredths; variety is what was taken off for its source."""

    fresh: int
    source: int
    place: int
    carried: int
    variety: int = 0

    @property
    def total(self) -> int:
        """What the story is ranked by."""
        return self.fresh + self.source + self.place + self.carried - self.variety


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the points were given for; place is counted from 0, others are other sources."""

    source: str
    moment: datetime
    age: timedelta
    weight: float
    place: int
    others: int
    before: int = 0


def points(hundredths: int) -> str:
    """Write hundredths as points: "4.20"."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02}"


def account(score: Score, facts: Facts) -> str:
    """Write a score with its parts, those that are 0 left out."""
    age = f"{length(facts.age)} old" if facts.age >= _MINUTE else "new"
    parts = [(score.fresh, f"for being {age}")]
    if facts.source:
        parts += [
            (score.source, f"for {facts.source} (weight {facts.weight:g})"),
            (score.place, f"for place {facts.place + 1} there"),
        ]
    else:
        parts += [(score.source + score.place, "for being added by hand")]
    others = f"{facts.others} other source{'s' if facts.others != 1 else ''}"
    parts += [(score.carried, f"for {others} with the same story")]
    told = ", ".join(f"{points(part)} {what}" for part, what in parts if part)
    if score.variety:
        stories = f"{facts.before} {'story' if facts.before == 1 else 'stories'}"
        told += f", less {points(score.variety)} for {stories} of {facts.source} before it"
    return f"{points(score.total)} points{f': {told}' if told else ''}."


def number(place: int, sum_: str) -> str:
    """Tell an article's place among the chosen, from 0."""
    return f"It leads with {sum_}" if place == 0 else f"Number {place + 1} with {sum_}"


def pinned(pin: RulingRow) -> str:
    """Tell who pinned it."""
    return f"{pin.who} pinned it{f': {_without_stop(pin.why)}' if pin.why else ''}."


def blocked(block: RulingRow) -> str:
    """Tell who blocked it."""
    return f"{block.who} blocked it{f': {_without_stop(block.why)}' if block.why else ''}."


def blocked_elsewhere(block: RulingRow) -> str:
    """Tell that another article of the story is blocked."""
    why = f": {_without_stop(block.why)}" if block.why else ""
    return f"It tells the same story as article {block.article_id}, which {block.who} blocked{why}."


def ran(run: StoryRun, *, as_article: int) -> str:
    """Tell in which issue it ran, or its story as another article."""
    where = f"stands in {run.issue}, which is not sent yet"
    if run.at is not None:
        where = f"ran in {run.issue} on {run.at:%Y-%m-%d}"
    return f"Its story {where}, as article {as_article}." if as_article else f"It {where}."


def embargo(until: datetime, zone: ZoneInfo, *, is_pinned: bool) -> str:
    """Tell until when it may not be used."""
    return f"It is under embargo until {_local(until, zone)}{_PIN_LIFTS_NOTHING * is_pinned}."


def withdrawn(how: str, *, is_pinned: bool) -> str:
    """Tell that its source took it back."""
    return f"Its source took it back: {_without_stop(how)}{_PIN_LIFTS_NOTHING * is_pinned}."


def ahead(moment: datetime, zone: ZoneInfo) -> str:
    """Tell that it says of itself that it is not out yet."""
    return f"It is dated {_local(moment, zone)}, which is still to come."


def too_old(age: timedelta, oldest: timedelta) -> str:
    """Tell that it is older than the settings take."""
    return f"It is {length(age)} old, more than {length(oldest)} (choice.oldest)."


def same_story(other: int, source: str) -> str:
    """Return which article stands for the story."""
    return f"It is the same story as article {other}{f' of {source}' if source else ''}."


def look(reasons: Sequence[str]) -> str:
    """Return why a person should look, and that others need no look."""
    why = "; ".join(reasons) or "nobody says why"
    return f"It needs a look: {why}. Others that need none are enough; pin it to take it in."


def look_for_want(fewest: int) -> str:
    """Tell that too few others were there; why it needs a look is told by a finding."""
    return f"It needs a look, and fewer than {fewest} others fit (fewest_stories)."


def section_full(section: str, most: int, sum_: str) -> str:
    """Tell that its section has all its stories."""
    return f"{section} has its {most} (choice.sections). It has {sum_}"


def issue_full(most: int, last: int | None, sum_: str) -> str:
    """Tell that others came first; last are the points of the last one chosen by points."""
    beside = f"; the last has {points(last)} points" if last is not None else ""
    return f"The issue has its {most} (most_stories){beside}. It has {sum_}"


def too_many_pins(pinned_count: int, most: int) -> str:
    """Tell that more are pinned than fit."""
    return f"{pinned_count} are pinned, and the issue takes {most} (most_stories)."


def length(span: timedelta) -> str:
    """Write a length of time as people say it: minutes up to an hour, hours up to 2 days."""
    if span >= _AGED_IN_DAYS:
        return _counted(span // _DAY, "day")
    if span >= _HOUR:
        return _counted(span // _HOUR, "hour")
    return _counted(span // _MINUTE, "minute")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _without_stop(text: str) -> str:
    return text.removesuffix(".")
