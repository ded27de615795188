"""S04 and S05: an appeal is open, and stands in the mail as it was registered."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from lxml import etree

from newsletter.checks.address import ascii_host, read_web_address
from newsletter.checks.page import seen_text
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
_WORDS_AROUND = 60  # labels, marks and a charity number that a template may set in the block
_HTTPS_PORTS = frozenset({None, 443})


def stale_callout(request: CheckRequest) -> Iterator[Finding]:
    """S04: every appeal placed in the issue is open today, and is for some days to come."""
    seen: set[str] = set()
    for ref in callout_refs(request.issue):
        if ref.name in seen:
            continue
        seen.add(ref.name)
        use = request.use_of(ref.name)
        if use is None:
            yield Finding(
                check=STALE_CALLOUT,
                severity=Severity.ERROR,
                message=f"there is no callout called {ref.name}",
                evidence=f"callouts/{ref.name}.md",
                file=request.file,
                line=ref.line,
                remedy="name one that `newsletter callouts` lists, or take the block out",
            )
        elif use.callout.kind is CalloutKind.APPEAL:
            yield from _judge_appeal(request, ref, use)


def callout_wording_in_issue(request: CheckRequest) -> Iterator[Finding]:
    """S05 on the issue file and the records: no wording and no link but the registered ones."""
    for ref in callout_refs(request.issue):
        use = request.use_of(ref.name)
        if use is None:
            continue
        callout = use.callout
        if ref.body is not None and not callout.own_wording:
            yield Finding(
                check=CALLOUT_WORDING,
                severity=Severity.ERROR,
                message=f"the callout {ref.name} may not be worded in the issue",
                evidence=word_diff(_text_of(callout.body), _text_of(ref.body)),
                file=request.file,
                line=ref.line,
                remedy="leave the block empty, or set own_wording: true in "
                f"{callout.file} if the charity agreed",
            )
        if callout.kind is CalloutKind.APPEAL:
            yield from _judge_own_words(request, callout, ref)
        for url, line in _links(ref.body or ()):
            yield from _judge_link(request, callout, url, line or ref.line)
        for url, _ in _links(callout.body if ref.body is None else ()):
            yield from _judge_link(request, callout, url, ref.line)
        for url in filter(None, (callout.donation_url, callout.info_url)):
            yield from _judge_link(request, callout, url, ref.line)


def _judge_own_words(request: CheckRequest, callout: Callout, ref: CalloutRef) -> Iterator[Finding]:
    """Hold an issue's own words for an appeal to what the file's may say."""
    hosts = frozenset(ascii_host(host) for host in callout.allowed_hosts)
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
    for finding in _wording_in_mail(made):
        lost = "text" if "the text part" in finding.message else "HTML"
        is_lost = "part" in finding.message and made.wrote.files
        yield in_template(made, finding, lost) if is_lost else finding


def _wording_in_mail(made: Composition) -> Iterator[Finding]:
    forgotten = forgotten_parts(made)
    appearances = dict(made.composed.appearances)
    html, text = _mail_words(made)
    for ref in _first_refs(made.request):
        use = made.request.use_of(ref.name)
        if use is None:
            continue
        callout = use.callout
        match appearances.get(ref.name, Appearance.SHOWN):
            case Appearance.LEFT_OUT:
                wanted = _Wanted()
            case Appearance.CLOSED_WORDING:
                wanted = _Wanted(words=_pieces(callout.closed_wording))
            case _:
                wanted = _wanted_of(callout, ref)
        for where, words in (("HTML", html), ("text", text)):
            lost = next((piece for piece in wanted.words if not holds(words, spoken(piece))), None)
            if lost is not None and where not in forgotten:
                yield _wording(
                    made.request,
                    ref.line,
                    f"the {where} part does not carry the registered wording of {ref.name}",
                    _difference(spoken(lost), words),
                    f"let the template print the wording of {callout.file} unchanged",
                )
        yield from _lost_links(made, ref, wanted, forgotten)
        for url in _links_in_mail(made, ref, callout, wanted):
            yield from _judge_link(made.request, callout, url, ref.line)


def _judge_appeal(request: CheckRequest, ref: CalloutRef, use: CalloutUse) -> Iterator[Finding]:
    callout = use.callout
    appearance = dict(request.composed.appearances).get(ref.name) if request.composed else None
    finding = Finding(
        check=STALE_CALLOUT,
        severity=Severity.ERROR,
        message="",
        evidence=f"{_dates_of(use)}; judged for {request.on.isoformat()}",
        file=request.file,
        line=ref.line,
        remedy=f"verify it (newsletter callouts verify {ref.name} --by NAME --source URL) "
        "or take the block out",
    )
    if use.status is CalloutStatus.CLOSED:
        if appearance == Appearance.SHOWN:
            message = f"the appeal {ref.name} is closed and still shown"
            yield replace(finding, message=message, remedy="take the block out of the issue")
            return
        is_told = callout.when_closed == "replace"
        left = "its closed wording" if is_told else "nothing"
        yield replace(
            finding,
            severity=Severity.INFO if is_told else Severity.WARNING,
            message=f"the appeal {ref.name} is closed; the mail shows {left} in its place",
            remedy="take the block out of the issue, or place an open appeal",
        )
    elif use.status is CalloutStatus.OPEN:
        if use.days_left is not None and use.days_left <= WARN_DAYS:
            when = {0: "today", 1: "tomorrow"}.get(use.days_left, f"in {use.days_left} days")
            yield replace(
                finding,
                severity=Severity.WARNING,
                message=f"the verification of the appeal {ref.name} ends {when}",
            )
    elif (
        appearance == Appearance.LEFT_OUT
        and request.newsletter.callout_if_unverified is CalloutIfUnverified.DROP
    ):
        message = f"the appeal {ref.name} is {use.status} and is left out of the mail"
        yield replace(finding, severity=Severity.WARNING, message=message)
    else:
        is_draft = use.status is CalloutStatus.DRAFT
        state = "a draft" if is_draft else use.status.value
        why = f": {use.reason.rstrip('.')}" if use.reason and not is_draft else ""
        yield replace(finding, message=f"the appeal {ref.name} is {state}{why}")


def _dates_of(use: CalloutUse) -> str:
    callout = use.callout
    dates = (
        ("launched", callout.launched),
        ("closes", callout.closes),
        ("closed", callout.closed_on),
        ("last verified", callout.last_verified),
    )
    told = [f"{word} {day.isoformat()}" for word, day in dates if day is not None]
    if callout.last_verified is None:
        told.append("never verified")
    told.append(f"to be verified every {callout.verify_every_days} days")
    return f"{callout.file}: {', '.join(told)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What each part of the mail must hold, and where the block's links may lead."""

    words: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()  # words and address of each link of the HTML
    printed: tuple[str, ...] = ()  # addresses the text part prints in full


