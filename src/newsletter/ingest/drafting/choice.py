"""Choose an issue's stories: candidates, their points, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter.config.languages import draft_words
from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.ingest.drafting.same_story import Stories
from newsletter.model.article import Article, ArticleState, ParagraphKind, RulingRow, StoryRun
from newsletter.model.source import Sighting

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


def say_number(place: int, sum_: str) -> str:
    """Tell an article's place among the chosen, from 0."""
    return f"It leads with {sum_}" if place == 0 else f"Number {place + 1} with {sum_}"


def say_pinned(pin: RulingRow) -> str:
    """Tell who pinned it."""
    return f"{pin.who} pinned it{f': {_without_stop(pin.why)}' if pin.why else ''}."


def say_blocked(block: RulingRow) -> str:
    """Tell who blocked it."""
    return f"{block.who} blocked it{f': {_without_stop(block.why)}' if block.why else ''}."


def say_blocked_elsewhere(block: RulingRow) -> str:
    """Tell that another article of the story is blocked."""
    why = f": {_without_stop(block.why)}" if block.why else ""
    return f"It tells the same story as article {block.article_id}, which {block.who} blocked{why}."


def say_ran(run: StoryRun, *, as_article: int) -> str:
    """Tell in which issue it ran, or its story as another article."""
    where = f"stands in {run.issue}, which is not sent yet"
    if run.at is not None:
        where = f"ran in {run.issue} on {run.at:%Y-%m-%d}"
    return f"Its story {where}, as article {as_article}." if as_article else f"It {where}."


def say_embargo(until: datetime, zone: ZoneInfo, *, is_pinned: bool) -> str:
    """Tell until when it may not be used."""
    return f"It is under embargo until {_local(until, zone)}{_PIN_LIFTS_NOTHING * is_pinned}."


def say_withdrawn(how: str, *, is_pinned: bool) -> str:
    """Tell that its source took it back."""
    return f"Its source took it back: {_without_stop(how)}{_PIN_LIFTS_NOTHING * is_pinned}."


def say_ahead(moment: datetime, zone: ZoneInfo) -> str:
    """Tell that it says of itself that it is not out yet."""
    return f"It is dated {_local(moment, zone)}, which is still to come."


def say_too_old(age: timedelta, oldest: timedelta) -> str:
    """Tell that it is older than the settings take."""
    return f"It is {length(age)} old, more than {length(oldest)} (choice.oldest)."


def say_same_story(other: int, source: str) -> str:
    """Return which article stands for the story."""
    return f"It is the same story as article {other}{f' of {source}' if source else ''}."


def say_look(reasons: Sequence[str]) -> str:
    """Return why a person should look, and that others need no look."""
    why = "; ".join(reasons) or "nobody says why"
    return f"It needs a look: {why}. Others that need none are enough; pin it to take it in."


def say_look_for_want(fewest: int) -> str:
    """Tell that too few others were there; why it needs a look is told by a finding."""
    return f"It needs a look, and fewer than {fewest} others fit (fewest_stories)."


def say_section_full(section: str, most: int, sum_: str) -> str:
    """Tell that its section has all its stories."""
    return f"{section} has its {most} (choice.sections). It has {sum_}"


def say_issue_full(most: int, last: int | None, sum_: str) -> str:
    """Tell that others came first; last are the points of the last one chosen by points."""
    beside = f"; the last has {points(last)} points" if last is not None else ""
    return f"The issue has its {most} (most_stories){beside}. It has {sum_}"


def say_too_many_pins(pinned_count: int, most: int) -> str:
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


_DATE_LENGTH = len("2026-11-26")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One source's copy of a story: the article, its source ("" by hand) and the link."""

    article: int
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article with all that a choice for one newsletter asks of it.

    seen is when it was taken in. pin and block are what stands for this newsletter and this issue.
    runs are the issues that carried it to the newsletter's list.
    """

    id: int
    article: Article
    seen: datetime
    version: int = 1
    sightings: tuple[Sighting, ...] = ()
    pin: RulingRow | None = None
    block: RulingRow | None = None
    runs: tuple[StoryRun, ...] = ()

    @property
    def is_by_hand(self) -> bool:
        """Whether a person added it."""
        return not self.article.source

    @property
    def needs_look(self) -> bool:
        """Whether a person should look first; who adds an article by hand has been told."""
        return self.article.state is ArticleState.NEEDS_LOOK and not self.is_by_hand

    @property
    def carriers(self) -> tuple[Carrier, ...]:
        """Every source that has this article, its own first."""
        own = Carrier(article=self.id, source=self.article.source, url=self.article.url)
        seen = (
            Carrier(article=self.id, source=sighting.source, url=sighting.url)
            for sighting in self.sightings
            if sighting.source != self.article.source
        )
        return (own, *sorted(seen, key=lambda carrier: carrier.source))

    @property
    def place(self) -> int:
        """Its place in its source's list, from 0; 0 too where there is no list."""
        return next((s.position for s in self.sightings if s.source == self.article.source), 0)


