"""S13: days and dates that are wrong on the day the issue is read."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from newsletter.checks.day_names import DayNames, day_names
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import cards_of, folded, leaves, text_blocks
from newsletter.checks.written import Field, Written, running
from newsletter.model.finding import Finding
from newsletter.model.issue import Brief
from newsletter.model.sentences import split_sentences

STALE_DATES = "S13 stale-dates"

MOST_IN_FIELD = 50  # days and dates looked at; a field with more is no prose
LONGEST_MONTH = 31  # days
A_YEAR, NEAR_A_YEAR = 365, 14  # days
LATE = 75  # days; a date further back is told as history
MOST_BETWEEN = 6  # characters between "today" and the date that it names

_NAMED_FOR = re.compile(r"(\d{4}-\d\d-\d\d)(?!\d)")
# "on 32 November" is a date; "the 45 December births" are none.
_SURELY_A_DATE = re.compile(
    r"\b(?:on|by|until|le|du|au|am|ab|bis|vom|zum|el|al|ar|في)(?: the)? $", re.IGNORECASE
)
_SET_OFF_BEFORE = re.compile(r"(?:^|[|·•]\s?|\s[\u2013\u2014-]\s)$")
_SET_OFF_AFTER = re.compile(r"\s?(?:$|[|·•\n]|[\u2013\u2014-]\s)")
_CLAUSE = re.compile(r"[,;:\u2013\u2014()]")
_QUOTED = re.compile(r"[\u201c\"\u201e][^\u201c\u201d\"\n]{1,400}[\u201d\"\u201c]")
_Fault = tuple[int, str, str, str]  # place in the text, message, words seen, remedy


def stale_dates(request: CheckRequest) -> Iterator[Finding]:
    """S13: days and dates are right on the day on which the issue goes out."""
    names = day_names(request.newsletter.language)
    for line, message, seen, remedy in _own_date(request):
        yield request.finding(STALE_DATES, line, message, seen=seen, remedy=remedy)
    for one in request.written:
        if not running(one) or one.file:
            continue
        for look in (_wrong_weekdays, _days_named, _date_lines, _passed):
            for at, message, seen, remedy in look(one, names, request):
                line = one.line + (0 if one.field is Field.ALT else one.text.count("\n", 0, at))
                yield request.finding(STALE_DATES, line, message, seen=seen, remedy=remedy)
    yield from _copied(request, names)


def send_day(request: CheckRequest) -> date:
    """Return the day on which the issue is read: that of its planned time, else its own date."""
    planned = request.planned
    return request.issue.date if planned is None else _local(request, planned)


def _own_date(request: CheckRequest) -> Iterator[tuple[int, str, str, str]]:
    issue, sent = request.issue, send_day(request)
    line, seen = issue.line_of("date"), f"date: {issue.date}"
    if sent != issue.date:
        message = f"the issue is dated {_day(issue.date)} and goes out on {_day(sent)}"
        yield line, message, seen, "put the date right, and read its days again; or plan it anew"
    dated = _NAMED_FOR.match(issue.name)
    if dated and dated[1] != issue.date.isoformat():
        message = f"the issue is dated {issue.date}, and its file is named for {dated[1]}"
        yield line, message, seen, "put the date right, or rename the file"
    apart = (_local(request, request.moment) - issue.date).days
    if request.planned is None and abs(abs(apart) - A_YEAR) <= NEAR_A_YEAR:
        message = f"the issue is dated a year {'ago' if apart > 0 else 'ahead'}"
        yield line, message, seen, "put the year right"


def _wrong_weekdays(one: Written, names: DayNames, request: CheckRequest) -> Iterator[_Fault]:
    for named in islice(names.dates_in(one.text), MOST_IN_FIELD):
        meant = named.nearest(request.issue.date)
        # "29 February" is a day of other years, and "in June 31 people" none at all
        is_set = (
            (named.day <= LONGEST_MONTH or _SURELY_A_DATE.search(one.text[: named.start]))
            and not named.text[-1:].isdigit()
            and (named.day, named.month) != (29, 2)
        )
        if meant is None and (named.year is not None or is_set):
            yield named.start, "there is no such day", named.text, "look it up in a calendar"
        elif meant and named.weekday is not None and meant.weekday() != named.weekday:
            seen = f"{named.text}; {_day(meant)} {meant.year} it is"
            message = "the weekday and the date disagree"
            yield named.start, message, seen, "put the weekday or the date right"


def _days_named(one: Written, names: DayNames, request: CheckRequest) -> Iterator[_Fault]:
    """Find "tomorrow, Friday" and "today, 16 March" that disagree with the day of sending."""
    sent = send_day(request)
    wrong: dict[int, tuple[str, date]] = {}
    for word, weekday in islice(names.words_with_weekday(one.text), MOST_IN_FIELD):
        meant = sent + timedelta(days=word.offset)
        if meant.weekday() != weekday:
            wrong[word.start] = (word.text.strip(" (,"), meant)
    dates = tuple(islice(names.dates_in(one.text), MOST_IN_FIELD))
    for word in islice(names.words_in(one.text), MOST_IN_FIELD):
        end = word.start + len(word.text)
        named = next((d for d in dates if 0 < d.start - end <= MOST_BETWEEN), None)
        if named is None or not re.fullmatch(
            r"[ ,(]{1,3}(?:the|le|den|el)? ?", one.text[end : named.start]
        ):
            continue
        meant, said = sent + timedelta(days=word.offset), named.nearest(sent)
        if said is not None and said != meant:
            seen = one.text[word.start : named.start + len(named.text)]
            wrong.setdefault(word.start, (seen, meant))
    for start, (seen, meant) in wrong.items():
        told = f"{seen}; the issue goes out on {_day(sent)}, and that day is {_day(meant)}"
        yield start, "a day and its name disagree", told, "put the day right"


def _date_lines(one: Written, names: DayNames, request: CheckRequest) -> Iterator[_Fault]:
    """Find a date set off by itself in subject or opening that is not the issue's."""
    opening = {line for b in request.issue.opening for _, line in leaves(text_blocks(b))}
    is_head = one.field is Field.SUBJECT or (one.field is Field.TEXT and one.line in opening)
    if not is_head:
        return
    days = {request.issue.date, send_day(request)}
    for named in islice(names.dates_in(one.text), MOST_IN_FIELD):
        said = named.nearest(request.issue.date)
        before, after = one.text[: named.start], one.text[named.start + len(named.text) :]
        is_set_off = _SET_OFF_BEFORE.search(before) and _SET_OFF_AFTER.match(after)
        if said and said not in days and is_set_off:
            seen = f"{named.text}; the issue is of {_day(request.issue.date)}"
            message = "the issue names another date than its own"
            yield named.start, message, seen, "put the date right"


