"""S28: text that came through the wrong encoding, and markup that shows as typed."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from html.entities import html5, name2codepoint

from newsletter.checks.request import CheckRequest
from newsletter.checks.wording import around
from newsletter.checks.written import Field, Written, running
from newsletter.model.finding import Finding, Severity

GARBLED = "S28 garbled-text"

_RESAVE = "write the letters anew, or copy the text again from its source"
_TAKE_OUT = "take it out; only Markdown is markup here"

# Characters above ASCII that Windows-1252 has: what UTF-8 looks like when it is read as that.
_HIGH = "\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
_HIGH += "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
_RUN = re.compile(rf"[{_HIGH}]{{2,400}}")
# How many bytes a sequence of UTF-8 has, by its first (RFC 3629 section 4).
_FIRST_BYTES = {2: (0xC2, 0xDF), 3: (0xE0, 0xEF), 4: (0xF0, 0xF4)}
_SURE_STARTS = ("â€", "ðŸ", "ï»¿", "ï¿½")
_LEADS = frozenset("ÂÃÅÄÐÑØÙÎÏâ")
# A dash or quotation mark may follow a capital letter with no fault.
_MARKS = frozenset("\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u2022")
_LOST_SPACE = re.compile(r"(?<=[a-zß-ÿ])Ã (?=[a-z ]|$)|Â (?=[£€§©®°«»])")
_LOST_APOSTROPHE = re.compile(r"(?<=[^\W\d_])\?(?:s|t|re|ve|ll)(?![\w'\u2019])")
_UNREADABLE = re.compile(r"\ufffd|[\ue000-\uf8ff]|[\x80-\x9f]")
_BLANK = re.compile(r"[\u200b\u2060\ufeff]|(?<= )\u00a0|\u00a0(?= )|[\u202a-\u202e\u2066-\u2069]")
# A soft hyphen has its use in long words alone.
_SOFT_HYPHEN = re.compile(
    r"(?<![^\W_])(?:(?=[\w\u00ad]{2,13}(?![\w\u00ad]))[^\W_]*\u00ad[^\W_]*|\u00ad)"
)
_LATIN, _OTHER = "A-Za-zÀ-ɏ", "Ͱ-ώЀ-ӿ"
_TWO_ALPHABETS = re.compile(
    rf"(?<!\w)(?=[{_LATIN}]*[{_OTHER}])(?=[{_OTHER}]*[{_LATIN}])[{_LATIN}{_OTHER}]{{3,40}}(?!\w)"
)
_LEAST_ENTITY, _NEARLY = 4, 0.75  # letters; likeness of two names, from 0 to 1
_ENTITY = re.compile(r"&(?:amp;)*(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TAG = re.compile(
    r"<!--|-->|<!\[CDATA|</?(?:a|abbr|article|aside|b|big|blockquote|body|br|button|caption"
    r"|center|cite"
    r"|code|div|em|embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img"
    r"|input|li|link|main|mark|meta|mj-[a-z-]{1,20}|nav|o:p|ol|p|picture|pre|q|s|script"
    r"|section|small"
    r"|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|tt|u|ul|video)"
    r"(?:\s[^<>\n]{0,300})?\s?/?>",
    re.IGNORECASE,
)
_BROKEN_TAG = re.compile(r"<(?:a href|img src|span style|p class|div class|br)\b", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"\[[^\[\]\n]{1,200}\]\(|\]\((?:https?:|\s?$)|!\[[^\]\n]{0,200}\]|(?<![*\w])\*\*(?![*\s])(?=\S)"
    r"|(?<!\*)\*\* [^*\n]{1,200}\*\*|(?<!\*)\*\*[^*\n]{1,200} \*\*(?!\*)|^\*\*$"
    r"|(?<![\w_])__(?=\w)[^_\n]{1,200}__"
    r"|(?<=\w)__(?=\w)[^_\n]{1,200}(?<=\w)__(?!\w)|(?<!\*)\* \*\w|\w\* \*(?!\*)"
    r"|(?<=\w)\*\*(?!\*)(?=\s|$)"
    r"|\[[^\[\]()\n]{1,200}\(https?://|\[[^\[\]\n]{1,200}\] \(https?://"
    r"|^#(?:The|An?|In|On|Le|La|Les|Une?|Der|Die|Das|El|Los|Y) \w"
    r"|^#{1,6}[A-Z][a-z]{1,20}(?: [\w'\u2019-]{1,20}){1,6}$"
    r"|^\|(?: ?:?-{2,40}:? ?\|){1,20}$|(?<=\s)\* \w[^*\n]{1,100}\w\*(?!\*)"
    r"|~~[^~\n]{1,200}~~|^#{1,6} \S|^#{1,6}$|```|^:::|^> ?\*\*|\[[^\]\n]{1,200}\]\[[^\]\n]{0,60}\]",
    re.MULTILINE,
)
# A star right before a word that nothing closes; a note below a text has one, alone in its line.
_OPEN_STAR = re.compile(
    r"^\*{1,3}(?=\w)[^*\n]{1,60}\*?$|(?<=\s)\*{2,3}(?=\w)"
    r"|(?<=[a-z,] )\*(?=[a-z])[^*\n]*$",
    re.MULTILINE,
)
_ONE_STAR = re.compile(r"(?<![\w*])[*_](?=\w)[^*_\n]{1,120}(?<=\w)[*_](?![\w*])")
_ATTRIBUTES = re.compile(
    r"\{[a-z][a-z_-]{1,30}=[^{}\n]{0,200}\}|^\{[.#][a-z-]{2,30}\}", re.MULTILINE
)
_ESCAPED = re.compile(
    r"(?<![A-Za-z]:)\\[nrt](?![\w\\])|(?<![\\:/\w.-])[\w.,!?'\u2019]{1,30}\\n(?=\w)"
    r"|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|(?<=[.!?])\\n"
)
# What else encodes bytes: quoted-printable and addresses. "=E2=80=99" was an apostrophe.
_BYTES = re.compile(
    r"(?:=[0-9A-F]{2}){2}|(?<=\w)=20(?= |$)|(?:%[0-9A-Fa-f]{2}){2}|(?<=[a-z])%20(?=[a-z])"
)
_SHORTCODE = re.compile(
    r"\[/?(?:caption|embed|gallery|video|audio|playlist|youtube|tweet|vc_\w{2,20}|et_pb_\w{2,20}"
    r"|wp_\w{2,20}|contact-form-7|blockquote|quote|img|url|b|i|u)(?:[ =][^\]\n]{0,300})?\]"
)
_OF_PROGRAMS = re.compile(
    r"\[object Object\]|(?:^|[ (])(?:undefined|NaN|null)(?: (?:undefined|NaN|null)\b|$)"
    r"|\bInvalid Date\b"
)
_PLAIN = frozenset({Field.SUBJECT, Field.PREHEADER, Field.KICKER, Field.BYLINE, Field.ALT})


@dataclass(frozen=True, slots=True)
class _Found:
    what: str
    at: int
    message: str
    remedy: str
    severity: Severity = Severity.ERROR


def garbled_text(request: CheckRequest) -> Iterator[Finding]:
    """S28: readers see letters and no markup, in every field; the first fault of each is told."""
    for one in request.written:
        if not running(one):
            continue
        found = _fault(one.field, one.text)
        if found is None:
            continue
        yield Finding(
            check=GARBLED,
            severity=found.severity,
            message=f"{one.field.value} {found.message}",
            evidence=around(one.text, found.at, len(found.what)),
            file=one.file or request.file,
            line=one.line + one.text.count("\n", 0, found.at),
            remedy=found.remedy,
        )
    yield from _unseen(request)


def _unseen(request: CheckRequest) -> Iterator[Finding]:
    """Tell of what reading drops: no reader gets it, and the words around it were copied."""
    for line, char in request.issue.unseen:
        yield Finding(
            check=GARBLED,
            severity=Severity.WARNING,
            message=f"a line holds an unseen character (U+{ord(char):04X}), which is left out",
            evidence=unicodedata.name(char, "a noncharacter"),
            file=request.file,
            line=line,
            remedy="write the words around it anew; it came with a copied text",
        )


def show_as_typed(one: Written) -> str:
    """Return what of a text shows as typed or as another letter; "" where nothing does."""
    found = _fault(one.field, one.text)
    return found.message if found else ""


@lru_cache(maxsize=1024)  # most fields are the same from one check of an issue to the next
def _fault(field: Field, text: str) -> _Found | None:
    one = Written(field=field, text=text, line=0)
    return next((found for look in _LOOKS if (found := look(one)) is not None), None)


def misread(text: str) -> tuple[int, str]:
    """Find UTF-8 that was read as Windows-1252; gives its start and text, (-1, "") for none."""
    for run in _RUN.finditer(text):
        at = 0
        while at < len(run[0]) - 1:
            length = _length_at(run[0], at)
            if length and _is_sure(text, run.start() + at, run[0][at : at + length]):
                return run.start() + at, run[0][at : at + length]
            at += length or 1
    lost = _LOST_SPACE.search(text)
    return (lost.start(), lost[0]) if lost else (-1, "")


def _length_at(run: str, at: int) -> int:
    """Return how many characters from here are one UTF-8 sequence, 0 where they are none."""
    first = _byte(run[at])
    length = next((n for n, (low, high) in _FIRST_BYTES.items() if low <= first <= high), 0)
    data = bytes(_byte(char) for char in run[at : at + length])
    if not length or len(data) < length:
        # the last of three is often lost: "â€" alone is what is left of a quotation mark
        return 2 if run.startswith("â€", at) else 0
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return 2 if run.startswith("â€", at) else 0
    return length


def _byte(char: str) -> int:
    if ord(char) <= 0xFF:  # noqa: PLR2004
        return ord(char)
    return char.encode("cp1252", "replace")[0]


def _is_sure(text: str, at: int, piece: str) -> bool:
    """Return whether a sequence is no accident of capitals and punctuation side by side."""
    if len(piece) > 2 or piece.startswith(_SURE_STARTS):  # noqa: PLR2004
        return True
    if piece[0] not in _LEADS:
        return False
    after = text[at + 2 : at + 3]
    if piece[1] in _MARKS:
        return after.islower()
    if piece[0] in "ÂÃ":
        return True
    return _length_at(text, at + 2) > 0 if len(text) > at + 3 else False


def _letters(one: Written) -> _Found | None:
    hit = _UNREADABLE.search(one.text)
    if hit:
        message = "holds a character that shows as a box or a question mark"
        return _Found(hit[0], hit.start(), message, _RESAVE)
    at, piece = misread(one.text)
    if at >= 0:
        return _Found(piece, at, "came through the wrong encoding", _RESAVE)
    hit = _LOST_APOSTROPHE.search(one.text)
    if hit:
        message = "has a question mark where an apostrophe was"
        return _Found(hit[0], hit.start(), message, _RESAVE)
    return None


def _entities(one: Written) -> _Found | None:
    for hit in _ENTITY.finditer(one.text):
        name = hit[0].rpartition("&")[2].replace("amp;", "") or "amp;"
        if (
            "#" in name
            or name in html5
            or name.rstrip(";") == "amp"
            or _is_misspelt(name.rstrip(";"))
        ):
            message = "shows an entity of HTML as typed"
            return _Found(hit[0], hit.start(), message, "write the character itself")
    return None


def _is_misspelt(name: str) -> bool:
    """Return whether a name between & and ; is nearly an entity's: ``&nbps;``."""
    return len(name) >= _LEAST_ENTITY and bool(get_close_matches(name, name2codepoint, 1, _NEARLY))


