"""May a story stand: embargoes and withdrawals, as its page tells them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

from newsletter.ingest.decoding import normal, words_of
from newsletter.ingest.noise import Verdict, noise_share
from newsletter.model.article import Article, ArticleState, ParagraphKind

WITHIN = 4  # paragraphs, the headline among them
MOST_LINE = 300  # characters; an article on embargoes is longer and says it later
UNKNOWN = datetime(9999, 12, 31, tzinfo=UTC)  # no readable end: a person decides

_STATED = re.compile(
    r"^(?:\W{0,3}(?:strictly )?embargo(?:ed)? ?(?:until|till|[:\u2013\u2014-]|\d)"
    r"|not for (?:publication|release) (?:before|until)\b"
    r"|.{0,40}\bunder (?:strict )?embargo (?:until|till)\b)"
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY = re.compile(
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{'|'.join(_MONTHS)}),? (?P<y1>\d{{4}})"
    rf"|(?P<m2>{'|'.join(_MONTHS)}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}})"
)
_TIME = re.compile(r"\b(?P<h>\d{1,2})(?:[:.](?P<m>\d{2})(?::\d{2})?)? ?(?P<half>[ap]\.?m\b)?")
_ZONES = {"bst": 1, "cet": 1, "cest": 2, "est": -5, "edt": -4}
_ZONE = re.compile(rf"\b({'|'.join(_ZONES)})\b")


def stated_embargo(texts: Iterable[str]) -> datetime | None:
    """Return the end of the embargo that one of the first texts states: UNKNOWN if unreadable."""
    for position, text in enumerate(texts):
        if position >= WITHIN:
            return None
        line = normal(text) if len(text) <= MOST_LINE else ""
        if _STATED.search(line):
            return _end_of(line)
    return None


def _end_of(line: str) -> datetime:
    found = _DAY.search(line)
    if found is None:
        return UNKNOWN
    zone = _ZONE.search(line)
    offset = timezone(timedelta(hours=_ZONES[zone[1]])) if zone else UTC
    try:
        if found["iso"]:
            day = datetime.fromisoformat(found["iso"]).replace(tzinfo=offset)
        else:
            month = _MONTHS.index(found["m1"] or found["m2"]) + 1
            year, number = int(found["y1"] or found["y2"]), int(found["d1"] or found["d2"])
            day = datetime(year, month, number, tzinfo=offset)
        return (day + _time_in(f"{line[: found.start()]} {line[found.end() :]}")).astimezone(UTC)
    except (ValueError, OverflowError):
        return UNKNOWN


def _time_in(words: str) -> timedelta:
    """Return the time of day that is named in figures, the day's end where none is."""
    found = next((t for t in _TIME.finditer(words) if t["m"] or t["half"]), None)
    if found is None:
        return timedelta(days=1)
    hour, minute = int(found["h"]), int(found["m"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    time(hour, minute)  # raises where it is no time of day
    return timedelta(hours=hour, minutes=minute)


SHRUNK = 0.3  # of the words that it had: what is left is a notice, not the article
FEWEST_WORDS = 80  # of the text before, for that to mean something
MOST_NOTICE_CHARS = 500
_SHOWN_CHARS = 200

_NOTICE = re.compile(
    r"\b(?:this|the) (?:article|story|report|page|item|piece)"
    r" (?:has been|was|is being|is) (?:\w+ )?(?:withdrawn|retracted|removed|taken down|deleted)\b"
    r"|\b(?:article|story) (?:withdrawn|retracted|removed)\b|^(?:retracted|withdrawn)\s*:",
    re.IGNORECASE,
)


def withdrawal_notice(before: Article | None, now: Article) -> str:
    """Return the sentence that tells of a notice which the page did not carry before, else ""."""
    said = [now.title.value, *(p.text for p in now.paragraphs if p.kind is not ParagraphKind.NOISE)]
    known = {normal(p.text) for p in before.paragraphs} if before else set()
    for text in said:
        if len(text) < MOST_NOTICE_CHARS and _NOTICE.search(text):
            return (
                "" if normal(text) in known else f"the page says: \u201c{text[:_SHOWN_CHARS]}\u201d"
            )
    return ""


def withdrawal_of(before: Article | None, now: Article) -> str:
    """Return what tells that an article was withdrawn, by words or by their absence; else ""."""
    notice = withdrawal_notice(before, now)
    earlier = body_words(before) if before else 0
    if not notice and earlier >= FEWEST_WORDS and body_words(now) < SHRUNK * earlier:
        return f"of the {earlier} words that the article had, {body_words(now)} are left"
    return notice


FEWEST_BODY_WORDS = 40
MOST_NOISE_SHARE = 0.5
MOST_NOTICE_SHARE = 0.5
NOTICE_WITHIN = 2000  # characters of a paragraph that are looked at

_LICENCE = re.compile(
    r"\b(?:subscribers? only|subscribe (?:now |today )?to (?:read|continue|unlock)"
    r"|to continue reading|already a subscriber|this (?:article|content|story) is for subscribers"
    r"|(?:all )?rights reserved|may not be (?:published|reproduced|republished|copied)"
    r"|republish (?:this|our) (?:article|story|stories)|creative commons"
    r"|under (?:a|the) .{0,30}licen[cs]e)\b"
)


def judged_state(
    article: Article,
    *,
    texts: Sequence[str],
    verdicts: Sequence[Verdict | None],
    reasons: Sequence[str] = (),
) -> Article:
    """Return the article with its state, and in reasons every ground for a look."""
    grounds = list(reasons)
    until = stated_embargo([article.title.value, *(p.text for p in article.paragraphs)])
    if until is not None:
        article = replace(article, embargo=article.embargo or until.isoformat())
        is_read = until != UNKNOWN
        end = f"until {until:%Y-%m-%d %H:%M} UTC" if is_read else "with no end that can be read"
        grounds.append(f"its text says that it is under embargo, {end}")
    words = body_words(article)
    if words < FEWEST_BODY_WORDS:
        grounds.append(f"its text has only {words} {'word' if words == 1 else 'words'}")
    if noise_share(texts, verdicts) > MOST_NOISE_SHARE:
        grounds.append("noise rules took more than half of its words")
    if _notice_share(article) > MOST_NOTICE_SHARE:
        grounds.append("its text is mostly a licence or subscription notice")
    if not grounds:
        return article
    return replace(article, state=ArticleState.NEEDS_LOOK, reasons=tuple(grounds))


def body_words(article: Article) -> int:
    """Count the words of its running text."""
    return sum(len(words_of(p.text)) for p in article.paragraphs if p.kind is ParagraphKind.BODY)


def _notice_share(article: Article) -> float:
    notice = sum(
        len(words_of(p.text))
        for p in article.paragraphs
        if p.kind is ParagraphKind.BODY and _LICENCE.search(normal(p.text[:NOTICE_WITHIN]))
    )
    return notice / max(1, body_words(article))