def _passed(one: Written, names: DayNames, request: CheckRequest) -> Iterator[_Fault]:
    """Find passed dates said as coming: a word of "ahead" before the date, none of "behind"."""
    sent, words = send_day(request), request.words
    for named in islice(names.dates_in(one.text), MOST_IN_FIELD):
        said = named.nearest(sent)
        if said is None or not 0 < (sent - said).days <= LATE:
            continue
        spans = split_sentences(one.text)
        start, end = next(((a, b) for a, b in spans if a <= named.start < b), (0, len(one.text)))
        clause = _CLAUSE.split(one.text[start : named.start])[-1]
        if words.within("ahead", everywhere=False).search(folded(clause)) and not words.within(
            "behind", everywhere=False
        ).search(folded(one.text[start:end])):
            told = f"{clause.strip()} {named.text}; the issue goes out on {_day(sent)}"
            remedy = "put the day right, or say what came of it"
            yield named.start, "a passed date is said to be still to come", told, remedy


def _copied(request: CheckRequest, names: DayNames) -> Iterator[Finding]:
    """Find "today" and the like that was copied from a source of an earlier day."""
    sent = send_day(request)
    for card in cards_of(request.issue):
        source = request.sources.get(card)
        if source is None or source.published is None:
            continue
        day = _local(request, source.published)
        said = _QUOTED.sub(" ", source.text.casefold()) if day < sent else ""
        told = ((card.text, card.line),) if isinstance(card, Brief) else tuple(leaves(card.summary))
        for text, line in ((card.headline, card.line), *told):
            word = next((w for w in names.words_in(text) if w.text.casefold() in said), None)
            if said and word is not None:
                yield request.finding(
                    STALE_DATES,
                    line or card.line,
                    f"“{word.text}” is copied from a source of {_day(day)}; the issue goes out on "
                    f"{_day(sent)}",
                    seen=text,
                    remedy="name the day as seen from the day of the issue",
                )
                break


def _local(request: CheckRequest, moment: datetime) -> date:
    return moment.astimezone(request.newsletter.timezone).date()


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
