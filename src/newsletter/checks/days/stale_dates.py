"""S13: days and dates that are wrong on the day the issue is read."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from newsletter.checks.days.clock_times import impossible_times
from newsletter.checks.days.day_names import DayNames, NamedDate, day_names
from newsletter.checks.days.deadlines import past_deadlines
from newsletter.checks.days.figure_dates import dates_in_figures
from newsletter.checks.days.issue_date import wrong_date
from newsletter.checks.days.own_day import names_own_day
from newsletter.checks.days.tenses import wrong_tenses
from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import folded, leaves, shorten, text_blocks
from newsletter.checks.written import Field, Written, running
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Brief, Briefs, Story
from newsletter.model.schedule import parse_cron

STALE_DATES = "S13 stale-dates"

LONGEST_DATELINE = 60  # characters beside the date: "The Daily | Wednesday 16 March 2022 | No. 12"
NEAR = 14  # days before the issue's date that a date set off in a subject may be a slip
MOST_IN_FIELD = 50  # days and dates looked at; a field with more is no prose
LONGEST_MONTH = 31  # days
STALE_AFTER = 6  # days after which "on Friday" means another Friday
SHOWN = 5  # words that a finding lists

# "Monday's issue (December 1)": the date in brackets is that of the weekday before.
_IN_BRACKETS = re.compile(r"(?:['\u2019]s)?(?: [^\W\d_]{2,15}){0,3},? \($")
_DATELINE_END = re.compile(r"\s*(?:$|[|·•\n])|\s?[\u2013\u2014-]\s|[.:]\s")
_SET_OFF_AFTER = re.compile(r"\s?(?:$|[:|·,]|[\u2013\u2014-]\s)")
_SET_OFF_BEFORE = re.compile(r"(?:^|[|·,(\[]\s?|\s[\u2013\u2014-]\s|\b(?:for|of|du|vom|del|o)\s)$")
# "on 32 November" is a date; "the 45 December births" are none.
_SURELY_A_DATE = re.compile(
    r"\b(?:on|by|until|till|since|before|after|le|du|au|dès le|am|ab|bis|vom|zum|el|del|al|ar"
    r"|erbyn|يوم|في)(?: the)? $",
    re.IGNORECASE,
)
_OF_THE_ISSUE = re.compile(
    r"\b(?:news|headlines|nouvelles|nachrichten|noticias|newyddion|أخبار|briefing|newsletter"
    r"|digest|edition|update|round-?up|bulletin|ausgabe|édition|edición"
    r"|rh?ifyn|[cg]ylchlythyr|نشرة)s? (?:for|of|on|du|de|del|vom|für|am|o|ليوم) (?:the )?$"
    r"|\b(?:rh?ifyn|[cg]ylchlythyr|newyddion|عدد|نشرة|أخبار) $"
    r"|\b(?:it['\u2019]s|it is|today is|nous sommes(?: le)?|heute ist(?: der)?|hoy es|heddiw yw"
    r"|mae hi'n|mae'n) $",
    re.IGNORECASE,
)
# Greetings with the hours, the first of them included, at which nobody would say so.
_GREETINGS = (
    (
        r"good morning|^morning(?=[,.!]| all\b)|guten morgen|bore da|صباح الخير",
        (15, 24),
    ),
    (r"good afternoon|prynhawn da", (0, 11)),
    (r"good evening|guten abend|bonsoir|noswaith dda|مساء الخير", (3, 13)),
    (r"buenos días", (16, 24)),
    (r"buenas tardes", (0, 11)),
    (r"buenas noches", (3, 16)),
)
_QUOTED = re.compile(r"[\u201c\"][^\u201c\u201d\"\n]{1,400}[\u201d\"]")
_GREETED = tuple(
    (re.compile(rf"(?<!\w)(?:{w})(?!\w)", re.IGNORECASE), hours) for w, hours in _GREETINGS
)


def stale_dates(request: CheckRequest) -> Iterator[Finding]:
    """S13: days, dates and greetings are right on the day on which the issue goes out."""
    names = day_names(request.newsletter.language)
    fields = tuple(one for one in request.written if running(one) and not one.file)
    yield from _planned_elsewhere(request, names, fields)
    yield from _wrong_date(request)
    for one in fields:
        yield from _wrong_weekdays(request, names, one)
        for start, message, seen, remedy in dates_in_figures(one.text, names):
            yield _finding(request, _line(one, start), message, seen, remedy)
        yield from _wrong_days_named(request, names, one)
        for start, words in wrong_tenses(one, request.newsletter.language.partition("-")[0]):
            yield _finding(
                request,
                _line(one, start),
                "a day does not fit its verb",
                words,
                "put the day or the verb right",
            )
        for start, words in impossible_times(one.text):
            yield _finding(
                request, _line(one, start), "there is no such time of day", words, "put it right"
            )
        for start, words, day in past_deadlines(one, names, send_day(request)):
            yield _finding(
                request,
                _line(one, start),
                "a day is announced that is past",
                f"{words}; that was {_day(day)} {day.year}, the issue goes out on "
                f"{_day(send_day(request))}",
                "put the day right, or tell what came of it",
            )
    yield from _datelines(request, names)
    yield from _greetings(request)
    yield from _of_another_day(request, names)


def send_day(request: CheckRequest) -> date:
    """Return the day on which the issue is read: that of its planned time, else its own date."""
    planned = request.planned
    return request.issue.date if planned is None else _local(request, planned)


def _local(request: CheckRequest, moment: datetime) -> date:
    return moment.astimezone(request.newsletter.timezone).date()


def _planned_elsewhere(
    request: CheckRequest, names: DayNames, fields: tuple[Written, ...]
) -> Iterator[Finding]:
    sent = send_day(request)
    if sent == request.issue.date:
        return
    words = [word.text for one in fields for word in names.words_in(one.text)]
    words += [name for one in fields for _, _, name in names.weekdays_in(one.text)]
    told = f"; it says {_listed(words)}" if words else ""
    yield _finding(
        request,
        request.issue.line_of("date"),
        f"the issue is dated {_day(request.issue.date)} and goes out on {_day(sent)}",
        f"date: {request.issue.date}{told}",
        "write the day it goes out, and read what it says of days again; or plan it anew",
    )


def _wrong_date(request: CheckRequest) -> Iterator[Finding]:
    issue = request.issue
    today = _local(request, request.moment)
    is_planned = request.planned is not None
    message, remedy = wrong_date(issue.name, issue.date, today, is_planned=is_planned)
    if message:
        line = issue.line_of("date")
        yield _finding(request, line, message, f"date: {issue.date}", remedy)


def _wrong_weekdays(request: CheckRequest, names: DayNames, one: Written) -> Iterator[Finding]:
    weekdays = tuple(islice(names.weekdays_in(one.text), MOST_IN_FIELD))
    for named in islice(names.dates_in(one.text), MOST_IN_FIELD):
        if named.weekday is None:
            named = _with_weekday_before(named, weekdays, one.text)  # noqa: PLW2901
        meant = named.nearest(request.issue.date)
        line = _line(one, named.start)
        # "29 February" is a day of other years, and "in June 31 people" none at all
        is_set = (
            (named.day <= LONGEST_MONTH or _SURELY_A_DATE.search(one.text[: named.start]))
            and not named.text[-1:].isdigit()
            and (named.day, named.month) != (29, 2)
        )
        if meant is None and (named.year is not None or is_set):
            yield _finding(
                request, line, "there is no such day", named.text, "look it up in a calendar"
            )
        elif meant and named.weekday is not None and meant.weekday() != named.weekday:
            yield _finding(
                request,
                line,
                "a date has the wrong day of the week",
                f"{named.text}; {_day(meant)} {meant.year} it is",
                "put the weekday or the date right",
            )


def _with_weekday_before(
    named: NamedDate, weekdays: tuple[tuple[int, int, str], ...], text: str
) -> NamedDate:
    """Return a date that stands in brackets the weekday that it is set behind."""
    before = [one for one in weekdays if one[0] < named.start][-1:]
    for start, weekday, name in before:
        if _IN_BRACKETS.fullmatch(text, start + len(name), named.start):
            seen = text[start : named.start] + named.text
            return replace(named, text=seen, weekday=weekday)
    return named


def _wrong_days_named(request: CheckRequest, names: DayNames, one: Written) -> Iterator[Finding]:
    """Tell of "tomorrow, Friday" and "today, 16 March" that the day of the issue gives the lie."""
    sent = send_day(request)
    wrong: dict[int, tuple[str, date]] = {}
    for word, weekday in islice(names.words_with_weekday(one.text), MOST_IN_FIELD):
        meant = sent + timedelta(days=word.offset)
        if meant.weekday() != weekday:
            wrong[word.start] = (word.text.strip(" (,"), meant)
    dates = tuple(islice(names.dates_in(one.text), MOST_IN_FIELD))
    for word in islice(names.words_in(one.text), MOST_IN_FIELD):
        end = word.start + len(word.text)
        named = next((d for d in dates if 0 < d.start - end <= 6), None)  # noqa: PLR2004
        if named is None or not re.fullmatch(
            r"[ ,(]{1,3}(?:the|le|den|el)? ?", one.text[end : named.start]
        ):
            continue
        meant, said = sent + timedelta(days=word.offset), named.nearest(sent)
        if said is not None and said != meant:
            wrong.setdefault(
                word.start, (one.text[word.start : named.start + len(named.text)], meant)
            )
    for start, (seen, meant) in wrong.items():
        yield _finding(
            request,
            _line(one, start),
            "a day is named that it is not",
            f"{seen}; the issue goes out on {_day(sent)}, and that day is {_day(meant)}",
            "put the day right",
        )


def _datelines(request: CheckRequest, names: DayNames) -> Iterator[Finding]:
    """Tell of a date line, or of a subject's own date, that is not the issue's."""
    issue, sent = request.issue, send_day(request)
    heads = [(issue.subject, issue.line_of("subject"), True)]
    heads += [(issue.preheader, issue.line_of("preheader"), False)]
    for block in issue.opening:
        heads += [(text, line, False) for text, line in leaves(text_blocks(block))]
    heads += [(section.heading, section.line, False) for section in issue.sections]
    days = {issue.date, sent}
    for text, line, is_subject in heads:
        for named in islice(names.dates_in(text), MOST_IN_FIELD):
            said = named.nearest(issue.date)
            if said and said not in days and _is_own_date(text, named, said, request, is_subject):
                yield _finding(
                    request,
                    line + text.count("\n", 0, named.start),
                    "the issue names another date than its own",
                    f"{named.text}; the issue is of {_day(issue.date)} {issue.date.year}",
                    "put the date right",
                )
        for start, weekday, name in islice(names.weekdays_in(text), MOST_IN_FIELD):
            if weekday in {day.weekday() for day in days}:
                continue
            if names_own_day(text[:start], text[start + len(name) :]):
                yield _finding(
                    request,
                    line + text.count("\n", 0, start),
                    "the issue names another day than its own",
                    f"{shorten(text, 80)}; the issue is of {_day(issue.date)}",
                    "put the day right",
                )


def _is_own_date(
    text: str,
    named: NamedDate,
    said: date,
    request: CheckRequest,
    is_subject: bool,  # noqa: FBT001
) -> bool:
    """Return whether a date in a head is meant as the issue's own."""
    before, after = text[: named.start], text[named.start + len(named.text) :]
    if _OF_THE_ISSUE.search(before):
        return True
    if is_subject and folded(before).strip(" ,:|-") == folded(request.newsletter.title):
        return True
    apart = (said - request.issue.date).days
    if is_subject:
        set_off = (not before.strip() or _SET_OFF_BEFORE.search(before)) and (
            _SET_OFF_AFTER.match(after)
        )
        at_an_end = not before.strip() or not after.strip(" ).]")
        return bool(set_off and at_an_end) and (-NEAR <= apart <= 2 or abs(apart) > 300)  # noqa: PLR2004
    line = text[text.rfind("\n", 0, named.start) + 1 :].partition("\n")[0]
    begins = not before.rpartition("\n")[2].strip(" |·•\u2014\u2013-")
    alone = len(line) - len(named.text) <= LONGEST_DATELINE and line.strip() == line.strip(".!?")
    whole = line.strip(" .") == named.text.strip(" .")
    # "Saturday 21 November: the week on one page", as a sentence of its own begins
    heads = re.search(r"(?:^|[.!?] )$", before) and re.match(r" ?[:|\u2013\u2014]", after)
    is_near = -NEAR <= apart <= 0 or abs(apart) > 300  # noqa: PLR2004
    return (
        whole
        or (begins and alone and _DATELINE_END.match(after) is not None)
        or (heads is not None and is_near)
    )


