"""H checks on one message's bytes: line lengths, one-click unsubscribe, headers, round trip."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
LONGEST_WORD = 75  # RFC 2047 section 2
TOKEN_BITS = 128
FEWEST_DISTINCT = 6  # a random token of that many bits has never fewer

_BUG = "this is a fault of the program; please report it"
_ONCE = ("From", "To", "Date", "Message-ID", "Subject", "List-Id", "Feedback-ID")
_HTTPS_FIRST = re.compile(r"<(https://[^<>\s]+)>(?:\s*,\s*<[^<>\s]+>)*")
_MESSAGE_ID = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
_LIST_ID = re.compile(r"(?:(?:\"(?:[^\"\\]|\\.){0,998}\"|[^<>]*)\s)?<[^<>@\s]+\.[^<>@\s]+>")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bqBQ]\?[^?\s]*\?=")
_BARE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_Fault = tuple[str, str]  # message and evidence


def line_length(made: Composition) -> Iterator[Finding]:
    """H01: no line breaks the limits of mail, and each ends in CRLF."""
    for message, evidence in _lines(made.mail) if made.mail else ():
        yield _finding(made, LINE_LENGTH, message, evidence)


def one_click(made: Composition) -> Iterator[Finding]:
    """H02: a mail program can unsubscribe this reader, and nobody else can (RFC 8058)."""
    if made.mail is None:
        return
    values = made.mail.values("List-Unsubscribe")
    link = _HTTPS_FIRST.fullmatch(values[0]) if len(values) == 1 else None
    if link is None:
        message = "List-Unsubscribe does not begin with one https address"
        remedy = "set public_url to an https address in newsletter.toml"
        evidence = shorten("; ".join(values)) or "there is no such header"
        yield _finding(made, ONE_CLICK, message, evidence, remedy)
    elif not _is_unguessable(link.group(1)):
        message = f"the unsubscribe link has no token of {TOKEN_BITS} bits, so it can be guessed"
        yield _finding(made, ONE_CLICK, message, link.group(1))
    post = made.mail.values("List-Unsubscribe-Post")
    if post != ("List-Unsubscribe=One-Click",):
        message = "List-Unsubscribe-Post is not List-Unsubscribe=One-Click"
        evidence = shorten("; ".join(post)) or "there is no such header"
        yield _finding(made, ONE_CLICK, message, evidence)


def subject_there(request: CheckRequest) -> Iterator[Finding]:
    """H03: the issue has a subject that a reader can see; S01, which may be off, has its length."""
    if is_blank(request.issue.subject):
        yield request.finding(
            HEADERS,
            request.issue.line_of("subject"),
            "the subject is empty",
            seen="",
            remedy='write one into the front matter: subject: "…"',
            severity=Severity.ERROR,
        )


def headers(made: Composition) -> Iterator[Finding]:
    """H03: each needed header is there once, well formed, and the sender is the newsletter's."""
    if made.mail is None:
        return
    faults = (*_counts(made.mail), *_values(made.mail), *_sender(made, made.mail))
    for message, evidence in faults:
        yield _finding(made, HEADERS, message, shorten(evidence))


def mime_roundtrip(made: Composition) -> Iterator[Finding]:
    """H06: read back, the message is the HTML, text and subject that were put in."""
    for message, evidence in _differences(made):
        yield _finding(made, ROUNDTRIP, message, evidence)


def first_difference(wanted: str, found: str, tokens: Sequence[str]) -> str:
    """Compare with any value allowed at each token; "" where equal, else where they part.

    A line may end in LF or CRLF.
    """
    wanted = wanted.replace("\r\n", "\n")
    found = found.replace("\r\n", "\n")
    pattern = "|".join(re.escape(token) for token in tokens)
    first, *middle = re.split(pattern, wanted) if pattern else [wanted]
    if not middle:
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


def _finding(
    made: Composition, check: str, message: str, evidence: str, remedy: str = _BUG
) -> Finding:
    return made.request.finding(
        check, 0, message, seen=evidence, remedy=remedy, severity=Severity.ERROR
    )


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


