"""S13: days and dates that are wrong on the day the issue is read."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from newsletter.checks.day_names import DayNames, NamedDate, day_names
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import cards_of, folded, leaves
from newsletter.checks.written import ADDRESSES, Field
from newsletter.model.finding import Finding
from newsletter.model.issue import Brief
from newsletter.model.sentences import split_sentences

STALE_DATES = "S13 stale-dates"

MOST_IN_FIELD = 50  # days and dates looked at; a field with more is no prose
LATE = 75  # days; a date further back is told as history

_NAMED_FOR = re.compile(r"(\d{4}-\d\d-\d\d)(?!\d)")
# "on 32 November" is a date; "the 45 December births" are none.
_SURELY_A_DATE = re.compile(
    r"\b(?:on|by|until|le|du|au|am|ab|bis|vom|zum|el|al|ar|في)(?: the)? $", re.IGNORECASE
)
_TO_DATE = re.compile(r"[ ,(]{1,3}(?:the|le|den|el)? ?")
_CLAUSE = re.compile(r"[,;:\u2013\u2014()]")
_QUOTED = re.compile(r"[\u201c\"\u201e][^\u201c\u201d\"\n]{1,400}[\u201d\"\u201c]")
_Fault = tuple[int, str, str, str]  # line or place in the text, message, words seen, remedy


def stale_dates(request: CheckRequest) -> Iterator[Finding]:
    """S13: days and dates are right on the day on which the issue goes out."""
    names = day_names(request.words, request.newsletter.language)
    for line, message, seen, remedy in (*_own_date(request), *_copied(request, names)):
        yield request.finding(STALE_DATES, line, message, seen=seen, remedy=remedy)
    for one in request.written:
        if one.field in ADDRESSES or one.file:
            continue
        dates = tuple(islice(names.dates_in(one.text), MOST_IN_FIELD))
        for at, message, seen, remedy in (
            *_wrong_weekdays(one.text, dates, request),
            *_days_named(one.text, dates, names, request),
            *_passed(one.text, dates, request),
        ):
            line = one.line + (0 if one.field is Field.ALT else one.text.count("\n", 0, at))
            yield request.finding(STALE_DATES, line, message, seen=seen, remedy=remedy)


def send_day(request: CheckRequest) -> date:
    """Return the day on which the issue is read: that of its planned time, else its own date."""
    planned = request.planned
    return request.issue.date if planned is None else _local(request, planned)


def _own_date(request: CheckRequest) -> Iterator[_Fault]:
    issue, sent = request.issue, send_day(request)
    line, seen = issue.line_of("date"), f"date: {issue.date}"
    if sent != issue.date:
        message = f"the issue is dated {_day(issue.date)} and goes out on {_day(sent)}"
        yield line, message, seen, "correct the date, or plan the issue anew"
    dated = _NAMED_FOR.match(issue.name)
    if dated and dated[1] != issue.date.isoformat():
        message = f"the issue is dated {issue.date}, and its file is named for {dated[1]}"
        yield line, message, seen, "correct the date, or rename the file"


def _wrong_weekdays(
    text: str, dates: tuple[NamedDate, ...], request: CheckRequest
) -> Iterator[_Fault]:
    for named in dates:
        meant = named.nearest(request.issue.date)
        # "in June 31 people" names no day, and "29 February" one of other years
        is_date = named.day <= 31 or _SURELY_A_DATE.search(text[: named.start])  # noqa: PLR2004
        is_set = not named.text[-1].isdigit() and (named.day, named.month) != (29, 2)
        if meant is None and ((is_date and is_set) or named.year is not None):
            yield named.start, "there is no such day", named.text, "look it up in a calendar"
        elif meant and named.weekday is not None and meant.weekday() != named.weekday:
            seen = f"{named.text}; {_day(meant)} {meant.year}"
            message = "the weekday and the date disagree"
            yield named.start, message, seen, "correct the weekday or the date"


def _days_named(
    text: str, dates: tuple[NamedDate, ...], names: DayNames, request: CheckRequest
) -> Iterator[_Fault]:
    """Find "tomorrow, Friday" and "today, 16 March" that disagree with the day of sending."""
    sent = send_day(request)
    wrong: dict[int, tuple[str, date]] = {}
    for word, weekday in islice(names.words_with_weekday(text), MOST_IN_FIELD):
        meant = sent + timedelta(days=word.offset)
        if meant.weekday() != weekday:
            wrong[word.start] = word.text, meant
    for word in islice(names.words_in(text), MOST_IN_FIELD) if dates else ():
        end = word.start + len(word.text)
        named = next((d for d in dates if _TO_DATE.fullmatch(text, end, d.start)), None)
        meant = sent + timedelta(days=word.offset)
        if named is not None and named.nearest(sent) not in {None, meant}:
            wrong.setdefault(word.start, (f"{word.text} {named.text}", meant))
    for start, (seen, meant) in wrong.items():
        told = f"{seen}; the issue goes out on {_day(sent)}, and that day is {_day(meant)}"
        yield start, "a day and its name disagree", told, "correct the day"


def _passed(text: str, dates: tuple[NamedDate, ...], request: CheckRequest) -> Iterator[_Fault]:
    """Find passed dates said as coming: a word of "ahead" before the date, none of "behind"."""
    sent = send_day(request)
    ahead, behind = (request.words.within(one, everywhere=False) for one in ("ahead", "behind"))
    for named in dates:
        said = named.nearest(sent)
        if said is None or not 0 < (sent - said).days <= LATE:
            continue
        spans = split_sentences(text)
        start, end = next(((a, b) for a, b in spans if a <= named.start < b), (0, len(text)))
        clause = _CLAUSE.split(text[start : named.start])[-1]
        if ahead.search(folded(clause)) and not behind.search(folded(text[start:end])):
            told = f"{clause.strip()} {named.text}; the issue goes out on {_day(sent)}"
            remedy = "correct the day, or say what came of it"
            yield named.start, "a past date is said to be still to come", told, remedy


def _copied(request: CheckRequest, names: DayNames) -> Iterator[_Fault]:
    """Find "today" and the like that was copied from a source of an earlier day."""
    sent = send_day(request)
    for card in cards_of(request.issue):
        source = request.sources.get(card)
        if source is None or source.published is None:
            continue
        day = _local(request, source.published)
        if day >= sent:
            continue
        said = _QUOTED.sub(" ", source.text.casefold())
        told = ((card.text, card.line),) if isinstance(card, Brief) else tuple(leaves(card.summary))
        for text, line in ((card.headline, card.line), *told):
            word = next((w for w in names.words_in(text) if w.text.casefold() in said), None)
            if word is not None:
                message = f"“{word.text}” is copied from a source of {_day(day)}; the issue goes "
                message += f"out on {_day(sent)}"
                yield line or card.line, message, text, "name the day as readers see it"
                break


def _local(request: CheckRequest, moment: datetime) -> date:
    return moment.astimezone(request.newsletter.timezone).date()


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