def _greetings(request: CheckRequest) -> Iterator[Finding]:
    """Tell of a "Good morning" in an issue that goes out in the evening."""
    hour, at = _hour(request)
    if hour is None:
        return
    for block in request.issue.opening:
        for text, line in leaves(text_blocks(block)):
            for greeting, (first, end) in _GREETED:
                hit = greeting.search(text[:200])
                if hit and first <= hour < end:
                    yield _finding(
                        request,
                        line,
                        f"the issue greets for another time of day: it goes out at {at}",
                        hit[0],
                        "greet for the time it goes out",
                    )


def _hour(request: CheckRequest) -> tuple[int | None, str]:
    """Return the hour at which the issue goes out: the planned one, else every time of its rule."""
    if request.planned is not None:
        local = request.planned.astimezone(request.newsletter.timezone)
        return local.hour, f"{local:%H:%M}"
    schedule = request.newsletter.schedule
    if schedule is None or not schedule.cron:
        return None, ""
    times = parse_cron(schedule.cron).times
    if len({time.hour for time in times}) != 1:
        return None, ""
    return times[0].hour, f"{times[0]:%H:%M}"


def _of_another_day(request: CheckRequest, names: DayNames) -> Iterator[Finding]:
    """Words such as "today" that came from a source of another day, or of a day unknown."""
    sent = send_day(request)
    unknown: list[tuple[int, str]] = []
    for card, texts in _cards(request):
        source = request.sources.get(card)
        published = source.published if source is not None else None
        words = [(line, w.text) for text, line in texts for w in names.words_in(text)]
        if published is None:
            unknown += words
            continue
        day = _local(request, published)
        if (sent - day).days >= STALE_AFTER:
            words += [(line, n) for text, line in texts for _, _, n in names.weekdays_in(text)]
        # what somebody is quoted with is of the day it was said, and nobody copied it
        said = _QUOTED.sub(" ", source.text.casefold()) if source is not None else ""
        stale = [(line, word) for line, word in words if day < sent and word.casefold() in said]
        if stale:
            yield _finding(
                request,
                stale[0][0],
                f"a day is told as its source of {_day(day)} told it; the issue goes out on "
                f"{_day(sent)}",
                _listed([word for _, word in stale]),
                "name the day as it is seen from the day of the issue",
            )
    if unknown and request.planned is None:
        lines = ", ".join(f"“{word}” in line {line}" for line, word in unknown[:SHOWN])
        yield _finding(
            request,
            unknown[0][0],
            f"what stories call today is read on {_day(sent)}; no source here tells when they were "
            "written",
            lines + (f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""),
            "see that it is right on that day",
            severity=Severity.INFO,
        )


def _cards(request: CheckRequest) -> Iterator[tuple[Story | Brief, list[tuple[str, int]]]]:
    issue = request.issue
    for block in (*issue.opening, *(b for section in issue.sections for b in section.blocks)):
        match block:
            case Story():
                summary = [(text, line or block.line) for text, line in leaves(block.summary)]
                yield block, [(block.headline, block.line), *summary]
            case Briefs(items=items):
                for item in items:
                    yield item, [(item.headline, item.line), (item.text, item.line)]
            case _:
                pass


def _line(one: Written, at: int) -> int:
    return one.line + (0 if one.field is Field.ALT else one.text.count("\n", 0, at))


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _listed(words: list[str]) -> str:
    unlike = list(dict.fromkeys(f"“{word}”" for word in words))
    return ", ".join(unlike[:SHOWN]) + (" …" if len(unlike) > SHOWN else "")


def _finding(
    request: CheckRequest,
    line: int,
    message: str,
    evidence: str,
    remedy: str,
    *,
    severity: Severity = Severity.WARNING,
) -> Finding:
    return Finding(
        check=STALE_DATES,
        severity=severity,
        message=message,
        evidence=evidence,
        file=request.file,
        line=line,
        remedy=remedy,
    )