def moment_of(candidate: Candidate) -> datetime:
    """Return when an article came out.

    That is what it states, but no later than it was first seen; a date without a time counts as its
    last minute. An article added by hand is as new as the moment it was added: somebody wants it.
    """
    stated = None if candidate.is_by_hand else stated_moment(candidate.article)
    return candidate.seen if stated is None else min(stated, candidate.seen)


def stated_moment(article: Article) -> datetime | None:
    """Return the moment of publication that an article states, None where it states none."""
    return _moment(article.published.value) if article.published else None


def embargo_of(article: Article) -> datetime | None:
    """Return the moment before which an article may not be used."""
    return _moment(article.embargo)


def ruled_out(
    group: Sequence[Candidate], newsletter: NewsletterSettings, *, now: datetime
) -> dict[int, str]:
    """Return, by number, why articles of one story may not be chosen, as sentences."""
    out: dict[int, str] = {}
    for candidate in group:
        why = next(_grounds(candidate, group, newsletter, now), "")
        if why:
            out[candidate.id] = why
    return out


def _grounds(
    candidate: Candidate, group: Sequence[Candidate], newsletter: NewsletterSettings, now: datetime
) -> Iterator[str]:
    """Return every ground against an article, the gravest first; a pin lifts those after it."""
    article = candidate.article
    if candidate.block is not None:
        yield say_blocked(candidate.block)
    until = embargo_of(article)
    if until is not None and until > now:
        yield say_embargo(until, newsletter.timezone, is_pinned=candidate.pin is not None)
    if article.withdrawn:
        yield say_withdrawn(article.withdrawn, is_pinned=candidate.pin is not None)
    if candidate.pin is not None:
        return
    blocked = next((other.block for other in group if other.block is not None), None)
    if blocked is not None and not any(other.pin is not None for other in group):
        yield say_blocked_elsewhere(blocked)
    stated = stated_moment(article)
    if stated is not None and stated > now:
        yield say_ahead(stated, newsletter.timezone)
    if newsletter.sources and article.source and article.source not in newsletter.sources:
        yield f"{newsletter.name} does not take stories from {article.source}."
    yield from _ran(candidate, group, newsletter.choice.repeat_after, now)
    if not any(p.kind is ParagraphKind.BODY for p in article.paragraphs):
        yield "It has no running text."
    age = now - moment_of(candidate)
    if age > newsletter.choice.oldest:
        yield say_too_old(age, newsletter.choice.oldest)


def _ran(
    candidate: Candidate, group: Sequence[Candidate], repeat_after: timedelta, now: datetime
) -> Iterator[str]:
    """Return where an article, or another one of the same story, ran not long ago."""
    for member in (candidate, *group):
        recent = [run for run in member.runs if run.at is None or now - run.at < repeat_after]
        if recent:
            latest = max(recent, key=lambda run: (run.at or now, run.issue))
            yield say_ran(latest, as_article=0 if member is candidate else member.id)


def stand_in(story: Sequence[Candidate], sources: Mapping[str, SourceSettings]) -> Candidate:
    """Return the article that stands for a story.

    The pinned one; else one that needs no look; else the weightier source's; else the earlier one.
    """

    def order(candidate: Candidate) -> tuple[object, ...]:
        source = sources.get(candidate.article.source)
        pinned_at = candidate.pin.at if candidate.pin else datetime.max.replace(tzinfo=UTC)
        weight = source.weight if source else 1.0
        moment = moment_of(candidate)
        key = candidate.article.key
        return (pinned_at, candidate.needs_look, -weight, moment, key, candidate.id)

    return min(story, key=order)


