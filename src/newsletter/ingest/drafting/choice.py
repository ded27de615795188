"""Which stories an issue takes: a ranking in points that a person can add up; pure.

Articles that tell one story stand as one candidate. What an editor ruled comes first, then what
rules anything out, then the points. All points are whole hundredths, so that the sums in the
sentences are exact, and every tie has an end: the same articles give the same choice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter.config.draft_words import draft_words
from newsletter.config.settings import (
    NewsletterSettings,
    SourceSettings,
)
from newsletter.ingest.drafting import choice_words as words
from newsletter.ingest.drafting.candidates import (
    Candidate,
    Carrier,
    moment_of,
    other_carriers,
    ruled_out,
    stand_in,
)
from newsletter.ingest.drafting.choice_words import Facts, Score
from newsletter.ingest.drafting.same_story import Stories

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
        same = words.same_story(best.id, best.article.source)
        passed += [Passed(candidate=c, why=same, same_as=best.id) for c in left if c.id != best.id]
    table = _Table(newsletter)
    table.take_pinned([ranked for ranked in waiting if ranked.candidate.pin is not None])
    rest = [ranked for ranked in waiting if ranked.candidate.pin is None]
    table.take([ranked for ranked in rest if not ranked.candidate.needs_look])
    table.take_for_want([ranked for ranked in rest if ranked.candidate.needs_look])
    passed += table.left_over
    return Choice(
        picks=tuple(table.picks),
        passed=tuple(sorted(passed, key=lambda one: one.candidate.id)),
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
                self._pass(ranked, words.too_many_pins(len(pinned), most))
            else:
                self._pick(ranked, words.pinned(pin))

    def take(self, waiting: Sequence[_Ranked]) -> None:
        """Take by points up to most_stories; tell the others what kept them out."""
        most = self._newsletter.most_stories
        rest = self._take_best(waiting, most)
        for ranked in rest:
            sum_ = words.account(self._score(ranked), self._facts(ranked))
            if self._has_room(ranked):
                self._pass(ranked, words.issue_full(most, self._last_by_points, sum_))
            else:
                limit = self._most_of[ranked.section]
                self._pass(ranked, words.section_full(ranked.section, limit, sum_))

    def take_for_want(self, waiting: Sequence[_Ranked]) -> None:
        """Take what needs a look, only up to fewest_stories."""
        fewest = self._newsletter.fewest_stories
        for ranked in self._take_best(waiting, fewest, for_want=True):
            self._pass(ranked, words.look(ranked.candidate.article.reasons))

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
            self._pick(best, words.look_for_want(up_to) if for_want else "")
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
        sum_ = words.number(len(self.picks), words.account(score, self._facts(ranked)))
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
