"""S04 and S05: an appeal is open, and stands in the mail as it was registered."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from newsletter.checks.address import ascii_host, read_web_address
from newsletter.checks.place import forgotten_parts
from newsletter.checks.request import CheckRequest, Composition
from newsletter.checks.rows import in_template
from newsletter.checks.wording import (
    SLOT_MARK,
    callout_refs,
    holds,
    inlines,
    leaves,
    nearest,
    shorten,
    spoken,
    word_diff,
)
from newsletter.config.settings import CalloutIfUnverified
from newsletter.model.callout import (
    Appearance,
    Callout,
    CalloutKind,
    CalloutStatus,
    CalloutUse,
    amount_in,
    hosts_in,
)
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import CalloutRef
from newsletter.model.text import Link, TextBlock

STALE_CALLOUT = "S04 stale-callout"
CALLOUT_WORDING = "S05 callout-wording"

WARN_DAYS = 3  # editors are told so many days before a verification lapses
_PRINTED_URL = re.compile(r"https?://[^\s<>]+")


def stale_callout(request: CheckRequest) -> Iterator[Finding]:
    """S04: every appeal placed in the issue is open today, and is for some days to come."""
    for ref in _first_refs(request):
        use = request.use_of(ref.name)
        if use is None:
            yield request.finding(
                STALE_CALLOUT,
                ref.line,
                f"there is no callout called {ref.name}",
                seen=f"callouts/{ref.name}.md",
                remedy="name one that `newsletter callouts` lists, or take the block out",
                severity=Severity.ERROR,
            )
        elif use.callout.kind is CalloutKind.APPEAL:
            found = _judge_appeal(request, use)
            if found:
                severity, message, remedy = found
                yield request.finding(
                    STALE_CALLOUT,
                    ref.line,
                    f"the appeal {ref.name} {message}",
                    seen=f"{_dates_of(use)}; judged for {request.on.isoformat()}",
                    remedy=remedy,
                    severity=severity,
                )


def _judge_appeal(  # noqa: PLR0911 (one for each state)
    request: CheckRequest, use: CalloutUse
) -> tuple[Severity, str, str] | None:
    name = use.callout.name
    appearance = dict(request.composed.appearances).get(name) if request.composed else None
    verify = f"verify it (newsletter callouts verify {name} --by NAME --source URL) "
    verify += "or take the block out"
    drops = request.newsletter.callout_if_unverified is CalloutIfUnverified.DROP
    match use.status:
        case CalloutStatus.CLOSED if appearance == Appearance.SHOWN:
            return Severity.ERROR, "is closed and still shown", "take the block out of the issue"
        case CalloutStatus.CLOSED:
            is_told = use.callout.when_closed == "replace"
            left = "its closed wording" if is_told else "nothing"
            severity = Severity.INFO if is_told else Severity.WARNING
            message = f"is closed; the mail shows {left} in its place"
            return severity, message, "take the block out of the issue, or place an open appeal"
        case CalloutStatus.OPEN if use.days_left is not None and use.days_left <= WARN_DAYS:
            when = {0: "until today", 1: "until tomorrow"}.get(
                use.days_left, f"for {use.days_left} more days"
            )
            return Severity.WARNING, f"is verified only {when}", verify
        case CalloutStatus.OPEN:
            return None
        case status if drops and appearance == Appearance.LEFT_OUT:
            return Severity.WARNING, f"is {status} and is left out of the mail", verify
        case CalloutStatus.DRAFT:
            return Severity.ERROR, "is a draft", verify
        case status:
            why = f": {use.reason.rstrip('.')}" if use.reason else ""
            return Severity.ERROR, f"is {status}{why}", verify


def callout_wording_in_issue(request: CheckRequest) -> Iterator[Finding]:
    """S05 on the issue file and the records: no wording and no link but the registered ones."""
    for ref in callout_refs(request.issue):
        use = request.use_of(ref.name)
        if use is None:
            continue
        callout = use.callout
        if ref.body is not None and not callout.own_wording:
            yield _wording(
                request,
                ref.line,
                f"the callout {ref.name} may not be worded in the issue",
                word_diff(" ".join(_pieces(callout.body)), " ".join(_pieces(ref.body))),
                f"leave the block empty, or set own_wording: true in {callout.file} "
                "if the charity agreed",
            )
        if callout.kind is CalloutKind.APPEAL:
            yield from _judge_own_words(request, callout, ref)
        body = callout.body if ref.body is None else ref.body
        links = [
            (inline.url, line if ref.body is not None else 0)
            for inline, line in inlines(body)
            if isinstance(inline, Link)
        ]
        links += [(url, 0) for url in (callout.donation_url, callout.info_url) if url]
        for url, line in links:
            yield from _judge_link(request, callout, url, line or ref.line)


def _judge_own_words(request: CheckRequest, callout: Callout, ref: CalloutRef) -> Iterator[Finding]:
    """Hold an issue's own words for an appeal to what the file's may say."""
    hosts = frozenset(map(ascii_host, callout.allowed_hosts))
    for text, line in leaves(ref.body or ()):
        amount = amount_in(text)
        if amount and not callout.figures_source:
            yield _wording(
                request,
                line or ref.line,
                f"the words for {callout.name} name an amount of money",
                amount,
                f"take it out, or write figures_source and figures_on into {callout.file}",
            )
        for host in hosts_in(text):
            if host not in hosts:
                yield _wording(
                    request,
                    line or ref.line,
                    f"the words for {callout.name} show an address that it does not allow",
                    host,
                    "show no address in an appeal's words",
                )


def callout_wording_in_mail(made: Composition) -> Iterator[Finding]:
    """S05 on the mail: the registered words stand in both parts, and no other link among them."""
    forgotten = forgotten_parts(made)
    appearances = dict(made.composed.appearances)
    for ref in _first_refs(made.request):
        use = made.request.use_of(ref.name)
        if use is None:
            continue
        callout = use.callout
        words: tuple[str, ...] = ()
        buttons: tuple[tuple[str, str], ...] = ()
        match appearances.get(ref.name, Appearance.SHOWN):
            case Appearance.LEFT_OUT:
                pass
            case Appearance.CLOSED_WORDING:
                words = _pieces(callout.closed_wording)
            case _:
                own = ref.body if ref.body is not None and callout.own_wording else callout.body
                words = tuple(filter(None, (callout.heading, *_pieces(own))))
                link = callout.link_text, callout.info_url
                button = callout.button_text, callout.donation_url
                buttons = tuple(pair for pair in (link, button) if all(pair))
        for part, message, evidence in _lost(made, callout, words, buttons):
            if part not in forgotten:
                remedy = f"let the template print the words and links of {callout.file} unchanged"
                finding = _wording(made.request, ref.line, message, evidence, remedy)
                yield in_template(made, finding, part) if made.wrote.files else finding
        for url in _links_in_mail(made, callout, ref):
            yield from _judge_link(made.request, callout, url, ref.line)


def _lost(
    made: Composition,
    callout: Callout,
    words: tuple[str, ...],
    buttons: tuple[tuple[str, str], ...],
) -> Iterator[tuple[str, str, str]]:
    """Return the part, the message and the evidence of each wording or link that is not there."""
    name = callout.name
    for part, there in zip(("HTML", "text"), _mail_words(made), strict=True):
        lost = next((piece for piece in words if not holds(there, spoken(piece))), None)
        if lost is not None:
            found = nearest(spoken(lost), there)
            shown = word_diff(spoken(lost), found) if found else f"missing: {shorten(lost)}"
            yield part, f"the {part} part does not carry the registered wording of {name}", shown
    linked = {(spoken(link.text), _same(link.url)) for link in made.page.links if not link.hidden}
    for label, url in buttons:
        if (spoken(label), _same(url)) not in linked:
            message = f"the HTML part does not link the registered words of {name}"
            yield "HTML", message, f"missing: {shorten(label)} → {shorten(url)}"
    printed = {_same(url) for url in _PRINTED_URL.findall(made.composed.text)}
    if (
        callout.donation_url in dict(buttons).values()
        and _same(callout.donation_url) not in printed
    ):
        message = f"the donation address of {name} is missing from the text part"
        yield "text", message, callout.donation_url


def _dates_of(use: CalloutUse) -> str:
    callout = use.callout
    last = callout.last_verified
    verified = f"last verified {last.isoformat()}" if last else "never verified"
    return f"{callout.file}: {verified}, to be verified every {callout.verify_every_days} days"


def _pieces(blocks: Iterable[TextBlock]) -> tuple[str, ...]:
    return tuple(text for text, _ in leaves(blocks) if text.strip())


def _first_refs(request: CheckRequest) -> Iterable[CalloutRef]:
    refs: dict[str, CalloutRef] = {}
    for ref in callout_refs(request.issue):
        refs.setdefault(ref.name, ref)
    return refs.values()


def _mail_words(made: Composition) -> tuple[str, str]:
    """Return the words of both parts, folded, with one mark for every slot."""
    html = made.page.text
    # a quotation in the text part has a mark at each line's start
    text = "\n".join(line.lstrip("> ") for line in made.composed.text.split("\n"))
    for sentinel in made.composed.sentinels:
        if sentinel.token:
            html = html.replace(sentinel.token, SLOT_MARK)
            text = text.replace(sentinel.token, SLOT_MARK)
    return spoken(html), spoken(text)


def _links_in_mail(made: Composition, callout: Callout, ref: CalloutRef) -> tuple[str, ...]:
    """Return the addresses linked from the callout's block, as composing and the page have them."""
    named = [
        link.url
        for link in made.composed.links
        if link.block.casefold().startswith("callout")
        and (callout.name in link.block or callout.heading in link.block)
    ]
    spans = [one for one in made.composed.spans if one.line == ref.line]
    inside = {at for one in spans for at in range(one.first, one.end)}
    links = [link for link in made.page.links if made.page.style.at(link.element) in inside]
    return tuple(dict.fromkeys(filter(None, (*named, *(link.url for link in links)))))


