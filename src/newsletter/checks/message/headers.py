"""H checks on one message's bytes: line lengths, one-click unsubscribe, headers, round trip."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import urlsplit

from newsletter.checks.mail import Mail, decoded_words
from newsletter.checks.request import CheckRequest, Composition
from newsletter.checks.wording import is_blank, shorten
from newsletter.model.finding import Finding, Severity

LINE_LENGTH = "H01 line-length"
ONE_CLICK = "H02 one-click"
HEADERS = "H03 headers"
ROUNDTRIP = "H06 mime-roundtrip"

LONGEST_LINE = 998  # bytes without CRLF, RFC 5322 section 2.1.1
LONGEST_QP_LINE = 76  # RFC 2045 section 6.7 (5)
TOKEN_BITS = 128
FEWEST_DISTINCT = 6  # a random token of that many bits has never fewer
FEEDBACK_FIELDS = 4
SENDER_ID_LENGTH = (5, 15)  # Google's rule for the last field of Feedback-ID

_BUG = "this is a fault of the program; please report it"
_ONCE = ("From", "To", "Date", "Message-ID", "Subject")
_HTTPS_FIRST = re.compile(r"<(https://[^<>\s]+)>(?:\s*,\s*<[^<>\s]+>)*")
_MESSAGE_ID = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
_LIST_ID = re.compile(r"(?:(?:\"(?:[^\"\\]|\\.){0,998}\"|[^<>]*)\s)?<[^<>@\s]+\.[^<>@\s]+>")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bqBQ]\?[^?\s]*\?=")
LONGEST_WORD = 75  # RFC 2047 section 2
_ENCODINGS = frozenset({"quoted-printable", "7bit"})
_BARE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def line_length(made: Composition) -> Iterator[Finding]:
    """H01: no line breaks the limits of mail, and each ends in CRLF."""
    if made.mail is None:
        return
    finding = Finding(
        check=LINE_LENGTH, severity=Severity.ERROR, message="", file=made.file, remedy=_BUG
    )
    raw = made.mail.raw
    for number, line in enumerate(raw.split(b"\r\n"), start=1):
        if len(line) > LONGEST_LINE:
            message = f"a line of the message is longer than {LONGEST_LINE} bytes"
            evidence = f"line {number} of the message: {len(line):,} bytes"
            yield replace(finding, message=message, evidence=evidence)
            break
    bare = _BARE_END.search(raw)
    if bare is not None:
        message = "a line of the message does not end in CRLF"
        yield replace(finding, message=message, evidence=_line_in(raw, bare.start()))
    for part in made.mail.parts:
        if part.encoding != "quoted-printable":
            continue
        long = next(
            (line for line in part.wire.split(b"\n") if _bytes(line) > LONGEST_QP_LINE), None
        )
        if long is not None:
            message = f"a quoted-printable line is longer than {LONGEST_QP_LINE} bytes"
            evidence = f"{_line_in(raw, raw.find(long))}: {_bytes(long)} bytes"
            yield replace(finding, message=message, evidence=evidence)


def one_click(made: Composition) -> Iterator[Finding]:
    """H02: a mail program can unsubscribe this reader, and nobody else can (RFC 8058)."""
    if made.mail is None:
        return
    finding = Finding(
        check=ONE_CLICK, severity=Severity.ERROR, message="", file=made.file, remedy=_BUG
    )
    values = made.mail.values("List-Unsubscribe")
    link = _HTTPS_FIRST.fullmatch(values[0]) if len(values) == 1 else None
    if link is None:
        message = "List-Unsubscribe does not begin with one https address"
        remedy = "set public_url to an https address in newsletter.toml"
        evidence = shorten("; ".join(values)) or "there is no such header"
        yield replace(finding, message=message, evidence=evidence, remedy=remedy)
    elif not _is_unguessable(link.group(1)):
        message = f"the unsubscribe link holds no token of {TOKEN_BITS} bits, so it can be guessed"
        yield replace(finding, message=message, evidence=link.group(1))
    post = made.mail.values("List-Unsubscribe-Post")
    if post != ("List-Unsubscribe=One-Click",):
        message = "List-Unsubscribe-Post does not read List-Unsubscribe=One-Click"
        evidence = shorten("; ".join(post)) or "there is no such header"
        yield replace(finding, message=message, evidence=evidence)


def subject_there(request: CheckRequest) -> Iterator[Finding]:
    """H03: the issue has a subject that a reader can see; S01, which may be off, has its length."""
    if is_blank(request.issue.subject):
        yield Finding(
            check=HEADERS,
            severity=Severity.ERROR,
            message="the subject is empty",
            file=request.file,
            line=request.issue.line_of("subject"),
            remedy='write one into the front matter: subject: "…"',
        )


def headers(made: Composition) -> Iterator[Finding]:
    """H03: each needed header is there once, well formed, and the sender is the newsletter's."""
    if made.mail is None:
        return
    finding = Finding(
        check=HEADERS, severity=Severity.ERROR, message="", file=made.file, remedy=_BUG
    )
    counts = Counter(name.lower() for name, _ in made.mail.fields)
    for name in (*_ONCE, "List-Id", "Feedback-ID"):
        if counts[name.lower()] != 1:
            times = "is missing" if not counts[name.lower()] else "stands more than once"
            values = "; ".join(made.mail.values(name))
            yield replace(finding, message=f"the header {name} {times}", evidence=shorten(values))
    for name in ("Bcc", "Cc"):
        if counts[name.lower()]:
            message = f"the message has a header {name}; a mail to one reader has none"
            yield replace(finding, message=message)
    yield from _values(made.mail, finding)
    for name, value in made.mail.fields:
        if _CONTROL.search(value) or _CONTROL.search(decoded_words(value)):
            message = f"the header {name} holds a line end or control character"
            yield replace(finding, message=message, evidence=shorten(ascii(value)))
    for name, message in _malformed(made.mail):
        evidence = shorten(made.mail.values(name)[0])
        yield replace(finding, message=message, evidence=f"{name}: {evidence}")
    yield from _sender(made, made.mail, finding)