def _wanted_of(callout: Callout, ref: CalloutRef) -> _Wanted:
    own = ref.body if ref.body is not None and callout.own_wording else None
    links = ((callout.link_text, callout.info_url), (callout.button_text, callout.donation_url))
    return _Wanted(
        words=tuple(
            filter(None, (callout.heading, *_pieces(callout.body if own is None else own)))
        ),
        buttons=tuple((words, url) for words, url in links if words.strip() and url),
        printed=tuple(filter(None, (callout.donation_url,))),
    )


def _lost_links(
    made: Composition, ref: CalloutRef, wanted: _Wanted, forgotten: frozenset[str]
) -> Iterator[Finding]:
    linked = {(spoken(link.text), _same(link.url)) for link in made.page.links if not link.hidden}
    for words, url in wanted.buttons if "HTML" not in forgotten else ():
        if (spoken(words), _same(url)) not in linked:
            yield _wording(
                made.request,
                ref.line,
                f"the HTML part does not link the registered words of {ref.name}",
                f"missing: {shorten(words)} → {shorten(url)}",
                "let the template show the link with the words of the callout file",
            )
    printed = {_same(url) for url in _PRINTED_URL.findall(made.composed.text)}
    for url in wanted.printed if "text" not in forgotten else ():
        if _same(url) not in printed:
            yield _wording(
                made.request,
                ref.line,
                f"the donation address of {ref.name} is missing from the text part",
                url,
                "let the text template print it in full",
            )


