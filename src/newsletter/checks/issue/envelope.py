"""S02 and S03: what the inbox shows before the mail is opened, the subject and the preheader."""

import re
import unicodedata
from collections.abc import Iterator

import regex  # type: ignore[import-untyped]  # ships no annotations; used for properties of Unicode

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import (
    SLOT_MARK,
    blocks_of,
    folded,
    graphemes,
    leaves,
    shorten,
    stories,
    text_blocks,
)
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import Block, Story
from newsletter.model.sentences import split_sentences

SUBJECT_SHAPE = "S02 subject-shape"
PREHEADER = "S03 preheader"

MOST_EMOJI = 2
SHORTEST_PREHEADER, LONGEST_PREHEADER = 40, 90
INBOX_LINE = 110  # characters of subject and preheader that a wide inbox shows in one line
FEWEST_CAPITALS = 8  # letters; fewer are an abbreviation or two
SHOUTED_SHARE, SHOUTED_IN_PART = 0.8, 0.5  # of the letters; the lower one wants more loud words
LONG_WORD = 4  # letters; shorter ones in capitals are abbreviations
LEAST_REPEATED = 21  # characters; a shorter text may stand in a longer one by chance
FIRST_SENTENCES = 2  # a greeting may stand before what the mail says

_REPLY = re.compile(
    r"(?:re|fwd?|aw|wg|tr|rv|antw|vs|sv|odp|ynt|atb|yml|رد)(?:\s?\[\d{1,3}\])?(?:\s?[:\uff1a]|_\s)",
    re.IGNORECASE,
)
_EXCLAIMED = re.compile(r"(?:[!\u00a1\u2755\u2757]\ufe0f?){2,}|[?\u00bf\u061f]{2,}|[!?]{3,}")
_UNFILLED = re.compile(
    r"\[\[.{0,60}?(?:\]\]|$)|\{\{.{0,60}?(?:\}\}|$)|\]\]|\}\}|\{%.{0,60}?%\}|\*\|.{0,60}?\|\*"
)
# "Weekly newsletter", "Newsletter #47", "Your daily briefing": any issue could be called so.
_OF_NOTHING = re.compile(
    r"(?:(?:the|your|our|this|today['\u2019]s|a|an|new|latest|daily|weekly|monthly|morning|evening"
    r"|weekend|news|e-?mail|issue|edition|no\.?|number|vol(?:ume)?\.?|#|\d{1,4}|newsletters?|briefing"
    r"|update|digest|bulletin|round-?up|headlines|stories|test|mail(?:ing)?|subject|here is)"
    r"(?:[ ,:#-]+|$))+",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"^(?:TEST|DRAFT)\b(?! match)[ :-]*|\bFINAL$|\b[vV]\d{1,2}$|\bFINAL [vV]?\d$"
    r"|\((?:[vV]\d{1,2}|[Vv]ersion \d{1,2}|[Dd]raft \d{1,2})\b[^()]{0,30}\)$"
    r"|(?:[(\[]| [\u2013\u2014-] |_)(?i:version (?:finale|définitive|corrigée)"
    r"|(?:final|corrected|updated|latest) version|endgültige (?:version|fassung)|endfassung"
    r"|letzte (?:version|fassung)|versión (?:final|definitiva)|fersiwn (?:derfynol|olaf)"
    r"|brouillon|entwurf|borrador|(?:do not|don't) send|nicht senden|ne pas envoyer|no enviar)"
    r"[)\]]?$"
)
_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|\u20e3"
)
_WRAPPED = re.compile(
    r"\u201c[^\u201c\u201d]{1,300}\u201d|\u201e[^\u201c\u201d\u201e]{1,300}[\u201c\u201d]"
    r"|\u00ab[^\u00ab\u00bb]{1,300}\u00bb|\u201d[^\u201c\u201d]{1,300}\u201d"
    r"|\u2018[^\u2018]{1,300}\u2019"
)
_WORD = regex.compile(r"\p{L}+")
_FURNITURE = re.compile(
    r"view (?:this|it|the) ?.{0,30} in (?:your|a|the) (?:web ?)?browser|\bunsubscribe\b.{0,5}\|"
    r"|\| ?unsubscribe\b|voir (?:ce message )?dans (?:le|votre) navigateur|im browser (?:an|lesen)"
    r"|ver en (?:el|tu|su) navegador|having trouble (?:viewing|reading)|add us to your address book"
    r"|can.?t see (?:the |these |this |any |our )?(?:pictures?|images?|e-?mail|message)\b"
    r"|(?:not|isn.t) display(?:ing|ed)? (?:correctly|properly)"
    r"|ne s.affiche pas (?:correctement|bien)|nicht (?:richtig|korrekt) (?:angezeigt|dargestellt)"
    r"|\bno (?:se ve|se visualiza|ves) (?:bien|correctamente) este (?:correo|mensaje)"
)