def _lines(mail: Mail) -> Iterator[_Fault]:
    for number, line in enumerate(mail.raw.split(b"\r\n"), start=1):
        if len(line) > LONGEST_LINE:
            message = f"a line of the message is longer than {LONGEST_LINE} bytes"
            yield message, f"line {number} of the message: {len(line):,} bytes"
            break
    bare = _BARE_END.search(mail.raw)
    if bare is not None:
        number = mail.raw.count(b"\n", 0, bare.start()) + 1
        yield "a line of the message does not end in CRLF", f"line {number} of the message"
    for part in mail.parts:
        lines = (line.rstrip(b"\r\n") for line in part.wire.split(b"\n"))
        long = next((line for line in lines if len(line) > LONGEST_QP_LINE), None)
        if long is not None and part.encoding == "quoted-printable":
            number = mail.raw.count(b"\n", 0, max(mail.raw.find(long), 0)) + 1
            message = f"a quoted-printable line is longer than {LONGEST_QP_LINE} bytes"
            yield message, f"line {number} of the message: {len(long)} bytes"


def _is_unguessable(url: str) -> bool:
    """Return whether what follows the last slash has enough random characters for TOKEN_BITS."""
    parts = urlsplit(url)
    token = "".join(re.findall(r"[A-Za-z0-9_-]+", parts.path.rpartition("/")[2] + parts.query))
    is_hex = not set(token.lower()) - set("0123456789abcdef-")
    return len(token) * (4 if is_hex else 6) >= TOKEN_BITS and len(set(token)) >= FEWEST_DISTINCT


def _counts(mail: Mail) -> Iterator[_Fault]:
    counts = Counter(name.lower() for name, _ in mail.fields)
    for name in _ONCE:
        if counts[name.lower()] != 1:
            times = "is there more than once" if counts[name.lower()] else "is missing"
            yield f"the header {name} {times}", "; ".join(mail.values(name))
    for name in ("Bcc", "Cc"):
        if counts[name.lower()]:
            yield f"the message has a header {name}; a mail to one reader has none", ""


def _values(mail: Mail) -> Iterator[_Fault]:
    for name, value in mail.fields:
        if _CONTROL.search(value) or _CONTROL.search(decoded_words(value)):
            yield f"the header {name} has a line end or control character", ascii(value)
        if not value.isascii() and name.lower() not in {"from", "to", "reply-to"}:
            yield f"the header {name} has characters that are not ASCII, unencoded", value
        if any(len(word) > LONGEST_WORD for word in _ENCODED_WORD.findall(value)):
            yield f"an encoded word of the header {name} is longer than {LONGEST_WORD}", value
        if name.lower() == "auto-submitted" and value.strip().lower() != "no":
            yield "Auto-Submitted says that nobody edited the mail", value  # RFC 3834 section 5
    for name, is_formed, form in _FORMS:
        if not all(map(is_formed, mail.values(name))):
            yield f"the header {name} is not {form}", f"{name}: {mail.values(name)[0]}"


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
    ("To", _is_one_reader, "the address of one reader"),
)


def _sender(made: Composition, mail: Mail) -> Iterator[_Fault]:
    newsletter = made.request.newsletter
    for name, wanted, message in (
        ("From", newsletter.sender.address, "the sender of the message is not the newsletter's"),
        ("Reply-To", newsletter.reply_to, "answers do not go where the newsletter's reply_to says"),
    ):
        values = mail.values(name)
        found = [address.casefold() for _, address in getaddresses(list(values))]
        is_told = name == "From" and len(values) != 1  # as a header that is missing or twice there
        if not is_told and found != ([] if wanted is None else [wanted.key]):
            yield message, f"{'; '.join(values) or f'no {name}'}, set is {wanted or 'none'}"


def _differences(made: Composition) -> Iterator[_Fault]:
    mail = made.mail
    if mail is None:
        yield "there is no message to look at", ""
        return
    kinds = [part.content_type for part in mail.parts]
    if mail.content_type != "multipart/alternative" or kinds != ["text/plain", "text/html"]:
        message = "the message is not a text part and an HTML part, in this order"
        yield message, f"{mail.content_type}: {', '.join(kinds)}"
        return
    tokens = [sentinel.token for sentinel in made.composed.sentinels if sentinel.token]
    wanted = ("text", made.composed.text), ("HTML", made.composed.html)
    for part, (where, text) in zip(mail.parts, wanted, strict=True):
        if part.encoding not in {"quoted-printable", "7bit"}:
            yield f"the {where} part is not in quoted-printable", part.encoding
        if part.charset != "utf-8":
            yield f"the {where} part is not marked as UTF-8", part.charset
        difference = first_difference(text, part.text, tokens)
        if difference:
            yield f"the {where} part of the message is not what was composed", difference
    subject = "".join(decoded_words(value) for value in mail.values("Subject"))
    if subject.split() != made.composed.subject.split():
        yield "the subject of the message is not what was composed", shorten(subject)