def mime_roundtrip(made: Composition) -> Iterator[Finding]:
    """H06: read back, the message is the HTML, text and subject that were put in."""
    finding = Finding(
        check=ROUNDTRIP, severity=Severity.ERROR, message="", file=made.file, remedy=_BUG
    )
    mail = made.mail
    if mail is None:
        yield replace(finding, message="there is no message to look at")
        return
    kinds = [part.content_type for part in mail.parts]
    if mail.content_type != "multipart/alternative" or kinds != ["text/plain", "text/html"]:
        message = "the message is not a text part and an HTML part, in this order"
        yield replace(finding, message=message, evidence=f"{mail.content_type}: {', '.join(kinds)}")
        return
    tokens = [sentinel.token for sentinel in made.composed.sentinels if sentinel.token]
    for where, part, wanted in (
        ("text", mail.parts[0], made.composed.text),
        ("HTML", mail.parts[1], made.composed.html),
    ):
        if part.encoding not in _ENCODINGS:
            message = f"the {where} part is not in quoted-printable"
            yield replace(finding, message=message, evidence=part.encoding)
        if part.charset != "utf-8":
            message = f"the {where} part is not marked as UTF-8"
            yield replace(finding, message=message, evidence=part.charset)
        difference = first_difference(wanted, part.text, tokens)
        if difference:
            message = f"the {where} part of the message is not what was composed"
            yield replace(finding, message=message, evidence=difference)
    subject = "".join(decoded_words(value) for value in mail.values("Subject"))
    if subject.split() != made.composed.subject.split():
        message = "the subject of the message is not what was composed"
        yield replace(finding, message=message, evidence=shorten(subject))


def first_difference(wanted: str, found: str, tokens: Sequence[str]) -> str:
    """Compare with any value allowed at each token; "" where equal, else where they part.

    A line may end in LF or CRLF.
    """
    wanted = wanted.replace("\r\n", "\n")
    found = found.replace("\r\n", "\n")
    pattern = "|".join(re.escape(token) for token in tokens)
    segments = re.split(pattern, wanted) if pattern else [wanted]
    first, *middle = segments
    if len(segments) == 1:
        return "" if found == first else _parting(first, found, 0)
    if not found.startswith(first):
        return _parting(first, found, 0)
    at = len(first)
    for segment in middle[:-1]:
        next_at = found.find(segment, at)
        if next_at < 0:
            return _parting(segment, found, at)
        at = next_at + len(segment)
    last = middle[-1]
    return "" if found[at:].endswith(last) else _parting(last, found, at)