def subject_shape(request: CheckRequest) -> Iterator[Finding]:
    """S02: the subject does not shout, pose as an answer, or show a mark that nothing filled."""
    subject = request.issue.subject.strip()
    for message, seen, remedy in (*_misshapen(subject), *_wrapped(subject, request)):
        yield Finding(
            check=SUBJECT_SHAPE,
            severity=Severity.WARNING,
            message=f"the subject {message}",
            evidence=f"{shorten(subject, 100)} — {seen}" if seen != subject else subject,
            file=request.file,
            line=request.issue.line_of("subject"),
            remedy=remedy,
        )


def preheader(request: CheckRequest) -> Iterator[Finding]:
    """S03: the line beside the subject says something more than the subject, and is read whole."""
    issue = request.issue
    told = " ".join(issue.preheader.split())
    width = _width(told)
    if not told:
        message, remedy = "there is no preheader", 'write one into the front matter: preheader: "…"'
    elif _bare(told) == _bare(issue.subject):
        message, remedy = "the preheader says what the subject says", "go on where it ends"
    elif len(_bare(issue.subject)) >= LEAST_REPEATED and _bare(issue.subject) in _bare(told):
        message, remedy = "the preheader repeats the subject", "go on where the subject ends"
    elif _bare(told) in _first_sentences(request):
        message = "the preheader repeats the first sentence of the mail"
        remedy = "say something that the mail does not begin with"
    elif _repeats(told, _first_sentences(request)):
        message = "the preheader repeats the beginning of the mail"
        remedy = "say something that the mail does not begin with"
    elif _FURNITURE.search(told.casefold()):
        message = "the preheader holds a standing line of a mail"
        remedy = "name the next stories"
    elif wrapped := next(_wrapped(told, request), None):
        message, _, remedy = wrapped
        message = f"the preheader {message}"
    elif width < SHORTEST_PREHEADER:
        message = f"the preheader is short: {width} characters, {SHORTEST_PREHEADER} to "
        message += f"{LONGEST_PREHEADER} fill the line"
        remedy = "name the next stories"
    elif width > LONGEST_PREHEADER:
        message = f"the preheader is long: {width} characters, the inbox cuts it at about "
        message += f"{LONGEST_PREHEADER}"
        remedy = "put what matters first and cut the rest"
    else:
        return
    yield Finding(
        check=PREHEADER,
        severity=Severity.WARNING,
        message=message,
        evidence=_inbox_line(request, told),
        file=request.file,
        line=issue.line_of("preheader"),
        remedy=remedy,
    )


def shouts(text: str) -> bool:
    """Whether a text is written in capitals; a few abbreviations are not, nor are other scripts."""
    cased = [char for char in text if char.isupper() or char.islower()]
    upper = sum(map(str.isupper, cased))
    if upper < FEWEST_CAPITALS or upper < SHOUTED_IN_PART * len(cased):
        return False
    words: list[str] = _WORD.findall(text)
    loud = sum(len(word) >= LONG_WORD and word.isupper() for word in words)
    return loud >= (2 if upper >= SHOUTED_SHARE * len(cased) else 4)