def _markup(one: Written) -> _Found | None:
    for pattern, message, remedy in _TYPED:
        hit = pattern.search(one.text)
        if hit:
            return _Found(hit[0], hit.start(), message, remedy)
    hit = _OPEN_STAR.search(one.text)
    if hit and one.field is not Field.EDITOR and not re.match(r"\*[A-Z][^*]*[.:]", hit[0]):
        return _Found(hit[0], hit.start(), "shows marks of Markdown", _MARKS_SHOW)
    if one.field in _PLAIN and (hit := _ONE_STAR.search(one.text)):
        return _Found(hit[0], hit.start(), "shows marks of Markdown", "take the marks out")
    return None


def _look_alikes(one: Written) -> _Found | None:
    """Find a word of letters from two alphabets that look alike, as forged names have."""
    hit = _TWO_ALPHABETS.search(one.text)
    if hit is None:
        return None
    message = "has a word with letters of two alphabets that look alike"
    return _Found(hit[0], hit.start(), message, "type the word anew", Severity.WARNING)


def _blanks(one: Written) -> _Found | None:
    hit = _BLANK.search(one.text) or _SOFT_HYPHEN.search(one.text)
    if hit is None:
        return None
    seen = next(char for char in hit[0] if not char.isalpha())
    message = f"holds an unseen character (U+{ord(seen):04X})"
    remedy = "write the words around it anew; it came with a copied text"
    return _Found(hit[0], hit.start(), message, remedy, Severity.WARNING)


_MARKS_SHOW = "close each mark right after a word, or put a backslash before it"
_TYPED = (
    (_TAG, "shows a tag of HTML as typed", _TAKE_OUT),
    (_BROKEN_TAG, "shows a tag of HTML as typed", _TAKE_OUT),
    (_MARKDOWN, "shows marks of Markdown", _MARKS_SHOW),
    (
        _ATTRIBUTES,
        "shows a {…} line as typed",
        "write it right below the headline, before all else",
    ),
    (_ESCAPED, "shows an escape as typed", "write the character itself"),
    (_BYTES, "shows coded bytes in the place of a character", _RESAVE),
    (_SHORTCODE, "shows a shortcode of a site's own program", _TAKE_OUT),
    (_OF_PROGRAMS, "shows what a program says of a missing value", "write the value itself"),
)
_LOOKS: tuple[Callable[[Written], _Found | None], ...] = (
    _letters,
    _entities,
    _markup,
    _look_alikes,
    _blanks,
)