def _parting(segment: str, found: str, at: int) -> str:
    """Return where the longest beginning of the segment that is found ends."""
    low, high = 0, len(segment)
    while low < high:  # a longer beginning is found only where a shorter one is
        half = (low + high + 1) // 2
        if found.find(segment[:half], at) >= 0:
            low = half
        else:
            high = half - 1
    start = max(found.find(segment[:low], at), at) + low
    put_in, read_back = segment[low : low + 30], found[start : start + 30]
    return f"at character {start:,}: put in {put_in!r}, read back {read_back!r}"


def _values(mail: Mail, finding: Finding) -> Iterator[Finding]:
    """Judge how values are written, ASCII in encoded words of at most 75 characters, and one."""
    for value in mail.values("Auto-Submitted"):
        if value.strip().lower() != "no":  # RFC 3834 section 5: no person wrote it
            message = "Auto-Submitted says that nobody edited the mail"
            yield replace(finding, message=message, evidence=shorten(value))
    for name, value in mail.fields:
        if _NOT_ASCII.search(value) and name.lower() not in {"from", "to", "reply-to"}:
            message = f"the header {name} holds characters that are not ASCII, unencoded"
            yield replace(finding, message=message, evidence=shorten(value))
        long = next((w for w in _ENCODED_WORD.findall(value) if len(w) > LONGEST_WORD), "")
        if long:
            message = f"an encoded word of the header {name} is longer than {LONGEST_WORD}"
            yield replace(finding, message=message, evidence=f"{len(long)} characters")


def _bytes(line: bytes) -> int:
    return len(line.rstrip(b"\r\n"))


def _line_in(raw: bytes, at: int) -> str:
    number = raw.count(b"\n", 0, max(at, 0)) + 1
    return f"line {number} of the message"


def _is_unguessable(url: str) -> bool:
    """Return whether what follows the last slash holds enough random characters for TOKEN_BITS."""
    parts = urlsplit(url)
    token = "".join(_TOKEN.findall(parts.path.rpartition("/")[2] + parts.query))
    is_hex = not set(token.lower()) - set("0123456789abcdef-")
    return len(token) * (4 if is_hex else 6) >= TOKEN_BITS and len(set(token)) >= FEWEST_DISTINCT


def _malformed(mail: Mail) -> Iterator[tuple[str, str]]:
    """Return each header that is there but not of its form, with what is wrong."""
    for name, is_formed, form in _FORMS:
        if not all(map(is_formed, mail.values(name))):
            yield name, f"the header {name} is not {form}"


def _is_feedback_id(value: str) -> bool:
    fields = value.split(":")
    shortest, longest = SENDER_ID_LENGTH
    return len(fields) == FEEDBACK_FIELDS and all(fields) and shortest <= len(fields[-1]) <= longest


def _is_date(value: str) -> bool:
    try:
        return parsedate_to_datetime(value).tzinfo is not None
    except (ValueError, TypeError, IndexError, OverflowError):
        return False


def _is_one_reader(value: str) -> bool:
    return len(getaddresses([value])) == 1


_FORMS: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("Date", _is_date, "a date with an offset"),
    ("Message-ID", _MESSAGE_ID.fullmatch, "of the form <left@right>"),
    ("List-Id", _LIST_ID.fullmatch, "of the form Name <id.domain>"),
    ("Feedback-ID", _is_feedback_id, "four fields, the last of 5 to 15 characters"),
    ("To", _is_one_reader, "the address of one reader"),
)


def _sender(made: Composition, mail: Mail, finding: Finding) -> Iterator[Finding]:
    values = mail.values("From")
    wanted = made.request.newsletter.sender.address
    found = getaddresses(list(values))
    if len(values) == 1 and [address.casefold() for _, address in found] != [wanted.key]:
        message = "the sender of the message is not the newsletter's"
        evidence = f"{shorten(values[0])}, set is {wanted.spec}"
        yield replace(finding, message=message, evidence=evidence)
    answers = [address.casefold() for _, address in getaddresses(list(mail.values("Reply-To")))]
    reply_to = made.request.newsletter.reply_to
    if answers != ([] if reply_to is None else [reply_to.key]):
        message = "answers do not go where the newsletter's reply_to says"
        evidence = f"{shorten('; '.join(answers)) or 'no Reply-To'}, set is {reply_to or 'none'}"
        yield replace(finding, message=message, evidence=evidence)