def _pieces(blocks: Iterable[TextBlock]) -> tuple[str, ...]:
    return tuple(text for text, _ in leaves(blocks) if text.strip())


def _text_of(blocks: Iterable[TextBlock]) -> str:
    return " ".join(_pieces(blocks))


def _links(blocks: Iterable[TextBlock]) -> Iterator[tuple[str, int]]:
    return ((inline.url, line) for inline, line in inlines(blocks) if isinstance(inline, Link))


def _first_refs(request: CheckRequest) -> Iterator[CalloutRef]:
    seen: set[str] = set()
    for ref in callout_refs(request.issue):
        if ref.name not in seen:
            seen.add(ref.name)
            yield ref


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


def _difference(phrase: str, words: str) -> str:
    found = nearest(phrase, words)
    return word_diff(phrase, found) if found else f"missing: {shorten(phrase)}"


def _links_in_mail(
    made: Composition, ref: CalloutRef, callout: Callout, wanted: _Wanted
) -> tuple[str, ...]:
    """Return the addresses linked from the callout's block: by its name, and by where it stands."""
    named = (
        link.url
        for link in made.composed.links
        if link.block.casefold().startswith("callout")
        and (ref.name in link.block or callout.heading in link.block)
    )
    region = _region_of(made, callout, wanted)
    placed = () if region is None else (anchor.get("href") or "" for anchor in region.iter("a"))
    return tuple(dict.fromkeys(filter(None, (*named, *placed))))


def _region_of(made: Composition, callout: Callout, wanted: _Wanted) -> etree._Element | None:
    """Find the smallest element around heading, words and labels; None where none is that small."""
    labels = (words for words, _ in wanted.buttons)
    phrases = tuple(spoken(piece) for piece in (*wanted.words, *labels))
    heading = spoken(callout.heading)
    if not phrases or not heading:
        return None
    most = sum(len(phrase.split()) for phrase in phrases) + _WORDS_AROUND
    for element in made.page.elements:
        if element.tag not in {"h1", "h2", "h3", "h4", "p", "a", "div", "td", "span", "strong"}:
            continue
        text = "".join(map(str, element.itertext()))
        if len(text) > 2 * len(callout.heading) + 200 or spoken(text) != heading:
            continue
        for around in element.iterancestors():
            words = spoken(seen_text(around))
            if len(words.split()) > most:
                break
            if all(phrase in words for phrase in phrases):
                return around
    return None


def _judge_link(request: CheckRequest, callout: Callout, url: str, line: int) -> Iterator[Finding]:
    registered = frozenset(filter(None, (callout.donation_url, callout.info_url)))
    address = read_web_address(url)
    hosts = frozenset(ascii_host(host) for host in callout.allowed_hosts)
    if callout.kind is CalloutKind.NOTICE and not hosts:
        return
    if address is None or not address.host or address.host not in hosts:
        message = f"a link of the callout {callout.name} leads to a host that it does not allow"
        remedy = f"allowed are {', '.join(sorted(hosts)) or 'none'}, by {callout.file}"
    elif address.scheme != "https" or address.has_user or address.port not in _HTTPS_PORTS:
        message = f"a link of the callout {callout.name} is not a plain https address"
        remedy = "write https://HOST/…, without a port and without a name before the host"
    elif callout.kind is CalloutKind.APPEAL and _same(url) not in map(_same, registered):
        message = f"the callout {callout.name} holds a link that is not registered"
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


def _wording(request: CheckRequest, line: int, message: str, evidence: str, remedy: str) -> Finding:
    return Finding(
        check=CALLOUT_WORDING,
        severity=Severity.ERROR,
        message=message,
        evidence=evidence,
        file=request.file,
        line=line,
        remedy=remedy,
    )