def _judge_link(request: CheckRequest, callout: Callout, url: str, line: int) -> Iterator[Finding]:
    address = read_web_address(url)
    hosts = frozenset(map(ascii_host, callout.allowed_hosts))
    if callout.kind is CalloutKind.NOTICE and not hosts:
        return
    if address is None or not address.host or address.host not in hosts:
        message = f"a link of the callout {callout.name} leads to a host that it does not allow"
        remedy = f"allowed are {', '.join(sorted(hosts)) or 'none'}, by {callout.file}"
    elif address.scheme != "https" or address.has_user or address.port not in {None, 443}:
        message = f"a link of the callout {callout.name} is not a plain https address"
        remedy = "write https://HOST/…, without a port and without a name before the host"
    elif callout.kind is CalloutKind.APPEAL and _same(url) not in {
        _same(known) for known in (callout.donation_url, callout.info_url) if known
    }:
        message = f"the callout {callout.name} has a link that is not registered"
        remedy = f"link only to the donation_url and info_url of {callout.file}"
    else:
        return
    yield _wording(request, line, message, shorten(url), remedy)


def _same(url: str) -> str:
    """Return what two spellings of one address share: host in A-label form, nothing encoded."""
    address = read_web_address(url)
    _, _, rest = url.partition("://")
    path = rest[len(rest.split("/", 1)[0].split("?", 1)[0]) :]
    return unquote(f"{address.host}{path}" if address else url).rstrip("/")


def _wording(request: CheckRequest, line: int, message: str, seen: str, remedy: str) -> Finding:
    return request.finding(
        CALLOUT_WORDING, line, message, seen=seen, remedy=remedy, severity=Severity.ERROR
    )