def other_carriers(candidate: Candidate, group: Sequence[Candidate]) -> tuple[Carrier, ...]:
    """Return the other sources that have a story, each link once, by source."""
    own = candidate.carriers[0]
    all_of_them = (carrier for member in group for carrier in member.carriers)
    found = {
        (carrier.source, carrier.url): carrier
        for carrier in sorted(all_of_them, key=lambda carrier: -carrier.article)
        if (carrier.source, carrier.url) != (own.source, own.url)
    }
    return tuple(found[place] for place in sorted(found))


def _moment(text: str) -> datetime | None:
    """Read RFC 3339, or a date alone as its last minute; None for what is neither."""
    try:
        if len(text) == _DATE_LENGTH:
            return datetime.combine(date.fromisoformat(text), time(23, 59), tzinfo=UTC)
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None


PLACES_THAT_COUNT = 10
MOST_OTHERS_THAT_COUNT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A chosen article, the section of its source, its points, and who else carries the story."""

    candidate: Candidate
    section: str
    score: Score
    why: str
    carriers: tuple[Carrier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """An article that was not chosen. score is None where no points were counted.

    same_as is the article that stands for the same story, 0 for none.
    """

    candidate: Candidate
    why: str
    score: Score | None = None
    same_as: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """picks are in the order of the ranking, the lead first; passed by their numbers."""

    picks: tuple[Pick, ...]
    passed: tuple[Passed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """A story that may be chosen; score is without what variety takes off."""

    candidate: Candidate
    section: str
    score: Score
    facts: Facts
    carriers: tuple[Carrier, ...]


def choose(
    newsletter: NewsletterSettings,
    sources: Sequence[SourceSettings],
    candidates: Sequence[Candidate],
    stories: Stories,
    *,
    now: datetime,
) -> Choice:
    """Choose up to most_stories; the order of the candidates does not matter.

    Args:
        newsletter: whose choice rules, sources and numbers bind.
        sources: all sources there are; an article added by hand is of none.
        candidates: what there is, with what editors ruled and what ran.
        stories: which of them tell one story.
        now: the moment that freshness is counted from.
    """
    by_name = {source.name: source for source in sources}
    waiting: list[_Ranked] = []
    passed: list[Passed] = []
    for group in _grouped(candidates, stories):
        out = ruled_out(group, newsletter, now=now)
        passed += [Passed(candidate=c, why=out[c.id]) for c in group if c.id in out]
        left = [c for c in group if c.id not in out]
        if not left:
            continue
        best = stand_in(left, by_name)
        waiting.append(_ranked(best, group, by_name, newsletter, now=now))
        same = say_same_story(best.id, best.article.source)
        passed += [Passed(candidate=c, why=same, same_as=best.id) for c in left if c.id != best.id]
    table = _Table(newsletter)
    table.take_pinned([ranked for ranked in waiting if ranked.candidate.pin is not None])
    rest = [ranked for ranked in waiting if ranked.candidate.pin is None]
    table.take([ranked for ranked in rest if not ranked.candidate.needs_look])
    table.take_for_want([ranked for ranked in rest if ranked.candidate.needs_look])
    passed += table.left_over
    return Choice(
        picks=tuple(table.picks), passed=tuple(sorted(passed, key=lambda one: one.candidate.id))
    )


def _grouped(candidates: Sequence[Candidate], stories: Stories) -> list[list[Candidate]]:
    """Put what tells one story together, by number."""
    head_of = {number: group[0] for group in stories.groups for number in group}
    grouped: dict[int, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda candidate: candidate.id):
        grouped.setdefault(head_of.get(candidate.id, candidate.id), []).append(candidate)
    return list(grouped.values())


def _ranked(
    candidate: Candidate,
    group: Sequence[Candidate],
    sources: Mapping[str, SourceSettings],
    newsletter: NewsletterSettings,
    *,
    now: datetime,
) -> _Ranked:
    rules = newsletter.choice
    source = sources.get(candidate.article.source)
    carriers = other_carriers(candidate, group)
    others = {carrier.source for carrier in carriers} - {candidate.article.source, ""}
    moment = moment_of(candidate)
    facts = Facts(
        source=candidate.article.source,
        moment=moment,
        age=max(now - moment, timedelta(0)),
        weight=source.weight if source else 1.0,
        place=candidate.place,
        others=min(len(others), MOST_OTHERS_THAT_COUNT),
    )
    place_left = max(0, PLACES_THAT_COUNT - facts.place) / PLACES_THAT_COUNT
    return _Ranked(
        candidate=candidate,
        section=(source.section if source else "") or draft_words(newsletter.language).more_stories,
        score=Score(
            fresh=_hundredths(rules.freshness * 0.5 ** (facts.age / rules.half_life)),
            source=_hundredths(rules.source * facts.weight),
            place=_hundredths(rules.place * place_left),
            carried=_hundredths(rules.carried * facts.others),
        ),
        facts=facts,
        carriers=carriers,
    )


class _Table:
    """Takes stories one by one, the best that still fits first."""

    def __init__(self, newsletter: NewsletterSettings) -> None:
        self.picks: list[Pick] = []
        self.left_over: list[Passed] = []
        self._newsletter = newsletter
        self._most_of = dict(newsletter.choice.sections)
        self._variety = _hundredths(newsletter.choice.variety)
        self._of_source: Counter[str] = Counter()
        self._of_section: Counter[str] = Counter()
        self._last_by_points: int | None = None

    def take_pinned(self, pinned: Sequence[_Ranked]) -> None:
        """Take what is pinned, the earliest pin first; no section's limit and no points bind."""
        most = self._newsletter.most_stories
        for ranked in sorted(pinned, key=_by_pin):
            pin = ranked.candidate.pin
            if pin is None or len(self.picks) >= most:
                self._pass(ranked, say_too_many_pins(len(pinned), most))
            else:
                self._pick(ranked, say_pinned(pin))

    def take(self, waiting: Sequence[_Ranked]) -> None:
        """Take by points up to most_stories; tell the others what kept them out."""
        most = self._newsletter.most_stories
        rest = self._take_best(waiting, most)
        for ranked in rest:
            sum_ = account(self._score(ranked), self._facts(ranked))
            if self._has_room(ranked):
                self._pass(ranked, say_issue_full(most, self._last_by_points, sum_))
            else:
                limit = self._most_of[ranked.section]
                self._pass(ranked, say_section_full(ranked.section, limit, sum_))

    def take_for_want(self, waiting: Sequence[_Ranked]) -> None:
        """Take what needs a look, only up to fewest_stories."""
        fewest = self._newsletter.fewest_stories
        for ranked in self._take_best(waiting, fewest, for_want=True):
            self._pass(ranked, say_look(ranked.candidate.article.reasons))

    def _take_best(
        self, waiting: Sequence[_Ranked], up_to: int, *, for_want: bool = False
    ) -> list[_Ranked]:
        rest = list(waiting)
        while len(self.picks) < up_to:
            fitting = [ranked for ranked in rest if self._has_room(ranked)]
            if not fitting:
                break
            best = min(fitting, key=self._order)
            rest.remove(best)
            if not for_want:
                self._last_by_points = self._score(best).total
            self._pick(best, say_look_for_want(up_to) if for_want else "")
        return rest

    def _order(self, ranked: _Ranked) -> tuple[object, ...]:
        """The points; then the later one; then the key, which no other article has."""
        late = -ranked.facts.moment.timestamp()
        return (-self._score(ranked).total, late, ranked.candidate.article.key, ranked.candidate.id)

    def _has_room(self, ranked: _Ranked) -> bool:
        most = self._most_of.get(ranked.section)
        return most is None or self._of_section[ranked.section] < most

    def _score(self, ranked: _Ranked) -> Score:
        return replace(ranked.score, variety=self._variety * self._before(ranked))

    def _facts(self, ranked: _Ranked) -> Facts:
        return replace(ranked.facts, before=self._before(ranked))

    def _before(self, ranked: _Ranked) -> int:
        """Count the chosen stories of its source; what was added by hand has none."""
        return self._of_source[ranked.facts.source] if ranked.facts.source else 0

    def _pick(self, ranked: _Ranked, note: str) -> None:
        score = self._score(ranked)
        sum_ = say_number(len(self.picks), account(score, self._facts(ranked)))
        self.picks.append(
            Pick(
                candidate=ranked.candidate,
                section=ranked.section,
                score=score,
                why=f"{sum_} {note}".rstrip(),
                carriers=ranked.carriers,
            )
        )
        self._of_source[ranked.facts.source] += 1
        self._of_section[ranked.section] += 1

    def _pass(self, ranked: _Ranked, why: str) -> None:
        self.left_over.append(
            Passed(candidate=ranked.candidate, why=why, score=self._score(ranked))
        )


def _by_pin(ranked: _Ranked) -> tuple[object, ...]:
    pin = ranked.candidate.pin
    return (pin.at if pin else None, ranked.candidate.id)


def _hundredths(value: float) -> int:
    return round(value * 100)