def emoji_in(text: str) -> list[str]:
    """Return the emoji of a text, each as a reader sees it."""
    return [one for one in graphemes(text) if _EMOJI.search(one)]


def _misshapen(subject: str) -> Iterator[tuple[str, str, str]]:
    if shouts(subject):
        yield "is written in capitals", subject, "write it as a sentence"
    typed = unicodedata.normalize("NFKC", subject)  # wide brackets and \u203c are marks too
    if hit := _EXCLAIMED.search(typed):
        yield "shouts with marks", hit[0], "one mark is enough"
    if hit := _REPLY.match(subject):
        remedy = "take the beginning out; it poses as an answer"
        yield "begins as an answer or a forwarded mail does", hit[0], remedy
    if hit := _UNFILLED.search(typed):
        yield "shows a mark that nothing fills", hit[0], "write the words; the subject has no slots"
    if hit := _VERSION.search(subject):
        yield "carries the mark of a trial or a version", hit[0].strip(), "take it out"
    if _OF_NOTHING.fullmatch(subject):
        yield "says nothing of the issue", subject, "name what the lead is about"
    emoji = emoji_in(subject)
    if len(emoji) > MOST_EMOJI:
        yield f"has {len(emoji)} emoji", " ".join(emoji[:10]), f"keep at most {MOST_EMOJI}"


def _wrapped(told: str, request: CheckRequest) -> Iterator[tuple[str, str, str]]:
    """Tell of typographic marks round the whole of it, put there for the ones of the file's form.

    A subject that somebody in the issue says stands in them by right.
    """
    if not _WRAPPED.fullmatch(told):
        return
    said = {folded(text) for block in blocks_of(request.issue) for text in _texts(block)}
    if not any(f'"{_bare(told[1:-1])}' in text for text in said):
        remedy = 'write straight marks round it: "…"'
        yield "stands in quotation marks that readers see", told, remedy


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Story):
        yield block.headline
    for text, _ in leaves(text_blocks(block)):
        yield text.replace("\u00ab\u00a0", '"').replace("\u00ab ", '"').replace("\u00ab", '"')


def _first_sentences(request: CheckRequest) -> set[str]:
    """Return the sentences that the mail begins with: of its opening, and of its lead's summary."""
    paragraphs = [
        next((text for text, _ in leaves(text_blocks(block)) if text.strip()), "")
        for block in request.issue.opening[:1]
    ]
    lead = next(stories(request.issue), None)
    if lead is not None:
        paragraphs.append(next((text for text, _ in leaves(lead.summary) if text.strip()), ""))
    found = set()
    for text in paragraphs:
        spans = split_sentences(text)
        found |= {_bare(text[start:end]) for start, end in spans[:FIRST_SENTENCES]}
        found.add(_bare(text))
    return found - {""}


def _repeats(told: str, first: set[str]) -> bool:
    """Whether a preheader, with or without a greeting before it, is what the mail begins with."""
    whole = _bare(told)
    starts = (start for start, _ in split_sentences(told))
    rests = (_bare(told[start:]) for start in starts)
    return any(
        rest in one
        for rest in rests
        if len(rest) >= max(LEAST_REPEATED, len(whole) // 2)
        for one in first
    )


def _bare(text: str) -> str:
    return folded(text.replace(SLOT_MARK, "")).rstrip(" .!?\u2026")


def _width(text: str) -> int:
    """Count characters as an inbox has room for them: Chinese ones take two."""
    return sum(1 + (unicodedata.east_asian_width(one[0]) in "WF") for one in graphemes(text))


def _inbox_line(request: CheckRequest, told: str) -> str:
    """Show the line as a wide inbox does: without a preheader the mail's own words follow."""
    follows = told
    if not follows:
        words = (
            text
            for block in (*request.issue.opening, *stories(request.issue))
            for text, _ in leaves(text_blocks(block))
        )
        follows = next((text for text in words if text.strip()), "").replace(SLOT_MARK, "…")
    line = f"{request.newsletter.sender.name} | {request.issue.subject} — {follows}"
    return shorten(line, INBOX_LINE)
