"""Choose an issue's stories: candidates, their points, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from newsletter.config.languages import draft_words
from newsletter.config.settings import NewsletterSettings, SourceSettings
from newsletter.ingest.drafting.same_story import Stories
from newsletter.model.article import Article, ArticleState, ParagraphKind, RulingRow, StoryRun
from newsletter.model.source import Sighting
from newsletter.model.text import counted

PLACES_THAT_COUNT = 10
MOST_OTHERS_THAT_COUNT = 3

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_AGED_IN_DAYS = timedelta(hours=48)
_DATE_LENGTH = len("2026-11-26")


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
class Carrier:
    """One source's copy of a story: the article, its source ("" by hand) and the link."""

    article: int
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article, when it was seen, its ruling here, and the issues that carried it."""

    id: int
    article: Article
    seen: datetime
    version: int = 1
    sightings: tuple[Sighting, ...] = ()
    pin: RulingRow | None = None
    block: RulingRow | None = None
    runs: tuple[StoryRun, ...] = ()

    @property
    def source(self) -> str:
        """Its source's name, "" where a person added it."""
        return self.article.source

    @property
    def needs_look(self) -> bool:
        """Whether a person should look first; who adds an article by hand has been told."""
        return self.article.state is ArticleState.NEEDS_LOOK and bool(self.source)

    @property
    def carriers(self) -> tuple[Carrier, ...]:
        """Every source that has this article, its own first."""
        own = Carrier(article=self.id, source=self.source, url=self.article.url)
        seen = (
            Carrier(article=self.id, source=sighting.source, url=sighting.url)
            for sighting in self.sightings
            if sighting.source != self.source
        )
        return (own, *sorted(seen, key=lambda carrier: carrier.source))

    @property
    def place(self) -> int:
        """Its place in its source's list, from 0; 0 too where there is no list."""
        return next((s.position for s in self.sightings if s.source == self.source), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A chosen article, the section of its source, its points, and who else carries the story."""

    candidate: Candidate
    section: str
    score: Score
    why: str
    carriers: tuple[Carrier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An article that was not chosen, why, and which one stands for its story (0 for none)."""

    article: int
    why: str
    score: Score | None = None
    same_as: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """picks are in the order of the ranking, the lead first; left_out by their numbers."""

    picks: tuple[Pick, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    candidate: Candidate
    section: str
    score: Score
    moment: datetime
    age: timedelta
    weight: float
    carriers: tuple[Carrier, ...]
    others: int


def points(hundredths: int) -> str:
    """Write hundredths as points: "4.20"."""
    return f"{hundredths / 100:.2f}"


def length(span: timedelta) -> str:
    """Write a length of time as people say it: minutes up to an hour, hours up to 2 days."""
    if span >= _AGED_IN_DAYS:
        return counted(span // _DAY, "day")
    return counted(span // _HOUR, "hour") if span >= _HOUR else counted(span // _MINUTE, "minute")


def moment_of(candidate: Candidate) -> datetime:
    """Return when an article came out: as stated, but no later than it was first seen.

    One added by hand is as new as the moment it was added: somebody wants it.
    """
    stated = stated_moment(candidate.article) if candidate.source else None
    return candidate.seen if stated is None else min(stated, candidate.seen)


def stated_moment(article: Article) -> datetime | None:
    """Return the moment of publication that an article states, None where it states none."""
    return _moment(article.published.value) if article.published else None


def _moment(text: str) -> datetime | None:
    """Read RFC 3339, or a date alone as its last minute; None for what is neither."""
    try:
        if len(text) == _DATE_LENGTH:
            return datetime.combine(date.fromisoformat(text), time(23, 59), tzinfo=UTC)
        read = datetime.fromisoformat(text)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def choose(
    newsletter: NewsletterSettings,
    sources: Sequence[SourceSettings],
    candidates: Sequence[Candidate],
    stories: Stories,
    *,
    now: datetime,
) -> Choice:
    """Choose up to most_stories; the order of the candidates does not matter."""
    by_name = {source.name: source for source in sources}
    waiting: list[_Ranked] = []
    left_out: list[LeftOut] = []
    for group in _grouped(candidates, stories):
        fit: list[Candidate] = []
        for candidate in group:
            why = next(_grounds(candidate, group, newsletter, now), "")
            if why:
                left_out.append(LeftOut(article=candidate.id, why=why))
            else:
                fit.append(candidate)
        if not fit:
            continue
        best = _stand_in(fit, by_name)
        waiting.append(_ranked(best, group, by_name.get(best.source), newsletter, now=now))
        of = f" of {best.source}" if best.source else ""
        same = f"It is the same story as article {best.id}{of}."
        left_out += [
            LeftOut(article=c.id, why=same, same_as=best.id) for c in fit if c.id != best.id
        ]
    table = _Table(newsletter)
    table.take_pinned([ranked for ranked in waiting if ranked.candidate.pin is not None])
    rest = [ranked for ranked in waiting if ranked.candidate.pin is None]
    table.take([ranked for ranked in rest if not ranked.candidate.needs_look])
    table.take_for_want([ranked for ranked in rest if ranked.candidate.needs_look])
    left_out += table.left_over
    return Choice(
        picks=tuple(table.picks), left_out=tuple(sorted(left_out, key=lambda one: one.article))
    )


def _grouped(candidates: Sequence[Candidate], stories: Stories) -> list[list[Candidate]]:
    head_of = {number: group[0] for group in stories.groups for number in group}
    grouped: dict[int, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda candidate: candidate.id):
        grouped.setdefault(head_of.get(candidate.id, candidate.id), []).append(candidate)
    return list(grouped.values())


def _grounds(
    candidate: Candidate, group: Sequence[Candidate], newsletter: NewsletterSettings, now: datetime
) -> Iterator[str]:
    """Return every ground against an article, the gravest first; a pin lifts those after it."""
    article, pin = candidate.article, candidate.pin
    zone = newsletter.timezone
    despite = "; a pin does not lift that" if pin is not None else ""
    if candidate.block is not None:
        yield f"{candidate.block.who} blocked it{_because(candidate.block)}."
    until = _moment(article.embargo)
    if until is not None and until > now:
        yield f"It is under embargo until {until.astimezone(zone):%Y-%m-%d %H:%M}{despite}."
    if article.withdrawn:
        yield f"Its source took it back: {article.withdrawn.removesuffix('.')}{despite}."
    if pin is not None:
        return
    blocked = next((other.block for other in group if other.block is not None), None)
    if blocked is not None and not any(other.pin is not None for other in group):
        same = f"It tells the same story as article {blocked.article_id}"
        yield f"{same}, which {blocked.who} blocked{_because(blocked)}."
    stated = stated_moment(article)
    if stated is not None and stated > now:
        when = f"{stated.astimezone(zone):%Y-%m-%d %H:%M}"
        yield f"It is dated {when}, which is still to come."
    if newsletter.sources and article.source and article.source not in newsletter.sources:
        yield f"{newsletter.name} does not take stories from {article.source}."
    yield from _ran(candidate, group, newsletter.choice.repeat_after, now)
    if not any(p.kind is ParagraphKind.BODY for p in article.paragraphs):
        yield "It has no running text."
    age, oldest = now - moment_of(candidate), newsletter.choice.oldest
    if age > oldest:
        yield f"It is {length(age)} old, more than {length(oldest)} (choice.oldest)."


def _because(ruling: RulingRow) -> str:
    return f": {ruling.why.removesuffix('.')}" if ruling.why else ""


def _ran(
    candidate: Candidate, group: Sequence[Candidate], repeat_after: timedelta, now: datetime
) -> Iterator[str]:
    for member in (candidate, *group):
        recent = [run for run in member.runs if run.at is None or now - run.at < repeat_after]
        if not recent:
            continue
        run = max(recent, key=lambda run: (run.at or now, run.issue))
        where = f"is in {run.issue}, which is not sent yet"
        if run.at is not None:
            where = f"ran in {run.issue} on {run.at:%Y-%m-%d}"
        yield (
            f"It {where}."
            if member is candidate
            else (f"Its story {where}, as article {member.id}.")
        )


def _stand_in(story: Sequence[Candidate], sources: Mapping[str, SourceSettings]) -> Candidate:
    """Return the article that stands for a story: pinned, sound, of a weighty source, early."""

    def order(candidate: Candidate) -> tuple[object, ...]:
        source = sources.get(candidate.source)
        pinned_at = candidate.pin.at if candidate.pin else datetime.max.replace(tzinfo=UTC)
        weight = source.weight if source else 1.0
        place = (moment_of(candidate), candidate.article.key, candidate.id)
        return (pinned_at, candidate.needs_look, -weight, *place)

    return min(story, key=order)


def _other_carriers(candidate: Candidate, group: Sequence[Candidate]) -> tuple[Carrier, ...]:
    own = candidate.carriers[0]
    all_of_them = (carrier for member in group for carrier in member.carriers)
    found = {
        (carrier.source, carrier.url): carrier
        for carrier in sorted(all_of_them, key=lambda carrier: -carrier.article)
        if (carrier.source, carrier.url) != (own.source, own.url)
    }
    return tuple(found[place] for place in sorted(found))


def _ranked(
    candidate: Candidate,
    group: Sequence[Candidate],
    source: SourceSettings | None,
    newsletter: NewsletterSettings,
    *,
    now: datetime,
) -> _Ranked:
    rules = newsletter.choice
    carriers = _other_carriers(candidate, group)
    sources = {carrier.source for carrier in carriers} - {candidate.source, ""}
    others = min(len(sources), MOST_OTHERS_THAT_COUNT)
    moment = moment_of(candidate)
    age = max(now - moment, timedelta(0))
    weight = source.weight if source else 1.0
    place_left = max(0, PLACES_THAT_COUNT - candidate.place) / PLACES_THAT_COUNT
    return _Ranked(
        candidate=candidate,
        section=(source.section if source else "") or draft_words(newsletter.language).more_stories,
        score=Score(
            fresh=round(100 * rules.freshness * 0.5 ** (age / rules.half_life)),
            source=round(100 * rules.source * weight),
            place=round(100 * rules.place * place_left),
            carried=round(100 * rules.carried * others),
        ),
        moment=moment,
        age=age,
        weight=weight,
        carriers=carriers,
        others=others,
    )


class _Table:
    def __init__(self, newsletter: NewsletterSettings) -> None:
        self.picks: list[Pick] = []
        self.left_over: list[LeftOut] = []
        self._newsletter = newsletter
        self._most_of = dict(newsletter.choice.sections)
        self._of_source: Counter[str] = Counter()
        self._of_section: Counter[str] = Counter()

    def take_pinned(self, pinned: Sequence[_Ranked]) -> None:
        """Take what is pinned, the earliest pin first; no section's limit and no points bind."""
        most = self._newsletter.most_stories
        ordered = ((r.candidate.pin, r) for r in pinned if r.candidate.pin is not None)
        for pin, ranked in sorted(ordered, key=lambda each: (each[0].at, each[1].candidate.id)):
            if len(self.picks) < most:
                self._pick(ranked, f" {pin.who} pinned it{_because(pin)}.")
            else:
                why = f"{len(pinned)} are pinned, and the issue takes {most} (most_stories)."
                self._pass(ranked, why)

    def take(self, waiting: Sequence[_Ranked]) -> None:
        """Take by points up to most_stories; tell the others what kept them out."""
        most = self._newsletter.most_stories
        before = len(self.picks)
        rest = self._take_best(waiting, most)
        last = ""
        if len(self.picks) > before:
            last = f"; the last has {points(self.picks[-1].score.total)} points"
        for ranked in rest:
            if not self._has_room(ranked):
                limit = self._most_of[ranked.section]
                full = f"{ranked.section} has its {limit} (choice.sections)."
            else:
                full = f"The issue has its {most} (most_stories){last}."
            self._pass(ranked, f"{full} It has {self._account(ranked)}")

    def take_for_want(self, waiting: Sequence[_Ranked]) -> None:
        """Take what needs a look, only up to fewest_stories."""
        fewest = self._newsletter.fewest_stories
        note = f" It needs a look, and fewer than {fewest} others fit (fewest_stories)."
        for ranked in self._take_best(waiting, fewest, note):
            why = "; ".join(ranked.candidate.article.reasons)
            enough = "Others that need none are enough; pin it to take it in."
            self._pass(ranked, f"It needs a look: {why}. {enough}")

    def _take_best(self, waiting: Sequence[_Ranked], up_to: int, note: str = "") -> list[_Ranked]:
        rest = list(waiting)
        while len(self.picks) < up_to:
            fitting = [ranked for ranked in rest if self._has_room(ranked)]
            if not fitting:
                break
            best = min(fitting, key=self._order)
            rest.remove(best)
            self._pick(best, note)
        return rest

    def _order(self, ranked: _Ranked) -> tuple[object, ...]:
        candidate = ranked.candidate
        total = self._score(ranked).total
        return (-total, -ranked.moment.timestamp(), candidate.article.key, candidate.id)

    def _has_room(self, ranked: _Ranked) -> bool:
        most = self._most_of.get(ranked.section)
        return most is None or self._of_section[ranked.section] < most

    def _score(self, ranked: _Ranked) -> Score:
        variety = round(100 * self._newsletter.choice.variety)
        return replace(ranked.score, variety=variety * self._before(ranked))

    def _before(self, ranked: _Ranked) -> int:
        """Count the chosen stories of its source; what was added by hand has none."""
        source = ranked.candidate.source
        return self._of_source[source] if source else 0

    def _account(self, ranked: _Ranked) -> str:
        """Write a score with its parts, those that are 0 left out."""
        score, source = self._score(ranked), ranked.candidate.source
        age = f"{length(ranked.age)} old" if ranked.age >= _MINUTE else "new"
        others = counted(ranked.others, "other source")
        parts = [
            (score.fresh, f"for being {age}"),
            (score.source, f"for {source} (weight {ranked.weight:g})"),
            (score.place, f"for place {ranked.candidate.place + 1} there"),
            (score.carried, f"for {others} with the same story"),
        ]
        if not source:
            parts[1:3] = [(score.source + score.place, "for being added by hand")]
        told = ", ".join(f"{points(part)} {what}" for part, what in parts if part)
        if score.variety:
            before = counted(self._before(ranked), "story", "stories")
            told += f", less {points(score.variety)} for {before} of {source} before it"
        return f"{points(score.total)} points{f': {told}' if told else ''}."

    def _pick(self, ranked: _Ranked, note: str) -> None:
        place = len(self.picks)
        ranks = f"Number {place + 1} with" if place else "It leads with"
        self.picks.append(
            Pick(
                candidate=ranked.candidate,
                section=ranked.section,
                score=self._score(ranked),
                why=f"{ranks} {self._account(ranked)}{note}",
                carriers=ranked.carriers,
            )
        )
        self._of_source[ranked.candidate.source] += 1
        self._of_section[ranked.section] += 1

    def _pass(self, ranked: _Ranked, why: str) -> None:
        score = self._score(ranked)
        self.left_over.append(LeftOut(article=ranked.candidate.id, why=why, score=score))
