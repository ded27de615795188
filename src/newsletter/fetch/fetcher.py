"""One request to its end: redirects, bounds, and what came of it."""

import logging
import re
import ssl
import threading
from collections.abc import Collection
from dataclasses import dataclass

from urllib3.response import HTTPResponse

from newsletter import __version__
from newsletter.clock import Clock
from newsletter.fetch import answer
from newsletter.fetch.answer import (
    ACCEPTED,
    CAPS,
    FetchError,
    LastingFetchError,
    LeadsOutsideError,
    read_beginning,
    read_body,
)
from newsletter.fetch.connection import Connect, exchange, system_connect, system_trust
from newsletter.fetch.guard import (
    Local,
    Resolve,
    checked_addresses,
    locals_among,
    read_local,
    system_resolve,
)
from newsletter.fetch.politeness import (
    MOST_BYTES,
    ROBOTS_PATH,
    Limits,
    Pace,
    Patience,
    Robots,
    RobotsCache,
    read_robots,
)
from newsletter.fetch.web_address import WebAddress, follow_location, plain_hosts, read_address
from newsletter.model.source import NOT_MODIFIED, Fetched, FetchKind, FetchProblem

log = logging.getLogger(__name__)

AGENT = "newsletter"  # what robots.txt calls us
MOST_REDIRECTS = 5
WANTED = {
    None: "text/plain, */*;q=0.5",  # robots.txt
    FetchKind.FEED: "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    FetchKind.ARTICLE: "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
    FetchKind.PICTURE: "image/jpeg, image/png, image/gif, image/webp;q=0.9, */*;q=0.1",
    FetchKind.PROBE: "text/html, */*;q=0.5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """What one fetch wants; start names where, hosts, where set, are all it may be led to."""

    start: str
    kind: FetchKind | None  # None: robots.txt
    local: Local
    patience: Patience
    conditions: dict[str, str]
    hosts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One answer. local is what of allow_local it was reached by."""

    status: int
    body: bytes
    headers: dict[str, str]
    local: Local


def user_agent(contact: str = "") -> str:
    """Name ourselves: `newsletter/VERSION (+CONTACT)`; without a contact the version alone."""
    return f"{AGENT}/{__version__} (+{contact})" if contact else f"{AGENT}/{__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Whether an address answers as it should.

    was_asked False: no answer came, or one that says nothing about the address (a server in
    trouble, a refused robot): neither well nor unwell. status is the last one, 0 without an answer;
    final_url the address it came from, or the one outside that it led to; problem a sentence, ""
    when well.
    """

    status: int
    final_url: str
    is_well: bool
    problem: str = ""
    was_asked: bool = True


class Fetcher:
    """Shared by all threads of a process: it holds each host's turn and each site's robots.txt."""

    def __init__(
        self,
        *,
        clock: Clock,
        user_agent: str,
        resolve: Resolve = system_resolve,
        connect: Connect = system_connect,
        pace_s: float = 1.0,
        limits: Limits | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Make a fetcher; pace_s is the time between two requests to one host, in seconds."""
        self._clock = clock
        self._agent = re.sub(r"[^ -~]", "?", user_agent)
        self._resolve = resolve
        self._connect = connect
        self._limits = limits or Limits()
        self._trust = trust or system_trust()
        self._pace = Pace(clock, pace_s)
        self._robots = RobotsCache(clock)
        # it would log whole addresses, with their queries, for headers it finds odd
        logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

    def fetch(
        self,
        url: str,
        kind: FetchKind,
        *,
        allow_local: Collection[str] = (),
        etag: str = "",
        last_modified: str = "",
        stop: threading.Event | None = None,
    ) -> Fetched:
        """Fetch one absolute address politely; kind decides the cap on decoded bytes.

        allow_local are ADDRESS:PORT entries of the source; they cover this address and no redirect
        elsewhere. etag and last_modified are as received with what we have. Once stop is set, every
        wait ends.

        Raises FetchError, Interrupted.
        """
        address = read_address(url)
        errand = _Errand(
            start=address.authority,
            kind=kind,
            local=read_local(allow_local),
            patience=Patience(self._clock, self._limits, who=address.authority, stop=stop),
            conditions=answer.conditions(etag, last_modified),
        )
        try:
            return self._follow(address, errand)
        except FetchError as error:
            log.debug(
                "fetch failed",
                extra={
                    "host": address.authority,
                    "status": error.status,
                    "problem": error.problem.value,
                },
            )
            raise

    def probe(
        self, url: str, *, allowed_hosts: Collection[str], stop: threading.Event | None = None
    ) -> Probe:
        """Ask whether a donation address answers; the body is not read.

        404, 410 and a way to a host outside allowed_hosts (exact names) are not well; 2yz is well;
        anything else says nothing about the address.

        Raises Interrupted.
        """
        final_url = url
        try:
            address = read_address(url)
            final_url = address.text
            errand = _Errand(
                start=address.authority,
                kind=FetchKind.PROBE,
                local=frozenset(),
                patience=Patience(self._clock, self._limits, who=address.authority, stop=stop),
                conditions={},
                hosts=frozenset(plain_hosts(allowed_hosts)),
            )
            if address.host not in (errand.hosts or ()):
                raise _leads_outside(address, address, 0)
            brought = self._follow(address, errand)
        except FetchError as error:
            is_outside = isinstance(error, LeadsOutsideError)
            return Probe(
                status=error.status,
                final_url=error.url if isinstance(error, LeadsOutsideError) else final_url,
                is_well=False,
                problem=str(error),
                was_asked=is_outside
                or error.problem is FetchProblem.BAD_ADDRESS
                or error.status in {answer.NOT_FOUND, answer.GONE},
            )
        return Probe(status=brought.status, final_url=brought.url, is_well=True)

    def _follow(self, first: WebAddress, errand: _Errand) -> Fetched:
        """Go from address to address by hand; each is judged anew."""
        address, local, moved_to, for_good = first, errand.local, "", True
        seen = {first.text}
        while True:
            step = self._ask(address, errand, local, is_first=address is first)
            if step.status not in answer.REDIRECTS:
                return self._brought(address, errand, step, moved_to)
            local = step.local
            address = _next_address(address, step, seen, errand)
            for_good = for_good and step.status in answer.FOR_GOOD
            moved_to = address.text if for_good else moved_to

    def _ask(self, address: WebAddress, errand: _Errand, local: Local, *, is_first: bool) -> _Step:
        """Ask one address, once robots.txt allows it and the host's turn has come."""
        try:
            delay_s = self._allowed(address, errand, local) if errand.kind else 0.0
            with self._pace.turn(address.host, errand.patience, delay_s=delay_s):
                return self._exchanged(address, errand, local)
        except LastingFetchError as error:
            if is_first or error.problem is not FetchProblem.FORBIDDEN_ADDRESS:
                raise
            raise LastingFetchError(
                FetchProblem.FORBIDDEN_REDIRECT,
                f"{errand.start} leads on to a forbidden place: {error}",
            ) from error

    def _exchanged(self, address: WebAddress, errand: _Errand, local: Local) -> _Step:
        patience = errand.patience
        patience.who = address.authority
        checked = checked_addresses(address, resolve=self._resolve, local=local, patience=patience)
        headers = {
            "User-Agent": self._agent,
            "Accept": WANTED[errand.kind],
            "Accept-Encoding": ACCEPTED,
            "Connection": "close",
            **errand.conditions,
        }
        with exchange(
            address, checked, headers, connect=self._connect, trust=self._trust, patience=patience
        ) as response:
            step = _Step(
                status=response.status,
                body=_body(response, errand.kind, address.authority),
                headers=answer.header_values(response),
                local=locals_among(checked, address.port, local),
            )
        log.debug(
            "fetched",
            extra={
                "host": address.authority,
                "what": errand.kind or "robots.txt",
                "status": step.status,
                "bytes": len(step.body),
            },
        )
        return step

    def _allowed(self, address: WebAddress, errand: _Errand, local: Local) -> float:
        """See that robots.txt, asked for at most once a day, allows the address.

        Returns the seconds that it wants between two requests.
        """

        def read() -> Robots:
            errand_there = _Errand(
                start=address.authority,
                kind=None,
                local=local,
                patience=errand.patience,
                conditions={},
            )
            try:
                brought = self._follow(address.at(ROBOTS_PATH), errand_there)
            except FetchError as error:
                if error.status in range(400, 500) or error.problem in {
                    FetchProblem.FORBIDDEN_REDIRECT,
                    FetchProblem.BAD_ENCODING,
                }:
                    return Robots(None, AGENT)  # unavailable: no rules (RFC 9309, 2.3.1.3)
                raise
            return read_robots(brought.body, AGENT)

        robots = self._robots.rules(address.origin, errand.patience, read)
        if robots.allows(address.text):
            return robots.delay_s
        raise LastingFetchError(
            FetchProblem.FORBIDDEN_BY_ROBOTS,
            f"{address.authority} forbids this address to programs in its robots.txt",
        )

    def _brought(self, address: WebAddress, errand: _Errand, step: _Step, moved_to: str) -> Fetched:
        unchanged = step.status == NOT_MODIFIED and bool(errand.conditions)
        headers = step.headers
        if step.status not in answer.OK and not unchanged:
            who = address.authority if errand.kind else f"{address.authority}{ROBOTS_PATH}"
            raise FetchError(
                FetchProblem.GONE
                if step.status == answer.GONE
                else FetchProblem.REFUSED
                if step.status >= answer.ERRORS
                else FetchProblem.BROKEN_ANSWER,
                f"{who} answered {step.status}",
                status=step.status,
                retry_after=answer.retry_after(headers.get("retry-after", ""), self._clock.now()),
            )
        return Fetched(
            url=address.text,
            status=step.status,
            body=step.body,
            content_type=headers.get("content-type", ""),
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            moved_to=moved_to,
            keep_for=answer.keep_for(headers.get("cache-control", "")),
            headers=headers,
        )


def _next_address(address: WebAddress, step: _Step, seen: set[str], errand: _Errand) -> WebAddress:
    """Return where a redirect leads, unless that is forbidden."""
    location = step.headers.get("location", "")
    if not location:
        raise FetchError(
            FetchProblem.BROKEN_ANSWER,
            f"{address.authority} answered {step.status} without saying where to go on",
            status=step.status,
        )
    try:
        following = follow_location(address, location)
    except LastingFetchError as error:
        if errand.hosts is not None:
            raise LeadsOutsideError(str(error), url=address.text, status=step.status) from error
        raise LastingFetchError(
            FetchProblem.FORBIDDEN_REDIRECT, str(error), status=step.status
        ) from error
    if errand.hosts is not None and following.host not in errand.hosts:
        raise _leads_outside(address, following, step.status)
    if following.text in seen or len(seen) > MOST_REDIRECTS:
        raise LastingFetchError(
            FetchProblem.FORBIDDEN_REDIRECT,
            f"{errand.start} leads on in a circle or more than {MOST_REDIRECTS} times",
            status=step.status,
        )
    seen.add(following.text)
    return following


def _leads_outside(address: WebAddress, following: WebAddress, status: int) -> LeadsOutsideError:
    """Make the error of a probe that is, or is led, outside its hosts."""
    verb = "is" if following is address else f"leads on to {following.authority}, which is"
    return LeadsOutsideError(
        f"{address.authority} {verb} not among the hosts that the appeal allows",
        url=following.text,
        status=status,
    )


def _body(response: HTTPResponse, kind: FetchKind | None, who: str) -> bytes:
    if response.status not in answer.OK or kind is FetchKind.PROBE:
        return b""
    if kind is None:
        return read_beginning(response, most=MOST_BYTES, who=who)
    return read_body(response, cap=CAPS[kind], what=f"one {kind}", who=who)
