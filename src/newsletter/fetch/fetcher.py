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

MOST_REDIRECTS = 5
WANTED = {
    FetchKind.FEED: "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    FetchKind.ARTICLE: "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
    FetchKind.PICTURE: "image/jpeg, image/png, image/gif, image/webp;q=0.9, */*;q=0.1",
    FetchKind.PROBE: "text/html, */*;q=0.5",
}
NAMED = {
    FetchKind.FEED: "a feed",
    FetchKind.ARTICLE: "an article",
    FetchKind.PICTURE: "a picture",
    FetchKind.PROBE: "a probe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What one fetch wants; start names where, hosts, where set, are all it may be led to."""

    start: str
    kind: FetchKind | None  # None: robots.txt
    local: Local
    asked: dict[str, str]
    patience: Patience
    hosts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One answer. local is what of allow_local it was reached by."""

    status: int
    body: bytes
    headers: dict[str, str]
    local: Local


def next_address(address: WebAddress, step: Step, seen: set[str], errand: Errand) -> WebAddress:
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
        raise leads_outside(address, following, step.status)
    if following.text in seen or len(seen) > MOST_REDIRECTS:
        raise LastingFetchError(
            FetchProblem.FORBIDDEN_REDIRECT,
            f"{errand.start} leads on in a circle or more than {MOST_REDIRECTS} times",
            status=step.status,
        )
    seen.add(following.text)
    return following


def leads_outside(address: WebAddress, following: WebAddress, status: int) -> LeadsOutsideError:
    """Make the error of a probe that is, or is led, outside its hosts."""
    verb = "is" if following is address else f"leads on to {following.authority}, which is"
    return LeadsOutsideError(
        f"{address.authority} {verb} not among the hosts that the appeal allows",
        url=following.text,
        status=status,
    )


log = logging.getLogger(__name__)

AGENT = "newsletter"  # what robots.txt calls us


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
        """Make a fetcher.

        Args:
            clock: for the total time, the pauses and the dates of Retry-After.
            user_agent: see the function of that name; what is not ASCII in it becomes "?".
            resolve: (host, port) to IP addresses.
            connect: (IP address, port, seconds) to a socket.
            pace_s: seconds between two requests to one host; 0 in tests alone.
            limits: time and headers.
            trust: whose certificates hold; the system's by default.
        """
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
        """Fetch one address politely.

        Args:
            url: absolute, http or https.
            kind: decides the cap on decoded bytes.
            allow_local: ADDRESS:PORT entries of the source; they cover this address, no redirect
                elsewhere.
            etag: as received with what we have, "" for none.
            last_modified: likewise.
            stop: once set, every wait ends.

        Raises:
            FetchError: with one sentence; nothing was brought.
            Interrupted: stop was set.
        """
        address = read_address(url)
        patience = Patience(self._clock, self._limits, who=address.authority, stop=stop)
        errand = Errand(
            start=address.authority,
            kind=kind,
            local=read_local(allow_local),
            asked=answer.conditions(etag, last_modified),
            patience=patience,
        )
        try:
            return self._follow(address, errand)
        except FetchError as error:
            log.info(
                "fetch failed",
                extra={
                    "host": address.authority,
                    "status": error.status,
                    "problem": error.problem.value,
                    "ms": round(patience.used_s * 1000),
                },
            )
            raise

    def probe(
        self,
        url: str,
        *,
        allowed_hosts: Collection[str],
        allow_local: Collection[str] = (),
        stop: threading.Event | None = None,
    ) -> Probe:
        """Ask whether a donation address answers; the body is not read.

        404, 410 and a way to a host outside allowed_hosts (exact names) are not well; 2yz is well;
        anything else says nothing about the address.

        Raises:
            Interrupted: stop was set.
        """
        try:
            address = read_address(url)
        except FetchError as error:
            return Probe(status=0, final_url=url, is_well=False, problem=str(error))
        errand = Errand(
            start=address.authority,
            kind=FetchKind.PROBE,
            local=read_local(allow_local),
            asked={},
            patience=Patience(self._clock, self._limits, who=address.authority, stop=stop),
            hosts=frozenset(plain_hosts(allowed_hosts)),
        )
        try:
            if address.host not in (errand.hosts or ()):
                raise leads_outside(address, address, 0)
            brought = self._follow(address, errand)
        except LeadsOutsideError as error:
            return Probe(
                status=error.status, final_url=error.url, is_well=False, problem=str(error)
            )
        except FetchError as error:
            return Probe(
                status=error.status,
                final_url=address.text,
                is_well=False,
                problem=str(error),
                was_asked=error.status in {answer.NOT_FOUND, answer.GONE},
            )
        return Probe(status=brought.status, final_url=brought.url, is_well=True)

    def _follow(self, first: WebAddress, errand: Errand) -> Fetched:
        """Go from address to address by hand; each is judged anew."""
        address, local, moved_to, for_good = first, errand.local, "", True
        seen = {first.text}
        while True:
            step = self._ask(address, errand, local, is_first=address is first)
            if step.status not in answer.REDIRECTS:
                return self._brought(address, errand, step, moved_to)
            local = step.local
            address = next_address(address, step, seen, errand)
            for_good = for_good and step.status in answer.FOR_GOOD
            moved_to = address.text if for_good else moved_to

    def _ask(self, address: WebAddress, errand: Errand, local: Local, *, is_first: bool) -> Step:
        """Ask one address, once robots.txt allows it and the host's turn has come."""
        try:
            robots = self._rules(address, errand, local)
            with self._pace.turn(address.host, errand.patience, delay_s=robots.delay_s):
                return self._exchanged(address, errand, local)
        except LastingFetchError as error:
            if is_first or error.problem is not FetchProblem.FORBIDDEN_ADDRESS:
                raise
            raise LastingFetchError(
                FetchProblem.FORBIDDEN_REDIRECT,
                f"{errand.start} leads on to a forbidden place: {error}",
            ) from error

    def _exchanged(self, address: WebAddress, errand: Errand, local: Local) -> Step:
        patience = errand.patience
        patience.who = address.authority
        before_s = patience.used_s
        checked = checked_addresses(address, resolve=self._resolve, local=local, patience=patience)
        wanted = WANTED[errand.kind] if errand.kind else "text/plain, */*;q=0.5"
        headers = {
            "User-Agent": self._agent,
            "Accept": wanted,
            "Accept-Encoding": ACCEPTED,
            "Connection": "close",
            **errand.asked,
        }
        with exchange(
            address, checked, headers, connect=self._connect, trust=self._trust, patience=patience
        ) as response:
            step = Step(
                status=response.status,
                body=_body(response, errand.kind, address.authority),
                headers=answer.header_values(response),
                local=locals_among(checked, address.port, local),
            )
        log.info(
            "fetched",
            extra={
                "host": address.authority,
                "status": step.status,
                "bytes": len(step.body),
                "ms": round((patience.used_s - before_s) * 1000),
            },
        )
        return step

    def _rules(self, address: WebAddress, errand: Errand, local: Local) -> Robots:
        """Give the rules of an origin, asked for at most once a day, if they allow the address."""
        if errand.kind is None:
            return Robots(None, AGENT)

        def read() -> Robots:
            try:
                brought = self._follow(
                    address.at(ROBOTS_PATH),
                    Errand(
                        start=address.authority,
                        kind=None,
                        local=local,
                        asked={},
                        patience=errand.patience,
                    ),
                )
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
            return robots
        raise LastingFetchError(
            FetchProblem.FORBIDDEN_BY_ROBOTS,
            f"{address.authority} forbids this address to programs in its robots.txt",
        )

    def _brought(self, address: WebAddress, errand: Errand, step: Step, moved_to: str) -> Fetched:
        unchanged = step.status == NOT_MODIFIED and bool(errand.asked)
        if step.status not in answer.OK and not unchanged:
            raise self._refusal(address, errand, step)
        headers = step.headers
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

    def _refusal(self, address: WebAddress, errand: Errand, step: Step) -> FetchError:
        who = address.authority if errand.kind else f"{address.authority}{ROBOTS_PATH}"
        wait = answer.retry_after(step.headers.get("retry-after", ""), self._clock.now())
        if step.status == answer.GONE:
            return FetchError(
                FetchProblem.GONE,
                f"{who} says that the page is gone for good (410); it is not asked again",
                status=step.status,
            )
        if step.status >= answer.ERRORS:
            return FetchError(
                FetchProblem.REFUSED,
                f"{who} answered {step.status}; it is asked again at a later turn",
                status=step.status,
                retry_after=wait,
            )
        return FetchError(
            FetchProblem.BROKEN_ANSWER,
            f"{who} answered {step.status}, which answers nothing here; "
            "it is asked again at the next turn",
            status=step.status,
        )


def _body(response: HTTPResponse, kind: FetchKind | None, who: str) -> bytes:
    if response.status not in answer.OK or kind is FetchKind.PROBE:
        return b""
    if kind is None:
        return read_beginning(response, most=MOST_BYTES, who=who)
    return read_body(response, cap=CAPS[kind], what=NAMED[kind], who=who)
