"""What one fetch is out for, step by step, and where a step may lead."""

from dataclasses import dataclass

from newsletter.fetch.errors import FetchError, LastingFetchError, LeadsOutsideError
from newsletter.fetch.guard import Local
from newsletter.fetch.patience import Patience
from newsletter.fetch.web_address import WebAddress, follow_location
from newsletter.model.fetched import FetchKind, FetchProblem

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
